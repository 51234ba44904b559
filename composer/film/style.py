"""What the film looks like: sizes in pixels, colours, how long things glow, how they change."""

from __future__ import annotations

RATE = 30  # frames a second
WIDTH, HEIGHT = 1280, 720
Colour = tuple[int, int, int]

PAPER: Colour = (23, 22, 20)
RAISED: Colour = (33, 31, 28)
HAIR: Colour = (56, 52, 46)
INK: Colour = (236, 231, 220)
QUIET: Colour = (171, 163, 149)
ACCENT: Colour = (245, 146, 116)
SUN: Colour = (255, 216, 107)  # the skyline's
# How a part's notes lie in the roll, and how they light up.
RESTING = {
    "melody": (150, 96, 78),
    "second-melody": (150, 116, 72),
    "doubling": (112, 78, 66),
    "counter-melody": (128, 116, 92),
    "chords": (88, 83, 75),
    "bass": (112, 106, 97),
    "drums": (70, 67, 62),
}
LIT = {
    "melody": ACCENT,
    "second-melody": (250, 190, 104),
    "doubling": (214, 134, 110),
    "counter-melody": (240, 214, 150),
    "chords": (214, 206, 192),
    "bass": INK,
    "drums": (170, 164, 154),
}

# left, top, right, bottom
ABOVE = (24, 24, 1256, 474)  # picture and panel
PICTURE = (800, 450)  # at most
PANEL = (404, 540)  # at least, at most
BETWEEN = 28
ROLL = (0, 492, 1280, 720)
LABELS = 30  # height of the row of chords above the notes
PLAYHEAD = 380  # where in the roll what sounds now stands
STEP = 5  # px that the roll goes on in a frame: whole ones, or it would tremble

GLOW = 0.35  # seconds in which a stroke's light halves
CROSSING = 0.7  # seconds in which one region's light gives way to the next one's
LEAD, TAIL = 0.0, 1.2  # seconds of film before the first note and after the sound


def eased(share: float) -> float:
    """How far a change has gone after a share of its time: slow at both ends."""
    return share * share * (3 - 2 * share)
