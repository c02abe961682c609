"""The README's first screen holds two commands and true figures."""

from __future__ import annotations

import re
from pathlib import Path

from kb import store

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_first_block_is_the_two_commands_and_make_knows_them():
    block = README.split("```")[1]
    commands = re.findall(r"^make (\w+)", block, re.MULTILINE)
    assert commands == ["serve", "test"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(re.search(rf"^{command}:", makefile, re.MULTILINE) for command in commands)


def test_it_says_where_the_command_is_before_it_is_used():
    assert README.index("`.venv/bin/kb`") < README.index('`kb search "')


def test_the_figures_are_those_of_the_knowledge_base():
    kb = store.load(ROOT / "claims", cache=False).kb
    places = sum(len(claim.occurrences) for claim in kb.claims.values())
    assert f"({len(kb.claims)} claims in {places} places)" in README.replace("\n", " ")
    assert f"({len(kb.caveats)} of them" in README.replace("\n", " ")


def test_links_lead_to_files():
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []
