"""The audit page: a form, and what comes back from it. Every answer holds all that the next request needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, get_template_attribute, make_response, render_template
from markupsafe import Markup
from werkzeug.exceptions import RequestEntityTooLarge

from kb.audit import commenting
from kb.audit.profiles import PROFILES, profile
from kb.errors import KbError
from kb.finding import Level
from kb.formats.audit import html_document, spots, wording
from kb.library.auditing import AuditOptions
from webapp.audit import deciding, downloads, intake, remembering
from webapp.audit.intake import Refused
from webapp.audit.showing import Chosen, Pieces, Showing, choices, signs
from webapp.audit.standing import standing
from webapp.audit_limits import MAX_BYTES, MAX_FILES, MAX_FORM, MAX_PARTS
from webapp.audit_running import AuditsBusy, run_audit
from webapp.bodies import read_form
from webapp.headers import build
from webapp.rate import AskedTooOften, spend
from webapp.reading import knowledge_base

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from typing import Any

    from flask import Response
    from flask.typing import ResponseReturnValue
    from werkzeug.datastructures import MultiDict

    from kb.accounts.saved import SavedAudit
    from kb.audit.compare import Comparison
    from kb.audit.report import AuditReport, DocumentReport
    from kb.formats.audit.spots import Numbered
    from kb.library.auditing import Copy
    from kb.model import KnowledgeBase
    from webapp.audit.deciding import Decision

blueprint = Blueprint("audit", __name__)


@dataclass(frozen=True)
class Audit:
    """What a form asked for, done."""

    kb: KnowledgeBase
    copies: tuple[Copy, ...]
    report: AuditReport
    decisions: Mapping[tuple[str, str], Decision]
    before: str
    """The earlier audit that this one is compared with, as text; "" where there is none."""
    comparison: Comparison | None


@blueprint.get("/audit")
def form() -> str:
    """Show the form."""
    return _form()


@blueprint.post("/audit")
def audit() -> ResponseReturnValue:
    """Audit what was handed in, and show it marked. Nothing changes on the server, and nothing is kept."""
    fields: MultiDict[str, str] | None = None
    try:
        fields, files = read_form(MAX_FORM, MAX_PARTS)
        done = carry_out(fields, files)
    except (AskedTooOften, AuditsBusy):
        raise
    except (Refused, KbError) as error:
        return _refused(str(error), HTTPStatus.UNPROCESSABLE_ENTITY, fields)
    except RequestEntityTooLarge:
        return _too_large()
    return report_page(done, fields)


@blueprint.post("/audit/download")
def download() -> ResponseReturnValue:
    """Audit what was handed in, and answer with a file."""
    try:
        fields, files = read_form(MAX_FORM, MAX_PARTS)
        done = carry_out(fields, files)
        file = downloads.file(done.report, fields.get("format", ""))
    except (AskedTooOften, AuditsBusy):
        raise
    except (Refused, KbError) as error:
        return _refused(str(error), HTTPStatus.UNPROCESSABLE_ENTITY, None)
    except RequestEntityTooLarge:
        return _too_large()
    response = make_response(file.content)
    response.mimetype = file.media
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    return response


def carry_out(fields: MultiDict[str, str], files: MultiDict[str, Any]) -> Audit:
    """Audit what a form hands in; raise `Refused`, `KbError`, `AskedTooOften` or `AuditsBusy`."""
    spend()
    kb = knowledge_base()
    copies = intake.copies(fields, files)
    chosen = profile(fields.get("profile") or kb.about.profile).id
    earlier = remembering.uploaded(files)
    made = {decision.place: decision for decision in earlier.decisions} | deciding.decisions(fields)
    report = deciding.applied(run_audit(kb, copies, AuditOptions(profile=chosen)), made)
    before, comparison = remembering.compared(kb, report, fields, earlier.report)
    return Audit(kb, copies, report, made, before, comparison)


def _form(problem: str = "", fields: MultiDict[str, str] | None = None) -> str:
    return render_template(
        "audit.html",
        problem=problem,
        kinds=intake.KINDS,
        profiles=PROFILES,
        profile=(fields or {}).get("profile") or knowledge_base().about.profile,
        text=(fields or {}).get("text", ""),
        kind=(fields or {}).get("kind", ""),
        most_files=MAX_FILES,
        most_megabytes=MAX_BYTES // 1_000_000,
    )


def _refused(problem: str, status: HTTPStatus, fields: MultiDict[str, str] | None) -> Response:
    response = make_response(_form(problem, fields))
    response.status_code = status
    return response


def _too_large() -> Response:
    most = MAX_BYTES // 1_000_000
    message = f"That is more than can be audited at once. {most} MB of copy is the most; hand in a part of it."
    return _refused(message, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, None)


def report_page(
    done: Audit, fields: MultiDict[str, str], *, saved: tuple[SavedAudit, dt.datetime] | None = None
) -> str:
    """Return the page of results; of a saved audit, with when that was."""
    chosen = Chosen(*(fields.get(name, "") for name in ("rule", "level", "claim")))
    report, printing = done.report, fields.get("view") == "print"
    readable = {found.document.path for found in report.documents}
    shown = sum(chosen.shows(finding) for finding in report.findings)
    return render_template(
        "audit_report.html",
        report=report,
        summary=wording.summary(report),
        documents=list(_documents(done, chosen, opened=printing)),
        skipped=report.skipped,
        copies=[
            intake.carried(copy, number, editable=copy.path in readable) for number, copy in enumerate(done.copies, 1)
        ],
        decisions=list(_decided(done)),
        deciding=_asked(done, fields.get("decide", "")),
        unexplained="accept" in fields and not fields.get("reason", "").strip(),
        comparison=done.comparison,
        before=done.before,
        last=remembering.text_of(report),
        chosen=chosen,
        choices=choices(done.kb, report),
        shown=shown,
        total=sum(len(found.findings) for found in report.documents),
        levels=[level.value for level in Level],
        profiles=PROFILES,
        legend=Markup(html_document.legend()),  # noqa: S704  (built by `element`, which escapes)
        printing=printing,
        formats=downloads.REPORTS,
        build=build(),
        wording=wording,
        max_reason=deciding.MAX_REASON,
        saved=saved,
    )


def _documents(done: Audit, chosen: Chosen, *, opened: bool) -> Iterator[dict[str, Any]]:
    margin, head, remedy = (
        get_template_attribute("audit_macros.html", name) for name in ("margin", "claim_head", "remedy")
    )
    beside, pieces = partial(margin, opened=opened), Pieces(head, remedy)
    new = _new(done.comparison)
    for index, (found, items) in enumerate(spots.numbered(done.report), 1):
        whole, signs_here = signs(found, items, index)
        showing = Showing(done.kb, done.report, found, chosen, new.get(found.document.path, frozenset()), pieces=pieces)
        written = commenting.comments(found.document, found.findings)
        yield {
            "index": index,
            "found": found,
            "document": found.document,
            "counted": ", ".join(wording.levels(found.findings)) or "no findings",
            "accepted": sum(bool(finding.suppressed) for finding in found.findings),
            "overview": _markup(html_document.overview(found)),
            "notes": _markup(html_document.notes(found)),
            "whole": showing.whole(whole),
            "chunks": showing.chunks(signs_here, beside),
            "flowing": found.document.media == "text/html",
            "standing": standing(done.kb, found),
            "comments": written.written,
            "beyond": written.beyond,
            "commentable": found.document.media in commenting.COMMENTED,
        }


def _markup(html: str | None) -> Markup | None:
    return None if html is None else Markup(html)  # noqa: S704  (built by `element`, which escapes)


def _new(comparison: Comparison | None) -> dict[str, frozenset[str]]:
    """Return path → fingerprints of findings that were not there before, where the document was."""
    if comparison is None:
        return {}
    return {
        document.path: frozenset(finding.fingerprint for finding in document.new)
        for document in comparison.documents
        if document.was is not None
    }


def _decided(done: Audit) -> Iterator[dict[str, Any]]:
    """Yield each decision with its finding; `None` where the copy has none such any more."""
    found = {
        (document.document.path, item.finding.fingerprint): item
        for document, items in spots.numbered(done.report)
        for item in items
    }
    for place, decision in done.decisions.items():
        yield {"decision": decision, "item": found.get(place)}


def _asked(done: Audit, value: str) -> tuple[DocumentReport, Numbered] | None:
    """Return the finding that somebody wants to accept and has yet to give a reason for."""
    path, fingerprint = deciding.place(value)
    for found, items in spots.numbered(done.report):
        if found.document.path == path:
            for item in items:
                if item.finding.fingerprint == fingerprint:
                    return found, item
    return None
