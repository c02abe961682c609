"""A real Dask cluster on this machine, over TLS: a worker is killed, then the scheduler.

All of it runs in processes of its own, so the guard that keeps tests off the network stays up in this one.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from kb.batch.cluster import security
from kb.batch.run import Asked, Batch
from kb.errors import KbError
from kb.library.auditing import AuditOptions
from tests.batch.conftest import COPY, Here, contents, shards, wait_for

pytest.importorskip("distributed", reason="the extra batch is not installed")

PAGES = 30
PATIENCE = 120.0
"""Seconds that the cluster may take to come up; it takes two where nothing else runs."""


@pytest.fixture
def lines(tmp_path):
    file = tmp_path / "pages.jsonl"
    with file.open("w", encoding="utf-8") as opened:
        for number in range(PAGES):
            opened.write(json.dumps({"id": f"p{number}", "text": f"{number} " + " ".join(COPY * 10)}) + "\n")
    return file


@pytest.fixture
def started(tmp_path):
    """Return a function that starts a program and ends it with the test."""
    running = []

    def start(*command):
        log = (tmp_path / "log.txt").open("ab")
        running.append((subprocess.Popen([sys.executable, *command], stdout=log, stderr=log, cwd=tmp_path), log))
        return running[-1][0]

    yield start
    for process, log in running:
        process.kill()
        process.wait()
        log.close()


def openssl(folder, *words):
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("no openssl is installed, which makes the certificates")
    subprocess.run([program, *words], cwd=folder, check=True, capture_output=True)


def authority(folder):
    """Make an authority, and a certificate that it signs; return what `kb` needs to show it."""
    folder.mkdir()
    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl(folder, "req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.pem", "-days", "1", "-subj", "/CN=authority")
    openssl(folder, "req", *new, "-keyout", "key.pem", "-out", "asked.pem", "-subj", "/CN=node")
    signing = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial")
    openssl(folder, "x509", "-req", "-in", "asked.pem", *signing, "-out", "cert.pem", "-days", "1")
    return [f"--tls-{name}={folder / f'{name}.pem'}" for name in ("ca", "cert", "key")]


@pytest.fixture
def cluster(started, tmp_path):
    """Return address, scheduler, one of two workers, each with one thread and no nanny, and how `kb` shows itself."""
    file = tmp_path / "scheduler.json"
    shown = authority(tmp_path / "certificates")
    tls = [option.replace("--tls-ca=", "--tls-ca-file=") for option in shown]
    scheduler = started(
        *("-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--protocol", "tls"),
        *("--no-dashboard", "--scheduler-file", str(file), *tls),
    )
    workers = [
        started(
            *("-m", "distributed.cli.dask_worker", "--scheduler-file", str(file), "--host", "127.0.0.1"),
            *("--no-nanny", "--nthreads", "1", "--no-dashboard", "--memory-limit", "0"),
            *("--local-directory", str(tmp_path / f"worker-{number}"), "--protocol", "tls", *tls),
        )
        for number in range(2)
    ]
    until = time.monotonic() + PATIENCE
    while not file.exists() and time.monotonic() < until:
        time.sleep(0.05)
    return json.loads(file.read_text(encoding="utf-8"))["address"], scheduler, workers[0], shown


@pytest.fixture
def start(begin, monkeypatch):
    """Return a function that starts a batch; who shall find nobody waits for a shorter time."""

    def run(out, *more, connect="5s"):
        monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", connect)
        return begin(out, "--shard-size", "1", *more)

    return run


def wait_for_some(folder, count, process):
    wait_for(folder, count, process)
    assert count <= shards(folder) < PAGES, process.communicate()


def test_a_worker_is_killed_and_then_the_scheduler(cluster, start, kb, lines, tmp_path):
    address, scheduler, doomed, shown = cluster
    assert address.startswith("tls://")
    Batch(Asked(lines, tmp_path / "whole", shard_pages=1), kb, AuditOptions()).run(Here)
    whole = contents(tmp_path / "whole")

    other = authority(tmp_path / "another")
    process = start("stranger", "--engine", "dask", "--scheduler", address, *other, connect="1s")
    _, problems = process.communicate()
    assert process.returncode == 2
    assert problems.startswith(f"kb: no Dask scheduler answers at {address}")
    assert not shards(tmp_path / "stranger")

    process = start("one", "--engine", "dask", "--scheduler", address, *shown, connect="60s")
    wait_for_some(tmp_path / "one", 3, process)
    os.kill(doomed.pid, signal.SIGKILL)
    said, problems = process.communicate()
    assert (process.returncode, problems) == (0, "")
    assert f"{PAGES} pages in {PAGES} shards" in said
    assert contents(tmp_path / "one") == whole

    process = start("two", "--engine", "dask", "--scheduler", address, *shown)
    wait_for_some(tmp_path / "two", 3, process)
    os.kill(scheduler.pid, signal.SIGKILL)
    _, problems = process.communicate()
    assert process.returncode == 2
    lost, how = problems.splitlines()
    assert lost.startswith(f"kb: the connection to the Dask scheduler at {address} is lost")
    assert how.endswith("are whole and stay; the same command goes on from there")
    done = contents(tmp_path / "two")
    assert 3 <= len(done) < PAGES
    assert done.items() <= whole.items()

    process = start("two", "--jobs", "2")
    said, problems = process.communicate()
    assert (process.returncode, problems) == (0, "")
    assert f"{len(done)} of them before" in said
    assert contents(tmp_path / "two") == whole


def test_nobody_answers(start):
    process = start("out", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:9", connect="1s")
    _, problems = process.communicate()
    assert process.returncode == 2
    assert problems.startswith("kb: no Dask scheduler answers at tcp://127.0.0.1:9")


def test_certificates_are_not_taken_for_a_connection_in_clear(tmp_path):
    with pytest.raises(KbError, match="begins with tls:// only"):
        security("tcp://10.0.0.1:8786", tmp_path / "ca.pem", None, None)


def test_an_encrypted_connection_is_required_where_it_is_asked_for(tmp_path):
    proof = security("tls://10.0.0.1:8786", tmp_path / "ca.pem", tmp_path / "cert.pem", tmp_path / "key.pem")
    assert proof.require_encryption
    assert proof.tls_ca_file == str(tmp_path / "ca.pem")


@pytest.mark.parametrize(("address", "warned"), [("tcp://10.0.0.1:8786", True), ("tcp://127.0.0.1:8786", False)])
def test_a_connection_in_clear_to_another_machine_is_warned_of(address, warned, caplog):
    with caplog.at_level("WARNING", logger="kb.batch.cluster"):
        assert security(address, None, None, None) is None
    assert bool(caplog.records) == warned
