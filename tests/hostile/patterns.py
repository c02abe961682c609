"""Every regular expression that the program compiles, and strings made from its structure to make it blow up.

Run as a program, it imports every module and uses the audit and the search once, while it notes what is compiled and
where; then it tries each pattern and prints what it found as JSON.
"""

# ruff: noqa: PLC0415  (the program is imported when what it compiles is noted)

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import re._constants as sre  # the structure of a pattern has no public name
import re._parser as sre_parse
import signal
import sys
import time
from pathlib import Path

LENGTH = 20_000
SECONDS = 1.0
SUSPICIOUS = 0.003
ROOT = Path(__file__).parents[2]
_FUNCTIONS = frozenset({"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"})


class TooLong(Exception):
    """A match took more than `SECONDS` of processor time."""


def calls():
    """Yield every call of `re` in the program: file, first and last line, and its pattern where that is plain text."""
    for package in ("kb", "webapp"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                named = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                if named and ast.unparse(node.func.value) == "re" and node.func.attr in _FUNCTIONS:
                    constant = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
                    yield path.relative_to(ROOT).as_posix(), node.lineno, node.end_lineno, constant


def collect():
    """Return (file, line) → pattern of all that is compiled by modules of the program."""
    found = {}
    real = re._compile

    def noting(pattern, flags):
        frame = sys._getframe(2)
        path = Path(frame.f_code.co_filename)
        compiled = real(pattern, flags)
        if path.is_relative_to(ROOT / "kb") or path.is_relative_to(ROOT / "webapp"):
            place = (path.relative_to(ROOT).as_posix(), frame.f_lineno)
            found.setdefault(place, {})[compiled.pattern, compiled.flags] = compiled
        return compiled

    re._compile = noting
    try:
        for package in (importlib.import_module("kb"), importlib.import_module("webapp")):
            for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
                if not module.name.endswith("__main__"):
                    importlib.import_module(module.name)
        _use()
    finally:
        re._compile = real
    for path, first, last, constant in calls():  # what stands in a function that was not called
        if constant is not None and not any((path, line) in found for line in range(first, last + 1)):
            compiled = re.compile(constant)
            found[path, first] = {(compiled.pattern, compiled.flags): compiled}
    return found


def _use():
    """Audit and search once, so that what is compiled late is compiled."""
    from kb.library import Library
    from kb.library.auditing import AuditOptions, Audits, Copy
    from kb.library.opening import entries
    from kb.search.base import Query

    claims = ROOT / "claims"
    text = "# Ketamine\n\nIt cures 85 % of people. It may help. Is it safe? As little as $400.\n"
    Audits(entries(claims), AuditOptions()).of(Copy("a.md", content=text.encode()))
    Audits(entries(claims), AuditOptions()).of(Copy("a.html", content=b"<p>" + text.encode()))
    library = Library(claims, engine="memory", cache=False)
    for query in ('"pain relief" -mood verdict:refuted', "ketam* OR depresion", text):
        library.search(Query(query))


def attacks(pattern: re.Pattern):
    """Yield strings that repeat what each repetition of a pattern repeats, after what leads to it."""
    tree = sre_parse.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    binary = isinstance(pattern.pattern, bytes)
    ends = ("", "\x00", "!", " x")
    for prefix, body in {*_repeats(tree, "")}:
        pumps = {body, body[:1] * 2, body + " "} - {"", " "}
        for pump in pumps:
            repeated = pump * (LENGTH // len(pump))
            for end in ends:
                text = prefix + repeated + end
                yield text.encode("latin-1", "replace") if binary else text


def _repeats(tree, before):
    for operation, argument in tree:
        if operation in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
            _, most, body = argument
            yield from _repeats(body, before)
            if most > 8:
                for sample in _samples(body):
                    yield before, sample
        for inner in _inner(operation, argument):
            yield from _repeats(inner, before)
        before += _sample([(operation, argument)])


def _inner(operation, argument):
    if operation is sre.SUBPATTERN:
        return [argument[3]]
    if operation is sre.BRANCH:
        return argument[1]
    if operation in {sre.ASSERT, sre.ASSERT_NOT}:
        return [argument[1]]
    if operation is sre.ATOMIC_GROUP:
        return [argument]
    return []


def _samples(tree):
    """Return strings that a part of a pattern matches; one for each branch at its top."""
    parts = list(tree)
    if len(parts) == 1:
        operation, argument = parts[0]
        if operation is sre.SUBPATTERN:
            return _samples(argument[3])
        if operation is sre.BRANCH:
            return [_sample(branch) for branch in argument[1]]
        if operation is sre.IN:
            return list(dict.fromkeys([_of_set(argument, start) for start in ("a", " ", "0", "-")]))
        if operation is sre.ANY:
            return ["a", " "]
    return [_sample(parts)]


def _sample(tree):
    text = ""
    for operation, argument in tree:
        if operation in {sre.LITERAL, sre.NOT_LITERAL}:
            text += chr(argument) if operation is sre.LITERAL else "a" if argument != ord("a") else "b"
        elif operation is sre.IN:
            text += _of_set(argument, "a")
        elif operation is sre.ANY:
            text += "a"
        elif operation in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
            text += _sample(argument[2]) * max(argument[0], 1 if argument[1] else 0)
        elif operation is sre.SUBPATTERN:
            text += _sample(argument[3])
        elif operation is sre.BRANCH:
            text += _sample(argument[1][0])
        elif operation is sre.ATOMIC_GROUP:
            text += _sample(argument)
    return text


_CANDIDATES = "aA0 -.,_\t\n(%$\u2019'\"/:@=<>#*é\x01"


def _of_set(items, first):
    """Return a character of a set, the one asked for if it is in it."""
    negated = items and items[0][0] is sre.NEGATE
    for character in first + _CANDIDATES:
        if any(_has(item, character) for item in items) != negated:
            return character
    operation, argument = items[-1]
    return chr(argument if operation is sre.LITERAL else argument[0] if operation is sre.RANGE else ord("a"))


def _has(item, character):
    operation, argument = item
    if operation is sre.LITERAL:
        return ord(character) == argument
    if operation is sre.RANGE:
        return argument[0] <= ord(character) <= argument[1]
    if operation is sre.CATEGORY:
        name = str(argument).lower()
        kind = str.isdigit if "digit" in name else str.isspace if "space" in name else _word
        return kind(character) != ("not" in name)
    return False


def _word(character):
    return character.isalnum() or character == "_"


def _ring(*_):
    raise TooLong


def methods():
    """Return name → the methods by which a pattern of that name is used anywhere in the program."""
    used = {}
    for package in ("kb", "webapp"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
                    name = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
                    used.setdefault(name, {}).setdefault(path.relative_to(ROOT).as_posix(), set()).add(node.attr)
    return used


def names():
    """Yield the names that patterns are assigned to: file, first and last line, name."""
    for package in ("kb", "webapp"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    yield path.relative_to(ROOT).as_posix(), node.lineno, node.end_lineno, node.targets[0].id


def way_of_using():
    """Return what tells for a place how its pattern is used: "match" where nothing but a start is ever tried."""
    used, named = methods(), list(names())

    def way(path, line):
        name = next((name for file, first, last, name in named if file == path and first <= line <= last), None)
        places = used.get(name, {})
        chosen = [places[path]] if path in places else places.values()
        ways = set().union(*chosen) & (_FUNCTIONS - {"compile"})
        return "match" if ways and ways <= {"match", "fullmatch"} else "search"

    return way


def worst(pattern, way, length=LENGTH):
    """Return the most processor time that an attack takes, in seconds, and the attack; stop at `SECONDS`.

    A tenth of an attack tells which are worth trying in whole: what grows with the square takes milliseconds already.
    """
    slowest, by = 0.0, ""
    for attack in attacks(pattern):
        if _seconds(pattern, way, attack[: length // 10] + attack[-1:]) < SUSPICIOUS:
            continue
        took = _seconds(pattern, way, attack[:length] + attack[-1:])
        if took > slowest:
            slowest, by = took, repr(attack[:60])
        if took >= SECONDS:
            break
    return slowest, by


def _seconds(pattern, way, text):
    signal.signal(signal.SIGVTALRM, _ring)
    began = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        getattr(pattern, way)(text)
    except TooLong:
        return SECONDS
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - began


def main():
    """Print what is compiled where, how long the worst attack on it took, and which calls were not seen."""
    bounded = json.loads(sys.argv[1])
    found, way = collect(), way_of_using()
    tried = []
    for (path, line), patterns in found.items():
        for pattern in patterns.values():
            said = (one for one in bounded if one["file"] == path and str(pattern.pattern).startswith(one["starts"]))
            length = next((one["chars"] for one in said), LENGTH)
            seconds, attack = worst(pattern, way(path, line), length)
            tried.append({"file": path, "line": line, "pattern": str(pattern.pattern), "way": way(path, line)})
            tried[-1] |= {"chars": length, "seconds": round(seconds, 3), "attack": attack}
    missed = [
        f"{path}:{first}"
        for path, first, last, _ in calls()
        if not any((path, line) in found for line in range(first, last + 1))
    ]
    sys.stdout.write(json.dumps({"patterns": tried, "missed": missed}))


if __name__ == "__main__":
    main()
