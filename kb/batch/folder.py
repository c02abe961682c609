"""The folder of a batch: what was asked for, one file a shard, and a word about how far it got."""

from __future__ import annotations

import contextlib
import json
import re
from typing import TYPE_CHECKING, Any

from kb.batch.results import SCHEMA, Damaged, load, read_json, save
from kb.errors import Busy, KbError
from kb.store.files import save_text
from kb.store.saving import locked
from kb.store.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kb.batch.results import Whole

_SHARD = re.compile(r"shard-(\d{8,})\.jsonl(?:\.gz)?")
_LEFT = re.compile(r"\.shard-\d{8,}\.jsonl(?:\.gz)?\.[0-9a-f]{16}\.tmp|\.run\.json\.[0-9a-f]{16}\.tmp")


class Folder:
    """The files of one batch."""

    def __init__(self, path: Path, *, packed: bool = False) -> None:
        self.path = path
        self._endings = (".jsonl.gz", ".jsonl") if packed else (".jsonl", ".jsonl.gz")

    @property
    def run(self) -> Path:
        """The file that says what was asked for."""
        return self.path / "run.json"

    @contextlib.contextmanager
    def taken(self) -> Iterator[None]:
        """Make the folder and keep other runs out of it; raise `KbError` if it holds something else."""
        name = printable(str(self.path))
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            strange = not self.run.exists() and any(not _is_ours(file.name) for file in self.path.iterdir())
        except OSError as error:
            raise KbError(f"{name} cannot be used: {error.strerror}") from error
        if strange:
            raise KbError(f"{name} holds other files; name a folder that is new or that of a batch")
        try:
            with locked(self.path.resolve(), patience=0):
                for file in self.path.iterdir():
                    if _LEFT.fullmatch(file.name):  # of a run that was killed while it wrote
                        file.unlink(missing_ok=True)
                yield
        except Busy as error:
            raise KbError(f"another run is writing to {name}; wait for it, or name another folder") from error

    def said(self) -> dict[str, Any] | None:
        """Return what the last run was asked for; `None` where there was none or that can no longer be told."""
        with contextlib.suppress(KbError):
            found = read_json(self.run)
            if found.get("schema") == SCHEMA:
                return found
        return None

    def say(self, run: dict[str, Any]) -> None:
        """Write down what is asked for, and how far it got; raise `KbError`."""
        save_text(self.run, json.dumps({"schema": SCHEMA, **run}, ensure_ascii=False, indent=1) + "\n")

    def finished(self, number: int, key: str) -> Whole | None:
        """Return the file of a shard if it is whole and of these pages and this setting, else `None`."""
        for file in self._files(number):
            with contextlib.suppress(Damaged, OSError):
                whole = load(file)
                if whole.head.get("key") == key:
                    return whole
        return None

    def save(self, number: int, content: bytes) -> None:
        """Write the file of a shard, in whole or not at all; raise `KbError`."""
        wanted, other = self._files(number)
        save(wanted, content)
        other.unlink(missing_ok=True)

    def numbers(self) -> list[int]:
        """Return the numbers of all shards for which there is a file."""
        found = (_SHARD.fullmatch(file.name) for file in self.path.iterdir())
        return sorted({int(match[1]) for match in found if match})

    def whole(self, number: int) -> Whole:
        """Return the file of a shard, packed or not; raise `Damaged`."""
        problem = Damaged("it is not there")
        for file in self._files(number):
            try:
                return load(file)
            except FileNotFoundError:
                continue
            except OSError as error:
                problem = Damaged(error.strerror or str(error))
            except Damaged as error:
                problem = error
        raise problem

    def clear(self, count: int) -> None:
        """Remove the files of shards from number `count` on, which a run over more pages left."""
        for number in self.numbers():
            if number >= count:
                for file in self._files(number):
                    file.unlink(missing_ok=True)

    def _files(self, number: int) -> tuple[Path, Path]:
        """Return where the file of a shard is written to, and where it is if it was written the other way."""
        wanted, other = (self.path / f"shard-{number:08}{ending}" for ending in self._endings)
        return wanted, other


def _is_ours(name: str) -> bool:
    return bool(_SHARD.fullmatch(name) or _LEFT.fullmatch(name))
