"""Every command as a person runs it: whole outputs and exit codes, compared with golden files."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from kb.accounts import Accounts, Role, folder_of, passwords
from kb.cli import main
from kb.library import Library
from kb.library.editing import Editor
from kb.library.gradings import save
from kb.review.grading import Grading, Judged
from tests import lake
from tests.accounts.people import CHEAP, PASSWORD, Clock
from tests.history.repository import commit, git

HERE = Path(__file__).parent
CASES = yaml.safe_load((HERE / "cases.yaml").read_text(encoding="utf-8"))


def attach(project, _home, _monkeypatch):
    Library.open(project, engine="memory").attach(project / "lake.txt")


def damage_the_copy(_project, home, _monkeypatch):
    next(home.rglob("*.txt")).write_text("other words")


def index(project, _home, _monkeypatch):
    Library.open(project).index()


def misspell_verdict(project, _home, _monkeypatch):
    lake.edit(project, "claims/entries/mood/wakes-up.yaml", "verdict:", "verdit:")


def break_caveat(project, _home, _monkeypatch):
    (project / "claims/caveats/fades-soon.yaml").write_text("id: [\n")


def move_selector(project, _home, _monkeypatch):
    lake.edit(project, "claims/caveats/fades-soon.yaml", "start: 26", "start: 25")


def drop_occurrence(project, _home, _monkeypatch):
    path = project / "claims/caveats/fades-soon.yaml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("occurrences:"), text.index("review:")
    path.write_text(text[:start] + text[end:], encoding="utf-8")


def untidy(project, _home, _monkeypatch):
    lake.edit(project, "claims/entries/mood/wakes-up.yaml", "themes: [mood]", "themes:   [mood]   # for now")


def overdue(project, _home, _monkeypatch):
    lake.edit(project, "claims/caveats/fades-soon.yaml", "2999-01-01", "2020-01-01")


def remove_knowledge_base(project, _home, _monkeypatch):
    (project / "claims/kb.yaml").unlink()


def record_gaps(_project, home, _monkeypatch):
    file = home / "data" / "gaps" / "test-base.jsonl"
    file.parent.mkdir(parents=True)
    lines = (("frozen lakes", "2026-01-02"), ("sauna", "2026-01-03"), ("Sauna", "2026-01-04"))
    file.write_text("".join(f'{{"text": "{text}", "on": "{on}"}}\n' for text, on in lines))


def go_elsewhere(project, _home, monkeypatch):
    elsewhere = project.parent / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)


COPY = """# Morning swims

Testamine lifts your mood within hours! A dip in cold water wakes you.

## Small print

