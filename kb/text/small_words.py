"""Small words of English: those that say nothing of a matter, those that ask, those that turn a sentence round."""

from __future__ import annotations

FUNCTION_WORDS = frozenset(
    """
    a an the this that these those it its he she they we you i me my your our their his her them
    of on in at to for by with from as into about between during and or but than then so
    is are was were be been being am do does did has have had
    what which who whom whose how why when where there here if because while also just really very too
    """.split()  # noqa: SIM905 - a list of words is easiest to read as words
)
"""Words that say nothing of a matter by themselves: left out of a search, except in a phrase, after a minus, in
capitals, or where nothing else was typed.

Words that turn a claim's meaning are not among them: not, no, never, without, may, can, will, only, all, more, less.
"""

ASKING_WORDS = frozenset({"can", "could", "may", "might", "must", "shall", "should", "will", "would"})
"""Left out of a search as well where they only ask: "can I", "will it"."""

ASKED = frozenset("i you we they he she it there my your our the this anyone everyone someone people".split())  # noqa: SIM905
"""Whom or what a question asks after an asking word."""

LIGHT_VERBS = frozenset(
    "come do feel get give go happen have keep know make need put take tell try use want".split()  # noqa: SIM905
)
"""Verbs that anything is asked with: they say next to nothing of what is asked for."""

TURNING_WORDS = frozenset({"not", "no", "never", "none", "cannot"})
"""Words that turn what is claimed into its opposite: an entry without them does not say most of the same."""
