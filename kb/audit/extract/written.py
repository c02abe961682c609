"""A text written down block by block, for formats whose source is no text: offsets count in what is written."""

from __future__ import annotations

from kb.audit.extract.layout import Block


class Written:
    """The text so far, its blocks, and the places of the input where they stand."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self.blocks: list[Block] = []
        self.places: list[tuple[int, str]] = []

    @property
    def text(self) -> str:
        """Everything that was written."""
        return "".join(self._parts)

    def place(self, name: str) -> None:
        """Say where in the input stands what is written next."""
        self.places.append((self._length, name))

    def write(self, words: str) -> tuple[int, int]:
        """Write words and return where they stand."""
        start = self._length
        self._parts.append(words)
        self._length += len(words)
        return start, self._length

    def block(self, words: str, **about: object) -> Block:
        """Write a block on a line of its own."""
        start, end = self.write(words)
        self.write("\n")
        made = Block(start, end, **about)  # type: ignore[arg-type]  # the fields of a block, checked there
        self.blocks.append(made)
        return made
