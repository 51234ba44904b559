"""Non-chord tones read off a finished melody: which figure each is, and which it fails to be.

Sources: Aldwell & Schachter, Harmony and Voice Leading, ch. 20–21; Piston, Harmony, ch. 8.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from theory.chord import Chord
from theory.metre import Metre
from theory.pitch import NoteName, Pitch, interval
from theory.rules import POPULAR, RULES
from theory.timed import TimedChord, TimedNote

STRONG = RULES["strong-beat-dissonance"].number("strength")
ADDED = tuple(map(interval, str(RULES["strong-beat-dissonance"].parameters["added"]).split()))
QUAVER = 12
THIRDS, FOURTH = ("m3", "M3"), "P4"
LEADS = "m2"
NARROW = ("d3", "d4", "d5")
# What each general rule judges: with it switched off, such a note is as good as a chord tone.
JUDGES = {
    "strong-beat-dissonance": ("held", "strong", "dragged"),
    "dissonance-left-by-step": ("early", "weak", "rising", "falling"),
}


@dataclass(frozen=True, slots=True)
class MelodyViolation:
    """A broken rule of melody, the tick at which it shows, and how."""

    rule: str
    tick: int
    sentence: str


@dataclass(slots=True)
class JudgedNote:
    """A note with its neighbours and what it is to the harmony.

    `role` is "tone", a chord tone throughout; "held", one that becomes foreign at the last strong
    place it sounds at; "early", foreign but tied into a chord it belongs to; "weak" or "strong",
    foreign on such a place; "rising" or "falling", minor's raised sixth or natural seventh, foreign
    on a weak place; "chromatic" or "leaning", outside the key on a weak or strong place, in popular
    language; "dragged", foreign at a strong place as none of these. `before` and `after` are None
    over a rest; `last` is the last pitch sung, rests or not.
    """

    note: TimedNote
    role: str
    chord: Chord | None
    last: Pitch | None
    before: JudgedNote | None = None
    after: JudgedNote | None = None

    @property
    def pitch(self) -> Pitch:
        return self.note.pitch

    @property
    def consonant(self) -> bool:
        return self.role in ("tone", "held")

    @property
    def narrow(self) -> bool:
        return self.last is not None and _bare(self.last, self.pitch) in NARROW

    @property
    def reached(self) -> int:
        """1 or −1 where a step up or down leads here."""
        return 0 if self.before is None else step(self.before.pitch, self.pitch)

    @property
    def left(self) -> int:
        """1 or −1 where a step up or down leads on."""
        return 0 if self.after is None else step(self.pitch, self.after.pitch)


def hear(
    notes: Sequence[TimedNote],
    chords: Sequence[TimedChord],
    metre: Metre,
    language: str,
    off: Collection[str] = (),
) -> tuple[JudgedNote, ...]:
    """Every note with its role and its neighbours in a language; rules in `off` judge none."""
    popular = language == POPULAR
    heard: list[JudgedNote] = []
    free = {role for name, roles in JUDGES.items() if name in off for role in roles}
    for note in notes:
        old = heard[-1] if heard else None
        role = _role(note, chords, metre, popular)
        role = "tone" if role in free else role
        new = JudgedNote(note, role, chord_at(chords, note.start), None)
        if old is not None:
            new.last = old.pitch
            if old.note.end >= note.start:
                new.before, old.after = old, new
        heard.append(new)
    return tuple(heard)


def figures(heard: Sequence[JudgedNote]) -> Iterator[MelodyViolation]:
    """Every non-chord tone that is no figure, by the rule of the figure it comes nearest to."""
    for one in heard:
        name = _figure(one)
        if name is not None:
            over = f" over {one.chord.symbol}" if one.chord is not None else ""
            sentence = f"{one.pitch}{over} {SAYS[name]}"
            yield MelodyViolation(name, one.note.start, sentence)


SAYS = {
    "strong-beat-dissonance": "is a dissonance on a strong place that nothing prepares",
    "melodic-suspension": "is suspended and not resolved downward by step",
    "appoggiatura": "is not resolved by step to a chord tone",
    "dissonance-left-by-step": "is a dissonance of no figure",
    "passing-note": "does not pass on by step",
    "neighbour-note": "does not go back as a neighbour does",
    "cambiata": "leaps on by a third that is not filled in",
    "anticipation": "is leapt to, or struck, and anticipates nothing",
    "escape-tone": "escapes by more than a fourth, or to no chord tone",
}


def _figure(one: JudgedNote) -> str | None:
    if one.role == "tone":
        return None
    if one.role == "dragged":
        return "strong-beat-dissonance"
    if one.role == "held":
        return None if _falls(one) and not one.narrow else "melodic-suspension"
    if one.role == "strong":
        return _struck(one)
    if one.role in ("rising", "falling"):
        return _composite(one)
    if one.role == "leaning" and one.before is None:
        return "strong-beat-dissonance"
    if one.role in ("chromatic", "leaning"):  # how it goes on is for the rule of the scale
        return "dissonance-left-by-step" if one.narrow else None
    again = one.before is not None and one.before.pitch == one.pitch
    if again or one.narrow:
        return "dissonance-left-by-step"
    return None if one.role == "early" else _weak(one)


def _falls(one: JudgedNote) -> bool:
    """Does a suspension resolve: by step down, or a semitone up, to a chord tone?"""
    after = one.after
    if after is None or not after.consonant:
        return False
    return one.left < 0 or (one.left > 0 and _bare(one.pitch, after.pitch) == "m2")


def _struck(one: JudgedNote) -> str | None:
    before, after = one.before, one.after
    if before is None:
        return "strong-beat-dissonance"
    if before.pitch == one.pitch:
        return None if _falls(one) else "melodic-suspension"
    resolved = after is not None and after.consonant and one.left != 0
    if one.narrow and one.left != -_way(before.pitch, one.pitch):
        resolved = False
    return None if resolved else "appoggiatura"


def _composite(one: JudgedNote) -> str | None:
    """Minor's raised sixth goes up through whole steps, its natural seventh down."""
    up = 1 if one.role == "rising" else -1
    before, after = one.before, one.after
    good = (
        before is not None
        and after is not None
        and one.reached == up == one.left
        and _bare(before.pitch, one.pitch) == "M2" == _bare(one.pitch, after.pitch)
        and (before.role in ("tone", "early") or (before.role == "weak" and before.reached == up))
        and after.role in ("tone", "held", "early", "weak")
    )
    return None if good else "passing-note"


