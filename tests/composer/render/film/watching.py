"""A film as somebody sees and hears it: read off the finished file, held against the MIDI file.

What is due when is read off the MIDI file by mido, and not by the code that drew the film; only
where on the screen things are is the film's own word.
"""

import copy
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import av
import mido
import numpy as np

from composer.render.film.film import Film
from composer.render.film.look import (
    ABOVE,
    BETWEEN,
    CROSSING,
    LIT,
    PLAYHEAD,
    RATE,
    RESTING,
    ROLL,
    STEP,
)
from composer.render.film.panels import HEAD, ROW
from composer.render.film.scene import MOST, ShownRule
from composer.render.timeline import HeardNote

NEAR = 8  # frames before and after its due one in which a change is looked for
QUIET = 0.4  # seconds of rest after which a rule's light is seen to rise
BESIDE = 3  # px beside the roll's line that its colour reaches
SAMPLES = 44_100


@dataclass(frozen=True)
class Seen:
    """The frames' times in seconds; strips beside the roll's line, (frames, height, width, 3);
    edges of the panel's rows, (frames, rows); and some whole frames by number."""

    times: np.ndarray
    strips: np.ndarray
    edges: np.ndarray
    whole: dict[int, np.ndarray]

    @property
    def end(self) -> float:
        """Until when there are frames enough to look for a change in."""
        return float(self.times[-1]) - NEAR / RATE


def watch(data: bytes, film: Film, wanted: set[int]) -> Seen:
    """Decode an MP4 file's pictures."""
    edge = ABOVE[2] - film.panel.width
    rows = [ABOVE[1] + HEAD + number * ROW for number in range(MOST)]
    times, strips, edges, whole = [], [], [], {}
    with av.open(io.BytesIO(data)) as file:
        for number, frame in enumerate(file.decode(video=0)):
            image = frame.to_ndarray(format="rgb24")
            times.append(float(frame.pts * frame.time_base))
            strips.append(image[ROLL[1] : ROLL[3], PLAYHEAD + BESIDE : PLAYHEAD + 60].copy())
            edges.append([image[top + 8 : top + 46, edge : edge + 3].mean() for top in rows])
            if number in wanted:
                whole[number] = image
    return Seen(np.array(times), np.array(strips), np.array(edges), whole)


def listen(data: bytes) -> np.ndarray:
    """The sound of an MP4 file as a player plays it, each sample in its place: (2, n)."""
    with av.open(io.BytesIO(data)) as file:
        blocks = [(float(f.pts * f.time_base), f.to_ndarray()) for f in file.decode(audio=0)]
    end = max(round(time * SAMPLES) + block.shape[1] for time, block in blocks)
    sound = np.zeros((2, end), np.float32)
    for time, block in blocks:
        start = round(time * SAMPLES)
        skipped = max(0, -start)
        sound[:, start + skipped : start + block.shape[1]] = block[:, skipped:]
    return sound


def lag(one: np.ndarray, other: np.ndarray, at: float, long: float = 1.5) -> int:
    """By how many samples `other` is late against `one`, about a second of the piece."""
    begin, count = round((at - long / 2) * SAMPLES), round(long * SAMPLES)
    begin = max(0, min(begin, min(one.shape[1], other.shape[1]) - count))
    first, second = (each[:, begin : begin + count].sum(axis=0) for each in (one, other))
    size = 2 * count
    crossed = np.fft.irfft(np.fft.rfft(second, size) * np.conj(np.fft.rfft(first, size)), size)
    place = int(np.argmax(crossed))
    return place if place < count else place - size


def strokes(midi: bytes) -> dict[str, list[tuple[float, int]]]:
    """By track, when which key is struck, in seconds."""
    file = mido.MidiFile(file=io.BytesIO(midi))
    tempi = tempo_map(file)
    found: dict[str, list[tuple[float, int]]] = {}
    for track in file.tracks[1:]:
        now, rows = 0, []
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity:
                rows.append((second(tempi, file.ticks_per_beat, now), message.note))
        found[f"{len(found)}"] = rows
    return found


def tempo_map(file: mido.MidiFile) -> list[tuple[int, int]]:
    now, found = 0, [(0, 500_000)]
    for message in file.tracks[0]:
        now += message.time
        if message.type == "set_tempo":
            found.append((now, message.tempo))
    return found


def second(tempi: Sequence[tuple[int, int]], division: int, pulse: float) -> float:
    """When a pulse falls, by adding up every stretch of one tempo."""
    total = 0.0
    for (start, tempo), (end, _) in pairwise([*tempi, (10**12, 0)]):
        if pulse <= start:
            break
        total += (min(pulse, end) - start) * tempo / division / 1e6
    return total


