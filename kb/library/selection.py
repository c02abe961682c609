"""Which files of a knowledge base a command was asked about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.errors import KbError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Selection:
    """Files and folders relative to the root, with `/` between the parts; everything where none is named."""

    paths: tuple[str, ...] = ()

    @classmethod
    def of(cls, root: Path, paths: Sequence[Path]) -> Selection:
        """Read paths as a person types them; raise `KbError` for one outside the knowledge base.

        A folder that holds the knowledge base, such as the project's own, means all of it.
        """
        chosen = []
        for path in paths:
            whole = path.resolve()
            if root.is_relative_to(whole):
                chosen.append("")
            elif whole.is_relative_to(root):
                chosen.append(whole.relative_to(root).as_posix())
            else:
                message = f"{path} is not inside the knowledge base {root}"
                raise KbError(message)
        return cls(() if "" in chosen else tuple(chosen))

    def holds(self, path: str) -> bool:
        """Say whether the file at this path relative to the root is asked about."""
        return not self.paths or any(path == chosen or path.startswith(f"{chosen}/") for chosen in self.paths)