def _weak(one: JudgedNote) -> str | None:
    before, after, came = one.before, one.after, one.reached
    if before is None or not came:
        if before is not None and _second_neighbour(before, one):
            good = after is not None and after.consonant and one.left == before.reached
            return None if good else "neighbour-note"
        same = after is not None and after.consonant and after.pitch == one.pitch
        return None if same else "anticipation"
    if before.role in ("weak", "rising", "falling") and before.reached == came:
        return None if _passes_on(one, came) else "passing-note"
    if after is None:
        return "dissonance-left-by-step"
    if _passes_on(one, came):
        return None
    name, way = _bare(one.pitch, after.pitch), _way(one.pitch, after.pitch)
    if name == "P1":
        return None if after.consonant else "anticipation"
    if way == came:
        return None if _cambiata(one, after, came) else _onward(name)
    if one.left:
        return None if after.consonant else "neighbour-note"
    if name in THIRDS and after.role == "weak":
        return None  # the first of two neighbours; the second is judged by itself
    return None if name in (*THIRDS, FOURTH) and after.consonant else "escape-tone"


def _onward(name: str) -> str:
    return "cambiata" if name in THIRDS else "passing-note"


def _cambiata(one: JudgedNote, after: JudgedNote, came: int) -> bool:
    filled = after.role == "tone" and after.left == -came
    return _bare(one.pitch, after.pitch) in THIRDS and filled


def _passes_on(one: JudgedNote, way: int) -> bool:
    fine = ("tone", "held", "early", "weak", "rising" if way > 0 else "falling")
    return one.after is not None and one.left == way and one.after.role in fine


def _second_neighbour(before: JudgedNote, one: JudgedNote) -> bool:
    """Does a weak note leap a third back over the note that the one before was a neighbour of?"""
    return (
        before.role == "weak"
        and before.reached != 0
        and before.before is not None
        and before.before.role in ("tone", "early")
        and _bare(before.pitch, one.pitch) in THIRDS
        and _way(before.pitch, one.pitch) == -before.reached
    )


