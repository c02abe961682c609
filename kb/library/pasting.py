"""What a pasted text claims, read as the audit reads copy: clause by clause, with who denies and who asks."""

from __future__ import annotations

from functools import cached_property, partial
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from kb.audit.base import Polarity
from kb.audit.context import Reader as UnitReader
from kb.audit.extract import extract
from kb.audit.polarity import is_soft, negators, stance
from kb.errors import KbError
from kb.search.base import Match
from kb.search.pasted import ASSUMED, DENIED, reasons
from kb.text import Recogniser, Span
from kb.text.subjects import ESKETAMINE, subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kb.audit.context import Reading
    from kb.model import KnowledgeBase
    from kb.search.pasted import Reader
    from kb.text import Place, Recognition

    Hits = Mapping[str, Sequence[Place]]

_JOINING = frozenset({"and", "but", "so", "yet"})
_PRONOUNS = frozenset({"it", "they", "we", "you", "this", "there", "he", "she"})


@runtime_checkable
class Readable(Protocol):
    """A back end that lets another reader say what a pasted text claims."""

    def read_by(self, reader: Reader) -> None:
        """Ask `reader` from now on; called once, before anybody searches."""
        ...


class Pasting:
    """Reads pasted texts. Nothing is made ready before the first one comes."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb

    def __call__(self, text: str) -> Iterator[Match]:
        """Yield the claims that a text makes, certain ones, and those that it denies."""
        try:
            document = extract(text.encode("utf-8", "replace"), "pasted.txt", media="text/plain")
        except KbError:  # such as a text without anything to read
            return
        for reading in self._reader.read(document):
            denying = negators(reading)
            for found in self._recognised(reading):
                telling = [hit for hit in found.hits if hit.concept != self._subject] or list(found.hits)
                how = stance(reading, telling, denying)
                assumed = self._subject if found.given else None
                words = ((hit.concept, document.plain[hit.start : hit.end]) for hit in found.hits)
                said = reasons(self._kb, words, assumed)
                if how.denied:
                    yield Match(found.id, DENIED, (*said, *how.notes), certain=False, denied=True)
                else:
                    notes = () if how.polarity in {Polarity.ASSERTED, Polarity.NEGATED} else how.notes
                    yield Match(found.id, ASSUMED if assumed else 1.0, (*said, *notes), certain=True)

    @cached_property
    def _subject(self) -> str | None:
        return subject(self._kb)

    @cached_property
    def _recogniser(self) -> Recogniser:
        return Recogniser(self._kb)

    @cached_property
    def _reader(self) -> UnitReader:
        return UnitReader(self._recogniser)

    def _recognised(self, reading: Reading) -> Iterator[Recognition]:
        """Yield the claims that a unit makes, as a whole or in a clause: what rules one out may stand in the other."""
        given = frozenset({self._subject} if self._subject and self._is_meant(reading) else ())
        known: set[str] = set()
        for hits in (reading.concepts, *_clauses(reading)):
            found = self._recogniser.recognise_hits(
                hits, Span(reading.unit.start, reading.unit.end), given=given, passing=partial(is_soft, reading)
            )
            for one in found:
                if one.kind == "claim" and one.id not in known:
                    known.add(one.id)
                    yield one

    def _is_meant(self, reading: Reading) -> bool:
        """Tell whether a unit means the treatment without its name: not where it names another product."""
        return ESKETAMINE not in reading.concepts or self._subject in reading.concepts


def _clauses(reading: Reading) -> Iterator[Hits]:
    """Yield the concepts of each clause, where a unit has several.

    The audit leaves "lifts mood and it has no risks" in one piece, since what is denied there may reach over both.
    """
    words = [token.word for token in reading.tokens]
    joined = (at for at in range(1, len(words) - 1) if words[at] in _JOINING and words[at + 1] in _PRONOUNS)
    starts = sorted({*reading.starts, *joined})
    if len(starts) < 2:  # noqa: PLR2004 - the whole unit is its one clause
        return
    for first, after in pairwise((*starts, len(words))):
        yield {
            concept: own
            for concept, hits in reading.concepts.items()
            if (own := [hit for hit in hits if first <= hit.first and hit.last < after])
        }
