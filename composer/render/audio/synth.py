"""A MIDI file as sound, by the samples of a SoundFont: each key's tone once, then struck and mixed.

Our own, for symusic's synthesiser (0.5.9) repeats samples at a wrong pitch and takes no notice of
velocity, volume, pan, pedal, decay and release. Pitch, loops, envelopes, filter and levels are the
specification's; FluidSynth is what the tests hold them against, and may play where it is installed.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from composer.errors import UserError
from composer.render.audio.coding import RATE
from composer.render.audio.soundfont import KIT, Sample, SampleLayer, SoundFont

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from composer.render.audio.coding import Samples

VOLUME, PAN, EXPRESSION = 7, 10, 11  # controllers
# Where they stand until a file says otherwise (General MIDI).
STANDING: Mapping[int, int] = MappingProxyType({VOLUME: 100, PAN: 64, EXPRESSION: 127})
OPEN = 19_000.0  # Hz from which a low-pass filter takes nothing away that is heard
FLOOR = 60.0  # dB of a release that are played
LONGEST = 4.0  # seconds that a release is given at most
FADE = 0.004  # seconds in which a tone ends, so that it does not click
BLOCK = 1 << 15  # samples that are worked at together
GLIDE = 0.02  # seconds in which a controller moves to where it is put
# Velocities at and under which a tone is as dark as it gets, and from which it is as recorded; the
# dark one's low-pass filter is so many times as high as its pitch, and this high at least, in Hz.
SOFT, HARD = 30, 105
DARK, DARKEST = 4.0, 900.0
# A player's vibrato, of bows, voices, brass and winds that have one by custom (General MIDI's
# numbers), where the SoundFont says nothing: it begins late, so that short notes have none.
VIBRATING = frozenset({*range(40, 44), *range(52, 55), 56, 57, *range(64, 71), 72, 73, 75})
LATE, GROWING = 0.35, 0.5  # seconds after which it begins, and in which it grows
RATE_OF_VIBRATO, DEPTH = 5.6, 9.0  # Hz; cents to either side


@dataclass(frozen=True, slots=True)
class HeldNote:
    """A note: its start and how long key or pedal hold it, in seconds; key; velocity (1–127)."""

    start: float
    length: float
    key: int
    velocity: int


@dataclass(frozen=True, slots=True)
class KeyTone:
    """A key's sound while it is held, shape (2, n), struck hard and, where its SoundFont has no
    other sound for that, struck softly; and the factors by which it then dies away."""

    held: Samples
    soft: Samples | None
    release: Samples

    def struck(self, velocity: int, count: int) -> Samples:
        """The first samples as a velocity has them: as bright as it is loud, and 12 dB louder for
        twice of it (General MIDI)."""
        loudness = (velocity / 127) ** 2
        hard = min(1.0, max(0.0, (velocity - SOFT) / (HARD - SOFT)))
        if self.soft is None or hard == 1:
            return self.held[:, :count] * np.float32(loudness)
        bright = self.held[:, :count] * np.float32(loudness * hard)
        bright += self.soft[:, :count] * np.float32(loudness * (1 - hard))
        return bright


def by_samples(midi: bytes, soundfont: Path) -> Samples:
    """A MIDI file's sound, shape (2, n) at RATE, till the last tone has died away.

    1 is full scale, and may be passed. Raises UserError for a file that is no SoundFont.
    """
    import symusic

    font = SoundFont(soundfont)
    score = symusic.Score.from_midi(midi).to("second")
    mixed: Samples = np.zeros((2, 1), np.float32)
    for track in score.tracks:
        shorter, longer = sorted((mixed, _part(font, track)), key=lambda line: line.shape[1])
        longer[:, : shorter.shape[1]] += shorter
        mixed = longer
    return mixed


def _part(font: SoundFont, track: Any) -> Samples:
    """A track's sound at its volume and in its place, shape (2, n)."""
    bank, program = (KIT, 0) if track.is_drum else (0, track.program)
    groups: dict[tuple[int, tuple[SampleLayer, ...]], list[HeldNote]] = {}
    for note in _held(track):
        layers = font.layers(bank, program, note.key, note.velocity)
        groups.setdefault((note.key, layers), []).append(note)
    rows: list[tuple[int, HeldNote, KeyTone]] = []
    vibrato = DEPTH if not track.is_drum and program in VIBRATING else 0.0
    for (key, layers), notes in groups.items():
        if layers:
            tone = _tone(font, layers, max(note.length for note in notes), vibrato)
            if not track.is_drum and _alike(font, program, key):
                tone = replace(tone, soft=_darkened(tone.held, key))
            rows += [(round(note.start * RATE), note, tone) for note in notes]
    end = max((at + _length(note, tone) for at, note, tone in rows), default=1)
    line: Samples = np.zeros((2, end), np.float32)
    for at, note, tone in sorted(rows, key=lambda row: (row[0], row[1].key)):
        held = round(note.length * RATE)
        sound = tone.struck(note.velocity, held + len(tone.release))
        rest = sound[:, held:]
        rest *= tone.release[: rest.shape[1]]
        line[:, at : at + sound.shape[1]] += sound
    return _placed(line, track.controls)


