"""Anybody's music from files: MIDI and MusicXML, by their names' endings."""

from __future__ import annotations

from pathlib import Path

from composer.evaluate.music.midi_files import of_midi
from composer.evaluate.music.notes import Music
from composer.evaluate.music.scores import of_score
from corpora.errors import Unreadable
from corpora.read import musicxml

MIDI = (".mid", ".midi", ".kar")
ENDINGS = (*MIDI, *musicxml.ENDINGS)
FEWEST = 16  # notes of a piece that is measured


def read(path: Path, source: str = "file") -> Music:
    """The piece of a MIDI or a MusicXML file. Raises Unreadable, with a reason to count."""
    midi = path.name.lower().endswith(MIDI)
    music = of_midi(path, source) if midi else of_score(path, source)
    if len(music.pitched) < FEWEST:
        raise Unreadable("fewer than sixteen notes")
    return music
