"""What the verifier finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: at which chord (from 0; of two the second), by which voices, and how."""

    rule: str
    index: int
    voices: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class MelodyViolation:
    """A broken rule of melody, the tick at which it shows, and how."""

    rule: str
    tick: int
    sentence: str
