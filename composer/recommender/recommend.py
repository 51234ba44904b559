"""From a picture, a mood or a piece to the pieces that fit it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from composer.errors import UserError, nearest
from composer.hearing.heard import HeardPiece, hear
from composer.hearing.mood import AXES, mood
from composer.recommender.answers import MOODS, Answer, answers, mood_target
from composer.recommender.aspects import ASPECTS, NAMES, compared, wanted
from composer.recommender.builtin import built_in
from composer.recommender.library import Library
from composer.recommender.pool import Floats, Pool, joined
from composer.recommender.words import BUILT_IN, place
from composer.table import Decisions, Table


@dataclass(frozen=True, slots=True)
class MusicWish:
    """What is asked: in spreads, shape (aspects,), nan where anything may be; and in words."""

    target: Floats
    words: str


def of_decisions(made: Decisions) -> MusicWish:
    """What a table decided for a picture."""
    said = (
        f"{made.choice('mood')} music: valence {made.number('valence'):+.2f}, arousal "
        f"{made.number('arousal'):+.2f}, {made.number('tempo'):.0f} beats a minute, "
        f"{made.choice('mode')}"
    )
    return MusicWish(wanted(made), said)


def of_mood(name: str) -> MusicWish:
    """What a mood's name asks. Raises UserError."""
    if name not in MOODS:
        near = nearest(name, MOODS)
        hint = f"Did you mean {near}? " if near else ""
        raise UserError(f"There is no mood {name!r}.", f"{hint}Choose from {', '.join(MOODS)}.")
    axes = ", ".join(f"{axis} {value:+.2f}" for axis, value in MOODS[name].items())
    return MusicWish(mood_target(name), f"{name} music: {axes}")


def of_piece(piece: HeardPiece, table: Table) -> MusicWish:
    """What is like a piece: all that is known of it."""
    made = mood(table, piece.features)
    features = {name: np.array([value], float) for name, value in piece.features.items()}
    features |= {axis: np.array([made.number(axis)]) for axis in AXES}
    said = (
        f"music like {piece.title or 'this'}: valence {made.number('valence'):+.2f}, "
        f"arousal {made.number('arousal'):+.2f}"
    )
    return MusicWish(compared(features, 1)[0], said)


def both(one: MusicWish, mood_: MusicWish) -> MusicWish:
    """The first, with the mood that the second asks."""
    target = np.where(np.isnan(mood_.target), one.target, mood_.target)
    return MusicWish(target, f"{one.words}; but {mood_.words}")


def asked(
    made: Decisions | None, like: str | None, mood_name: str | None, table: Table
) -> MusicWish:
    """What is asked by a picture's decisions or by a file of music, and by a mood's name.

    Raises UserError where nothing is, or both of the first two.
    """
    if made is not None and like is not None:
        raise UserError("A picture and a piece to be like are given.", "Give one of them.")
    found = None if made is None else of_decisions(made)
    if like is not None:
        found = of_piece(hear(like), table)
    if mood_name is not None:
        wish = of_mood(mood_name)
        found = wish if found is None else both(found, wish)
    if found is None:
        raise UserError("Nothing is asked for.", "Give a picture, a mood, or a piece to be like.")
    return found


def pool_from(origins: Sequence[str], library: Library | None, table: Table) -> Pool:
    """The pieces of these origins: built-in, and folders of the library; without any, of all that
    there are. Raises UserError where there is none."""
    pools: dict[str, Pool] = {}
    if not origins or BUILT_IN in origins:
        pools[BUILT_IN] = built_in(table)
    folders = [name for name in origins if name != BUILT_IN]
    if folders or not origins:
        if library is not None and (folders or library.path.is_file()):
            pools["library"] = library.pool(table, folders)
        elif folders:
            raise UserError(f"{folders[0]} is in no library.", "Name the library's file.")
    pools = {name: pool for name, pool in pools.items() if len(pool)}
    if not pools:
        raise UserError("There is no music to choose from.", "Run: promenade library add FOLDER.")
    return joined(pools)


def find(
    asked: MusicWish,
    table: Table,
    *,
    top: int = 10,
    origins: Sequence[str] = (),
    library: Library | None = None,
    diverse: bool = False,
    besides: str = "",
) -> tuple[Answer, ...]:
    """The pieces that fit what is asked, the nearest first; but not the one in the file `besides`.

    Raises UserError.
    """
    pool = pool_from(origins, library, table)
    found = answers(pool, asked.target, top + bool(besides), diverse=diverse)
    own = os.path.realpath(besides)
    return tuple(each for each in found if not besides or place(each.piece) != own)[:top]


def aspects_json(asked: MusicWish) -> Mapping[str, Any]:
    """What is asked of each aspect, in its own unit; what is not asked is left out."""
    values = zip(NAMES, ASPECTS, asked.target.tolist(), strict=True)
    return {name: round(value * each.spread, 4) for name, each, value in values if value == value}
