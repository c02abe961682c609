"""Grade a claim without seeing how it was graded before; afterwards, see where two readers differ."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for
from pydantic import ValidationError

from kb.library import gradings
from kb.model import Certainty, CertaintyLevel, CertaintyReason, Status, Verdict
from kb.review import is_own, same_person
from kb.review.grading import Grading, Judged, with_entries
from webapp.accounts import editor, record
from webapp.accounts.refusals import Refusal
from webapp.cards import lines
from webapp.headers import forget_etag
from webapp.params import clean
from webapp.places import places
from webapp.reading import knowledge_base, library

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.datastructures import MultiDict

    from kb.model import Claim

blueprint = Blueprint("grade", __name__)

MOST_SHOWN = 50


@blueprint.get("/grade")
def grade_list() -> str:
    """Show which claims this reader can grade, and how far the readers agree."""
    forget_etag()
    shelf, base, me = library(), knowledge_base(), editor().name
    made = gradings.read_all(shelf.root)
    mine = {one.claim for one in made if same_person(one.reader, me)}
    open_to_me = [
        claim
        for claim in base.claims.values()
        if claim.id not in mine and claim.status is not Status.WITHDRAWN and not _is_mine(claim, me)
    ]
    # Figures of others are about claims that this reader may still have to grade: only their own are shown.
    return render_template(
        "desk/grades.html",
        claims=open_to_me,
        most=MOST_SHOWN,
        graded=[base.claims[claim] for claim in sorted(mine) if claim in base.claims],
        compared=[one for one in with_entries(made) if same_person(one.second, me)],
    )


@blueprint.get("/grade/<claim_id>")
def grade(claim_id: str) -> ResponseReturnValue:
    """Show a claim to grade; one that this reader has graded, with all judgements."""
    claim = knowledge_base().claim(claim_id)
    if claim.id != claim_id:
        return redirect(url_for("grade.grade", claim_id=claim.id))
    return _page(claim)


@blueprint.post("/grade/<claim_id>")
def graded(claim_id: str) -> ResponseReturnValue:
    """Keep a grading, and show the other judgements."""
    claim = knowledge_base().claim(claim_id)
    _refuse_own(claim)
    who, form = editor(), request.form
    try:
        grading = _grading(claim, who.name, form)
    except (ValueError, ValidationError):
        message = "Choose a verdict, and a certainty unless it is not checkable."
        return _page(claim, message, HTTPStatus.UNPROCESSABLE_ENTITY)
    shelf = library()
    gradings.save(shelf.root, grading, who, commit=shelf.commit_saves and shelf.kb.about.commit_saves)
    record("graded", "claim", claim.id)
    return redirect(url_for("grade.grade", claim_id=claim.id), HTTPStatus.SEE_OTHER)


def _grading(claim: Claim, reader: str, form: MultiDict[str, str]) -> Grading:
    """Return what the form says; raise `ValueError` where it says nothing, or a certainty of what is not checkable."""
    verdict, level = Verdict(form.get("verdict", "")), form.get("level", "")
    if (verdict is Verdict.NOT_CHECKABLE) == bool(level):
        raise ValueError(level)
    reasons = tuple(CertaintyReason(reason) for reason in form.getlist("reasons"))
    return Grading(
        claim=claim.id,
        reader=reader,
        date=dt.datetime.now().astimezone().date(),
        verdict=verdict,
        certainty=Certainty(level=CertaintyLevel(level), reasons=reasons) if level else None,
        rationale=clean(form.get("rationale", "")) or None,
        entry=Judged(
            author=claim.review.author,
            verdict=claim.verdict,
            certainty=claim.certainty.level if claim.certainty else None,
        ),
    )


def _page(claim: Claim, problem: str = "", status: int = HTTPStatus.OK) -> ResponseReturnValue:
    """Return the blind page or, where this reader has graded the claim, the page with every judgement."""
    forget_etag()
    shelf, base, me = library(), knowledge_base(), editor().name
    made = gradings.of_claim(shelf.root, claim.id)
    mine = next((one for one in made if same_person(one.reader, me)), None)
    if mine is None:
        _refuse_own(claim)
    page = render_template(
        "desk/grade.html",
        claim=claim,
        mine=mine,
        gradings=made if mine else (),
        lines=lines(base, claim.evidence),
        places=places(shelf, base, claim.occurrences),
        verdicts=tuple(Verdict),
        levels=tuple(CertaintyLevel),
        reasons=tuple(CertaintyReason),
        typed=request.form,
        problem=problem,
    )
    return page, status


def _is_mine(claim: Claim, name: str) -> bool:
    return is_own({"review": claim.review.model_dump()}, name)


def _refuse_own(claim: Claim) -> None:
    if _is_mine(claim, editor().name):
        raise NotYours("you wrote this claim, or changed it last")
    if claim.status is Status.WITHDRAWN:
        raise NotYours("this claim is withdrawn and is not graded any more")


class NotYours(Refusal):
    """Somebody wants to grade what they wrote themselves, or what no longer stands."""

    code = HTTPStatus.FORBIDDEN
    title = "You cannot grade this claim"
    advice = "A second reading is worth something when somebody else does it, and while the claim stands."
