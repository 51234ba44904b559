"""The fuzzers as one command: `python -m tests.fuzz.run [NAME ...] --seconds N`, or `make fuzz`.

Each is looked at for so long in a child with bounded memory. What it finds is kept as a file, with
what happened; the same seed gives the same inputs. `--again FILE` reads a kept input once more.
`--atheris` has the inputs led by what they reach (pip install 'promenade-music[fuzz]').
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from pathlib import Path
from random import Random

# As the tests do, before NumPy is loaded: one thread.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from tests.fuzz.music import ARCHIVES, MIDI, SCORES  # noqa: E402
from tests.fuzz.pictures import PICTURES  # noqa: E402
from tests.fuzz.planted import PLANTED  # noqa: E402
from tests.fuzz.target import ROOT, Target  # noqa: E402
from tests.fuzz.texts import EXPLANATIONS, TABLES  # noqa: E402
from tests.fuzz.watch import Seen, attempt, child, look, watched  # noqa: E402
from tests.fuzz.words import NAMES, OPTIONS  # noqa: E402

TARGETS = (PICTURES, SCORES, MIDI, ARCHIVES, TABLES, EXPLANATIONS, NAMES, OPTIONS)
BY_NAME = {target.name: target for target in (*TARGETS, *PLANTED)}
KEPT = ROOT / "build" / "fuzz"


def main() -> int:
    """1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.run", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(t.name for t in TARGETS))
    parser.add_argument("--seconds", type=float, default=60, help="for each")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=KEPT, metavar="DIR")
    parser.add_argument("--again", type=Path, metavar="FILE", help="read this input")
    parser.add_argument(
        "--missed", action="store_true", help="name the lines that were not reached"
    )
    parser.add_argument("--atheris", action="store_true")
    parser.add_argument("--child", metavar="NAME", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(BY_NAME[given.child], given.seed, given.seconds, given.folder)
        return 0
    if unknown := [name for name in given.names if name not in BY_NAME]:
        parser.error(f"there is no {unknown[0]}; there are {', '.join(BY_NAME)}")
    chosen = [BY_NAME[name] for name in given.names] or list(TARGETS)
    harm = False
    for target in chosen:
        if given.again:
            seen = Seen()
            attempt(target, given.again.read_bytes(), seen)
        elif given.atheris:
            _by_atheris(target, given.seconds, given.seed)
        else:
            seen = watched(target, given.seed, given.seconds)
        print(summary(target, seen), flush=True)
        for what, data in seen.findings.items():
            print(f"    {what}\n        {_kept(given.keep / target.name, data)}", flush=True)
        if given.missed:
            print("\n".join(seen.missed(target)))
        harm = harm or bool(seen.findings)
    return int(harm)


def summary(target: Target, seen: Seen) -> str:
    """What was tried, how far it came and what was found, in one line."""
    passed = seen.passed / max(seen.tried, 1)
    return (
        f"{target.name:13}{seen.tried:>7,} tried, {passed:4.0%} passed the header, "
        f"{seen.share(target):4.0%} of the reader's lines, {len(seen.findings)} found"
    )


def _kept(folder: Path, data: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / hashlib.sha256(data).hexdigest()[:12]
    file.write_bytes(data)
    return file


def _by_atheris(target: Target, seconds: float, seed: int) -> None:
    """Led by what inputs reach; does not return, for the library ends the process."""
    import atheris
    from hypothesis import given

    with atheris.instrument_imports(include=["analysis", "corpora", "composer", "theory"]):
        look(target, seed, 1)

    @given(target.inputs)
    def one(data: bytes) -> None:
        seen = Seen()
        attempt(target, data, seen)
        for what, found in seen.findings.items():
            raise AssertionError(f"{what}\n    {_kept(KEPT / target.name, found)}")

    options = [f"-max_total_time={seconds:.0f}", f"-seed={seed + 1}", "-timeout=20"]
    # The bytes are Hypothesis's choices: a few are too few for a whole input.
    options += ["-rss_limit_mb=2000", "-max_len=8192", "-len_control=0", str(_corpus(target, seed))]
    atheris.Setup([sys.argv[0], *options], one.hypothesis.fuzz_one_input)
    atheris.Fuzz()


def _corpus(target: Target, seed: int) -> Path:
    """A folder of choices to begin with."""
    folder = KEPT / "corpus" / target.name
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(20):
        (folder / f"{number}").write_bytes(Random(seed * 100 + number).randbytes(2048))
    return folder


if __name__ == "__main__":
    sys.exit(main())
