"""`make bench`: how long things take on the machine at hand, as ratios within one run.

Whole processes are timed against the imports that they cannot do without, in turn, so that a slow
moment of the machine falls on both. Medians are printed, with the aim beside each.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

RUNS = 7
PYTHON = sys.executable
# Libraries come with their byte code; ours is kept too, whatever the shell says.
CACHED = {name: v for name, v in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
COMPOSE = str(Path(PYTHON).with_name("compose"))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "x.mid")
        compose = [COMPOSE, "sample:china", "--melody", "rules", "-o", out]
        _versus("compose sample:china -o x.mid", compose, "import cv2, numpy", 3.8)
        learned = [COMPOSE, "sample:china", "-o", out]
        _versus("compose, melody by the network", learned, "import cv2, numpy", 9)
        _versus("compose --help", [COMPOSE, "--help"], "import click", 3)
        print(f"peak memory of a compose, rules: {_peak(compose):.0f} MB")
        print(f"the same, melody by the network: {_peak(learned):.0f} MB; aim under 200")
        _album(Path(folder))
        _film(Path(folder))
    _inside()


def _album(folder: Path, pictures: int = 16) -> None:
    """Many pictures in one process against two, in turn."""
    import cv2

    from tests.pictures import varied

    sources = []
    for number, (_, pixels) in enumerate(varied(pictures)):
        sources.append(str(folder / f"{number}.png"))
        cv2.imwrite(sources[-1], pixels)
    command = [COMPOSE, *sources, "--melody", "rules", "-o", f"{folder}/album/"]
    one, two = ([*command, "--jobs", jobs] for jobs in ("1", "2"))
    times = [(_run(one), _run(two)) for _ in range(3)]
    ratio = statistics.median(a / b for a, b in times)
    print(
        f"an album of {pictures} pictures: {statistics.median(a for a, _ in times):.1f} s, in two "
        f"processes {ratio:.2f} times as fast; aim at least 1.7 on two processors"
    )


def _film(folder: Path) -> None:
    """A whole film, scaled to half a minute of it."""
    import av

    path = folder / "x.mp4"
    took = _run([COMPOSE, "sample:china", "--melody", "rules", "-o", str(path)])
    with av.open(str(path)) as file:
        lasts = file.duration / 1_000_000
    print(f"30 seconds of film: {30 * took / lasts:.1f} s; aim under 60")


def _versus(name: str, command: Sequence[str], imports: str, aim: float) -> None:
    baseline = [PYTHON, "-c", imports]
    ours, theirs = [], []
    _run(command), _run(baseline)  # the first run writes the byte code that the others load
    for _ in range(RUNS):
        ours.append(_run(command))
        theirs.append(_run(baseline))
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    print(
        f"{name}: {statistics.median(ours):.3f} s, "
        f"{ratio:.2f} times `python -c '{imports}'` "
        f"({statistics.median(theirs):.3f} s); aim at most {aim}"
    )


def _run(command: Sequence[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=CACHED)
    return time.perf_counter() - start


def _peak(command: Sequence[str]) -> float:
    """Megabytes of the largest resident set of the command's process."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss / 1024


