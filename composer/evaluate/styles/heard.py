"""What is heard of a style on a MIDI file: metre, pace, who plays, who strikes where in the bar."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from mido import MidiFile, MidiTrack
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MELODIES = ("melody", "second-melody")
NEAR = 0.12  # of a beat: as far as that from a place a strike is on it, a strummed chord one strike


@dataclass(frozen=True, slots=True)
class HeardLine:
    """One part's notes, by their onsets: `at` and `lasts` in beats from the first barline, MIDI
    `keys` and `velocities`; each of shape (n,)."""

    at: Floats
    lasts: Floats
    keys: Floats
    velocities: Floats

    def __len__(self) -> int:
        return len(self.at)


@dataclass(frozen=True)
class HeardStyle:
    """A MIDI file as it is asked for its style.

    metre: (beats as written, their value). beats: of a bar, those that are felt, three quavers to
      one in compound time. pace: felt beats a minute, at the middle of the piece. lines: by role,
      as the tracks are named. programs: of General MIDI, by role.
    """

    metre: tuple[int, int]
    pace: float
    lines: dict[str, HeardLine]
    programs: dict[str, tuple[int, ...]]

    @property
    def compound(self) -> bool:
        return self.metre[1] == 8 and self.metre[0] % 3 == 0

    @property
    def beats(self) -> float:
        return self.metre[0] / 3 if self.compound else float(self.metre[0])

    def line(self, *roles: str) -> HeardLine:
        """The notes of those roles together, by onset."""
        found = [self.lines[role] for role in roles if role in self.lines]
        if not found:
            return HeardLine(*(np.zeros(0) for _ in range(4)))
        rows = [
            np.concatenate([getattr(one, name) for one in found]) for name in HeardLine.__slots__
        ]
        order = np.argsort(rows[0], kind="stable")
        return HeardLine(*(row[order] for row in rows))

    @cached_property
    def tune(self) -> HeardLine:
        return self.line(*MELODIES)

    @cached_property
    def chords(self) -> HeardLine:
        return self.line("chords")

    @cached_property
    def bass(self) -> HeardLine:
        return self.line("bass")

    @cached_property
    def end(self) -> float:
        """The last onset of all, in beats."""
        return max((float(line.at.max()) for line in self.lines.values() if len(line)), default=0.0)

    def among(self, role: str, *wanted: range) -> float:
        """The share of a role's programs that are of one of these ranges; 0 where it is silent."""
        programs = self.programs.get(role, ())
        if not programs:
            return 0.0
        return sum(any(p in each for each in wanted) for p in programs) / len(programs)

    def on(self, line: HeardLine, *places: float, of: float = 1.0) -> float:
        """The share of a line's strikes that fall on these places, in beats of a span of `of`."""
        struck = strikes(line)
        if not len(struck):
            return 0.0
        within = np.mod(struck[:, None] - np.array(places), of)
        return float((np.minimum(within, of - within).min(axis=1) < NEAR).mean())

    def bars(self, line: HeardLine, *places: float, without: float | None = None) -> float:
        """Of the bars in which a line strikes, the share in which it does at all of these places,
        in beats from the barline, and not at `without`."""
        found: dict[int, list[float]] = {}
        for at in strikes(line):
            number = int((at + NEAR) // self.beats)
            found.setdefault(number, []).append(at - number * self.beats)
        good = [
            all(_struck(row, place) for place in places)
            and not (without is not None and _struck(row, without))
            for row in found.values()
        ]
        return sum(good) / max(1, len(good))

    def drum(self, *keys: int) -> HeardLine:
        """The strokes of some drums."""
        drums = self.line("drums")
        chosen = np.isin(drums.keys, keys)
        return HeardLine(*(getattr(drums, name)[chosen] for name in HeardLine.__slots__))

    def a_beat(self, line: HeardLine) -> float:
        """Strikes a beat, from its first to its last."""
        struck = strikes(line)
        return len(struck) / max(1.0, float(np.ptp(struck)) + 1) if len(struck) else 0.0

    @cached_property
    def swung(self) -> float:
        """Of the strikes near the middle of a beat the share that come at two thirds of it."""
        place = np.mod(self.line(*self.lines).at, 1)
        late = ((place > 0.6) & (place < 0.72)).sum()
        even = ((place > 0.45) & (place < 0.55)).sum()
        return float(late / max(1, late + even))

    @cached_property
    def syncopated(self) -> float:
        """Of the tune's notes the share that begin off the beat, with none on the beat after."""
        struck = strikes(self.tune)
        if len(struck) < 2:
            return 0.0
        off, after = np.mod(struck[:-1], 1), struck[1:]
        over = (off > NEAR) & (off < 1 - NEAR) & (after > np.ceil(struck[:-1]) + NEAR)
        return float(over.mean())

    @cached_property
    def together(self) -> float:
        """Of the tune's notes the share with which the chords' voices begin too."""
        if not len(self.tune) or not len(self.chords):
            return 0.0
        away = np.abs(self.tune.at[:, None] - strikes(self.chords)).min(axis=1)
        return float((away < NEAR).mean())

    @cached_property
    def grown(self) -> float:
        """Notes a beat, by their loudness, in the second third over those of the first eighth."""
        line = self.line(*self.lines)

        def full(low: float, high: float) -> float:
            inside = (line.at >= low * self.end) & (line.at < high * self.end)
            return float(line.velocities[inside].sum() / (high - low))

        return full(1 / 3, 2 / 3) / max(1.0, full(0, 1 / 8))

    @cached_property
    def loudness(self) -> float:
        """The mean velocity of tune and chords."""
        line = self.line(*MELODIES, "chords")
        return float(line.velocities.mean()) if len(line) else 0.0

    @cached_property
    def same_bars(self) -> float:
        """The share of the chords' bars that are struck at the same places as the bar before."""
        bars: dict[int, frozenset[int]] = {}
        for at in strikes(self.chords):
            number = int((at + NEAR) // self.beats)
            bars[number] = bars.get(number, frozenset()) | {round(4 * (at - number * self.beats))}
        pairs = [(bars[n], bars[n + 1]) for n in bars if n + 1 in bars]
        return sum(one == two for one, two in pairs) / max(1, len(pairs))


def strikes(line: HeardLine) -> Floats:
    """The moments at which a line strikes, in beats; what follows within NEAR is the same one."""
    found: list[float] = []
    for at in line.at.tolist():
        if not found or at - found[-1] > NEAR:
            found.append(at)
    return np.array(found)


def _struck(places: Sequence[float], at: float) -> bool:
    return any(abs(place - at) < NEAR for place in places)


def hear(data: bytes) -> HeardStyle:
    """A MIDI file's bytes; its tracks are named by role, as "Melody: flute"."""
    file = MidiFile(file=io.BytesIO(data))
    events = [message for track in file.tracks for message in track]
    signature = next((m for m in events if m.type == "time_signature"), None)
    metre = (signature.numerator, signature.denominator) if signature else (4, 4)
    compound = metre[1] == 8 and metre[0] % 3 == 0
    beat = file.ticks_per_beat * 4 / metre[1] * (3 if compound else 1)
    tempos = sorted(_tempos(file))
    middle = [tempo for at, tempo in tempos if at <= (tempos[-1][0] if tempos else 0) / 2]
    pace = 60e6 / (middle[-1] if middle else 500_000) * file.ticks_per_beat / beat
    lines: dict[str, HeardLine] = {}
    programs: dict[str, tuple[int, ...]] = {}
    for track in file.tracks:
        if line := _line(track, beat):
            role = track.name.partition(":")[0].strip().lower()
            lines[role] = line
            programs[role] = tuple({m.program for m in track if m.type == "program_change"})
    return HeardStyle(metre, pace, lines, programs)


def _tempos(file: MidiFile) -> list[tuple[int, int]]:
    found = []
    for track in file.tracks:
        now = 0
        for message in track:
            now += message.time
            if message.type == "set_tempo":
                found.append((now, message.tempo))
    return found


def _line(track: MidiTrack, beat: float) -> HeardLine | None:
    now, held = 0, dict[int, tuple[int, int]]()
    rows: list[tuple[float, float, int, int]] = []
    for message in track:
        now += message.time
        if message.type == "note_on" and message.velocity:
            held[message.note] = now, message.velocity
        elif message.type in ("note_on", "note_off") and message.note in held:
            start, velocity = held.pop(message.note)
            rows.append((start / beat, (now - start) / beat, message.note, velocity))
    if not rows:
        return None
    columns = np.array(sorted(rows), dtype=np.float64).T
    return HeardLine(*columns)
