"""Health, figures and the log of requests, over entries in memory."""

from __future__ import annotations

import dataclasses
import json
import logging
import pickle

import pytest

from kb.accounts import Role
from kb.cli import logs
from kb.errors import IndexUnavailable
from kb.library import IndexState
from kb.library.confined import packed
from kb.library.traces import trace
from tests.accounts.people import accounts, cheap, clock
from tests.web.shelf import Shelf, base
from tests.web.signing import sign_in, signed_in
from webapp.audit_running import AuditsBusy, Pool
from webapp.running import counting
from webapp.running.metrics import Metrics
from webapp.running.serving import application

__all__ = ["accounts", "cheap", "clock"]
SECRET = "Zanzibarine"  # noqa: S105  (it opens nothing)
"""Stands for whatever somebody typed."""


@pytest.fixture
def shelf(tmp_path):
    made = Shelf()
    made.root = tmp_path
    (tmp_path / "kb.yaml").touch()
    return made


def serving(shelf, accounts=None, **options):
    chosen = {"trusted_hosts": None, "behind_proxy": None, "metrics": True} | options
    app = application(shelf, accounts=accounts, **chosen)
    app.extensions["caveat"]._reload_every = None
    return app


def figure(app, name, **labels):
    return app.extensions[counting.EXTENSION].registry.get_sample_value(f"caveat_{name}", labels)


def gone(shelf):
    (shelf.root / "kb.yaml").unlink()


def behind(shelf):
    shelf.kb = dataclasses.replace(base(), digest="1" * 64)


def without_index(shelf):
    shelf.index_info = lambda: IndexState(None, behind=True)


def broken(shelf):
    def search(_query):
        raise IndexUnavailable(SECRET)

    shelf.search = search


@pytest.mark.parametrize(
    ("happens", "reasons"),
    [
        (lambda _: None, []),
        (gone, ["the files of the knowledge base are gone; what was read before is shown"]),
        (behind, ["the search index is behind the files"]),
        (without_index, ["there is no search index"]),
        (broken, ["the search engine does not answer"]),
    ],
)
def test_ready_says_what_is_wrong_and_alive_does_not_ask(shelf, happens, reasons):
    happens(shelf)
    client = serving(shelf).test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (503 if reasons else 200, {"ready": not reasons, "reasons": reasons})
    assert client.get("/healthz").status_code == 200


def test_no_known_etag_makes_an_old_answer_of_either(shelf):
    client = serving(shelf).test_client()
    for path in ("/healthz", "/readyz"):
        answer = client.get(path, headers={"If-None-Match": "*"})
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_sign_ins_that_fail_are_counted(shelf, accounts):
    app = serving(shelf, accounts)
    client = app.test_client()
    for _ in range(11):
        sign_in(client, "some-editor", SECRET).close()
    assert figure(app, "sign_in_failures_total", reason="wrong") == 10
    assert figure(app, "sign_in_failures_total", reason="too often") == 1


def test_what_is_logged_about_entries_is_counted(shelf):
    app = serving(shelf)
    with app.app_context():
        for what in ("saved", "review: approve", "signed out", SECRET):
            counting.done(what)
    assert figure(app, "saves_total", outcome="saved") == 1
    assert figure(app, "saves_total", outcome="reviewed") == 1
    assert figure(app, "saves_total", outcome=SECRET) is None


def test_a_conflict_is_counted_where_entries_are_saved_and_nowhere_else():
    figures = Metrics(Shelf())
    for endpoint in ("api.save_entry", "editing.edited", "audits.save"):
        figures.begun()
        figures.ended(route="/x", endpoint=endpoint, method="POST", status=409, seconds=0.1)
    assert figures.registry.get_sample_value("caveat_saves_total", {"outcome": "conflict"}) == 2
    assert figures.registry.get_sample_value("caveat_http_requests_open") == 0


def test_audits_that_are_sent_away_are_counted(shelf):
    app = serving(shelf)
    pool = Pool()
    pool.end()
    app.extensions["caveat-audit-pool"] = pool
    assert app.test_client().post("/api/v1/audit", json={"text": SECRET}).status_code == 503
    assert figure(app, "audits_total", outcome="busy") == 1


def test_without_metrics_nothing_is_counted_and_everything_works(shelf):
    app = serving(shelf, metrics=False)
    assert counting.EXTENSION not in app.extensions
    with app.app_context():
        counting.audited(counting.BUSY)
        counting.done("saved")


@pytest.mark.parametrize(("proxies", "kept"), [(None, False), (1, True)])
def test_the_id_of_a_request_is_the_proxy_s_where_one_is_trusted(shelf, proxies, kept):
    client = serving(shelf, behind_proxy=proxies).test_client()
    given = "0123456789abcdef.proxy"
    assert (client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given) is kept
    odd = client.get("/healthz", headers={"X-Request-ID": "a b" * 99}).headers["X-Request-ID"]
    assert len(odd) == 32


def test_the_log_names_who_is_signed_in(shelf, accounts, caplog):
    caplog.set_level(logging.INFO)
    app = serving(shelf, accounts)
    signed_in(app, accounts, f"some-{Role.EDITOR}").get("/desk", buffered=True)
    line = caplog.records[-1].seen
    assert (line["route"], line["account"]) == ("/desk", "some-editor")


@pytest.mark.parametrize("form", [None, *logs.FORMATS])
def test_no_log_has_the_words_of_an_exception(shelf, form, capsys):
    def search(_query):
        raise ValueError(SECRET) from KeyError(SECRET)

    shelf.search = search
    with logs.written(form):
        answer = serving(shelf).test_client().get(f"/?q={SECRET}", buffered=True)
    told = capsys.readouterr().err
    assert answer.status_code == 500
    assert SECRET not in told
    assert "GET / failed" in told
    assert "KeyError" in told
    assert "ValueError" in told
    assert "in search" in told


def test_json_lines_can_be_read_and_quiet_logs_say_nothing_of_requests(shelf, capsys):
    with logs.written("json"):
        serving(shelf).test_client().get("/about", buffered=True)
        logging.getLogger("kb").warning("two\nlines")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line.get("route") or line["message"] for line in lines] == ["/about", "two\nlines"]
    with logs.written(None):
        serving(shelf).test_client().get("/about", buffered=True)
        logging.getLogger("kb").warning("two\nlines")
    assert capsys.readouterr().err == "kb: two\\x0alines\n"


def test_a_full_disk_is_told_in_the_system_s_words():
    told = trace(OSError(28, "No space left on device", SECRET))
    assert told.endswith("OSError: No space left on device\n")
    assert SECRET not in told


class Growing:
    """Cannot be packed until it has stopped growing."""

    def __init__(self, times):
        self.times = times

    def __reduce__(self):
        self.times -= 1
        if self.times >= 0:
            message = "dictionary changed size during iteration"
            raise RuntimeError(message)
        return (int, ())


def test_what_other_threads_add_to_while_it_is_packed_is_packed_again():
    assert pickle.loads(packed(Growing(3))) == 0  # noqa: S301  (made two lines above)
    with pytest.raises(RuntimeError):
        packed(Growing(1000))


def test_a_pool_that_has_ended_takes_nothing_more():
    pool = Pool()
    pool.end()
    with pytest.raises(AuditsBusy):
        pool.run(base(), None, [])