def approaches(one: JudgedNote) -> bool:
    """Does a note go on by a minor second to a chord tone?"""
    after = one.after
    return after is not None and after.consonant and _bare(one.pitch, after.pitch) == LEADS


# --- what a note is to the harmony ----------------------------------------------------------------


def chord_at(chords: Sequence[TimedChord], tick: int) -> Chord | None:
    """The chord that sounds at a tick, if any does."""
    return next((one.chord for one in chords if one.start <= tick < one.end), None)


def _role(note: TimedNote, chords: Sequence[TimedChord], metre: Metre, popular: bool) -> str:
    later = [
        _belongs(chords, tick, note.pitch.note, popular)
        for tick in strong_places(chords, metre, note.start + 1, note.end)
    ]
    if _belongs(chords, note.start, note.pitch.note, popular):
        if all(later):
            return "tone"
        return "held" if later.index(False) == len(later) - 1 else "dragged"
    strong = bool(strong_places(chords, metre, note.start, note.start + 1))
    chord = chord_at(chords, note.start)
    directed = composite(chord, note.pitch.note)
    if popular and not later and not directed and outside(chord, note.pitch.note):
        return "leaning" if strong else "chromatic"
    if strong:
        return "dragged" if later or directed else "strong"
    if directed:
        return "dragged" if later else directed
    if later:
        return "early" if all(later) else "dragged"
    return "weak"


def _belongs(chords: Sequence[TimedChord], tick: int, note: NoteName, popular: bool) -> bool:
    chord = chord_at(chords, tick)
    return chord is None or note in chord.tones or (popular and _added(chord, note))


def _added(chord: Chord, note: NoteName) -> bool:
    """Is a note the sixth or ninth that popular language hears as a chord tone?"""
    known = any(chord.root.up(each) == note for each in ADDED)
    return known and not outside(chord, note)


def outside(chord: Chord | None, note: NoteName) -> bool:
    """Is a note neither of the chord, nor of its key on a letter that the chord does not alter?"""
    if chord is None or note in chord.tones:
        return False
    return note not in chord.key.notes or any(tone.step == note.step for tone in chord.tones)


def strong_places(chords: Sequence[TimedChord], metre: Metre, start: int, end: int) -> list[int]:
    """Strong beats and changes of chord from `start` on, before `end`, in order."""
    changes = {chord.start for chord in chords if start <= chord.start < end}
    quavers = range(-(-start // QUAVER) * QUAVER, end, QUAVER)
    return sorted(changes.union(tick for tick in quavers if metre.strength(tick) >= STRONG))


def composite(chord: Chord | None, note: NoteName) -> str | None:
    """Is a note, foreign to its chord, minor's raised sixth or natural seventh by direction?

    The raised sixth rises to the raised seventh of a dominant; the natural seventh falls where the
    scale has the raised one and the chord has neither.
    """
    if chord is None or not chord.key.mode.minor:
        return None
    tonic, scale = chord.key.tonic.fifths, chord.key.notes
    sixth, high_sixth = NoteName.from_fifths(tonic - 4), NoteName.from_fifths(tonic + 3)
    seventh, high_seventh = NoteName.from_fifths(tonic - 2), NoteName.from_fifths(tonic + 5)
    letters = {tone.step for tone in chord.tones}
    if sixth not in scale or note.step in letters:
        return None
    if note == high_sixth and high_seventh in chord.tones:
        return "rising"
    sings_sixth = sixth in chord.tones or sixth.step not in letters
    if note == seventh and high_seventh in scale and sings_sixth:
        return "falling"
    return None


# --- intervals ------------------------------------------------------------------------------------


def step(one: Pitch, two: Pitch) -> int:
    """1 or −1 for a step up or down, a minor or major second; 0 for anything else."""
    return _way(one, two) if _bare(one, two) in ("m2", "M2") else 0


def _way(one: Pitch, two: Pitch) -> int:
    return (two.midi > one.midi) - (two.midi < one.midi)


def _bare(one: Pitch, two: Pitch) -> str:
    """The interval's name without its direction."""
    return (one.to(two) if one.height <= two.height else two.to(one)).name.lstrip("-")