def lit_late(film: Film, seen: Seen, midi: bytes) -> np.ndarray:
    """For every note of the melody, by how many seconds it lights up after it is struck."""
    due = {number: sorted(time for time, _ in rows) for number, rows in strokes(midi).items()}
    late = []
    resting, lit = (np.array(colours["melody"], float) for colours in (RESTING, LIT))
    for note, (left, top, right, bottom) in zip(film.notes, film.roll.boxes, strict=True):
        if note.role != "melody" or note.start > seen.end:
            continue
        times = due[str(note.part)]
        stroke = min(times, key=lambda time: abs(time - note.start))
        middle = int(stroke * RATE)
        shown = []
        for number in range(max(0, middle - NEAR), min(len(seen.times), middle + NEAR + 1)):
            begin = max(0, left + 1 - number * STEP - PLAYHEAD - BESIDE)
            end = right - 1 - number * STEP - PLAYHEAD - BESIDE
            if end - begin < 4 or begin >= 50:
                continue
            part = seen.strips[number][top:bottom, begin : min(end, 57)]
            colour = part.reshape(-1, 3).mean(axis=0)
            if np.abs(colour - lit).sum() < np.abs(colour - resting).sum():
                shown.append(seen.times[number])
        if shown:
            late.append(shown[0] - stroke)
    return np.array(late)


def rule_late(film: Film, seen: Seen, midi: bytes) -> np.ndarray:
    """For every note that lights a rule again after a while, by how much later that is seen."""
    due = strokes(midi)
    late = []
    # Before the first frame all is dark.
    dark = np.vstack([seen.edges.min(axis=0), seen.edges])
    for part, rules in zip(film.scene.shots, film.scene.rules, strict=True):
        # Until then its rules give way to those before.
        settled = part.start and part.start + CROSSING + NEAR / RATE
        for row, note, over in again(film, rules):
            times = [time for time, _ in due[str(note.part)]]
            stroke = min(times, key=lambda time: abs(time - note.start))
            last = min(seen.end, part.end - NEAR / RATE)
            if settled <= stroke < last and stroke > over + QUIET:
                first = max(0, int(stroke * RATE) - NEAR)
                course = dark[first : first + 2 * NEAR, row]
                late.append(seen.times[first + int(np.argmax(np.diff(course)))] - stroke)
    return np.array(late)


def again(film: Film, rules: Sequence[ShownRule]) -> Iterator[tuple[int, HeardNote, float]]:
    """Each note of each rule: the rule's row, the note, and when the ones before it were over."""
    for row, rule in enumerate(rules):
        over = -1.0
        for note in sorted((film.notes[number] for number in rule.notes), key=lambda n: n.start):
            yield row, note, over
            over = max(over, note.end)


def crossings(film: Film, midi: bytes, ticks: Sequence[int], scale: int) -> dict[int, float]:
    """By the number of a section that another region is lit in, when it begins.

    ticks: where sections begin; scale: pulses a tick.
    """
    file = mido.MidiFile(file=io.BytesIO(midi))
    tempi = tempo_map(file)
    return {
        number: second(tempi, file.ticks_per_beat, tick * scale)
        for number, tick in enumerate(ticks)
        if number and film.camera.shots[number].region != film.camera.shots[number - 1].region
    }


def around(start: float) -> range:
    """The frames about a section's start, from before it to after the crossing."""
    return range(int(start * RATE) - 6, int((start + CROSSING) * RATE) + 6)


def crossed(film: Film, seen: Seen, number: int, start: float) -> tuple[float, float, float]:
    """How much of the new region's light is there before the section and after the crossing, 0 to
    1, and by how many seconds the half of it is late."""
    camera = film.camera
    wide, tall = camera.size
    left = ABOVE[0] + (ABOVE[2] - film.panel.width - BETWEEN - ABOVE[0] - wide) // 2
    top = ABOVE[1] + (ABOVE[3] - ABOVE[1] - tall) // 2
    old, new = camera.shots[number - 1].region, camera.shots[number].region
    shares = []
    for each in around(start):
        states = []
        for region in (old, new):
            still = copy.copy(camera)
            still.shots = tuple(replace(part, region=region) for part in camera.shots)
            light = float(film.all[each]), float(film.melody[each])
            states.append(still.frame(each / RATE, *light).astype(float))
        found = seen.whole[each][top : top + tall, left : left + wide].astype(float)
        way = states[1] - states[0]
        shares.append(float(((found - states[0]) * way).sum() / (way**2).sum()))
    times = np.array([seen.times[each] for each in around(start)])
    course = np.array(shares)
    half = float(np.interp(0.5, course, times))
    before = course[times < start]
    return float(np.abs(before).max()), float(course[-1]), half - (start + CROSSING / 2)
