"""Commits of saves: exactly the saved files, the editor as author, and no program of the repository's settings."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from kb.library import Editor, Library
from kb.store.committing import commit, former_texts
from tests.editing.repository import git, repository
from tests.editing.shop import shop

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def top(tmp_path: Path) -> Path:
    root = tmp_path / "project" / "claims"
    (root / "caveats").mkdir(parents=True)
    for name in ("kb.yaml", "caveats/one.yaml", "caveats/two.yaml"):
        (root / name).write_text(f"id: {name}\n")
    return repository(tmp_path / "project")


def save(top: Path, path: str = "caveats/one.yaml", text: str = "id: changed\n", **said):
    (top / "claims" / path).write_text(text)
    person = {"author": "Ann Editor", "email": "ann@example.org"} | said
    return commit(top / "claims", [path], "Edit caveat one", person["author"], person["email"])


def test_it_commits_that_one_file_with_the_editor_as_author(top):
    (top / "claims/caveats/two.yaml").write_text("id: not saved\n")
    done = save(top)
    assert done.problem is None
    assert git(top, "rev-parse", "HEAD").strip() == done.id
    assert git(top, "show", "--format=%an <%ae> %cn: %s", "--name-status", "HEAD").split("\n") == [
        "Ann Editor <ann@example.org> Caveat: Edit caveat one",
        "",
        "M\tclaims/caveats/one.yaml",
        "",
    ]
    assert git(top, "status", "--porcelain") == " M claims/caveats/two.yaml\n"


def test_what_is_staged_stays_staged_and_out_of_the_commit(top):
    (top / "claims/caveats/two.yaml").write_text("id: staged\n")
    (top / "claims/caveats/new.yaml").write_text("id: staged, too\n")
    git(top, "add", "--all")
    done = save(top)
    assert git(top, "show", "--format=", "--name-only", done.id) == "claims/caveats/one.yaml\n"
    assert git(top, "status", "--porcelain") == "A  claims/caveats/new.yaml\nM  claims/caveats/two.yaml\n"


def test_new_and_deleted_files(top):
    assert save(top, "caveats/three.yaml").problem is None
    (top / "claims/caveats/three.yaml").unlink()
    (top / "claims/caveats/two.yaml").unlink()
    done = commit(top / "claims", ["caveats/three.yaml", "caveats/two.yaml"], "Delete", "Ann", None)
    assert git(top, "show", "--format=%ae", "--name-status", done.id) == (
        "editor@caveat.invalid\n\nD\tclaims/caveats/three.yaml\nD\tclaims/caveats/two.yaml\n"
    )
    assert git(top, "status", "--porcelain") == ""


def test_the_first_commit_of_a_branch(tmp_path):
    git(tmp_path, "init", "--quiet")
    (tmp_path / "kb.yaml").write_text("name: x\n")
    (tmp_path / "other").write_text("not ours\n")
    done = commit(tmp_path, ["kb.yaml"], "Begin", "Ann", None)
    assert git(tmp_path, "ls-tree", "--name-only", done.id) == "kb.yaml\n"
    assert git(tmp_path, "status", "--porcelain") == "?? other\n"


def test_the_mode_and_the_very_bytes_stay(top):
    file = top / "claims/caveats/one.yaml"
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    git(top, "commit", "--quiet", "--all", "--message=x")
    git(top, "config", "core.autocrlf", "input")
    (top / ".gitattributes").write_text("*.yaml text eol=lf\n")
    file.write_bytes(b"\xef\xbb\xbfid: a\r\n")
    done = commit(top / "claims", ["caveats/one.yaml"], "Edit", "Ann", None)
    assert git(top, "ls-tree", done.id, "claims/caveats/one.yaml").startswith("100755 ")
    assert git(top, "cat-file", "-s", f"{done.id}:claims/caveats/one.yaml").strip() == "10"


def test_no_program_of_the_settings_is_run(top):
    trap = top.parent / "trap"
    trap.write_text(f"#!/bin/sh\necho run >> {top.parent}/sprung\nexit 1\n")
    trap.chmod(0o755)
    hooks = top / ".git/hooks"
    for hook in (
        *("pre-commit", "commit-msg", "prepare-commit-msg", "post-commit"),
        *("reference-transaction", "post-index-change", "post-checkout", "pre-auto-gc"),
    ):
        (hooks / hook).write_text(trap.read_text())
        (hooks / hook).chmod(0o755)
    for name in (
        *("core.fsmonitor", "core.editor", "core.pager", "gpg.program", "filter.trap.clean", "filter.trap.smudge"),
        *("filter.trap.process", "diff.trap.textconv", "diff.trap.command", "diff.external", "core.sshCommand"),
        *("credential.helper", "sequence.editor", "core.askPass", "alias.log"),
    ):
        git(top, "config", name, f"!{trap}" if name.startswith("alias") else str(trap))
    for name in ("commit.gpgSign", "log.showSignature", "filter.trap.required"):
        git(top, "config", name, "true")
    (top / ".gitattributes").write_text("*.yaml filter=trap diff=trap\n")
    done = save(top)
    assert (done.problem, list(former_texts(top / "claims", "caveats/one.yaml"))) == (
        None,
        ["id: changed\n", "id: caveats/one.yaml\n"],
    )
    assert not (top.parent / "sprung").exists()


def test_the_variables_that_a_hook_sets_lead_nowhere_else(top, tmp_path, monkeypatch):
    other = tmp_path / "other"
    other.mkdir()
    (other / "x").write_text("x")
    repository(other)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Somebody else")
    done = save(top)
    assert git(top, "log", "-1", "--format=%H %an") == f"{done.id} Ann Editor\n"
    assert git(other, "log", "--format=%s") == "Begin\n"


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda top: (top / ".git/MERGE_HEAD").write_text(""), "a merge is under way in the git repository"),
        (lambda top: (top / ".git/rebase-merge").mkdir(), "a rebase is under way in the git repository"),
        (lambda top: git(top, "checkout", "--quiet", "--detach"), "no branch is checked out in the git repository"),
        (lambda top: (top / ".gitignore").write_text("new.yaml\n"), "git ignores claims/caveats/new.yaml"),
        (lambda top: (top / ".git").rename(top / "gone"), "the knowledge base is not in a git work tree"),
        (lambda top: (top / ".git/HEAD").write_text("nonsense"), "the knowledge base is not in a git work tree"),
    ],
    ids=["merge", "rebase", "detached", "ignored", "no-repository", "broken"],
)
def test_why_there_is_no_commit(top, spoil, problem):
    spoil(top)
    done = save(top, "caveats/new.yaml")
    assert (done.id, done.problem) == (None, problem)
    assert (top / "claims/caveats/new.yaml").read_text() == "id: changed\n"


def test_without_git_there_is_a_reason(top, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert save(top).problem == "git is not installed"


def test_the_same_text_is_not_committed_twice(top):
    assert save(top).id
    assert save(top) == commit(top / "claims", ["caveats/one.yaml"], "x", "Ann", None)
    assert save(top).problem == "git has this very text already"


def test_an_index_in_use_is_said(top):
    (top / ".git/index.lock").touch()
    done = save(top)
    assert git(top, "rev-parse", "HEAD").strip() == done.id
    assert done.problem is not None
    assert done.problem.startswith("it is committed, but git's index could not be brought up to date: git says: ")


@pytest.mark.parametrize(
    ("name", "email", "author"),
    [
        ("Zoë <b>", "z@x.org", "Zoë b <z@x.org>"),
        ("...", "", "an editor <editor@caveat.invalid>"),
        ("a\nCo-authored-by: b", "x>y\n", "a Co-authored-by: b <xy>"),
    ],
)
def test_any_name_can_be_an_author(top, name, email, author):
    done = save(top, author=name, email=email)
    assert git(top, "log", "-1", "--format=%an <%ae>", done.id).strip() == author


def test_former_texts_begin_with_the_last(top):
    for number in range(3):
        save(top, text=f"id: x{number}\nnote: |\n  é\n")
    assert [text.split("\n")[0] for text in former_texts(top / "claims", "caveats/one.yaml")] == [
        *("id: x2", "id: x1", "id: x0", "id: caveats/one.yaml"),
    ]
    assert list(former_texts(top.parent, "caveats/one.yaml")) == []


@pytest.mark.parametrize("off", ["in kb.yaml", "by the server", "not at all"])
def test_commits_can_be_turned_off(tmp_path, off):
    root = repository(shop(tmp_path / "kb"))
    if off == "in kb.yaml":
        about = root / "kb.yaml"
        about.write_text(about.read_text(encoding="utf-8") + "commit_saves: false\n", encoding="utf-8")
    library = Library(root, engine="memory", cache=False)
    library.commit_saves = off != "by the server"
    now = library.entry("claim", "claim-1")
    fields = now.fields | {"rationale": "Another reason."}
    saved = library.save_entry("claim", "claim-1", fields, revision=now.revision, editor=Editor("Ann"))
    if off == "not at all":
        assert git(root, "rev-parse", "HEAD").strip() == saved.commit
        assert saved.commit_problem is None
    else:
        assert (saved.changed, saved.commit, saved.commit_problem) == (True, None, "commits are turned off")
        assert git(root, "rev-list", "--count", "HEAD").strip() == "1"
        assert " M entries/mood/claim-1.yaml" in git(root, "status", "--porcelain")
