"""How one document stands: the claims that it makes, and for each the caveats that it owes, met, too far or missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.audit.base import Match
from webapp.cards import lines, owed

if TYPE_CHECKING:
    from kb.audit.report import DocumentReport
    from kb.model import Claim, KnowledgeBase
    from webapp.cards import Line, Owed

MET, FAR, MISSING, UNASKED = "met", "too-far", "missing", "not-asked"
STATES = {MET: "met", FAR: "too far away", MISSING: "missing", UNASKED: "not asked for here"}
_RULES = {"missing-caveat": MISSING, "caveat-not-near": FAR}


@dataclass(frozen=True, slots=True)
class State:
    """A caveat that a claim owes, and how the document meets it."""

    owed: Owed
    state: str

    @property
    def words(self) -> str:
        """The state in words."""
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class Made:
    """A claim that the document makes."""

    claim: Claim
    times: int
    certain: bool
    states: tuple[State, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """All claims of a document, and the sum of their caveats."""

    claims: tuple[Made, ...]
    counts: dict[str, int]


def standing(kb: KnowledgeBase, found: DocumentReport) -> Standing:
    """Return the claims that a document makes itself, those first whose caveats are missing."""
    found_by_rule = _states(found)
    disclosed = {disclosure.caveat for disclosure in found.disclosures}
    times: Counter[str] = Counter()
    certain: set[str] = set()
    for mention in found.mentions:
        if mention.claim and mention.made:
            times[mention.claim] += 1
            if mention.match is Match.CERTAIN:
                certain.add(mention.claim)
    made = []
    for name in times:
        claim = kb.claims.get(name)
        if claim:
            states = tuple(State(item, _state(found_by_rule[name], item.id, disclosed)) for item in owed(kb, claim))
            made.append(Made(claim, times[name], name in certain, states, tuple(lines(kb, claim.evidence))))
    made.sort(key=lambda one: (not one.certain, -sum(state.state == MISSING for state in one.states), one.claim.claim))
    counts = Counter(state.state for one in made if one.certain for state in one.states)
    return Standing(tuple(made), {state: counts[state] for state in (MET, FAR, MISSING)})


def _states(found: DocumentReport) -> dict[str, dict[str, str]]:
    """Return claim → caveat → the worst that a finding says of it."""
    states: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for finding in found.findings:
        state = _RULES.get(finding.rule)
        if state and finding.claim and finding.caveat:
            worst = states[finding.claim].get(finding.caveat)
            states[finding.claim][finding.caveat] = MISSING if MISSING in {worst, state} else state
    return states


def _state(by_caveat: dict[str, str], caveat: str, disclosed: set[str | None]) -> str:
    return by_caveat.get(caveat) or (MET if caveat in disclosed else UNASKED)
