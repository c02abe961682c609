"""The seam between those who compare meanings and the models that know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors whose dot product tells how alike their meanings are. Threads may share it."""

    @property
    def name(self) -> str:
        """What to call the model in messages."""
        ...

    @property
    def digest(self) -> str:
        """Hexadecimal digest of all that the vectors depend on but the text; another digest, other vectors."""
        ...

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Return one row of length 1 for each text, whatever the text; the row does not depend on the others."""
        ...
