"""One picture of an album, from its file to the bytes of its piece, in whatever process this is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from composer.render.audio import Sounding
from composer.settings import Settings
from composer.values import Piece

THUMBNAIL = 480  # px of its longest side: sharp at twice the size that the page shows it in


@dataclass(frozen=True, slots=True)
class Task:
    """A picture, and the suffixes of the files that are wanted of it."""

    source: str
    suffixes: tuple[str, ...]
    settings: Settings


@dataclass(frozen=True, slots=True)
class Facts:
    """What the album's page says of a piece."""

    title: str
    key: str
    metre: str
    tempo: str
    bars: int
    seconds: float
    mood: str
    caption: str
    absent: str  # why nothing was seen in the picture, or ""
    valence: float
    arousal: float
    players: tuple[str, ...]
    colours: tuple[tuple[str, float], ...]  # (hex, share of the picture)
    thumbnail: bytes  # a JPEG


@dataclass(frozen=True, slots=True)
class Made:
    """A picture's piece as files, by suffix."""

    facts: Facts
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Failed:
    """A picture that gave no piece, and the sentence that says why."""

    sentence: str


def work(task: Task) -> Made | Failed:
    """Compose one picture. What is wrong with it alone is told; what would stop every other
    picture too is raised."""
    from analysis.errors import PictureError
    from composer.errors import mendable, nothing_legal
    from composer.pipeline import compose
    from composer.render.rendering import Rendering, files

    settings = task.settings
    try:
        piece = compose(task.source, settings)
    except PictureError as error:
        return Failed(mendable(error) or str(error))
    except Exception as error:
        if nothing_legal(error) and (settings.table or settings.overrides or settings.without):
            return Failed(f"{task.source}: {error}")
        raise
    sounding = Sounding(settings.synth, settings.soundfont)
    return Made(facts(piece), files(Rendering(piece, sounding), task.suffixes))


def _described(piece: Piece) -> str:
    said = piece.analysis.content.described
    return f"A captioning model says: “{said}”" if said else ""


def facts(piece: Piece) -> Facts:
    """What the page says of a piece."""
    from analysis.picture.view import jpeg
    from composer.explanation.document import caption_of
    from composer.explanation.text import tempo

    return Facts(
        title=piece.title,
        key=f"{piece.plan.key.tonic.sign} {piece.plan.key.mode.name}",
        metre=piece.plan.metre.name,
        tempo=tempo(piece),
        bars=piece.plan.bars,
        seconds=piece.seconds,
        mood=piece.plan.mood.name,
        caption=" ".join(filter(None, (caption_of(piece.analysis), _described(piece)))),
        absent=piece.analysis.content.absent,
        valence=piece.plan.mood.valence,
        arousal=piece.plan.mood.arousal,
        players=tuple(dict.fromkeys(part.instrument.name for part in piece.parts)),
        colours=tuple((swatch.hex, swatch.share) for swatch in piece.analysis.palette),
        thumbnail=jpeg(piece.analysis.picture, THUMBNAIL),
    )
