"""Servers for a browser on this machine: `kb serve` in a process of its own, or an app in a thread of this one."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.serving import make_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

ROOT = Path(__file__).parents[2]


@contextmanager
def kb_serve(claims: Path, home: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run `kb serve` over these entries; give its address and the process, whose next lines nobody has read."""
    environment = os.environ | {"CAVEAT_HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "kb", "--claims", str(claims), "serve", *options, "--port", "0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            said = server.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+", said)
            assert found, f"the server said {said!r}"
            yield found[0], server
        finally:
            server.terminate()
            server.wait(timeout=20)


@contextmanager
def in_thread(app: Flask) -> Iterator[str]:
    """Serve an app, and give its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
