"""The stems of a vocabulary's words, kept from run to run, since stemming them is most of what a short run does.

Only words of the vocabulary are kept, never those of copy. A file that is missing, damaged or made by another version
counts as empty; it holds nothing but words, so reading it can run no code.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from snowballstemmer import english_stemmer

import kb
from kb.errors import KbError
from kb.store.files import save_bytes, tidy
from kb.store.places import cache_dir
from kb.text.tokens import learning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MOST = 200_000
"""Stems that are kept; with more, the file is begun anew."""


@contextlib.contextmanager
def remembered() -> Iterator[None]:
    """Know the stems that were kept, and keep those that are learnt meanwhile. Not for two threads at once."""
    kept = _load()
    with learning(kept) as learnt:
        yield
    if len(learnt) > len(kept):
        _save(learnt if len(learnt) <= _MOST else {word: learnt[word] for word in learnt.keys() - kept.keys()})


def _load() -> dict[str, str]:
    try:
        header, _, body = _file().read_bytes().partition(b"\n")
        stems = json.loads(body) if header.decode() == _header(body) else {}
    except (OSError, ValueError):
        return {}
    return stems if isinstance(stems, dict) else {}


def _save(stems: Mapping[str, str]) -> None:
    body = json.dumps(stems, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    with contextlib.suppress(OSError, KbError):
        _file().parent.mkdir(parents=True, exist_ok=True)
        save_bytes(_file(), _header(body).encode() + b"\n" + body)
        tidy(_file().parent)


def _file() -> Path:
    return cache_dir() / "stems.json"


def _header(body: bytes) -> str:
    return f"caveat-stems {kb.__version__} {stemmer()} {hashlib.sha256(body).hexdigest()}"


@cache
def stemmer() -> str:
    """Return 16 hex digits that change with the stemmer."""
    return hashlib.sha256(Path(str(english_stemmer.__file__)).read_bytes()).hexdigest()[:16]
