"""No copy takes the server down: each of these is answered, and whoever comes next is too."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing.context import SpawnProcess
from typing import TYPE_CHECKING

import pytest

from kb.finding import Skipped
from kb.library import confined as module
from kb.library.auditing import AuditOptions, Audits, Copy
from kb.library.confined import Confined, Failed, Limits
from tests.web import hostile
from tests.web.shelf import base
from webapp.audit_limits import MAX_FINDINGS
from webapp.audit_running import AT_ONCE, WAITING, AuditsBusy, Pool

if TYPE_CHECKING:
    from collections.abc import Iterator

KB = base()
GOOD = Copy("good.txt", content=b"Testamine lifts mood within a day.")
PATIENT = Limits(copy_seconds=120.0, seconds=600.0)
"""So much time that none of these comes near it, however busy the machine is."""


@pytest.fixture(scope="module")
def confined() -> Iterator[Confined]:
    made = Confined(PATIENT)
    yield made
    made.close()


def audited(confined: Confined, *copies: Copy) -> list:
    return confined.audit(KB, AuditOptions(), copies)


def test_the_result_is_the_same_as_in_this_process(confined):
    here = Audits(KB, AuditOptions())
    assert audited(confined, GOOD) == [here.of(GOOD)]


def test_a_profile_and_names_hold_there_too(confined):
    options = AuditOptions(profile="uk-cap", ignore=frozenset({"uncertain-match"}))
    assert confined.audit(KB, options, [GOOD]) == [Audits(KB, options).of(GOOD)]


def test_another_knowledge_base_is_used_from_the_next_copy_on(confined):
    other = base(claims=[])
    assert [len(report.mentions) for report in audited(confined, GOOD)] == [1]
    assert [len(report.mentions) for report in confined.audit(other, AuditOptions(), [GOOD])] == [0]
    assert [len(report.mentions) for report in audited(confined, GOOD)] == [1]


HARMFUL = {
    "a Word file that unpacks to 300 MB": ("a.docx", lambda: hostile.docx_bomb(300)),
    "entities that grow": ("a.docx", hostile.docx_laughs),
    "a PDF whose page unpacks to 300 MB": ("a.pdf", lambda: hostile.pdf_bomb(300)),
    "a tree of pages that holds itself": ("a.pdf", hostile.pdf_pages_in_a_loop),
    "a form that draws itself": ("a.pdf", hostile.pdf_form_in_a_loop),
    "a file cut short": ("a.docx", lambda: hostile.docx(hostile.paragraph("x"))[:200]),
    "a PDF that is only a head": ("a.pdf", lambda: b"%PDF-1.7\n" + b"0 0 obj <<" * 10_000),
}
HARMLESS = {
    "100,000 elements in each other": ("a.html", lambda: b"<div>" * 100_000 + GOOD.content),
    "100,000 quotations in each other": ("a.md", lambda: b">" * 100_000 + GOOD.content),
    "100,000 open brackets": ("a.md", lambda: b"[" * 100_000 + GOOD.content),
    "100,000 stars": ("a.md", lambda: b"*a_" * 33_000 + GOOD.content),
    "10 MB of one letter": ("a.txt", lambda: b"a" * 10_000_000),
    "10 MB of blanks": ("a.txt", lambda: b" " * 9_999_999 + b"a"),
    "1 MB of open tags": ("a.html", lambda: b"<" * 1_000_000),
    "a comment that never ends": ("a.html", lambda: b"<!doctype html><!--" + b"-" * 1_000_000),
    "100,000 comments that nearly accept": ("a.md", lambda: b"<!-- caveat-ignore " * 20_000),
    "digits and commas": ("a.txt", lambda: b"Testamine " + b"1,000." * 50_000 + b"% of people."),
    "apostrophes and hyphens": ("a.txt", lambda: b"-'" * 100_000 + GOOD.content),
    "a list of objects that leads to itself": ("a.pdf", hostile.pdf_previous_in_a_loop),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_what_cannot_be_read_is_said_and_the_next_copy_is_audited(confined, name):
    path, make = HARMFUL[name]
    bad, good = audited(confined, Copy(path, content=make()), GOOD)
    assert isinstance(bad, Skipped)
    assert bad.what == path
    assert bad.reason
    assert not isinstance(good, Skipped | Failed)


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_only_odd_is_audited(confined, name):
    path, make = HARMLESS[name]
    for report in audited(confined, Copy(path, content=make()), GOOD):
        assert not isinstance(report, Skipped | Failed)


def test_a_file_of_this_machine_is_not_read_into_copy(confined, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("xyzzy", encoding="utf-8")
    (found,) = audited(confined, Copy("a.docx", content=hostile.docx_reading(secret.as_uri())))
    assert "xyzzy" not in repr(found)


def test_what_needs_too_much_memory_is_said_and_the_next_copy_is_audited():
    confined = Confined(Limits(copy_seconds=300.0, seconds=600.0, memory=400_000_000))
    bad, good = audited(confined, Copy("a.docx", content=hostile.docx_of_paragraphs(190)), GOOD)
    confined.close()
    assert isinstance(bad, Skipped)
    assert "memory" in bad.reason or "broke down" in bad.reason or "no Word file" in bad.reason
    assert not isinstance(good, Skipped | Failed)


def test_what_takes_too_long_is_ended_and_the_next_copy_is_audited():
    confined = Confined(PATIENT)
    audited(confined, GOOD)  # what it takes to make ready is no copy's fault
    first = confined._process.pid
    confined.limits = Limits(copy_seconds=0.001, seconds=600.0)
    (late,) = audited(confined, Copy("a.txt", content=b"Testamine lifts mood. " * 50_000))
    assert late == Skipped("a.txt", "not audited: it took longer than 0.001 seconds; hand in a part of it")
    confined.limits = PATIENT
    (good,) = audited(confined, GOOD)
    second = confined._process.pid
    confined.close()
    assert not isinstance(good, Skipped | Failed)
    assert first != second


def test_when_the_time_for_all_is_over_the_rest_is_skipped():
    confined = Confined(Limits(copy_seconds=60.0, seconds=0.0))
    found = audited(confined, GOOD, Copy("b.txt", content=b"b"))
    confined.close()
    assert [item.reason for item in found] == ["not audited: 0 seconds for all copies together were over"] * 2


def test_more_findings_than_anybody_reads_are_counted_and_not_told():
    many = Copy("many.txt", content=b"Testamine cures low mood in everyone.\n\n" * 30)
    confined = Confined(PATIENT)
    some, all_ = audited(confined, GOOD, many)
    confined.limits = replace(PATIENT, findings=len(all_.findings))
    first, too_much = audited(confined, GOOD, many)
    alone = audited(confined, many)
    confined.close()
    assert len(some.findings) > 0
    assert (first, alone) == (some, [all_])
    assert isinstance(too_much, Skipped)
    assert too_much.reason.startswith(f"{len(all_.findings):,} findings in it are more than the ")


def test_what_requests_hand_in_has_a_limit_of_findings():
    assert [confined.limits.findings for confined in Pool()._all] == [MAX_FINDINGS] * AT_ONCE


def test_a_process_that_dies_is_replaced():
    confined = Confined(PATIENT)
    audited(confined, GOOD)
    confined._process.kill()
    confined._process.join()
    (found,) = audited(confined, GOOD)
    confined.close()
    assert not isinstance(found, Skipped | Failed)


def test_ending_waits_for_a_process_that_is_just_being_started(monkeypatch):
    begun = threading.Event()
    start = SpawnProcess.start

    def slowly(process):
        begun.set()
        time.sleep(0.2)
        start(process)

    monkeypatch.setattr(SpawnProcess, "start", slowly)
    confined = Confined(PATIENT)
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(audited, confined, GOOD)
        begun.wait()
        confined.end()
        answer.exception()  # what it says depends on how far it came
        assert confined._process is None or not confined._process.is_alive()
        with pytest.raises(RuntimeError, match="the process that audits was ended for good"):
            audited(confined, GOOD)


def test_a_fault_of_the_program_costs_one_copy(monkeypatch):
    def fail(*_):
        raise ZeroDivisionError

    desk = module._Desk(KB)
    desk.result(AuditOptions(), GOOD)
    monkeypatch.setattr(module.Audits, "of", fail)
    found = desk.result(AuditOptions(), GOOD)
    assert isinstance(found, Failed)
    assert "ZeroDivisionError" in found.trace


@pytest.mark.parametrize(("error", "said"), [(MemoryError, "_OutOfMemory"), (RecursionError, "Skipped")])
def test_other_ends_are_told_apart(monkeypatch, error, said):
    def fail(*_):
        raise error

    monkeypatch.setattr(module.Audits, "of", fail)
    assert type(module._Desk(KB).result(AuditOptions(), GOOD)).__name__ == said


class Slow:
    """Stands for a process that is busy until it is let go."""

    def __init__(self) -> None:
        self.begun, self.let_go = threading.Event(), threading.Event()

    def audit(self, *_):
        self.begun.set()
        assert self.let_go.wait(60)
        return []

    def close(self) -> None:
        self.let_go.set()


def test_only_so_many_run_at_once():
    pool = Pool(at_once=1, patience=0.0)
    pool._idle.get()
    slow = Slow()
    pool._idle.put(slow)
    running = threading.Thread(target=pool.run, args=(KB, AuditOptions(), [GOOD]))
    running.start()
    assert slow.begun.wait(60)
    with pytest.raises(AuditsBusy):
        pool.run(KB, AuditOptions(), [GOOD])
    slow.let_go.set()
    running.join()
    assert pool.run(KB, AuditOptions(), [GOOD]) == []


def test_only_a_few_wait_and_the_rest_is_refused_at_once():
    pool = Pool(at_once=0, patience=60.0)
    waiting = [threading.Thread(target=lambda: pool.run(KB, AuditOptions(), [])) for _ in range(WAITING)]
    for one in waiting:
        one.start()
    while pool._chairs._value:
        time.sleep(0.01)
    with pytest.raises(AuditsBusy):
        pool.run(KB, AuditOptions(), [GOOD])
    slow = Slow()
    slow.let_go.set()
    pool._idle.put(slow)
    for one in waiting:
        one.join(60)
        assert not one.is_alive()


def test_a_place_is_free_again_after_an_error():
    pool = Pool(at_once=1, patience=0.0)
    for _ in range(2):
        with pytest.raises(AttributeError):
            pool.run(KB, None, [GOOD, None])
    pool.close()
