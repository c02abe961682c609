"""What lies on the desk: each list with its rows, ready to show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.finding import Level
from kb.review import Action, Waiting, is_own, refusal, standing

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from kb.finding import Finding
    from kb.library import Library
    from kb.model import Caveat, Claim, KnowledgeBase
    from kb.review import Actor, Standing
    from kb.sources import Coverage, Gap

AROUND = 90
"""Characters of a source's words on either side of a stretch that nothing accounts for."""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry on a list, and why it is there."""

    kind: str
    id: str
    text: str
    author: str
    status: str
    due: dt.date | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of entries, by name."""

    mine: tuple[Row, ...] = ()
    waiting: tuple[Row, ...] = ()
    recheck: tuple[Row, ...] = ()
    disputed: tuple[Row, ...] = ()
    due: tuple[Row, ...] = ()
    stale: tuple[Row, ...] = ()


def lists(kb: KnowledgeBase, actor: Actor, today: dt.date) -> Lists:
    """Return the lists as they are for one person."""
    found: dict[Waiting, list[Row]] = {waiting: [] for waiting in Waiting}
    for one in standing(kb, today):
        if _is_for(one, actor):
            found[one.waiting].append(_row(one))
    return Lists(
        mine=tuple(found[Waiting.DRAFT]),
        waiting=tuple(found[Waiting.REVIEW]),
        recheck=tuple(found[Waiting.RECHECK]),
        disputed=tuple(found[Waiting.DISPUTED]),
        due=tuple(found[Waiting.DUE]),
        stale=tuple(found[Waiting.STALE]),
    )


def _is_for(one: Standing, actor: Actor) -> bool:
    """Tell whether an entry is this person's: their drafts, and of those in review what they may approve."""
    fields = {"status": one.entry.status.value, "review": one.entry.review.model_dump()}
    if one.waiting is Waiting.DRAFT:
        return is_own(fields, actor.name)
    if one.waiting is Waiting.REVIEW:
        return refusal(fields, Action.APPROVE, actor) is None
    return True


def _row(one: Standing) -> Row:
    entry, review = one.entry, one.entry.review
    notes: Mapping[Waiting, str | None] = {
        Waiting.DRAFT: review.note,
        Waiting.RECHECK: next((item.recheck for item in entry.evidence if item.recheck), None),
        Waiting.DISPUTED: entry.dispute.positions[-1].says if entry.dispute else None,
    }
    note = notes.get(one.waiting) or ""
    return Row(one.kind, entry.id, text_of(entry), review.author, entry.status.value, review.due, note)


def text_of(entry: Claim | Caveat) -> str:
    """Return the sentence that an entry is about."""
    text: str = getattr(entry, "claim", None) or entry.caveat  # type: ignore[union-attr]  # one of the two
    return text


def filtered(rows: Sequence[Row], kind: str, author: str, words: str) -> list[Row]:
    """Return the rows that are wanted; "" stands for all."""
    wanted = words.casefold().split()
    return [
        row
        for row in rows
        if kind in {"", row.kind}
        and author in {"", row.author}
        and all(word in f"{row.text} {row.id} {row.note}".casefold() for word in wanted)
    ]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of a source that nothing accounts for, with some before and after."""

    gap: Gap
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """How much of one source is accounted for."""

    coverage: Coverage
    title: str
    stretches: tuple[Stretch, ...] = field(default=())


def sources(library: Library) -> Iterator[Source]:
    """Yield every source with what nothing accounts for, marked in its words where a copy is attached."""
    for one in library.coverage():
        text = library.source_text(one.source)
        yield Source(one, library.source(one.source).title, tuple(_stretch(gap, text) for gap in one.gaps))


def _stretch(gap: Gap, text: str | None) -> Stretch:
    if text is None or gap.text is None:
        return Stretch(gap)
    before, after = text[max(gap.start - AROUND, 0) : gap.start], text[gap.end : gap.end + AROUND]
    return Stretch(gap, " ".join(before.split()), " ".join(after.split()))


def gravest_first(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings with errors before warnings, and these before notes."""
    order = [Level.ERROR, Level.WARNING, Level.NOTE]
    return sorted(findings, key=lambda one: (order.index(one.level), one.location.path, one.location.line or 0))
