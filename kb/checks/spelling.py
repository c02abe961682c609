"""Spelling of drug names, which readers search for and copywriters paste."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.checks.base import Problem
from kb.checks.fields import prose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kb.checks.base import Context


def drug_name(context: Context) -> Iterator[Problem]:
    """Report a drug name spelt wrongly.

    Why: a misspelt drug is not found by search, and in medicine it may be another drug.

    Fix: write the name as `drug_names` in `kb.yaml` has it. Terms and examples may hold misspellings on purpose, so
    they are not checked.
    """
    right = {wrong: name for name, spellings in context.kb.about.drug_names.items() for wrong in spellings}
    if not right:
        return
    pattern, lowered = _pattern(right), {wrong.lower(): name for wrong, name in right.items()}
    for kind, entry_id, field, text in prose(context.kb):
        for wrong in dict.fromkeys(match.group() for match in pattern.finditer(text)):
            spaced = " ".join(wrong.split())
            name = right.get(spaced) or lowered[spaced.lower()]
            message = f"'{wrong}' is a wrong spelling of {name}"
            yield Problem(kind, entry_id, field, message, f"Write {name}.")


def _pattern(right: Mapping[str, str]) -> re.Pattern[str]:
    """Return what finds a wrong spelling as a whole word.

    Case matters only where it is all that is wrong, as in "spravato" for Spravato.
    """
    spellings = sorted(right, key=lambda wrong: (-len(wrong), wrong))
    return re.compile(rf"(?<!\w)(?:{'|'.join(_one(wrong, right[wrong]) for wrong in spellings)})(?!\w)")


def _one(wrong: str, name: str) -> str:
    letters = r"\s+".join(re.escape(part) for part in wrong.split())
    return letters if wrong.lower() == name.lower() else f"(?i:{letters})"
