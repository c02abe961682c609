"""Whatever is searched for, handed in or written into a file: an answer or a refusal, in a second, in bounded memory.

So many of each as the environment says (`CAVEAT_HOSTILE`); they are made from a seed, and a failure prints its number.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pytest

from kb.audit import DocumentReport
from kb.errors import KbError
from kb.finding import Finding
from kb.library import Library
from kb.library.auditing import AuditOptions, Audits, Copy
from kb.library.opening import entries
from kb.search.base import SORTS, Query
from kb.search.plan import MAX_PREFIXES, Planner, Prefix
from kb.search.query import parse
from kb.search.widen import Vocabulary
from kb.store import codec, decode, encode
from kb.store.kinds import Kind
from tests.faults.switch import number
from tests.search.bases import base
from tests.web.shelf import Shelf
from webapp import create_app

CLAIMS = Path(__file__).parents[2] / "claims"
HOSTILE = number("CAVEAT_HOSTILE", 0)
QUERIES, REQUESTS = HOSTILE or 2_000, HOSTILE or 500
COPIES, FILES = HOSTILE or 300, HOSTILE or 500
SEED = number("CAVEAT_SEED", 1)
SECONDS = 1.0
GROWTH = 300_000
"""Kilobytes by which the process may grow over all that is tried."""

PIECES = (
    *(
        '"',
        "'",
        "(",
        ")",
        "-",
        "*",
        ":",
        "OR",
        "AND",
        "NOT",
        "verdict:",
        "theme:",
        "due:<",
        "due:<2027-99-99",
        "claim:",
    ),
    *(
        "ketamine",
        "cures",
        "depression",
        "no side effects",
        "85 %",
        "1,000,000",
        "FDA-approved",
        "Is it safe?",
        "it may",
    ),
    *("\x00", "\ufffe", "\u202e", "e\u0301" * 9, "😀", "\ud800", "\x85", "\u2028", "\t", "\r\n", "\n\n", " " * 50),
    *("<script>alert(1)</script>", "{{7*7}}", "%s%n", "../" * 6 + "etc/passwd", "' OR 1=1 --", "=cmd|' /C calc'!A0"),
    *(
        "# ",
        "> ",
        "- ",
        "| a | b |",
        "|---|",
        "```",
        "<!-- caveat-ignore x -->",
        "[a](",
        "![",
        "**",
        "<b>",
        "&#0;",
        "&amp;",
    ),
    *("a" * 300, "ab" * 200, "(" * 100, "[" * 100, "-" * 200, "1." * 100, "%" * 50, "&" * 50, "a*" * 60, '"a ' * 60),
)
YAML = (
    *("id: ", "claim: ", "verdict: supported", "certainty: {level: low}", "evidence:", "  - ", "- reference: doe2020"),
    *(
        "&a ",
        "*a",
        "<<: *a",
        "!!python/object:os.system x",
        "!!binary |",
        "? ",
        ": ",
        "[",
        "]",
        "{",
        "}",
        "|",
        ">-",
        "%YAML 1.3",
    ),
    *(
        "---\n",
        "...\n",
        "\t",
        "\n",
        "  ",
        "null",
        "~",
        "yes",
        "0x1F",
        "1e999",
        "2026-13-45",
        "'",
        '"',
        "#",
        "\x00",
        "\ufeff",
        "é",
    ),
    *(
        "a: " * 40,
        "[" * 90,
        "{a: " * 90,
        "- " * 90,
        "&a [*a, *a]",
        "k" * 500 + ": v",
        "\u2028",
        "<script>",
        "=1+1",
        "../../x",
    ),
)


def made(chance, pieces, most):
    return "".join(chance.choice(pieces) + chance.choice(("", " ", "", "\n")) for _ in range(chance.randrange(1, most)))


class Watch:
    """Sees to it that nothing takes longer than a second of processor time, or keeps memory."""

    def __init__(self):
        self.before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.slowest = 0.0, ""

    def run(self, what, name):
        began = time.process_time()
        result = what()
        took = time.process_time() - began
        assert took < SECONDS, f"{name} took {took:.2f} s"
        self.slowest = max(self.slowest, (took, name))
        return result

    def end(self):
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - self.before
        assert grown < GROWTH, f"the process grew by {grown:,} kB"
        took, name = self.slowest
        sys.stdout.write(f"slowest: {took:.3f} s, {name}; grown by {grown:,} kB\n")  # shown by `pytest -rP`


def chances(count, what):
    for one in range(count):
        yield one, random.Random(f"{SEED} {what} {one}")  # noqa: S311


@cache
def library():
    found = Library(CLAIMS, engine="memory", cache=False)
    found.search(Query("ketamine"))
    found.match("Ketamine cures depression.")
    return found


def test_queries():
    found, watch = library(), Watch()
    answered = 0
    for one, chance in chances(QUERIES, "query"):
        text = made(chance, PIECES, 12)
        query = Query(text, page=chance.choice((1, 1, 10**9)), sort=chance.choice(SORTS))
        try:
            watch.run(lambda query=query: found.search(query), f"query {one}: {text!r:.200}")
            if one % 10 == 0:
                watch.run(
                    lambda text=text: (found.complete(text), found.match(text)), f"completing {one}: {text!r:.200}"
                )
            answered += 1
        except KbError:
            pass
    assert answered > QUERIES // 2
    watch.end()


def test_copy():
    audits, watch = Audits(entries(CLAIMS), AuditOptions()), Watch()
    audits.of(Copy("a.md", content=b"Ketamine cures depression."))
    audited = 0
    for one, chance in chances(COPIES, "copy"):
        text = made(chance, PIECES, 40)
        content = text.encode(chance.choice(("utf-8", "utf-8", "utf-16")), "surrogatepass")
        copy = Copy(f"a.{chance.choice(('md', 'txt', 'html'))}", content=content)
        report = watch.run(lambda copy=copy: audits.of(copy), f"copy {one}: {text!r:.200}")
        audited += isinstance(report, DocumentReport)
    assert audited > COPIES // 2
    watch.end()


def valid():
    """Return the texts of a few files as they should be, to be spoilt."""
    kb = library().kb
    return [encode(next(iter(part.values()))) for part in (kb.claims, kb.caveats, kb.sources)]


def test_files():
    watch, sound = Watch(), valid()
    refused = 0
    for one, chance in chances(FILES, "file"):
        if one % 2:
            text = made(chance, YAML, 30)
        else:  # a sound file with something in the middle of it
            whole = chance.choice(sound)
            start = chance.randrange(len(whole))
            text = whole[:start] + made(chance, YAML, 4) + whole[start + chance.randrange(20) :]
        kind = chance.choice(list(Kind))
        content, found = watch.run(
            lambda text=text, kind=kind: codec.decode_all(text, kind, "entries/a/b.yaml"), f"file {one}: {text!r:.200}"
        )
        assert all(isinstance(problem, Finding) for problem in found)
        refused += content is None
        if content is not None and not found and kind in {Kind.CLAIM, Kind.CAVEAT, Kind.SOURCE}:
            assert decode(encode(content), kind.value) == content
    assert FILES // 3 < refused < FILES or refused == FILES
    watch.end()


PATHS = (
    *("/", "/claims/{}", "/caveats/{}", "/sources/{}", "/references/{}", "/rules/{}", "/themes", "/static/{}"),
    *(
        "/api/v1/search",
        "/api/v1/claims/{}",
        "/api/v1/complete",
        "/api/v1/{}",
        "/export/{}",
        "/{}",
        "/start/{}",
        "/audit",
    ),
)
HEADERS = ("Accept", "Cookie", "If-None-Match", "Range", "Referer", "Origin", "X-Forwarded-For", "Content-Type")


@pytest.fixture(scope="module")
def client():
    return create_app(Shelf(), reload_every=None, audits_per_minute=None).test_client()


def test_few_beginnings_of_words_are_looked_for():
    planner = Planner(base(), Vocabulary({}))
    plan = planner.plan(parse(" ".join(f"{letter}bc*" for letter in "abcdefgh")))
    assert len(list(plan.things)) == 8
    assert sum(isinstance(thing, Prefix) for thing in plan.things) == MAX_PREFIXES


def test_requests(client):
    watch = Watch()
    client.get("/")
    kinds = set()
    for one, chance in chances(REQUESTS, "request"):
        text = made(chance, PIECES, 6).encode("utf-8", "replace").decode()
        path = chance.choice(PATHS).format(quote(text[:200]))
        clean = "".join(character for character in text if character.isprintable() and ord(character) < 256)
        options = {
            "method": chance.choice(("GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")),
            "query_string": {chance.choice(("q", "theme", "page", "sort", "nowiden", "x")): text},
            "headers": {chance.choice(HEADERS): clean[:1_000]},
        }
        if options["method"] == "POST":
            options["data"] = text.encode()
        response = watch.run(
            lambda path=path, options=options: client.open(path, **options),
            f"request {one}: {path!r:.200} {options!r:.300}",
        )
        assert response.status_code < 500 or response.status_code == 501, f"request {one}: {path!r} {options!r}"
        assert "<script>alert(1)</script>" not in response.text or response.mimetype != "text/html", f"request {one}"
        assert all("\n" not in value and "\r" not in value for _, value in response.headers)
        kinds.add(response.status_code)
    assert len(kinds) > 3
    watch.end()


@pytest.mark.parametrize(
    "path",
    [
        "../etc/passwd",
        "..%2f..%2fkb.yaml",
        "%2e%2e/%2e%2e/kb.yaml",
        "....//kb.yaml",
        "%00",
        "..\\..\\kb.yaml",
        "/etc/passwd",
    ],
)
@pytest.mark.parametrize("folder", ["/static/", "/claims/", "/sources/", "/api/v1/claims/", "/api/v1/sources/"])
def test_no_path_leads_out(client, folder, path):
    response = client.get(folder + path)
    assert response.status_code in {301, 308, 400, 404}
    assert "root:" not in response.text


@pytest.mark.parametrize(
    "text", ["a\r\nSet-Cookie: x=1", "a\nX: y", "a%0d%0aSet-Cookie:%20x=1", "//evil.example/%0d%0a"]
)
@pytest.mark.parametrize(
    "address", ["/claims/{}", "/?q={}", "/login?next={}", "/export?q={}", "/search?q={}", "/caveats/{}"]
)
def test_no_header_is_made_of_what_is_typed(client, address, text):
    response = client.get(address.format(text.replace("\r", "%0d").replace("\n", "%0a")))
    assert not response.headers.getlist("Set-Cookie")
    assert "evil.example" not in response.headers.get("Location", "").split("?")[0]
    assert all("\n" not in value and "\r" not in value for _, value in response.headers)
