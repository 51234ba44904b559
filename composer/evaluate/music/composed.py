"""A composed piece as the measures know it: as it is written, and as its timeline plays it."""

from __future__ import annotations

import numpy as np

from composer.evaluate.music import notes as held
from composer.evaluate.music.notes import NOTE, Music, Notes
from composer.render.rendering import Rendering
from composer.render.timeline import PULSES, Timeline
from composer.settings import Settings
from composer.values import Piece
from composer.vocabulary import ROLES

SOURCE = "composed"
READINGS = ("content.pleasant", "content.exciting")


def of_picture(path: str, settings: Settings, sound: bool) -> Music:
    """Compose a picture's piece. sound: is it to be heard too? Raises PictureError."""
    from composer.pipeline import compose

    return of_piece(compose(path, settings), sound)


def of_piece(piece: Piece, sound: bool = False) -> Music:
    """The arrays of a piece; with `sound` how wide its sound is."""
    made = Rendering(piece)
    plan, analysis = piece.plan, piece.analysis
    found = _notes(piece, made.timeline)
    facts = {
        "tempo": 60 * plan.end / 24 / piece.seconds,
        "tonic": plan.key.tonic.chroma,
        "valence": plan.mood.valence,
        "arousal": plan.mood.arousal,
    }
    if sound:
        facts["side_to_mid"] = side_to_mid(made.sound)
    known = {held.MELODY, held.CHORDS, held.PARTS, held.VELOCITY, held.PLAYED, held.PHRASES}
    known |= {held.PICTURE}
    known |= {role for role in (held.BASS, held.COUNTER) if piece.part(role) is not None}
    return Music(
        title=piece.title,
        source=SOURCE,
        metre=plan.metre,
        bars=plan.bars,
        notes=found,
        chords=held.chords(
            [
                (span.start, span.end, span.chord.root.chroma, [t.chroma for t in span.chord.tones])
                for span in piece.harmony.spans
            ]
        ),
        known=frozenset(known),
        facts=facts,
        language=plan.language,
        sections=tuple((each.start, each.end) for each in plan.sections),
        phrases=tuple((each.start, each.end) for each in plan.phrases),
        shown=tuple((each.start, each.end) for each in plan.sections if each.outlined),
        skyline=analysis.skyline.heights,
        # What its pixels measure, and the readings that the mood is decided by; words for what it
        # shows are nought for most pictures.
        features=tuple(v for k, v in analysis.features.items() if _told(k)),
    )


def _told(feature: str) -> bool:
    return feature in READINGS or not feature.startswith("content.")


def _notes(piece: Piece, timeline: Timeline) -> Notes:
    rows = [
        (
            one.note.start,
            one.note.end,
            one.key,
            one.velocity,
            ROLES.index(part.role),
            part.instrument.program,
            one.start / PULSES,
            one.end / PULSES,
            np.nan,
        )
        for part, played in zip(piece.parts, timeline.parts, strict=True)
        for one in played
    ]
    found = np.array(rows, NOTE)
    places = np.array([pulse for pulse, _ in timeline.tempi]) / PULSES
    paces = np.array([tempo for _, tempo in timeline.tempi]) / 1e6
    here = np.clip(np.searchsorted(places, found["at"], side="right") - 1, 0, None)
    found["off"] = held.off_grid(found["at"], paces[here])
    return held.ordered(found)


def side_to_mid(sound: np.ndarray) -> float:
    """Decibels of the difference of both channels against their sum; (2, n) samples.

    −60 for a sound that is the same on both sides.
    """
    left, right = sound.astype(float)
    side, mid = ((each**2).mean() for each in (left - right, left + right))
    return float(10 * np.log10(max(side, 1e-6 * mid, 1e-12) / max(mid, 1e-12)))
