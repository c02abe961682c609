"""Audits that somebody keeps: nothing that was handed in is stored unless they say so, and then for them alone.

Opening one audits the same copy again, against the entries and rules of today, and compares with what was found then:
"withdrawn since your last report" needs nothing but this.
"""

from __future__ import annotations

import base64
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from kb.accounts.clock import moment
from kb.accounts.saved import MOST, MOST_BYTES
from kb.audit.compare import decode, encode
from kb.formats.audit import render, wording
from webapp.accounts.current import accounts, current
from webapp.audit import page
from webapp.audit.deciding import FIELD
from webapp.audit.intake import Refused, shown_name
from webapp.audit.remembering import LAST
from webapp.params import BadParameters, FieldError, NotDone, clean

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from kb.accounts import Account
    from kb.accounts.saved import SavedAudits

blueprint = Blueprint("audits", __name__)


@blueprint.get("/audits")
def audit_list() -> str:
    """List what somebody keeps."""
    kept, mine = _known()
    found = kept.of(mine)
    return render_template(
        "accounts/audits.html",
        audits=[(one, moment(one.saved)) for one in found],
        used=sum(one.size for one in found),
        most=MOST,
        most_megabytes=MOST_BYTES // 1_000_000,
        deleted="deleted" in request.args,
    )


@blueprint.post("/audits")
def save() -> ResponseReturnValue:
    """Keep the audit that a page of results shows."""
    kept, mine = _known()
    fields, files = g.form_read
    try:
        done = page.carry_out(fields, files)
    except Refused as error:
        raise NotDone([FieldError("copy", str(error))]) from error
    names = ", ".join(shown_name(copy.path) for copy in done.copies)
    saved = kept.save(
        mine,
        title=clean(fields.get("title", "")) or names,
        digest=done.report.digest,
        summary=wording.summary(done.report),
        given=_packed(done),
        report=render("json", done.report),
    )
    return redirect(url_for("audits.saved", audit_id=saved.id), HTTPStatus.SEE_OTHER)


@blueprint.get("/audits/<int:audit_id>")
def saved(audit_id: int) -> str:
    """Audit the copy again as it was kept, and compare with what was found then."""
    kept, mine = _known()
    audit, given, report = kept.get(mine, audit_id)
    fields = _unpacked(given)
    fields[LAST] = encode(decode(report, audit.title))
    done = page.carry_out(fields, MultiDict())
    return page.report_page(done, fields, saved=(audit, moment(audit.saved)))


@blueprint.get("/audits/<int:audit_id>/report.json")
def report(audit_id: int) -> Response:
    """Answer with the report as it was when it was kept."""
    kept, mine = _known()
    _, _, text = kept.get(mine, audit_id)
    response = make_response(text)
    response.mimetype = "application/json"
    response.headers.set("Content-Disposition", "attachment", filename=f"audit-{audit_id}.json")
    return response


@blueprint.post("/audits/<int:audit_id>/name")
def rename(audit_id: int) -> ResponseReturnValue:
    """Give an audit another title."""
    kept, mine = _known()
    title = clean(request.form.get("title", ""))
    if not title:
        raise BadParameters([FieldError("title", "must not be empty")])
    kept.rename(mine, audit_id, title)
    return redirect(url_for("audits.audit_list"), HTTPStatus.SEE_OTHER)


@blueprint.post("/audits/<int:audit_id>/delete")
def delete(audit_id: int) -> ResponseReturnValue:
    """Delete an audit for good."""
    kept, mine = _known()
    kept.delete(mine, audit_id)
    return redirect(url_for("audits.audit_list", deleted=1), HTTPStatus.SEE_OTHER)


def _packed(done: page.Audit) -> str:
    """Return what was handed in, and what was accepted of it, as text."""
    copies = [
        {"name": copy.path, "media": copy.media, "bytes": base64.b64encode(copy.content or b"").decode("ascii")}
        for copy in done.copies
    ]
    decisions = [decision.field for decision in done.decisions.values()]
    return json.dumps({"profile": done.report.profile, "copies": copies, "decisions": decisions})


def _unpacked(text: str) -> MultiDict[str, str]:
    """Return the same as the fields of a form."""
    given: dict[str, Any] = json.loads(text)
    fields: MultiDict[str, str] = MultiDict({"profile": given["profile"]})
    fields.setlist(FIELD, given["decisions"])
    for number, copy in enumerate(given["copies"], start=1):
        fields[f"name-{number}"], fields[f"bytes-{number}"] = copy["name"], copy["bytes"]
        if copy["media"]:
            fields[f"media-{number}"] = copy["media"]
    return fields


def _known() -> tuple[SavedAudits, Account]:
    found, mine = accounts(), current()
    if found is None or mine is None:  # the table of rights lets nobody come here
        raise NotFound
    return found.saved, mine
