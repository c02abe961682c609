"""docs/cli.md shows every command's help as it is; `pytest --update-golden` writes the help texts anew."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from kb.cli import main
from kb.formats.json import SCHEMA
from tests.cli.test_cli import CASES

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
BLOCK = re.compile(r"^```\n\$ kb (?P<command>[a-z ]*)--help\n.*?^```$", re.MULTILINE | re.DOTALL)


def commands(group: click.Group = main, prefix: tuple[str, ...] = ()):
    yield prefix
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*prefix, name))
        else:
            yield (*prefix, name)


def block(words: tuple[str, ...]) -> str:
    shown = CliRunner().invoke(main, [*words, "--help"], prog_name="kb", terminal_width=100).output
    return f"```\n$ {' '.join(('kb', *words, '--help'))}\n{shown}```"


def test_the_page_shows_every_help_text_as_it_is(golden):
    text = PAGE.read_text(encoding="utf-8")
    golden(PAGE, BLOCK.sub(lambda found: block(tuple(found["command"].split())), text))


def test_the_page_shows_every_command_once():
    shown = [tuple(found["command"].split()) for found in BLOCK.finditer(PAGE.read_text(encoding="utf-8"))]
    assert sorted(shown) == sorted(commands())


@pytest.mark.parametrize("schema", [SCHEMA, "kb-coverage/1"])
def test_the_page_names_every_json_schema(schema):
    assert f"`{schema}`" in PAGE.read_text(encoding="utf-8")


def test_every_command_has_a_golden_case():
    run = {tuple(case["run"]) for case in CASES.values()}
    without = {words for words in commands() if words and not any(case[: len(words)] == words for case in run)}
    assert without == {("index",), ("schema",), ("serve",)}  # test_start.py runs these
