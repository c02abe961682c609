"""General English for the audit: lists of words for hedges, negators, absolutes and the like, from the TOML files here.

Each table of a file is a list. `words` are compared without regard to case, `stems` by stem; both may hold several
words in a row and `*` for a gap of up to three words. A list's name is unique across the files.
Nothing about the subject of any knowledge base is here: such words stand in its vocabulary.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from kb.text.concepts import parts
from kb.text.tokens import rows
from kb.text.tokens import tokens as cut
from kb.text.trie import GAP, Place, Trie, by_owner

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kb.text import Rows, Token
    from kb.text.keeping import Keep

    Lists = Mapping[str, Mapping[str, Sequence[str]]]
    """List name → its entries, by kind."""

__all__ = ["Lexicon", "WordHit", "lexicon"]

_KEYS = {"label", "words", "stems"}


WordHit = Place
"""Words of a list in a text."""


class Lexicon:
    """Word lists by name; `find` gives what a row of tokens has of each."""

    def __init__(self, lists: Callable[[], Lists], keep: Keep | None = None) -> None:
        """Make ready; `lists` are asked for only where `keep` has not kept what was made of them."""
        lists = cache(lists)
        self._words = Trie.kept("lexicon-words", lambda: _trie(lists(), "words", _folded), keep)
        self._stems = Trie.kept("lexicon-stems", lambda: _trie(lists(), "stems", parts), keep)
        self.names = frozenset(keep("lexicon-names", lambda: dict.fromkeys(lists(), "")) if keep else lists())
        """Of all lists."""

    def find(self, tokens: Sequence[Token], columns: Rows | None = None) -> Mapping[str, Sequence[WordHit]]:
        """Return what was found of each list that has anything, in the order of the text, overlaps included.

        Who has the columns of the tokens already may hand them over.
        """
        columns = columns or rows(tokens)
        return by_owner(self._words.scan(columns.words) + self._stems.scan(columns.stems), tokens)


_made: list[Lexicon] = []


def lexicon(keep: Keep | None = None) -> Lexicon:
    """Return the lists that come with the package; the first to ask may have them kept."""
    if not _made:
        _made.append(Lexicon(read, keep))
    return _made[0]


def _trie(lists: Lists, kind: str, keys: Callable[[str], Sequence[str]]) -> Trie:
    found = Trie()
    for name, entries in lists.items():
        for term in entries.get(kind, ()):
            found.add(keys(term), [name])
    return found


def read() -> dict[str, dict[str, Sequence[str]]]:
    """Return list name → its entries, from every TOML file here; a name that is there twice is an error."""
    import tomllib  # noqa: PLC0415 - not where the lists were kept

    lists: dict[str, dict[str, Sequence[str]]] = {}
    files = [file for file in resources.files(__name__).iterdir() if file.name.endswith(".toml")]
    for file in sorted(files, key=lambda file: file.name):
        for name, entries in tomllib.loads(file.read_text("utf-8")).items():
            if name in lists or not set(entries) <= _KEYS:
                raise ValueError(f"{file.name}: list {name!r} is there twice or has keys other than {sorted(_KEYS)}")
            lists[name] = {key: value for key, value in entries.items() if key != "label"}
    return lists


def _folded(term: str) -> list[str]:
    """Return the folded words of a term, with `*` for gaps inside it."""
    found: list[str] = []
    for piece in term.split(GAP):
        found += [*(token.word for token in cut(piece)), GAP]
    return found[:-1]
