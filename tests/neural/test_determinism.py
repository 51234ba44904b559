"""The same seed sings the same notes whatever the threads: of a BLAS, of the program, of others."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from neural.sample import Singer
from neural.weights import read
from tests.neural.singing import sing


@pytest.mark.parametrize("threads", ["1", "2", "8"])
def test_another_process_sings_the_same(threads: str) -> None:
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "PYTHONHASHSEED")
    code = (
        "from neural.sample import Singer; from neural.weights import read\n"
        "from tests.neural.singing import sing; print(sing(Singer(read())))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **dict.fromkeys(names, threads)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == sing(Singer(read()))


def test_threads_that_sing_at_once_sing_what_each_would_alone() -> None:
    seeds = [4, 7, 9, 4, 11, 7]
    alone = [sing(Singer(read()), seed) for seed in seeds]
    singer = Singer(read())
    with ThreadPoolExecutor(3) as pool:
        for _ in range(2):
            assert list(pool.map(lambda seed: sing(singer, seed), seeds)) == alone


def test_singing_imports_no_torch_and_changes_nothing_of_the_process() -> None:
    code = """
import gc, locale, os, signal, sys, threading, warnings
import numpy as np

def process():
    signals = [signal.getsignal(n) for n in signal.valid_signals()]
    state = (gc.isenabled(), gc.get_threshold(), dict(os.environ), os.getcwd(), signals)
    return *state, np.geterr(), locale.getlocale(), warnings.filters[:], threading.active_count()

from tests.neural.singing import sing
before = process()
from neural.sample import Singer
from neural.weights import read
sing(Singer(read()))
assert process() == before
print(*(name for name in ("torch", "safetensors", "scipy", "tqdm") if name in sys.modules))
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""
