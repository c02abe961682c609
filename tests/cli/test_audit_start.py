"""What an audit of one page does not need is not imported, so that it starts at once."""

from __future__ import annotations

import subprocess
import sys

_RUN = """
import sys
from kb.cli import main
try:
    main(["--claims", sys.argv[1], "audit", sys.argv[2]])
except SystemExit:
    pass
print(*sorted({name.partition(".")[0] for name in sys.modules} | {*sys.modules}), file=sys.stderr)
"""
_NOT_NEEDED = {
    "whoosh",
    "kb.search.whoosh",
    "kb.checks",
    "kb.sources",
    "yaml",
    "docx",
    "pypdf",
    "justhtml",
    "markdown_it",
    "charset_normalizer",
    "multiprocessing",
}


def test_an_audit_of_plain_text_imports_neither_search_nor_other_formats(root, tmp_path):
    page = tmp_path / "page.txt"
    page.write_text("Ketamine may ease depression.\n", "utf-8")
    for _ in range(2):  # the first run reads YAML and keeps a snapshot
        done = subprocess.run(
            [sys.executable, "-c", _RUN, str(root), str(page)], capture_output=True, text=True, check=True
        )
    imported = set(done.stderr.splitlines()[-1].split())
    assert "kb.audit.pipeline" in imported
    assert not imported & _NOT_NEEDED
