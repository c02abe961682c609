"""`kill -9` in the middle of a save: each file is the old one or the new one, and everything goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.editing.shop import shop

KILLS = int(os.environ.get("CAVEAT_KILLS", "40"))
"""How often; the figure of the documentation was measured with 200."""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")

PARENT = '''
import os, random, signal, sys, time
from pathlib import Path
from kb.library import Editor, Library
from kb.search.base import Query
from kb.store import load, saving
from tests.editing.shop import CLAIMS, file_of, is_sound, words_in

root, kills = Path(sys.argv[1]), int(sys.argv[2])
chance = random.Random(7)
library = Library(root, engine="whoosh", cache=False)
library.commit_saves = False
library.index()

def save_on(started=None, rounds=10**9):
    """Save one claim after the other until the end comes; say when the first is saved."""
    number = 0
    for _ in range(rounds):
        for name in CLAIMS:
            number += 1
            if started is not None and number == 2:
                os.write(started, b"!")
            entry = library.entry("claim", name)
            fields = {**entry.fields, "rationale": f"Words w{os.getpid()} w{number}"}
            library.save_entry("claim", name, fields, revision=entry.revision, editor=Editor("Ann"))

save_on(rounds=1)
before = {name: file_of(root, name).read_text(encoding="utf-8") for name in CLAIMS}
seen = {"behind": 0, "left over": 0, "saved": 0}
for kill in range(kills):
    told, started = os.pipe()
    child = os.fork()
    if not child:
        try:
            save_on(started)
        finally:
            os._exit(9)
    os.close(started)
    assert os.read(told, 1) == b"!"
    os.close(told)
    time.sleep(chance.uniform(0.0, 0.08))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the child ended by itself: {status}"
    words_in(root)
    assert is_sound(root)
    with saving.locked(root, patience=5.0):
        pass
    after = {name: file_of(root, name).read_text(encoding="utf-8") for name in CLAIMS}
    for name in CLAIMS:  # nothing but the rationale and who changed it may ever differ
        differing = [line for line in after[name].splitlines() if line not in before[name].splitlines()]
        assert all(line.startswith(("rationale: Words", "review: ")) for line in differing), differing
    seen["saved"] += after != before
    before = after
    seen["left over"] += len(list(root.rglob(".*.tmp")))
    fresh = Library(root, engine="whoosh", cache=False)
    state = fresh.index_info()
    seen["behind"] += state.behind
    if not state.behind:
        assert state.info.digest == load(root, cache=False).kb.digest
    fresh.index()
    assert not fresh.index_info().behind
    words = fresh.claim(CLAIMS[0]).rationale.split()[1:]
    if words:
        assert CLAIMS[0] in {hit.id for hit in fresh.search(Query(text=words[-1], per_page=100)).hits}
print(seen)
assert seen["saved"] == kills, "the kills came before any save"
'''


def test_every_file_is_old_or_new_however_a_save_ends(tmp_path):
    root = shop(tmp_path / "kb")
    done = subprocess.run(
        [sys.executable, "-c", PARENT, str(root), str(KILLS)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=1_200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
