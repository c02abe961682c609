"""`kb user`, `kb log` and what `kb serve` does about accounts: prompts, links, proxies, warnings."""

from __future__ import annotations

import re

import pytest
import waitress
from click.testing import CliRunner

from kb.accounts import Accounts, Role, folder_of, users
from kb.accounts.identity import name_and_email
from kb.cli import main
from kb.cli.users import ROLES
from kb.errors import KbError
from tests.accounts.people import OTHER, PASSWORD, cheap
from tests.cli.test_start import Server
from tests.history.repository import git
from webapp.reading import library

__all__ = ["cheap"]


def run(*arguments: str, **options):
    return CliRunner().invoke(main, arguments, prog_name="kb", catch_exceptions=False, **options)


@pytest.fixture
def project(root, monkeypatch):
    monkeypatch.chdir(root.parent)
    for name in ("AUTHOR_NAME", "AUTHOR_EMAIL", "CONFIG_GLOBAL", "CONFIG_SYSTEM"):
        monkeypatch.delenv(f"GIT_{name}", raising=False)
    monkeypatch.setenv("HOME", str(root.parent))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("USER", "ada-at-work")
    monkeypatch.setenv("LOGNAME", "ada-at-work")
    return root.parent


@pytest.fixture
def accounts(project):
    found = Accounts(folder_of(project / "claims"))
    yield found
    found.close()


@pytest.fixture
def served(monkeypatch):
    made = []
    monkeypatch.setattr(waitress, "create_server", lambda app, **where: made.append(Server(app, **where)) or made[-1])
    return made


def test_the_command_knows_every_role():
    assert tuple(Role) == ROLES


def test_a_password_is_asked_for_twice_and_not_shown(accounts):
    done = run("user", "add", "ada", "--role", "editor", input=f"{PASSWORD}\n{OTHER}\n{PASSWORD}\n{PASSWORD}\n")
    assert (done.exit_code, PASSWORD in done.output) == (0, False)
    assert "The two entered values do not match" in done.output
    assert accounts.users.check("ada", PASSWORD).role is Role.EDITOR


def test_a_password_may_come_from_another_program(accounts):
    assert run("user", "add", "ada", "--role", "admin", "--password-stdin", input=f"{PASSWORD}\r\n").exit_code == 0
    assert accounts.users.check("ada", PASSWORD)
    assert run("user", "password", "ada", "--password-stdin", input=OTHER).output.startswith("ada has a new password")
    assert accounts.users.check("ada", OTHER)


def test_who_is_unsure_removes_nobody(accounts):
    accounts.users.add("ada", Role.EDITOR, PASSWORD)
    assert run("user", "remove", "ada", input="n\n").exit_code == 1
    assert accounts.users.any()
    assert "ada is removed, with 0 saved audits" in run("user", "remove", "ada", input="y\n").output
    assert not accounts.users.any()


def test_edit_prints_a_link_that_signs_in_as_who_commits_here(project, served):
    git(project, "init", "-q")
    git(project, "config", "user.name", "Ada Byron")
    git(project, "config", "user.email", "ada@example.org")
    said = run("serve", "--edit", "--port", "81").stdout.splitlines()
    assert said[0] == "Test base: http://127.0.0.1:81/ (Ctrl+C stops)"
    link = re.fullmatch(
        r"Edit as Ada Byron: http://127\.0\.0\.1:81(/start/[\w-]{43}) \(works once, for ten minutes\)", said[1]
    )
    client = served[0].app.test_client()
    assert client.get("/account").status_code == 403
    assert client.get(link[1]).status_code == 303
    assert "ada@example.org" in client.get("/account").text
    assert served[0].app.test_client().get(link[1]).status_code == 410


def test_without_git_the_local_editor_goes_by_the_login(project):
    assert name_and_email(project / "claims") == ("ada-at-work", None)