def _held(track: Any) -> tuple[HeldNote, ...]:
    """The notes of a track, held on where the pedal is down as the key is let go."""
    pedals = [(pedal.time, pedal.time + pedal.duration) for pedal in track.pedals]
    found = []
    for note in track.notes:
        end = note.time + note.duration
        end = next((up for down, up in pedals if down <= end < up), end)
        found.append(HeldNote(note.time, end - note.time, note.pitch, note.velocity))
    return tuple(found)


def _length(note: HeldNote, tone: KeyTone) -> int:
    return min(int(tone.held.shape[1]), round(note.length * RATE) + len(tone.release))


def _alike(font: SoundFont, program: int, key: int) -> bool:
    """Is a key the same sound at any velocity, but for its loudness?"""
    return font.layers(0, program, key, SOFT) == font.layers(0, program, key, HARD)


def _darkened(held: Samples, key: int) -> Samples:
    """A tone as it is when struck softly: its overtones weaker, the more so the higher they are."""
    from scipy import signal

    cutoff = min(OPEN, max(DARKEST, DARK * 440 * 2 ** ((key - 69) / 12)))
    # A filter of one pole, by the bilinear transform.
    wide = np.tan(np.pi * cutoff / RATE)
    rising, falling = (np.asarray(row, np.float32) for row in ([wide, wide], [wide + 1, wide - 1]))
    return np.asarray(signal.lfilter(rising, falling, held, axis=1), np.float32)


def _tone(
    font: SoundFont, layers: Sequence[SampleLayer], longest: float, vibrato: float
) -> KeyTone:
    """The layers over each other, as long as the longest note and its release need them.

    vibrato: cents to either side, for those layers that say nothing of their own.
    """
    slowest = max(layers, key=lambda layer: layer.release)
    release = _release(slowest.release)
    count = round(longest * RATE) + len(release) + 1
    held: Samples = np.zeros((2, count), np.float32)
    for layer in layers:
        sound = _voice(font.sample(layer.number), layer, count, vibrato)
        angle = (layer.pan + 0.5) * np.pi / 2
        held[0, : len(sound)] += sound * np.float32(np.cos(angle))
        held[1, : len(sound)] += sound * np.float32(np.sin(angle))
    return KeyTone(held, None, release)


def _voice(sample: Sample, layer: SampleLayer, count: int, vibrato: float) -> Samples:
    """One layer's sound while its key is held, shape (n,), n at most `count`."""
    wave, last, pace = sample.wave, sample.last, layer.step / RATE
    loops = layer.loops and last > sample.first
    turn = last - sample.first
    if loops:
        # What follows the loop's end is its beginning.
        wave = np.concatenate([wave[:last], wave[sample.first + np.arange(4) % turn]])
    else:
        count = _steps_below(len(wave) - 1, pace, count)
    padded = np.concatenate([wave[:1], wave, wave[-1:], wave[-1:]])
    sound: Samples = np.empty(count, np.float32)
    for block in _blocks(count):
        places = np.arange(block.start, block.stop) * pace
        if loops:
            places += pace * _swaying(layer, vibrato, block)
            places = np.where(places < last, places, sample.first + (places - sample.first) % turn)
        sound[block] = _between(padded, places)
    if layer.cutoff < OPEN:
        from scipy import signal

        sound = np.asarray(signal.sosfilt(_lowpass(layer.cutoff), sound), np.float32)
    for block in _blocks(count):
        sound[block] *= _envelope(layer, block)
    return sound


