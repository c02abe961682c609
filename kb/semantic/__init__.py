"""Optional ranking by meaning: a small sentence model from a local folder, in numpy, fused with the engine's ranking.

Nothing else imports this package unless somebody asks for it, and nothing in it touches the network. `base` holds the
seam, `minilm` one model, `vectors` the cache, `fusion` how two rankings become one, `polarity` what similarity must
not judge, `backend` the search engine around another engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.errors import KbError

if TYPE_CHECKING:
    from pathlib import Path

    from kb.search.base import SearchEngine

__all__ = ["around"]


def around(engine: SearchEngine, model: Path, folder: Path) -> SearchEngine:
    """Return `engine` with ranking by the model in the folder `model`; vectors are kept in `folder`.

    Raise `KbError`, saying what to do, where the optional packages are missing or the model cannot be used.
    """
    try:
        # these need the optional packages
        from kb.semantic.backend import SemanticEngine  # noqa: PLC0415
        from kb.semantic.minilm import load  # noqa: PLC0415
    except ImportError as error:
        needed = "numpy, safetensors and tokenizers; install them with: pip install 'caveat-kb[semantic]'"
        raise KbError(f"ranking by meaning needs {needed} ({error})") from error
    return SemanticEngine(engine, load(model), folder)
