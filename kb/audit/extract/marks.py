"""Marks that people type where markup could have said it: bullets, "Q:" and "A:", stars, quotation marks."""

# ruff: noqa: RUF001 - typographic quotes are what this module reads

from __future__ import annotations

from kb.audit.extract import wording
from kb.audit.extract.layout import LOWEST, Block, Role

_TYPED = 1_000_000
"""Numbers of lists made of typed bullets start here, above those of the markup."""


def refine(plain: str, blocks: list[Block]) -> list[Block]:
    """Read the marks at the start of blocks that markup calls paragraphs, and see which quotations are testimonials."""
    listing = 0
    for number, block in enumerate(blocks):
        words = plain[block.start : block.end]
        bulleted = block.role is Role.PARAGRAPH and _read_bullet(block, words, listing or _TYPED + number)
        listing = block.group if bulleted else 0
        if not bulleted and block.role in {Role.PARAGRAPH, Role.ITEM, Role.HEADING, Role.FOOTNOTE}:
            _read_mark(block, words)
    _see_quotations(plain, blocks)
    return [block for block in blocks if block.start < block.end]


def _read_bullet(block: Block, words: str, group: int) -> bool:
    marker = wording.MARKER.match(words)
    if marker is None or marker.group().strip() in {"—", "–", "*"} or wording.SPOKEN.match(words):
        return False
    if marker.end() == len(words):
        return False
    block.start += marker.end()
    block.role, block.level, block.group = Role.ITEM, 1, group
    return True


def _read_mark(block: Block, words: str) -> None:
    spoken = wording.SPOKEN.match(words)
    if spoken and block.role is not Role.FOOTNOTE:
        block.start += spoken.end()
        block.answer = spoken.lastgroup == "say"
        if spoken.lastgroup == "ask" and wording.is_question(words) and block.role is Role.PARAGRAPH:
            block.role, block.level = Role.HEADING, LOWEST
        return
    note = wording.FOOTNOTE.match(words)
    if note and note.end() < len(words) and block.role in {Role.PARAGRAPH, Role.FOOTNOTE}:
        block.role = Role.FOOTNOTE
        block.start += note.end()


def _see_quotations(plain: str, blocks: list[Block]) -> None:
    """Mark the blocks of a block quotation as somebody's words, unless it is a mere call-out."""
    members: dict[int, list[Block]] = {}
    for block in blocks:
        if block.quotation:
            members.setdefault(block.quotation, []).append(block)
    for quoted in members.values():
        if any(_is_speech(plain[block.start : block.end]) for block in quoted):
            for block in quoted:
                block.quoted = True


def _is_speech(words: str) -> bool:
    return words[:1] in {'"', "“", "«", "‘"} or wording.is_first_person(words) or wording.is_attribution(words)
