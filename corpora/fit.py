"""The weights of the MIDI reader, fitted on the halves of the data that `corpora.measure` leaves.

Prints the constants of `corpora.read.midi`'s modules: `python -m corpora.fit --pop909 DIR
--openewld DIR --archive DIR`, a minute on one core. Every model is one conditional logit
(McFadden 1974): of some alternatives, each with features, one or more are right.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from corpora.errors import Unreadable
from corpora.measure import FAMILIES, Song, family, files, held_out, songs, written_key
from corpora.read import midi
from corpora.read.leadsheets import lead_sheets
from corpora.read.midi import beats, chords, key, labels, melody
from corpora.read.midi.parse import parse, seconds_to_quarters
from corpora.tune import Tune
from theory.scale import Key
from theory.timed import TimedChord


@dataclass(frozen=True, slots=True)
class Choice:
    """Alternatives (rows of features), which of them are right, and the choice's weight."""

    features: np.ndarray
    right: np.ndarray
    weight: float = 1.0


def logit(choices: Sequence[Choice], penalty: float) -> np.ndarray:
    """The weights of greatest mean likelihood, less `penalty` times their squares."""
    from scipy.optimize import minimize

    most = max(len(each.right) for each in choices)
    seen = np.zeros((len(choices), most, choices[0].features.shape[1]))
    right = np.zeros((len(choices), most))
    bar = np.full((len(choices), most), -1e9)
    for row, each in enumerate(choices):
        size = len(each.right)
        seen[row, :size], right[row, :size], bar[row, :size] = each.features, each.right, 0
    weight = np.array([each.weight for each in choices])
    weight = (weight / weight.sum())[:, None]

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        worth = seen @ values + bar
        odds = np.exp(worth - worth.max(1, keepdims=True))
        odds /= odds.sum(1, keepdims=True)
        hit = (odds * right).sum(1, keepdims=True) + 1e-12
        slope = np.einsum("ra,raf->f", weight * (odds - odds * right / hit), seen)
        value = -float((weight * np.log(hit)).sum()) + penalty * float(values @ values)
        return value, slope + 2 * penalty * values

    return np.asarray(minimize(loss, np.zeros(seen.shape[2]), jac=True).x)


def barlines(kept: Sequence[Song]) -> tuple[np.ndarray, np.ndarray]:
    """Weights, then the bias, of beats among half-beats and of downbeats among beats."""
    beat: list[Choice] = []
    down: list[Choice] = []
    for song in kept:
        rows = np.loadtxt(song.folder / labels.BEATS)
        place = seconds_to_quarters(song.score.tempos, rows[:, 0])
        given = labels.barlines(song.folder, song.score)
        if given is None:
            continue
        shift = place[0] % 0.5
        seen = beats.features(song.notes, shift)
        seen = np.append(seen, np.ones((len(seen), 1)), axis=1)
        at = np.round((place - shift) * beats.HALVES).astype(int)
        firsts = set(np.round((given.starts - shift) * beats.HALVES).astype(int).tolist())
        on = set(at.tolist())
        for half in range(at[0], min(len(seen), at[-1] + 1)):
            pair = np.stack([seen[half], np.zeros(seen.shape[1])])
            is_beat, is_down = half in on, half in firsts
            beat.append(Choice(pair, np.array([is_beat, not is_beat])))
            if is_beat:
                down.append(Choice(pair, np.array([is_down, not is_down])))
    return logit(beat, 1e-6), logit(down, 1e-6)


def tracks(kept: Sequence[Song], archive: Sequence[Path]) -> np.ndarray:
    """The weights of a melody's features, names hidden; the archive counts for two thirds."""
    found = []
    for song in kept:
        able = melody.candidates(song.score)
        right = np.array([track.name == "MELODY" for track in able])
        found.append(Choice(melody.features(able, song.score), right, 1 / len(kept)))
    named = []
    for path in archive:
        try:
            score = parse(path.read_bytes())
        except Unreadable:
            continue
        able = melody.candidates(score)
        names = melody.by_name(able, score.tracks)
        if len(able) > 1 and names and not held_out(path):
            right = np.array([any(track is name for name in names) for track in able])
            named.append((melody.features(able, score), right))
    found += [Choice(seen, right, 2 / len(named)) for seen, right in named]
    return logit(found, 2e-3 / 3)


