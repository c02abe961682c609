"""`.caveat.toml`: how a project wants its copy audited. It is looked for upwards of the copy."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kb.errors import KbError

if TYPE_CHECKING:
    from pathlib import Path

NAME = ".caveat.toml"
_STRINGS = {"claims", "profile", "fail-level", "min-level", "baseline"}
_LISTS = {"only", "ignore", "exclude"}
_PATHS = {"claims", "baseline"}
KEYS = tuple(sorted(_STRINGS | _LISTS))


@dataclass(frozen=True, slots=True)
class Settings:
    """What the file says (key → value, paths made whole), and which file it was."""

    values: dict[str, Any]
    file: Path | None = None

    def get(self, key: str, given: Any = None) -> Any:
        """Return what was given on the command line, else what the file says."""
        return given or self.values.get(key)


def find(start: Path) -> Settings:
    """Read the nearest `.caveat.toml` in `start` or above it; raise `KbError` for one that is wrong."""
    for folder in (start, *start.parents):
        file = folder / NAME
        if file.is_file():
            return read(file)
    return Settings({})


def read(file: Path) -> Settings:
    """Read a settings file; raise `KbError` that names file, line and key."""
    import tomllib  # noqa: PLC0415 - most runs have no such file

    try:
        text = file.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}"
        raise KbError(message) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{file}: {error}"
        raise KbError(message) from error
    for key, value in values.items():
        problem = _problem(key, value)
        if problem:
            message = f"{file}:{_line(text, key)}: {problem}"
            raise KbError(message)
    return Settings({key: _whole(file, key, value) for key, value in values.items()}, file)


def _problem(key: str, value: Any) -> str:
    if key in _STRINGS:
        return "" if isinstance(value, str) else f"{key} must be a text in quotation marks"
    if key in _LISTS:
        texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
        return "" if texts else f'{key} must be a list of texts, such as ["…"]'
    close = difflib.get_close_matches(key, KEYS, n=1)
    return f"there is no setting {key!r}; " + (f"did you mean {close[0]}?" if close else f"there are {', '.join(KEYS)}")


def _line(text: str, key: str) -> int:
    match = re.search(rf"^[ \t]*(?:\[+[ \t]*)?[\"']?{re.escape(key)}\b", text, re.MULTILINE)
    return text.count("\n", 0, match.start()) + 1 if match else 1


def _whole(file: Path, key: str, value: Any) -> Any:
    return str(file.parent / value) if key in _PATHS else value
