"""What Hypothesis makes up and makes smaller: entry files, requests to every page, and bytes that may be no request.

`CAVEAT_EXAMPLES` says of how many of each; `tests/audit/test_hostile.py` does the same for copy.
"""

from __future__ import annotations

import contextlib
import json
import socket
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.finding import Finding
from kb.store import codec, encode
from kb.store.kinds import Kind
from tests.faults.switch import number
from tests.store.strategies import any_entry, dumped, soup
from tests.web.auditing import InProcess
from tests.web.shelf import Shelf
from tests.web.test_listening import GET, asked, connected, served
from webapp import audit_running, create_app

MADE_UP = settings(
    max_examples=number("CAVEAT_EXAMPLES", 100),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@st.composite
def spoilt(draw):
    """Draw a sound file with something else in the middle of it, and its kind."""
    kind, entry = draw(any_entry)
    text = encode(entry, kind)
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 30)))
    return kind, text[:start] + draw(soup | st.text(max_size=10)) + text[end:]


@MADE_UP
@given(spoilt() | st.tuples(st.sampled_from(Kind), soup | dumped | st.text()))
def test_a_file_is_an_entry_that_is_written_and_read_again_or_has_findings(made):
    kind, text = made
    entry, found = codec.decode_all(text, kind, "entries/a/b.yaml")
    assert all(isinstance(one, Finding) and one.location.path == "entries/a/b.yaml" for one in found)
    if entry is None:
        assert found
    else:
        assert found == ()
        assert codec.decode_all(encode(entry, kind), kind, "entries/a/b.yaml") == (entry, ())


PARTS = """
    api v1 claims caveats sources references themes search audit download rules edit overview help checklist login
    export static style.css complete match openapi.json history review desk gaps about try-rule explain .. .
    %00 healthz readyz
"""
FIELDS = """
    q theme page sort next text kind profile name format decision accept reason last before text-1 bytes-1 name-1
    lines-1 rule view earlier
"""
FIELDS_OF_THE_HEAD = """
    Accept Accept-Language Cookie If-None-Match Range Referer Origin Sec-Fetch-Site X-Forwarded-For X-Request-ID
    Content-Encoding Authorization Host
"""
ADDRESSES = st.sampled_from(
    ["/audit", "/audit/download", "/api/v1/audit", "/api/v1/search", "/api/v1/try-rule", "/login", "/gaps"]
)
NAMES = st.sampled_from(FIELDS.split())
WORDS = st.text(max_size=40) | st.sampled_from(
    [
        *(
            "testamine",
            "<script>alert(1)</script>",
            "-" * 99,
            '"',
            "html",
            "json",
            "sarif",
            "copy-1",
            "text/html",
            "1e9",
        ),
        *("Testamine lifts mood.", "a" * 5_000, '{"path": 1}', "[" * 999, "bW9vZA==", "print", "\r\nSet-Cookie: a=b"),
    ]
)
PAIRS = st.lists(st.tuples(NAMES | st.text(max_size=8), WORDS), max_size=5)
HEADERS = st.dictionaries(
    st.sampled_from(FIELDS_OF_THE_HEAD.split()),
    st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=60)
    | st.sampled_from(["same-origin", "null", "*/*", "bytes=0-1", 'W/"a"', "localhost"]),
    max_size=3,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | WORDS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.just("documents") | WORDS, inner, max_size=4)
    ),
    max_leaves=8,
)
BODIES = st.one_of(
    st.builds(dict, data=st.binary(max_size=200), content_type=WORDS.filter(str.isprintable)),
    st.builds(dict, data=JSON.map(json.dumps), content_type=st.just("application/json")),
    st.builds(
        dict,
        data=PAIRS.map(dict),
        content_type=st.sampled_from(["multipart/form-data", "application/x-www-form-urlencoded"]),
    ),
)
REQUESTS = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
        "path": ADDRESSES
        | st.lists(st.sampled_from(PARTS.split()) | WORDS.map(lambda text: quote(text, safe="")), max_size=4).map(
            lambda parts: "/" + "/".join(parts)
        ),
        "query_string": PAIRS.map(lambda pairs: "&".join(f"{quote(one)}={quote(other)}" for one, other in pairs)),
        "headers": HEADERS,
    },
    optional={"body": BODIES},
)


FORMS = st.builds(
    dict,
    st.lists(st.tuples(NAMES, WORDS), max_size=4),
    text=st.sampled_from(["Testamine lifts mood.", "# Testamine\n\nIt cures low mood in everyone. It does not."])
    | WORDS,
    format=st.sampled_from(["html", "json", "sarif", "markdown", "baseline", "copy-1", "x"]),
)
AUDITS = st.builds(
    lambda path, form, headers: {
        "method": "POST",
        "path": path,
        "headers": headers,
        "body": {"json": form} if path.startswith("/api") else {"data": form},
    },
    st.sampled_from(["/audit", "/audit/download", "/api/v1/audit"]),
    FORMS,
    HEADERS,
)
"""Forms and objects that are nearly, and often quite, what an audit takes."""


@pytest.fixture(scope="module")
def client():
    app = create_app(Shelf(), reload_every=None, audits_per_minute=None)
    app.extensions[audit_running.EXTENSION] = InProcess()
    return app.test_client()


@MADE_UP
@given(REQUESTS | AUDITS)
def test_a_request_is_answered_or_refused_and_nothing_breaks(client, made):
    asked_for = {name: value for name, value in made.items() if name != "body"}
    with contextlib.suppress(UnicodeEncodeError):  # of the client, in a header
        response = client.open(base_url="http://localhost", **asked_for, **made.get("body", {}))
        assert response.status_code < 500 or response.status_code == 501
        assert all("\r" not in value and "\n" not in value for _, value in response.headers)
        assert "Set-Cookie" not in response.headers or "a=b" not in response.headers["Set-Cookie"]
        if response.mimetype == "text/html":
            assert "<script>alert(1)</script>" not in response.get_data(as_text=True)


BYTES = st.lists(
    st.sampled_from(
        [
            *(b"GET ", b"POST ", b"/ ", b"/?q=a ", b"* ", b"http://x/ ", b"HTTP/1.1", b"HTTP/1.0", b"HTTP/9", b"\r\n"),
            *(b"\n", b"\r\n\r\n", b"Host: x\r\n", b"Connection: close\r\n", b"Connection: keep-alive\r\n", b"abc"),
            *(b"Content-Length: 3\r\n", b"Content-Length: -1\r\n", b"Content-Length: 9999999999\r\n", b"3\r\nabc\r\n"),
            *(b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding : chunked\r\n", b"0\r\n\r\n", b"fffffffffff\r\n"),
            *(
                b": \r\n",
                b" folded\r\n",
                b"\x00",
                b"A: \xff\r\n",
                b"Upgrade: h2c\r\n",
                b"Expect: 100-continue\r\n",
                GET,
            ),
        ]
    )
    | st.binary(max_size=20),
    max_size=14,
).map(b"".join)


@pytest.fixture(scope="module")
def server():
    with served(threads=1) as (made, _):
        yield made


@pytest.mark.enable_socket
@MADE_UP
@given(BYTES)
def test_bytes_are_answered_in_http_or_the_connection_ends_and_the_next_is_answered(server, sent):
    with connected(server) as connection:
        received = b""
        with contextlib.suppress(ConnectionError):  # it has heard enough
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(10_000):  # `connected` gives up after half a minute, should it never end
                received += part
    assert received[:7] in {b"", b"HTTP/1."}
    assert asked(server).startswith(b"HTTP/1.1 200 ")