def _inside() -> None:
    """Timings within one warm process."""
    import numpy as np

    from analysis.picture.analyse import analyse
    from analysis.picture.decode import reduce
    from analysis.picture.load import load
    from composer import compose
    from theory.chord import Chord
    from theory.scale import Key
    from theory.voices.frame import lead

    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (75, 100, 3), np.uint8)
    photograph = np.repeat(np.repeat(coarse, 40, axis=0), 40, axis=1)
    # What is done with a file once it is decoded: of a file, its own few bytes are hashed and not
    # its pixels, as they are where there is no file.
    picture = load(photograph, "bench")
    _timed(
        "analysis of a 12-megapixel picture after decoding",
        lambda: analyse(replace(picture, pixels=reduce(photograph))),
        60,
    )
    pattern = ["I", "vi", "ii65", "V7", "I", "IV", "V", "vi"]
    key = Key.of("C", "ionian")
    for count in (32, 64, 128, 256):
        row = [Chord.parse(roman, key) for roman in pattern * (count // len(pattern))]
        _timed(
            f"voice leading of {count} chords",
            lambda row=row: lead(row),
            20 * count / 32,
        )
    for notes in (32, 64, 128, 256):
        for phrases in (notes // 16, 1):
            _timed(
                f"reachability and {notes} notes of rule-sung melody, phrases: {phrases}",
                lambda notes=notes, phrases=phrases: _sing(phrases, notes // 4 // phrases),
                60 * notes / 64,
            )
    _sound()
    _timed("one whole composition, rules", lambda: compose("sample:china", melody="rules"), 250)
    _rules()
    # 16 bars: as much as half of the aim for 32 bars may be added by the network.
    _timed("one whole composition, network", lambda: compose("sample:china"), 750)
    _timed("32 bars of melody, network, constraints on", _melody(32), 1000)


def _melody(bars: int) -> Callable[[], object]:
    """What sings the melody of so many bars by the network, after everything before it is done."""
    from analysis.picture.analyse import analyse
    from analysis.picture.load import load
    from composer.music.harmony import harmonise
    from composer.music.melody import sing_melody
    from composer.music.melody.learned import LearnedSinger, network
    from composer.music.plan import make_plan
    from composer.music.vocabulary import vocabulary
    from composer.table import decide, load_table
    from theory.noise import Noise

    analysis, noise = analyse(load("sample:china")), Noise(0)
    decisions = decide(load_table(None, vocabulary()), analysis.features, {"bars": str(bars)})
    plan = make_plan(decisions, analysis, frozenset())
    frame, (singer, _) = harmonise(plan, noise), network(None)
    return lambda: sing_melody(plan, frame, LearnedSinger(singer, plan, frame, noise))


def _rules() -> None:
    """A table of 500 rules: checked, and a picture's features mapped by it."""
    from analysis.picture.analyse import analyse
    from analysis.picture.load import load
    from composer.music.vocabulary import vocabulary
    from composer.table import decide, load_table, measured
    from composer.table.files import TABLES
    from composer.table.load import judge

    known = vocabulary()
    text = (TABLES / "default.yaml").read_text(encoding="utf-8")
    written = len({rule.part_of or rule.id for rule in load_table(None, known).rules})
    begin = text.index("rules:\n") + len("rules:\n")
    rules = text[begin:].split("\n  - id: ")[1:]
    more = [rules[n % len(rules)] for n in range(500 - written)]
    rows = [f"\n  - id: more-{n}-{rule}" for n, rule in enumerate(more)]
    data = (text.rstrip() + "".join(rows)).encode()
    table = judge(data, "bench.yaml", known)[0]
    features = measured(analyse(load("sample:china")))
    _timed("mapping by a table of 500 rules", lambda: decide(table, features), 5)
    _timed("checking a table of 500 rules", lambda: judge(data, "bench.yaml", known), 100)


def _sound() -> None:
    """A minute of sound from the MIDI file of a piece with drums, to the bytes of a .wav file."""
    from composer import compose
    from composer.render.audio import BUILT_IN, perform
    from composer.render.audio.coding import encode
    from composer.render.rendering import Rendering

    made = compose("sample:china", melody="rules", overrides={"ensemble": "jazz trio"})
    notes = Rendering(made).midi
    aim = 2000 * made.seconds / 60
    _timed(
        f"{made.seconds:.0f} seconds of sound",
        lambda: encode(perform(notes, BUILT_IN), ".wav", made.title),
        aim,
    )


def _sing(phrases: int, bars: int = 4) -> None:
    """Sing phrases of so many bars, four quarter notes each, at random wishes."""
    import numpy as np

    from theory.chord import Chord
    from theory.melody import Automaton, HarmonicContext, Span, best_melody
    from theory.metre import METRES
    from theory.pitch import Pitch
    from theory.scale import Key
    from theory.voices.frame import lead

    key, metre = Key.of("C", "ionian"), METRES["4/4"]
    for number in range(phrases):
        chords = [Chord.parse(roman, key) for roman in ("I", "vi", "V7", "I") * (bars // 4)]
        frame = lead(chords)
        spans = tuple(
            Span(k * metre.bar, (k + 1) * metre.bar, chord, voicing)
            for k, (chord, voicing) in enumerate(zip(frame.chords, frame.voicings, strict=True))
        )
        automaton = Automaton(
            HarmonicContext(
                key=key,
                metre=metre,
                start=0,
                end=bars * metre.bar,
                spans=spans,
                compass=(Pitch.parse("C4"), Pitch.parse("G5")),
                scale=key.notes,
                final=frozenset(chords[0].tones),
                language="strict",
                durations=(6, 12, 18, 24, 36, 48, 72, 96),
            )
        )
        automaton.allowed(automaton.start())
        wishes = np.random.default_rng(number).random((4 * bars, automaton.count))
        best_melody(automaton, [(24, True)] * 4 * bars, wishes)


def _timed(name: str, call: Callable[[], object], aim: float) -> None:
    call()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    print(f"{name}: {statistics.median(times):.1f} ms warm; aim under {aim}")


if __name__ == "__main__":
    main()
