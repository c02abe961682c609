"""How firmly a claim may be put: GRADE's words for each level, built from the claim's own sentence.

The words follow GRADE guidelines 26: a plain statement, "probably", "may", "the evidence is very uncertain".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.audit.lexicon import lexicon
from kb.model import CertaintyLevel, Verdict
from kb.text import tokens
from kb.words import NOT_GRADED, certainty_wording, judgement

if TYPE_CHECKING:
    from kb.model import Claim

ORDER = (CertaintyLevel.VERY_LOW, CertaintyLevel.LOW, CertaintyLevel.MODERATE, CertaintyLevel.HIGH)

_SECOND_VERB = re.compile(r"\b(?:and|or|but|because|where|which|that|when) \w*[^s'\W]s\b|\bis what\b|\bmakes sure\b")
_SIMPLE = re.compile(r"(?P<subject>\w+(?: (?:therapy|treatment))?) (?P<verb>[a-z]+s) (?P<rest>.+)")
_CAUSES = ("cause-plain", "cause-strong")


def sureness(claim: Claim) -> int:
    """Return how far up GRADE's scale a claim may be put: 0 (very low) to 3 (high); -1 where it is refuted."""
    if claim.verdict is Verdict.REFUTED:
        return -1
    return ORDER.index(claim.certainty.level) if claim.certainty else 0


def standing(claim: Claim) -> str:
    """Return verdict and certainty in words: "unproven, very low certainty: the evidence is very uncertain …"."""
    verdict = claim.verdict.value.replace("-", " ")
    wording = certainty_wording(claim)
    certainty = "" if wording is NOT_GRADED else f", {wording.label.lower()}"
    says = judgement(claim)
    return f"{verdict}{certainty}: {says[:1].lower()}{says[1:].rstrip('.')}"


def allowed(claim: Claim) -> str:
    """Return the claim's sentence as firmly as the evidence lets it be put; `""` where nothing could carry it."""
    if claim.verdict is Verdict.NOT_CHECKABLE:
        return ""
    inner = _inner(claim.claim)
    very_low = sureness(claim) == 0
    if claim.verdict in _NOT_SHOWN and not (very_low and claim.verdict is not Verdict.REFUTED):
        return f"{_NOT_SHOWN[claim.verdict]} {inner}."
    if claim.certainty is None or very_low:
        return f"The evidence is very uncertain about whether {inner}."
    if claim.certainty.level is CertaintyLevel.LOW:
        return _may(claim.claim) or f"The evidence suggests that {inner}."
    return claim.claim if claim.certainty.level is CertaintyLevel.HIGH else f"It is likely that {inner}."


_NOT_SHOWN = {
    Verdict.REFUTED: "Studies do not show that",
    Verdict.UNPROVEN: "It has not been shown that",
    Verdict.CONTESTED: "Studies disagree on whether",
}
"""What a verdict lets be said, whatever the certainty above very low."""


def _inner(sentence: str) -> str:
    """Return a sentence fit to follow "that": no full stop, no capital unless the word is an abbreviation."""
    text = sentence.rstrip(".")
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _may(sentence: str) -> str:
    """Return "Ketamine may ease …" for "Ketamine eases …"; `""` where the sentence is not that simple."""
    match = _SIMPLE.fullmatch(sentence)
    if not match or _SECOND_VERB.search(match["rest"]):
        return ""
    verb = match["verb"]
    if verb != "is" and not any(name in _CAUSES for name in lexicon().find(tokens(verb))):
        return ""
    return f"{match['subject']} may {'be' if verb == 'is' else _base(verb)} {match['rest']}"


def _base(verb: str) -> str:
    """Return the bare form of a verb in the third person: eases → ease, carries → carry, reaches → reach."""
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    return verb[:-2] if re.search(r"(?:ss|sh|ch|x|zz|o)es$", verb) else verb[:-1]