@pytest.mark.parametrize("more", [["--host", "0.0.0.0"], ["--behind-proxy", "1"]])  # noqa: S104
@pytest.mark.usefixtures("project")
def test_edit_is_for_this_machine_alone(served, more):
    done = run("serve", "--edit", *more)
    assert (done.exit_code, served) == (2, [])
    assert "--edit is for this machine alone" in done.stderr


@pytest.mark.parametrize(("more", "commits"), [([], True), (["--no-commit"], False)])
@pytest.mark.usefixtures("project")
def test_a_server_commits_saves_unless_told_otherwise(served, more, commits):
    assert run("serve", "--edit", *more).exit_code == 0
    with served[0].app.app_context():
        assert library().commit_saves is commits


def test_the_session_of_one_run_opens_nothing_in_the_next(accounts, served):
    link = re.search(r"/start/[\w-]+", run("serve", "--edit").stdout)[0]
    first = served[0].app.test_client()
    first.get(link)
    cookie = first.get_cookie("caveat").value
    run("serve")
    second = served[1].app.test_client()
    second.set_cookie("caveat", cookie)
    assert first.get("/account").status_code == 200
    assert second.get("/account").status_code == 403
    assert not accounts.users.any()


@pytest.mark.usefixtures("project")
def test_serve_is_for_reading_until_there_is_an_account(accounts, served):
    run("serve")
    client = served[0].app.test_client()
    assert "Sign in" not in client.get("/about").text
    accounts.users.add("ada", Role.EDITOR, PASSWORD)
    assert "Sign in" in client.get("/about").text


@pytest.mark.parametrize(
    ("arguments", "warned"),
    [
        (["--host", "0.0.0.0"], "passwords travel in the clear"),  # noqa: S104
        (["--host", "0.0.0.0", "--behind-proxy", "1"], ""),  # noqa: S104
        ([], ""),
    ],
)
def test_passwords_in_the_clear_are_warned_about(accounts, served, arguments, warned):
    accounts.users.add("ada", Role.EDITOR, PASSWORD)
    run("index")
    assert served == []
    told = run("serve", *arguments).stderr
    assert warned in told
    assert bool(told) == bool(warned)


@pytest.mark.parametrize(
    ("arguments", "secure", "cleared"), [(["--behind-proxy", "1"], True, False), ([], False, True)]
)
@pytest.mark.usefixtures("project")
def test_forwarded_headers_are_believed_only_behind_a_proxy(accounts, served, arguments, secure, cleared):
    accounts.users.add("ada", Role.EDITOR, PASSWORD)
    run("serve", *arguments)
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "X-Forwarded-For": "192.0.2.7"}
    response = served[0].app.test_client().get("/login", headers=headers)
    assert response.status_code == 200
    assert ("__Host-caveat" in response.headers["Set-Cookie"]) is secure
    assert "evil.example" not in response.text
    assert served[0].limits["clear_untrusted_proxy_headers"] is cleared


def refuse(*_arguments, **_options):
    raise KbError("the disk is read-only")


def test_where_no_account_can_be_kept_the_server_is_for_reading(project, served, monkeypatch):
    monkeypatch.setattr(Accounts, "__init__", refuse)
    done = run("serve")
    assert (done.exit_code, "the disk is read-only; serving for reading alone" in done.stderr) == (0, True)
    assert served[0].app.test_client().get("/login").status_code == 404
    assert run("serve", "--edit").exit_code == 2
    folder_of(project / "claims").mkdir(parents=True)
    assert run("serve").exit_code == 2


@pytest.mark.usefixtures("project")
def test_a_tampered_log_exits_with_1(accounts):
    accounts.users.add("ada", Role.EDITOR, PASSWORD)
    noted = accounts.log.verify().last
    assert run("log", "--verify").exit_code == 0
    assert run("log", "--verify", "--contains", noted).exit_code == 0
    assert run("log", "--contains", "f" * 64).exit_code == 1
    assert users.COMMAND in run("log").stdout
