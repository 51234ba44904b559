"""Keeps the melody, the harmony, the rhythm or the players of a piece that has been composed.

What shapes a part is decided as it was, with the same seed and singer; so it comes out note for
note, which is looked at before anything is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from composer.errors import UserError
from composer.explanation.document import explanation
from composer.explanation.format import Explanation
from composer.settings import Settings
from composer.values import Piece
from composer.vocabulary import DECISIONS, SINGERS, Aspect, shaping

MELODY, HARMONY, RHYTHM, PLAYERS = "melody", "harmony", "rhythm", "players"
KEPT = (MELODY, HARMONY, RHYTHM, PLAYERS)
Row = tuple[object, ...]


def _melody(document: Explanation) -> list[Row]:
    return sorted(
        (note["tick"], note["duration"], str(note["pitch"]))
        for note in document["notes"]
        if note["part"] in SINGERS
    )


def _rhythm(document: Explanation) -> list[Row]:
    return sorted({(tick, duration) for tick, duration, _ in _melody(document)})


def _harmony(document: Explanation) -> list[Row]:
    return [(span["tick"], span["duration"], span["symbol"]) for span in document["harmony"]]


def _players(document: Explanation) -> list[Row]:
    made = document["decisions"]
    return [(name, made[name]["value"]) for name in _shapes(PLAYERS) if name in made]


# What is compared of the piece that was and the piece that is.
PARTS: Mapping[str, Callable[[Explanation], list[Row]]] = MappingProxyType(
    {MELODY: _melody, HARMONY: _harmony, RHYTHM: _rhythm, PLAYERS: _players}
)


def _shapes(part: str) -> tuple[str, ...]:
    """The decisions that shape a part, or what it is made of."""
    if part == PLAYERS:
        return tuple(n for n, need in DECISIONS.items() if need.shapes == (Aspect.ARRANGEMENT,))
    if part == HARMONY:
        return shaping(Aspect.HARMONY)
    found = shaping(Aspect.MELODY)
    return tuple(n for n in found if n != "tonic") if part == RHYTHM else found


def locked(asked: Settings, keep: Sequence[str], document: Explanation) -> Settings:
    """The settings by which those parts of a stored piece are kept.

    Raises UserError where something else was asked for that would change them.
    """
    given = asked.decided
    kept: dict[str, str] = {}
    for part in keep:
        for name in _shapes(part):
            if name in document["decisions"]:
                value = document["decisions"][name]["value"]
                kept[name] = value if isinstance(value, str) else repr(value)
        wrong = [name for name in _shapes(part) if name in given and given[name] != kept.get(name)]
        if wrong:
            raise UserError(
                f"The {part} cannot be kept with another {wrong[0].replace('_', ' ')}: "
                "it is made of it.",
                f"Leave out --set {wrong[0]}={given[wrong[0]]}, or keep something else.",
            )
    if asked.length is not None and {MELODY, HARMONY, RHYTHM} & {*keep}:
        raise UserError(
            f"A piece of another length cannot keep its {keep[0]}.", "Leave out --length."
        )
    made = replace(asked, overrides=tuple({**given, **kept}.items()))
    if {MELODY, RHYTHM, HARMONY} & {*keep}:
        made = replace(made, seed=document["seed"], without=tuple(document["plan"]["rules_off"]))
    if {MELODY, RHYTHM} & {*keep}:
        made = replace(made, melody=document["singer"]["name"])
    return made


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a stored piece, and the settings by which it is."""

    settings: Settings
    parts: tuple[str, ...]
    document: Explanation

    def check(self, piece: Piece) -> None:
        """Raises UserError where a part has not come out as it was."""
        now = explanation(piece)
        for part in self.parts:
            if PARTS[part](now) != PARTS[part](self.document):
                raise UserError(f"The {part} cannot be kept: {_reason(now, self.document)}.")


def _reason(now: Explanation, document: Explanation) -> str:
    if now["picture"]["sha256"] != document["picture"]["sha256"]:
        return "that piece is of another picture, whose outline and regions shape it"
    if now["versions"] != document["versions"]:
        return "another version of the program composed that piece"
    moved = [
        name
        for name, made in now["decisions"].items()
        if name in document["decisions"] and made["value"] != document["decisions"][name]["value"]
    ]
    told = ", ".join(name.replace("_", " ") for name in moved[:4])
    return f"it depends on what is decided otherwise now ({told or 'its forms and patterns'})"
