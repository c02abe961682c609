"""The first text of a new entry: every field in its place, with a comment that says what to write."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from kb.model import (
    CertaintyLevel,
    CertaintyReason,
    ClaimType,
    Design,
    Direction,
    Directness,
    DisclosureKey,
    DispositionKind,
    Near,
    RelationType,
    Strength,
    Verdict,
)
from kb.store.emit import WIDTH
from kb.store.kinds import Kind, modeline

if TYPE_CHECKING:
    from collections.abc import Iterable

_HOW_TO = (
    "# Fill in what is empty, delete what does not apply, then remove the comments. `kb lint` says what is missing."
)


def skeleton(kind: str, entry_id: str) -> str:
    """Return the text of a new claim, caveat or source with this id; raise `ValueError` for another kind.

    It is canonical YAML, and it is a valid entry as soon as the empty fields are filled in.
    """
    known = Kind(kind)
    if known not in _BODIES:
        raise ValueError(f"a new {kind} has no skeleton; claim, caveat and source have one")
    return f"{modeline(known)}\n{_HOW_TO}\nid: {entry_id}\n{_BODIES[known]}"


def _listed(words: Iterable[str], indent: str = "") -> str:
    """Return comment lines that list the words that may be written in the field below."""
    start = f"{indent}# "
    return textwrap.fill(_one_of(words), WIDTH, initial_indent=start, subsequent_indent=start, break_on_hyphens=False)


def _one_of(words: Iterable[str]) -> str:
    return ", ".join(words)


_EVIDENCE = f"""\
evidence:
  - reference:  # a key of references.yaml
    direction:  # {_one_of(Direction)}: which way it points for the claim as worded
    directness:  # {_one_of(Directness)}
{_listed(Design, "    ")}
    design:
    finding:  # what it found, with numbers, in your own words
"""
_OCCURRENCES = f"""\
occurrences:
  - source:  # the id of a source
    selector:  # code points of the source's text, from 0; end is excluded
      start:
      end:
    digest:  # the first 16 hex digits of the SHA-256 of the selected characters
    section:  # a label of the source's outline
    strength:  # {_one_of(Strength)}: as the source words it
"""
_RECOGNISE = """\
recognise: []  # rules such as {all: [a-concept, another], any: [a-concept], unless: [a-concept]}; see vocabulary.yaml
examples:  # sentences of your own that `kb lint` tries
  match: []
  no_match: []
"""
_REVIEW = """\
review:
  author:  # your name
  due:  # when to look at it again, such as 2027-11-22
"""

_BODIES = {
    Kind.CLAIM: f"""\
claim:  # the assertion in one plain sentence of your own words, 8 to 200 characters
type:  # {_one_of(ClaimType)}
themes: []  # one or more keys of themes.yaml
status: draft
verdict:  # of the claim as worded: {_one_of(Verdict)}
certainty:  # delete where the verdict is not-checkable
  level:  # {_one_of(CertaintyLevel)}
{_listed(CertaintyReason, "  ")}
  reasons: []
rationale:  # why this verdict and this certainty, in one to three plain sentences
scope:  # what the verdict is about; keep what matters
  drug:
  route:
  population:
  horizon:
{_EVIDENCE}\
caveats:
  - caveat:  # the id of a caveat without which this claim misleads
    near:  # {_one_of(Near)}: how close to the claim it must stand
no_caveat:  # instead of caveats, where the claim owes none
  reason:
{_OCCURRENCES}\
{_RECOGNISE}\
asked: []  # how people ask who look for this claim, in everyday words, such as [does it hurt]; for search alone
related: []  # such as {{claim: other-id, type: similar}}; the types are {_one_of(RelationType)}
{_REVIEW}""",
    Kind.CAVEAT: f"""\
caveat:  # the condition without which a claim misleads, in one or two plain sentences
short:  # two to six words
suggested_disclosure:  # one sentence that a copywriter may paste
{_listed(DisclosureKey)}
key:
themes: []  # one or more keys of themes.yaml
not_of: []  # subjects of copy of which it is not true, as the audit names them
status: draft
restates_article: false  # true where it rests on no evidence of ours but on what an article concedes
{_EVIDENCE}\
{_OCCURRENCES}\
{_RECOGNISE}\
denied: []  # rules for copy that says the opposite; the audit asks them of units about the treatment only
denial_examples: {{}}  # such as {{match: [You can drive home.], no_match: [Nobody drives home.]}}
{_REVIEW}""",
    Kind.SOURCE: f"""\
title:  # as the document gives it
publisher:
locality:
date:  # such as 2026-11-22
address:  # the URL, where one is known
note:
text:  # of the plain text file, its bytes as they are (UTF-8)
  sha256:  # 64 hex digits
  chars:  # Unicode code points
outline:
  - selector:
      start:
      end:
    digest:
    label:  # a short label of your own for the heading
dispositions:  # prose that carries neither claim nor caveat
  - selector:
      start:
      end:
    digest:
    kind:  # {_one_of(DispositionKind)}
    reason:
""",
}
