"""What every check takes and gives: a `Context` of the whole knowledge base in, `Problem`s out."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from kb.finding import Level
from kb.text import Recogniser

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping

    from kb.model import KnowledgeBase


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong with one field of one entry, and what to do about it.

    `kind` is `claim`, `caveat`, `source`, `concept`, `topic`, `reference`, `themes` or `kb`; the last two have no
    `entry_id`, since one file holds them all. `field` is a dotted path such as `evidence[2].reference`. A check leaves
    `rule` and `level` alone; `kb.checks.run` fills them in.
    """

    kind: str
    entry_id: str
    field: str
    message: str
    suggestion: str = ""
    rule: str = ""
    level: Level = Level.ERROR


@dataclass(frozen=True)
class Context:
    """A knowledge base as the checks see it. What several checks need is computed once, when first asked for."""

    kb: KnowledgeBase
    today: dt.date
    texts: Mapping[str, str] = field(default_factory=dict)
    """Source id → its words, for those sources whose text is attached."""

    @cached_property
    def _recogniser(self) -> Recogniser:
        return Recogniser(self.kb, topics=True)

    @cached_property
    def _recognised(self) -> dict[str, frozenset[tuple[str, str]]]:
        return {}

    def recognised(self, text: str) -> frozenset[tuple[str, str]]:
        """Return (kind, id) of every entry and topic that some sentence of `text` expresses."""
        if text not in self._recognised:
            found = self._recogniser.recognise(text)
            self._recognised[text] = frozenset((recognition.kind, recognition.id) for recognition in found)
        return self._recognised[text]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check with its name and gravity. The docstring of the check says why it is there and how to mend things."""

    id: str
    level: Level
    summary: str
    """What is wrong where the rule speaks, in one line."""
    check: Callable[[Context], Iterator[Problem]]

    @property
    def help(self) -> str:
        """Why the rule is there and how to mend what it finds, as Markdown."""
        return inspect.cleandoc(self.check.__doc__ or "").split("\n", 2)[2]