The effect fades.
"""


def write_copy(project, _home, _monkeypatch):
    (project / "copy.md").write_text(COPY, encoding="utf-8")


def write_pages(project, _home, _monkeypatch):
    pages = project / "pages"
    pages.mkdir()
    (pages / "a.html").write_text("<h1>Swim</h1><p>A dip in cold water wakes you.</p>", encoding="utf-8")
    (pages / "b.txt").write_text("Bring a towel.\n", encoding="utf-8")
    (pages / "c.docx").write_bytes(b"PK\x03\x04 and nothing else")


def audit_in_batch(_project, _home, _monkeypatch):
    CliRunner().invoke(main, ["audit", "--batch", "pages", "-o", "found", "--jobs", "1"], prog_name="kb")


def name_the_day(project, _home, _monkeypatch):
    today = dt.datetime.now().astimezone().date()
    lake.edit(project, "found/run.json", f'"as_of": "{today}"', '"as_of": "2026-01-01"')


def accept_all(_project, _home, _monkeypatch):
    CliRunner().invoke(main, ["audit", "copy.md", "--baseline", "base.json", "--update-baseline"], prog_name="kb")


def mend_copy(project, _home, _monkeypatch):
    (project / "copy.md").write_text("A dip in cold water wakes you.\n", encoding="utf-8")


def write_settings(project, _home, _monkeypatch):
    (project / ".caveat.toml").write_text('ignore = ["fair-balance"]\nfail-level = "note"\n', encoding="utf-8")


def misspell_setting(project, _home, _monkeypatch):
    (project / ".caveat.toml").write_text('ignor = ["fair-balance"]\n', encoding="utf-8")


def label_copy(project, _home, _monkeypatch):
    folder = project / "labelled"
    folder.mkdir()
    text = "Testamine lifts your mood.\n"
    (folder / "001.txt").write_text(text, encoding="utf-8")
    unit = {"doc": "001", "sent_no": 1, "start": 0, "end": 26, "unit": "sentence", "subject": "ketamine"}
    says = {"claims": ["mood"], "overstated": False, "contradicted": False, "claim_like": True, "kb": "yes"}
    says |= {"hedged": True, "negated": False}
    (folder / "labels.jsonl").write_text(json.dumps(unit | says) + "\n", encoding="utf-8")
    page = {"doc": "001", "kind": "marketing", "required_disclosures_missing": [], "fair_balance": "poor"}
    (folder / "docs.jsonl").write_text(json.dumps(page) + "\n", encoding="utf-8")
    (project / "floor.json").write_text('{"themes": 0.5, "hedged": 0.9}', encoding="utf-8")


def commit_two_days(project, _home, _monkeypatch):
    git(project, "init", "--quiet", "--initial-branch=main", "--object-format=sha1")
    commit(project, "Begin", 1)
    lake.edit(project, "claims/entries/mood/wakes-up.yaml", "Cold water wakes people up.", "Cold water wakes most.")
    lake.edit(project, "claims/caveats/fades-soon.yaml", "status: in-review", "status: withdrawn")
    commit(project, "Say most", 2)


def grade_twice(project, _home, _monkeypatch):
    entry = Judged(author="A. Editor", verdict="supported", certainty="low")
    for reader, verdict, level in (("B. Reader", "supported", "moderate"), ("C. Reader", "unproven", "low")):
        for claim in ("lifts-mood", "wakes-up"):
            made = Grading(
                claim=claim,
                reader=reader,
                date="2026-01-02",
                verdict=verdict if claim == "wakes-up" else "supported",
                certainty={"level": level},
                entry=entry,
            )
            save(project / "claims", made, Editor(reader), commit=False)


def accounts(project, _home, monkeypatch):
    """Make two accounts at a moment that never changes, so that digests in the log are the same on every run."""
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)
    made = Accounts(folder_of(project / "claims"), Clock())
    made.users.add("ada", Role.EDITOR, PASSWORD, display="Ada Byron", email="ada@example.org")
    made.users.add("bo", Role.ADMIN, PASSWORD)
    made.users.disable("bo", by="ada")
    made.log.add("ada", "saved", kind="claim", entry="eases-pain", revision="a" * 64, git="b" * 40, address="192.0.2.1")
    made.close()


STEPS = {
    step.__name__.replace("_", " "): step
    for step in (
        attach,
        damage_the_copy,
        index,
        misspell_verdict,
        break_caveat,
        move_selector,
        drop_occurrence,
        untidy,
        overdue,
        remove_knowledge_base,
        record_gaps,
        go_elsewhere,
        write_copy,
        write_pages,
        audit_in_batch,
        name_the_day,
        accept_all,
        mend_copy,
        write_settings,
        misspell_setting,
        label_copy,
        accounts,
        commit_two_days,
        grade_twice,
    )
}


@pytest.fixture
def project(root, article, monkeypatch):
    """Stand in a project with `claims/`, the article and another text."""
    folder = root.parent
    article.rename(folder / "lake.txt")
    (folder / "other.txt").write_text("Another text.\n")
    monkeypatch.chdir(folder)
    return folder


def transcript(arguments: list[str], place: Path) -> str:
    """Run `kb` and return all that it printed, where, and its exit code, with `place` made neutral."""
    result = CliRunner().invoke(main, arguments, prog_name="kb", terminal_width=100)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    shown = " ".join(f'"{argument}"' if " " in argument else argument for argument in arguments)
    blocks = [f"$ kb {shown}\n{result.stdout}"]
    if result.stderr:
        blocks.append(f"--- stderr\n{result.stderr}")
    blocks.append(f"--- exit {result.exit_code}\n")
    return "".join(blocks).replace(str(place), "…")


@pytest.mark.parametrize("name", CASES)
def test_output_is_the_golden_file(name, project, home, monkeypatch, golden):
    for step in CASES[name].get("prepare", ()):
        STEPS[step](project, home, monkeypatch)
    golden(HERE / "golden" / f"{name}.txt", transcript(CASES[name]["run"], project.parent))


def test_every_golden_file_is_compared():
    assert {path.stem for path in (HERE / "golden").iterdir()} == set(CASES)
