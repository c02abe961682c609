"""What words and punctuation tell of a unit: question, call to action, testimonial, list marker, heading."""

# ruff: noqa: RUF001 - typographic quotes and dashes are what this module reads

from __future__ import annotations

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_VERB = _set(
    "book call phone ring dial text email e-mail schedule reschedule contact click tap press visit join register "
    "enroll enrol enquire inquire apply request reserve download subscribe order shop browse explore discover find "
    "read see watch view start begin get take try ask talk speak reach tell claim submit complete fill send message "
    "chat learn meet check seek sign come let"
)
"""Verbs that can open a call to action. Those that open other orders as well need their object, below."""

_BARE = _set(
    "book call phone ring dial email e-mail schedule reschedule contact click tap visit register enroll "
    "enrol enquire inquire apply request reserve download subscribe",
)
"""Verbs that need no object to be one."""

_WITH = re.compile(
    r"""(?:
      text\ (?:us|me|now|our|[+(\d])
    | press\ (?:here|the|play)
    | join\ (?:us|our|the|today|now|thousands|hundreds)
    | order\ (?:now|online|today|your) | shop\ (?:now|online|our)
    | browse\ (?:our|the|all) | explore\ (?:our|your|the|more|how|whether|if|treatment|options)
    | discover\ (?:how|if|whether|more|our|what|the|why)
    | find\ (?:out|a|an|your|us|the|help|more)
    | read\ (?:more|our|the|about|on|their|how|all|full) | see\ (?:if|whether|our|more|how|all|your|a\ doctor|details)
    | watch\ (?:our|the|this|now|a|how) | view\ (?:our|all|the|more)
    | (?:start|begin)\ (?:your|now|today|the|here|feeling|healing|with|treatment)
    | get\ (?:started|in\ touch|help|your|a\ (?:free|quote|call)|medical|emergency|more|relief|directions|immediate|the)
    | take\ (?:the|our|a|that|control|back|charge|this|your)
    | try\ (?:it|our|us|a|your|today)
    | ask\ (?:us|your|our|about|a|to|for|the)
    | (?:talk|speak|chat)\ (?:to|with) | reach\ (?:out|us|our) | message\ us
    | tell\ (?:us|your|a|the|any)
    | claim\ (?:your|a|my) | submit\ (?:your|the|a) | complete\ (?:our|the|your|this|a)
    | fill\ (?:in|out) | send\ (?:us|your|a) | learn\ (?:more|how|about|if|whether|why|what)
    | meet\ (?:our|the|with|your) | check\ (?:your|if|whether|our|out|eligibility|availability|with)
    | seek\ (?:help|medical|emergency|immediate|urgent|advice|professional|care)
    | sign\ (?:up|in) | come\ (?:in|and|see|visit) | let\ (?:us|our)
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
_NOT_AFTER = _set(
    "is are was were of lenses lens value length duration",
)
_LEAD_IN = re.compile(
    r"(?:please|so|simply|just|now|today|then)[, ]+|"
    r"(?:to (?:learn|find|get|book|schedule|see|start|make|arrange|discuss)|for (?:more|further|an?|any|help)|"
    r"if (?:you|your|this|it|so|someone|a)|when you|ready to|want to|interested in|in an emergency|"
    r"in case of)\b[^,?!.;]{0,120}[,?!:] +(?:please )?",
    re.IGNORECASE,
)
_FIRST_WORD = re.compile(r"[A-Za-z-]+")

_OPENING = "\"“„«‘'"
_CLOSING = "\"”“»’'"
_AFTER_END = " \t\r\n\"'“”’»)]*†‡\u2060"
_FIRST_PERSON = re.compile(r"\b(?:I|I['’](?:m|ve|d|ll)|me|my|myself|mine)\b")
_ATTRIBUTION = re.compile(
    r"(?:[—–―]|--?|~)\s?[^\W\d_][^\n.!?:;]{0,60}(?:\.|\b[A-Z]\.)?(?:,[^\n.!?;]{0,60})?\.?\Z",
)
_SAID = re.compile(
    r"[,.!?…][\"”’»']+ +(?:(?:\w+ ){0,6}(?:said|says|wrote|writes|told|recalls?|recalled|reports?|reported|explains?|"
    r"explained|shared?|shares|adds|added|put it|remembers?|remembered|notes|noted)\b)",
)

MARKER = re.compile(
    r"""[ \t]*(?:
      (?:[-*+•‣▪▫●○◦■□▸►▶→➤➔❖◆◇·∙✓✔☑✅✗✘>❯»–]|—(?=\ ))[ \t]+
    | [•‣▪▫●○◦■□▸►▶➤➔❖◆◇∙✓✔☑✅](?=[^\s])
    | [(\[]?\d{1,3}[.)\]][ \t]+ | \(?[a-zA-Z]\)[ \t]+ | \(?[ivx]{1,5}\)[ \t]+
    )""",
    re.VERBOSE,
)
"""A bullet or number before a list item, with the white space around it."""

SPOKEN = re.compile(
    r"[ \t]*(?:(?P<ask>Q(?:uestion)?)|(?P<say>A(?:nswer)?))[ \t]?\d{0,3}[.:)][ \t]+(?=\S)", re.IGNORECASE
)
"""The "Q:" and "A:" of questions and answers."""

FOOTNOTE = re.compile(
    r"[ \t]*(?:(?P<stars>\*{1,3})(?=[^\s*])(?![^*\n]*[^\s*](?P=stars)(?!\w))"
    r"|[†‡§¶]+[ \t]*|\[\^?\w{1,12}\](?::|[ \t])[ \t]*|[¹²³⁴-⁹][ \t]*)"
)
"""What a footnote starts with; stars that are closed in the same line set words in bold."""

RULE = re.compile(r"[\s\-_=*~#+•·.—–|<>]*\Z")
"""A line of nothing but dashes, stars and the like."""

_GO_ON = _set(
    "a an and are as at be been by can cause causes could do does for from have has if in include "
    "includes including is like may might must of on or should such that the their to treat treats use "
    "was we were when where which who will with would you your",
)
"""Words that no heading ends with."""

_LONGEST_NAME = 130
_LONGEST_LINK = 500
_WORDS_OF_SPEECH = 5
_LINK = re.compile(r"(?:https?://|www\.)\S+\Z|\S+@\S+\.\w+\Z", re.IGNORECASE)
_ENDS = re.compile(r"[.!?…:;,。！？][\"'“”’»)\]]*\Z")
_TERMINAL = re.compile(r"[.!?…。！？][\"'“”’»)\]*†‡\d]*\Z")
_SHORT = 3
"""Letters of words that Title Case leaves in lower case."""

_WORDS_OF_HEADING = 12
_CHARS_OF_HEADING = 90


def is_question(words: str) -> bool:
    """Return whether a sentence asks: it ends with a question mark, quotes and brackets aside."""
    return words.rstrip(_AFTER_END).endswith(("?", "？", "?!"))


def is_call(words: str) -> bool:
    """Return whether a sentence tells the reader to do something: book, call, ask a doctor."""
    start = 0
    for _ in range(2):
        lead = _LEAD_IN.match(words, start)
        start = lead.end() if lead else start
    first = _FIRST_WORD.match(words, start)
    if first is None or first.group().lower() not in _VERB:
        return False
    if first.group().lower() in _BARE:
        return _is_order(words, first.end())
    return _WITH.match(words, start) is not None


def _is_order(words: str, end: int) -> bool:
    """Return whether a bare verb is one: "Call us", not "Book-keeping is", "Contact lenses are", "Visit length is"."""
    after = words[end : end + 40].split(maxsplit=1)
    return not words[end : end + 1].isalnum() and not (after and after[0] in _NOT_AFTER)


def is_attribution(words: str) -> bool:
    """Return whether this is nothing but the name after a quotation: "— Anna B., Leeds"."""
    return len(words) <= _LONGEST_NAME and _ATTRIBUTION.match(words) is not None


def is_first_person(words: str) -> bool:
    """Return whether somebody speaks of themselves."""
    return _FIRST_PERSON.search(words) is not None


def is_quotation(words: str) -> bool:
    """Return whether a sentence is somebody's words for the most part: “…,” said a nurse."""
    if words[:1] not in _OPENING or len(words.split()) < _WORDS_OF_SPEECH:
        return False
    close = max(words.rfind(char, 1) for char in _CLOSING)
    if close < 0:
        return False
    ends = not words[close + 1 :].strip(" .*)") and len(words[1:close].split()) >= _WORDS_OF_SPEECH
    return ends or _SAID.search(words) is not None


def opens_quotation(words: str) -> bool:
    """Return whether words start with a quotation mark."""
    return words[:1] in _OPENING


def is_link(words: str) -> bool:
    """Return whether this is a bare address."""
    return len(words) <= _LONGEST_LINK and _LINK.match(words) is not None


def is_short(line: str) -> bool:
    """Return whether a line is short enough to be a heading."""
    return len(line) <= _CHARS_OF_HEADING and len(line.split()) <= _WORDS_OF_HEADING


def ends_open(line: str) -> bool:
    """Return whether a line ends without any punctuation that ends a sentence or part of one."""
    return _ENDS.search(line) is None


def ends_sentence(line: str) -> bool:
    """Return whether a line ends as a sentence does."""
    return _TERMINAL.search(line) is not None


def is_label(line: str) -> bool:
    """Return whether a line before a list names it, rather than being the start of a sentence that its items end."""
    return ends_open(line) and line.rsplit(maxsplit=1)[-1].lower() not in _GO_ON


def is_titled(line: str) -> bool:
    """Return whether a line is written in Title Case or ALL CAPS."""
    words = [word for word in re.findall(r"[^\W\d_]+", line) if len(word) > _SHORT or word.isupper()]
    return bool(words) and all(word[0].isupper() for word in words)
