"""What several commands need: the library, and paths the way the reader would type them."""
# ruff: noqa: PLC0415  (the library is imported when a command runs, not when `kb` starts)

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.library import Library

PATHS = click.Path(exists=True, path_type=Path)


def open_library(ctx: click.Context, paths: Sequence[Path] = (), **options: Any) -> Library:
    """Open the knowledge base of `--claims`, else that of the first path, else the nearest one upwards.

    `options` go to `Library.open` as they are.
    """
    from kb.library import Library

    given: Path | None = ctx.find_root().obj
    return Library.open(given or (paths[0].resolve() if paths else None), **options)


def base_of(root: Path) -> str:
    """Return what to put before paths inside `root` so that they work from the working folder, such as `claims/`."""
    here = Path.cwd()
    if root == here:
        return ""
    shown = root.relative_to(here) if root.is_relative_to(here) else root
    return f"{shown.as_posix()}/"


def coloured() -> bool:
    """Colour for people only: on a terminal, unless they said no (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def counted(count: int, noun: str) -> str:
    """Return such as "1 claim" or "2 claims"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def shown_path(path: Path) -> str:
    """Return a path relative to the working folder where it is inside it."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
