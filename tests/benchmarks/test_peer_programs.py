"""Peers are installed once, in the version that is wanted, or named with how to get them."""

from __future__ import annotations

import sys

import pytest
from harness.peers import Peer, installed, known

MAKE = "import pathlib, sys; p = pathlib.Path(sys.argv[1]); p.parent.mkdir(parents=True); p.touch(); print('made')"


def peer(tmp_path, *commands, version="1"):
    return Peer("linter", tmp_path / "linter" / "bin" / "linter", (f"linter=={version}",), commands)


def test_a_peer_is_installed_once_for_each_version(tmp_path, capsys):
    program = tmp_path / "linter" / "bin" / "linter"
    wanted = peer(tmp_path, (sys.executable, "-c", MAKE, str(program)))
    assert installed([wanted]).programs == {"linter": program}
    assert installed([wanted]).versions == {"linter": "linter==1"}
    assert capsys.readouterr().out == "installing linter==1\n"
    assert "exist" in installed([peer(tmp_path, *wanted.commands, version="2")]).missing["linter"].lower()


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (("no-such-npm", "install"), "there is no no-such-npm here. To get it: `no-such-npm install`"),
        ((sys.executable, "-c", "raise SystemExit('the index is away')"), "failed: the index is away"),
        ((sys.executable, "-c", ""), "linter is not among what was installed"),
    ],
)
def test_what_cannot_be_had_is_named(tmp_path, command, reason):
    (tmp_path / "linter" / "bin").mkdir(parents=True)
    assert reason in installed([peer(tmp_path, command)]).missing["linter"]


def test_peers_of_python_come_from_the_group_of_the_project(tmp_path):
    names = {peer.name: peer.requirements for peer in known(tmp_path)}
    assert set(names) == {"datasette", "proselint", "textlint"}
    assert all("==" in one or "@" in one for requirements in names.values() for one in requirements)