def keys(kept: Sequence[Song], sheets: Sequence[Tune]) -> np.ndarray:
    """The major and the minor profile and minor's bias; POP909 counts for two thirds.

    OpenEWLD's files say major even where a tune is minor: of them only the signature is believed.
    """
    found = []
    for song in kept:
        tonic, minor = written_key(song.folder)
        right = np.arange(24) == tonic + 12 * minor
        found.append(Choice(_keys(midi.chroma(song.notes)), right, 2 / len(kept)))
    for sheet in sheets:
        tonic = 7 * sheet.key.signature % 12
        right = np.isin(np.arange(24), (tonic, 12 + (tonic + 9) % 12))
        found.append(Choice(_keys(midi.sheet_chroma(sheet)), right, 1 / len(sheets)))
    return logit(found, 1e-4)


def _keys(chroma: np.ndarray) -> np.ndarray:
    """Features (24 keys, 25): the shares above the tonic in the mode's half, and minor's one."""
    turned = np.stack([np.roll(chroma / chroma.sum(), -tonic) for tonic in range(12)])
    seen = np.zeros((24, 25))
    seen[:12, :12], seen[12:, 12:24], seen[12:, 24] = turned, turned, 1
    return seen


def harmony(
    kept: Sequence[Song], sheets: Sequence[Tune]
) -> tuple[dict[str, float], dict[str, np.ndarray], np.ndarray]:
    """POP909's shares of qualities; the degrees of families and the motions of roots, in
    thousandths, as the mean of both collections."""
    qualities = dict.fromkeys(chords.HEARD, 0.0)
    degrees = np.zeros((2, len(FAMILIES), 12))
    motions = np.zeros((2, 12))
    for place, (home, rows) in _chords(kept, sheets):
        for each in rows:
            kind = FAMILIES.index(family(each.chord.quality))
            above = (each.chord.root.chroma - 7 * home.signature) % 12
            degrees[place, kind, above] += each.end - each.start
            if place == 0 and each.chord.quality.name in qualities:
                qualities[each.chord.quality.name] += each.end - each.start
        for one, other in pairwise(rows):
            motion = (other.chord.root.chroma - one.chord.root.chroma) % 12
            if motion or family(one.chord.quality) != family(other.chord.quality):
                motions[place, motion] += 1
    degrees /= degrees.sum((1, 2), keepdims=True)
    motions /= motions.sum(1, keepdims=True)
    whole = sum(qualities.values())
    shares = {name: ticks / whole for name, ticks in qualities.items()}
    mean = 1000 * degrees.mean(0)
    return shares, dict(zip(FAMILIES, mean, strict=True)), 1000 * motions.mean(0)


def _chords(
    kept: Sequence[Song], sheets: Sequence[Tune]
) -> Iterator[tuple[int, tuple[Key, Sequence[TimedChord]]]]:
    for song in kept:
        found = key.estimate(midi.chroma(song.notes))
        given = labels.barlines(song.folder, song.score)
        if given is not None:
            yield 0, (found, labels.chords(song.folder, song.score, given, found))
    for sheet in sheets:
        yield 1, (sheet.key, sheet.chords)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Fit the weights of the MIDI reader.")
    for name in ("pop909", "openewld", "archive"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args(arguments)
    kept = [song for song in songs(given.pop909) if not song.held_out]
    sheets = [each for each in lead_sheets(given.openewld) if not held_out(Path(each.source))]
    beat, down = barlines(kept)
    shares, degrees, motions = harmony(kept, sheets)
    for name, values in (
        ("bars.BEAT and its bias", beat),
        ("bars.DOWN and its bias", down),
        ("melody.WEIGHTS", tracks(kept, files(given.archive))),
        ("key.PROFILES and BIAS", keys(kept, sheets)),
        ("chords.HEARD", np.array(list(shares.values()))),
        *((f"chords.DEGREES {name}", row) for name, row in degrees.items()),
        ("chords.MOTIONS", motions),
    ):
        print(name, *(f"{value:.3g}" for value in values))


if __name__ == "__main__":
    main()
