"""`kill -9` while files are read, kept and indexed: what is on disk afterwards is old or new in whole, or made anew."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.editing.shop import shop

KILLS = int(os.environ.get("CAVEAT_KILLS", "25"))

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")

PARENT = '''
import os, random, signal, sys, time
from pathlib import Path
from kb.library import Library
from kb.search.base import Query
from kb.search.engines import engine
from kb.store import load, save_text
from tests.editing.shop import CLAIMS, file_of, words_in

root, kills = Path(sys.argv[1]), int(sys.argv[2])
chance = random.Random(5)
folder = Path(os.environ["CAVEAT_HOME"])
seen = {"kills": 0, "current": 0, "made anew": 0, "left over": 0}

def edit(number):
    path = file_of(root, CLAIMS[number % len(CLAIMS)])
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("rationale:")]
    save_text(path, "\\n".join(kept) + f"\\nrationale: Words w{os.getpid()}x{number}\\n")

def index_on(started):
    """Change what is indexed and build its index, over and over."""
    for number in range(10**9):
        edit(number)
        Library(root).index(force=True)
        if number == 0:
            os.write(started, b"!")

def leftovers():
    return [path for pattern in ("**/.building-*", "**/.*.tmp") for path in folder.glob(pattern)]

Library(root).index()
for kill in range(kills):
    told, started = os.pipe()
    child = os.fork()
    if not child:
        try:
            index_on(started)
        finally:
            os._exit(9)
    os.close(started)
    assert os.read(told, 1) == b"!", "the child ended before it had built anything"
    os.close(told)
    time.sleep(chance.uniform(0.0, 0.12))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the child ended by itself: {status}"
    seen["kills"] += 1
    seen["left over"] += len(leftovers())
    truth = load(root, cache=False)
    assert load(root).kb == truth.kb, "a snapshot says something else than the files"
    (index_folder,) = (folder / "cache" / "index").iterdir()
    for path in index_folder.glob("whoosh-*.zip"):  # whatever has the name of an index is a whole one
        import zipfile
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
    fresh = Library(root)
    state = fresh.index_info()
    seen["current" if not state.behind else "made anew"] += 1
    words = words_in(root)
    right = Library(root, engine="memory", cache=False)
    for name, (word, *_) in ((name, found) for name, found in words.items() if found):
        assert fresh.search(Query(word)) == right.search(Query(word))
    assert fresh.index_info().info.digest == truth.kb.digest
long_ago = time.time() - 7_200
for path in leftovers():
    os.utime(path, (long_ago, long_ago))
edit(1)
Library(root).index(force=True)
assert leftovers() == [], leftovers()
assert seen["kills"] == kills
print(seen)
'''


def test_what_a_killed_indexer_leaves_is_whole_or_made_anew(tmp_path):
    root = shop(tmp_path / "claims")
    done = subprocess.run(
        [sys.executable, "-c", PARENT, str(root), str(KILLS)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60 + 10 * KILLS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
