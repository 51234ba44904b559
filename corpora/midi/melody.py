"""Which track of a MIDI file is the melody: by its name, else by what it plays."""

from __future__ import annotations

import re

from corpora.errors import Unreadable
from corpora.midi.parse import Score, Track

NAMES = re.compile(
    r"melod|vocal|\blead\s*(vo|sing)|\bvox\b|\bsing|\bvoice\b(?!\s*ooh)|karaoke", re.I
)
# Names of what accompanies a singer.
OTHERS = re.compile(r"back|harm|choir|chorus|bgv|\bbg\b|2nd|second|counter", re.I)
FEWEST = 16


def melody(score: Score) -> Track:
    """Raises Unreadable where no track can be a melody."""
    able = [track for track in score.tracks if not track.drums and len(track.onset) >= FEWEST]
    if not able:
        raise Unreadable("no track of sixteen notes")
    named = [t for t in able if NAMES.search(t.name) and not OTHERS.search(t.name)]
    if named:
        return max(named, key=lambda track: len(track.onset))
    raise Unreadable("no melody track")
