"""A report made by hand, with one of everything: nothing here depends on rules, recognition or extraction."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from kb.audit.base import (
    Disclosure,
    Document,
    Match,
    Mention,
    Part,
    Polarity,
    Strength,
    Subject,
    Unit,
    UnitKind,
    Why,
    Word,
)
from kb.audit.findings import placed
from kb.audit.report import AuditReport, Balance, DocumentReport, NamedCaveat, NamedClaim
from kb.audit.rules.base import AuditRule, Basis, Found, Kind, Mark
from kb.finding import Level, Skipped, Suppression


def _missing(_audited):
    """Find claims without the caveat that they owe.

    A claim that owes a caveat misleads without it. **Add** the disclosure beside the claim.
    """
    yield from ()


def _overstated(_audited):
    """Find words that go further than the evidence.

    Say “may” where certainty is low.
    """
    yield from ()


def _plain(_audited):
    """Find something.

    Look at it.
    """
    yield from ()


LAW = Basis("A guidance on health claims", "https://example.org/guidance", "Qualify near the claim.", Mark.SECONDARY)
MISSING = AuditRule(
    "missing-caveat", "a claim stands without a caveat that it owes", Kind.FAIL, Level.ERROR, _missing, (LAW,)
)
FAR = AuditRule("caveat-not-near", "a caveat stands too far from its claim", Kind.FAIL, Level.WARNING, _missing, (LAW,))
OVERSTATED = AuditRule(
    "overstated",
    "words are stronger than the evidence",
    Kind.FAIL,
    Level.WARNING,
    _overstated,
    profiles={"uk-cap": Level.ERROR},
)
UNSURE = AuditRule("uncertain-match", "something may be a claim", Kind.REVIEW, Level.NOTE, _plain)
UNLISTED = AuditRule("unlisted-claim", "a claim is not listed", Kind.OPEN, Level.NOTE, _plain)
BALANCE = AuditRule("fair-balance", "benefits outweigh risks", Kind.FAIL, Level.WARNING, _plain)
OFF = AuditRule("off-here", "off in this profile", Kind.FAIL, Level.NOTE, _plain, profiles={"us-ftc": None})
RULES = (MISSING, FAR, OVERSTATED, UNSURE, UNLISTED, BALANCE, OFF)

PAGE = (
    "# Swim 🏊🏽‍♀️ today\r\n"
    "\r\n"
    "Swimming in the lake lifts\tthe mood within a day 🌊🌊. It is cafe\u0301-proven and always works.\r\n"
    "\r\n"
    "* 湖水浴は効く: most swimmers feel calm\r\n"
    "* Cold water may shock; ask a doctor first\r\n"
    "\r\n"
    "Is it safe? <script>alert(1)</script> & `code` | **bold** @somebody\r\n"
    "Nobody ever drowned here, and the effect lasts for weeks afterwards, as each of our many guests will be glad to "
    "tell you at length on any day of the year.\r\n"
)
MARKUP = (
    "<!doctype html><html><head><title>Lake</title></head><body>\n"
    "<h1>Winter &amp; swimming</h1>\n"
    '<p>It <b>cures</b> colds\n  for <a href="/more">good</a>.</p><p>The effect fades after a day.</p>\n'
    '<img src="lake.jpg"></body></html>\n'
)


def _blanked(markup: str) -> str:
    plain, inside = [], False
    for character in markup:
        inside = inside or character == "<"
        plain.append(" " if inside else character)
        inside = inside and character != ">"
    return "".join(plain).replace("&amp;", "&    ").replace("Lake", "    ", 1)


def _at(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def _unit(index: int, text: str, words: str, kind: UnitKind, block: int) -> Unit:
    return Unit(index, *_at(text, words), kind, Part.BODY, section=0, block=block)


def _page() -> DocumentReport:
    lifts = "Swimming in the lake lifts\tthe mood within a day 🌊🌊."
    works = "It is cafe\u0301-proven and always works."
    lasts = PAGE[PAGE.index("Nobody ever") : PAGE.rindex("\r\n")]
    units = (
        _unit(0, PAGE, "Swim 🏊🏽‍♀️ today", UnitKind.HEADING, 0),
        _unit(1, PAGE, lifts, UnitKind.SENTENCE, 1),
        _unit(2, PAGE, works, UnitKind.SENTENCE, 1),
        _unit(3, PAGE, "湖水浴は効く: most swimmers feel calm", UnitKind.LIST_ITEM, 2),
        _unit(4, PAGE, "Cold water may shock; ask a doctor first", UnitKind.LIST_ITEM, 2),
        _unit(5, PAGE, "Is it safe? <script>alert(1)</script> & `code` | **bold** @somebody", UnitKind.QUESTION, 3),
        _unit(6, PAGE, lasts, UnitKind.SENTENCE, 3),
    )
    document = Document("copy/lake page.md", PAGE, PAGE, units, "a" * 64, "text/markdown")
    claim = _at(PAGE, "lifts\tthe mood within a day 🌊🌊")
    why = Why(
        0,
        (Word("relief", *_at(PAGE, "lifts\tthe mood")), Word("within-days", *_at(PAGE, "within a day"))),
        ("treatment understood from the heading",),
    )
    mentions = (
        Mention(1, "lifts-mood", ("mood",), *claim, why=why),
        Mention(3, None, ("calm",), *_at(PAGE, "feel calm"), match=Match.POSSIBLE, strength=Strength.HEDGED),
        Mention(6, "lasts-weeks", ("duration",), *_at(PAGE, "effect lasts for weeks"), polarity=Polarity.ASSERTED),
    )
    shock = _at(PAGE, "Cold water may shock")
    disclosures = (
        Disclosure(4, "cold-shock", "side-effects", ("safety",), *shock, Why(0, (Word("cold-shock", *shock),))),
        Disclosure(4, None, "medical-supervision", (), *_at(PAGE, "ask a doctor first")),
    )
    message = "“lifts the mood” does not say that %s"
    found = (
        (
            MISSING,
            Level.ERROR,
            Found(
                *claim, message % "the lift fades", "The lift fades within days.", "lifts-mood", "fades", ("doe2020",)
            ),
        ),
        (
            FAR,
            Level.WARNING,
            Found(
                *claim,
                message % "cold water may shock",
                "Cold water may shock.\nAsk a doctor.",
                "lifts-mood",
                "cold-shock",
            ),
        ),
        (
            OVERSTATED,
            Level.WARNING,
            Found(
                *_at(PAGE, "cafe\u0301-proven and always"),
                "“café-proven and always” goes too far: 100%, always\nand so on",
                "Say “may”.",
                "lifts-mood",
                None,
                ("doe2020", "roe2021"),
            ),
        ),
        (OVERSTATED, Level.WARNING, Found(*_at(PAGE, "always works"), "“always” allows no exception")),
        (
            UNSURE,
            Level.NOTE,
            Found(*_at(PAGE, "湖水浴は効く"), "this may be the claim “Lake baths work.”", "", "baths-work"),
        ),
        (
            UNLISTED,
            Level.NOTE,
            Found(*_at(PAGE, "Nobody ever drowned here"), "no entry says so <img src=x onerror=alert(1)>"),
        ),
        (
            MISSING,
            Level.ERROR,
            Found(
                *_at(PAGE, "effect lasts for weeks"),
                "“effect lasts for weeks” does not say that it fades",
                "The lift fades within days.",
                "lasts-weeks",
                "fades",
            ),
        ),
        (BALANCE, Level.WARNING, Found(0, 0, "benefits stand against hardly any risk", "State what can go wrong.")),
    )
    findings = placed(document, found)
    reason = Suppression("inSource", "the club's doctor agreed", dt.date(2027, 1, 31))
    findings = tuple(
        replace(finding, suppressed=reason) if finding.message.endswith("no exception") else finding
        for finding in findings
    )
    balance = Balance(
        4,
        1,
        "partial",
        ("side-effects", "medical-supervision"),
        ("transient-effect", "not-for-everyone/contraindications"),
        {"benefit": {"heading": 1, "body": 3}, "risk": {"body": 1}},
    )
    subjects = (Subject.KETAMINE,) * 5 + (Subject.NONE, Subject.KETAMINE)
    return DocumentReport(document, subjects, mentions, disclosures, findings, balance)


def _markup() -> DocumentReport:
    plain = _blanked(MARKUP)
    cures = MARKUP.index("It <b>"), MARKUP.index("</p>")
    units = (
        _unit(0, MARKUP, "Winter &amp; swimming", UnitKind.HEADING, 0),
        Unit(1, *cures, UnitKind.SENTENCE, block=1),
        _unit(2, MARKUP, "The effect fades after a day.", UnitKind.SENTENCE, 2),
    )
    document = Document(
        "site/winter.html",
        MARKUP,
        plain,
        units,
        "b" * 64,
        "text/html",
        "windows-1252",
        skipped=(Skipped("image", "lake.jpg has no text alternative"),),
        left_out={"script": 2, "navigation": 1},
    )
    words = MARKUP.index("cures"), MARKUP.index("</a>")
    mentions = (
        Mention(1, "cures-colds", ("colds",), *words, strength=Strength.EMPHATIC),
        Mention(2, "lifts-mood", ("mood",), *_at(MARKUP, "The effect")),
    )
    fades = _at(MARKUP, "fades after a day")
    cold = _at(MARKUP, "swimming")
    disclosures = (
        Disclosure(2, "fades", "transient-effect", ("duration",), *fades),
        Disclosure(0, "cold-shock", "side-effects", ("safety",), *cold),
    )
    found = (
        (OVERSTATED, Level.ERROR, Found(*words, "“cures” is refuted", "Leave it out.", "cures-colds", None, ("gone",))),
    )
    baseline = Suppression("external", "in the baseline")
    findings = tuple(replace(finding, suppressed=baseline) for finding in placed(document, found))
    return DocumentReport(
        document,
        (Subject.OTHER_TREATMENT, Subject.KETAMINE, Subject.KETAMINE),
        mentions,
        disclosures,
        findings,
        Balance(),
    )


FULL = AuditReport(
    "Lake & <Sea>",
    "0123456789abcdef",
    3,
    ("duration", "mood"),
    "us-ftc",
    "0.1.0",
    (_page(), _markup()),
    (Skipped("copy/broken.pdf", "it is encrypted"),),
    {
        "lifts-mood": NamedClaim(
            "Swimming lifts the mood.", "supported", "low", ("fades", "cold-shock"), ("mood-lifts",)
        ),
        "lasts-weeks": NamedClaim("The lift lasts for weeks.", "contested", "very-low", ("fades",)),
        "cures-colds": NamedClaim("Swimming cures colds.", "refuted"),
        "baths-work": NamedClaim("Lake baths work.", "unproven"),
    },
    {
        "fades": NamedCaveat(
            "The lift fades.", "Fades soon", "The lift fades within days.", "transient-effect", ("fading",)
        ),
        "cold-shock": NamedCaveat("Cold water may shock.", "Cold shock", "Cold water may shock.", "side-effects"),
    },
    {"doe2020": "Doe J. Lakes and mood. J Lake Med 2020;1:2-3.", "roe2021": "Roe R. <Waves>. 2021 [to confirm]."},
    RULES,
    baseline=True,
)
CLEAN = AuditReport(
    "Lake",
    "0" * 16,
    0,
    (),
    "us-ftc",
    "0.1.0",
    (DocumentReport(Document("-", "", "", (), "c" * 64), (), (), (), (), Balance()),),
)
