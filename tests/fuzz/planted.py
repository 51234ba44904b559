"""Faults planted on purpose, by which the watch is tried: each harms its own process."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from hypothesis import strategies as st

from tests.fuzz.target import Target

BIG = 200_000_000


def _harms(data: bytes, folder: Path) -> None:
    if len(data) < 4:
        return
    match data[0] % 4:
        case 0:
            raise ZeroDivisionError
        case 1:
            os.kill(os.getpid(), signal.SIGSEGV)
        case 2:
            while True:
                pass
        case _:
            held = [bytes(b"x" * BIG) for _ in range(6)]
            assert held


def _one(kind: int) -> Target:
    inputs = st.binary(max_size=6).map(lambda data: bytes([kind]) + data)
    return Target(f"planted-{kind}", inputs, _harms, bool, ("tests/fuzz/planted.py",))


PLANTED = tuple(_one(kind) for kind in range(4))
