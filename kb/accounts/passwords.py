"""Passwords: which are good enough (NIST SP 800-63B, revision 4), and how they are kept (Argon2id).

A password is the only thing that somebody proves here, so it has at least 15 characters. There are no rules about
digits or signs and no expiry; what is refused is what everybody tries first: common passwords, however often repeated
or joined, runs and rows of keys, and the person's own name.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from pathlib import Path

import argon2

from kb.errors import AccountRefused

SHORTEST, LONGEST = 15, 256
_OWN = 8
"""How many characters must be left beside common words and the person's own names."""

_COMMON = frozenset(Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").split())
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "qwertzuiop",
    "asdfghjkl",
    "zxcvbnm",
    "yxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol",
)
_SHORTEST_RUN = 3
_LEET = str.maketrans("@4310$5!7", "aaeiossit")

_HASHER = argon2.PasswordHasher()
_NOBODYS = _HASHER.hash("nobody has this password")
"""Checked where there is no such user, so that an answer takes as long as where there is one."""
_AT_ONCE = threading.BoundedSemaphore(2)
"""Each hash takes 64 MiB and a good part of a core: a crowd of sign-ins must not take the machine."""


def check_new(password: str, *own: str) -> str:
    """Return a new password as it is hashed; raise `AccountRefused`. `own` are names and addresses of the person."""
    ready = _normal(password)
    if len(ready) < SHORTEST:
        message = f"the password has {len(ready)} characters and needs {SHORTEST}; a few unrelated words are good"
        raise AccountRefused(message)
    if len(ready) > LONGEST:
        message = f"the password has more than {LONGEST} characters"
        raise AccountRefused(message)
    if any(unicodedata.category(character) == "Cc" for character in ready):
        raise AccountRefused("the password has control characters")
    parts = {part for name in own for part in [name.casefold(), *re.split(r"\W+", name.casefold())] if len(part) > 1}
    folded = ready.casefold()
    if min(_own_characters(folded, parts), _own_characters(folded.translate(_LEET), parts)) < _OWN:
        message = "the password is made of words that everybody tries first, of rows of keys or of your own name"
        raise AccountRefused(message)
    return ready


def hashed(password: str) -> str:
    """Return the Argon2id hash of a password that was checked."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Say whether a password belongs to a hash; without a hash it takes as long, and is never right."""
    with _AT_ONCE:
        try:
            right = _HASHER.verify(kept or _NOBODYS, _normal(password[: 4 * LONGEST])[: LONGEST + 1])
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False
    return right and bool(kept)


def outdated(kept: str) -> bool:
    """Say whether a hash was made with other parameters than are used now."""
    return _HASHER.check_needs_rehash(kept)


def _normal(password: str) -> str:
    """Return a password as it is hashed: the same characters, however a keyboard composes them."""
    return unicodedata.normalize("NFC", password)


def _own_characters(folded: str, own: set[str]) -> int:
    """Return how few characters of a password belong to no common word, run, row of keys or name of the person."""
    words = _COMMON | own
    longest = max(map(len, words))
    fewest = [0] * (len(folded) + 1)
    for end in range(1, len(folded) + 1):
        # A blank, or the character before it once more, adds nothing that would have to be guessed.
        repeated = folded[end - 1].isspace() or folded[max(0, end - 2) : end - 1] == folded[end - 1]
        fewest[end] = fewest[end - 1] + (not repeated)
        for start in range(max(0, end - longest), end):
            part = folded[start:end]
            if part in words or (len(part) >= _SHORTEST_RUN and any(part in row or part in row[::-1] for row in _ROWS)):
                fewest[end] = min(fewest[end], fewest[start])
    return fewest[-1]