@lru_cache(maxsize=256)
def _lowpass(cutoff: float) -> NDArray[np.float64]:
    """The specification's filter, of two poles, as a section that scipy takes."""
    from scipy import signal

    return np.asarray(signal.butter(2, cutoff, fs=RATE, output="sos"))


def _swaying(layer: SampleLayer, vibrato: float, block: slice) -> NDArray[np.float64] | float:
    """How many samples ahead of an even tone one with vibrato is: the layer's own, from the
    specification's oscillator, or else a player's, which grows."""
    depth, rate, late, growing = vibrato, RATE_OF_VIBRATO, LATE, GROWING
    if layer.vibrato:
        depth, rate, late, growing = layer.vibrato, layer.vibrato_rate, layer.vibrato_delay, 0.01
    if not depth or block.stop <= late * RATE:
        return 0.0
    return _sway(depth, rate, late, growing, block.start)[: block.stop - block.start]


@lru_cache(maxsize=64)
def _sway(depth: float, rate: float, late: float, growing: float, begin: int) -> NDArray[Any]:
    """`_swaying` for BLOCK samples from `begin` on, which all tones of a part have alike."""
    since = np.arange(begin, begin + BLOCK) / RATE - late
    turning = 2 * np.pi * rate
    # Its slope is the share by which the pitch is higher: `depth` cents times a sine.
    most = depth * np.log(2) / 1200 / turning * RATE
    return np.asarray(-most * np.clip(since / growing, 0, 1) * np.cos(turning * since))


def _blocks(count: int) -> Iterator[slice]:
    """A line of samples in parts that a processor's cache holds."""
    return (slice(begin, min(begin + BLOCK, count)) for begin in range(0, count, BLOCK))


def _steps_below(limit: float, pace: float, most: int) -> int:
    """How many of 0, pace, 2 · pace … lie below a limit, of so many at most."""
    count = max(0, min(most, int(limit / pace)))
    while count < most and count * pace < limit:
        count += 1
    while count and (count - 1) * pace >= limit:
        count -= 1
    return count


def _between(padded: Samples, places: NDArray[np.floating[Any]]) -> Samples:
    """A wave between its samples, through the four next to each place (Catmull and Rom).

    padded: the wave with its first sample once more before it, its last twice more behind it.
    """
    whole = places.astype(np.int32)
    part = (places - whole).astype(np.float32)
    before, here, there, after = (padded[whole + shift] for shift in range(4))
    curve = (
        there
        - before
        + part
        * (2 * before - 5 * here + 4 * there - after + part * (3 * (here - there) + after - before))
    )
    return np.asarray(here + np.float32(0.5) * part * curve, np.float32)


def _envelope(layer: SampleLayer, block: slice) -> Samples:
    """Attack in a straight line, then decay in decibels down to the layer's sustain: the factors
    for these samples from where the key is struck."""
    samples: Samples = np.arange(block.start, block.stop, dtype=np.float32)
    since = samples / np.float32(RATE) - np.float32(layer.delay)
    shape = np.clip(since / np.float32(max(layer.attack, 1 / RATE)), 0, 1)
    if layer.sustain:
        fall = (since - np.float32(layer.attack + layer.hold)) * np.float32(100 / layer.decay)
        shape *= _linear(-np.clip(fall, 0, np.float32(layer.sustain)))
    return np.asarray(shape * np.float32(layer.gain), np.float32)


def _release(release: float) -> Samples:
    """The factors by which a tone dies away after its key is let go, to silence.

    release: seconds for each 100 dB.
    """
    seconds = min(LONGEST, max(FADE, release * FLOOR / 100))
    fall = np.arange(round(seconds * RATE), dtype=np.float32) * np.float32(100 / (release * RATE))
    faded = _linear(-fall)
    last = round(FADE * RATE)
    faded[-last:] *= np.linspace(1, 0, last, dtype=np.float32)
    return faded


