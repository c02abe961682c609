"""In what ways words go far."""

from __future__ import annotations

from enum import StrEnum


class Cue(StrEnum):
    """In what way words go far."""

    PRAISE = "praise"
    LIFE = "life"
    DEGREE = "degree"
    SUCCESS = "success"
    CHOICE = "choice"
    PROOF = "proof"
    PEOPLE = "people"
    ABSOLUTE = "absolute"
    CURE = "cure"
    CAUSE = "cause"
    EFFECT = "effect"
    SAFE = "safe"
    HARM = "harm"
    HARMLESS = "harmless"
    PRICE = "price"
    BETTER = "better"
    WORSE = "worse"
    SPEED = "speed"
    CERTAIN = "certain"