def _placed(line: Samples, controls: Sequence[Any]) -> Samples:
    """A part's sound at its volume and in its place, equally strong everywhere; `line` is changed
    in place."""
    volume, swell, pan = (_course(controls, number) for number in (VOLUME, EXPRESSION, PAN))
    for block in _blocks(line.shape[1]):
        loud = (volume(block) / 127 * swell(block) / 127) ** 2
        # General MIDI's middle is 64; 0 and 1 are both at the left.
        angle = np.clip((pan(block) - 1) / 126, 0, 1) * (np.pi / 2)
        sides = np.asarray([np.cos(angle), np.sin(angle)]) * np.sqrt(2)
        line[:, block] = line[:, block] * (loud * sides)
    return line


def _course(controls: Sequence[Any], number: int) -> Callable[[slice], NDArray[np.float32]]:
    """A controller's value at each of some samples; of one that never moves that alone, (1,)."""
    moves = [(one.time, one.value) for one in controls if one.number == number]
    times, values = [0.0], [float(moves[0][1] if moves else STANDING[number])]
    for time, value in moves:
        if value != values[-1]:
            times += [max(time, times[-1]), max(time, times[-1]) + GLIDE]
            values += [values[-1], float(value)]
    if len(values) == 1:
        still = np.asarray(values, np.float32)
        return lambda block: still

    def moving(block: slice) -> NDArray[np.float32]:
        seconds = np.arange(block.start, block.stop) / RATE
        return np.interp(seconds, times, values).astype(np.float32)

    return moving


def _linear(decibels: NDArray[np.floating[Any]]) -> Samples:
    return np.asarray(np.exp(decibels * np.float32(np.log(10) / 20)), np.float32)


FLUIDSYNTH = "fluidsynth"  # a program, not a library
GAIN = "0.4"  # leaves room above: what is too soft is made louder later, what is cut off is lost
SHORT = 0.05  # seconds that a player may stop before the last key is let go
OTHERWISE = "Try without --synth fluidsynth."
FULL = f"The disk of temporary files may be full: set TMPDIR to a roomier folder. {OTHERWISE}"
SILENT: float = 10 ** (-75 / 20)  # below this nothing is heard


def check_fluidsynth() -> None:
    """Raises UserError, with what to install, where FluidSynth is not there."""
    if shutil.which(FLUIDSYNTH) is None:
        raise UserError(
            "FluidSynth is not installed.",
            "On Debian or Ubuntu run: sudo apt install fluidsynth; on macOS: brew install "
            "fluid-synth. Or leave out --synth fluidsynth.",
        )


def by_fluidsynth(midi: bytes, soundfont: Path) -> Samples:
    """A MIDI file's sound, shape (2, n) at RATE, by FluidSynth, with its own room.

    Raises UserError where FluidSynth refuses, with its words, and where it did not play to the end,
    which it keeps to itself.
    """
    import soundfile
    import symusic

    try:
        with tempfile.TemporaryDirectory() as folder:
            score, sound = Path(folder) / "piece.mid", Path(folder) / "piece.wav"
            score.write_bytes(midi)
            options = ["-ni", "-q", "-g", GAIN, "-r", str(RATE), "-O", "float", "-F", str(sound)]
            # Absolute, for what begins with a hyphen would be an option.
            command = [FLUIDSYNTH, *options, str(soundfont.absolute()), str(score)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode or not sound.is_file():
                said = (done.stderr or done.stdout).strip().splitlines()
                raise UserError(
                    f"FluidSynth failed: {said[-1] if said else 'it said nothing'}.", OTHERWISE
                )
            samples = np.asarray(soundfile.read(sound, dtype="float32", always_2d=True)[0].T)
    except OSError as error:
        raise UserError(
            f"FluidSynth's files cannot be written to {tempfile.gettempdir()}: {error.strerror}.",
            OTHERWISE,
        ) from None
    except soundfile.LibsndfileError:
        raise UserError("FluidSynth wrote no sound that can be read.", FULL) from None
    heard, due = samples.shape[1] / RATE, symusic.Score.from_midi(midi).to("second").end()
    if heard < due - SHORT:
        raise UserError(f"FluidSynth played {heard:.0f} of {due:.0f} seconds.", FULL)
    loud = np.flatnonzero(np.abs(samples).max(axis=0) > SILENT)
    return samples[:, : loud[-1] + 1] if len(loud) else samples[:, :1]
