"""The same seed sings the same notes in another process, whatever its threads and environment."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import torch

from neural.decoder import THREADS, settled
from neural.sample import Past, Singer
from tests.neural.test_proofs import random_model
from tests.neural.test_sample import guide_of
from tests.theory.melody.grounds import random_ground
from theory.melody import Automaton
from theory.noise import Noise


def sing() -> str:
    """Two phrases and every figure of their traces."""
    singer, ground = Singer(random_model(), 5), random_ground(4)
    automaton, told, past = Automaton(ground), [], []
    for number in range(2):
        offset = number * ground.metre.bar * 8
        sung = singer.sing(automaton, guide_of(ground), past, Noise(3), number, offset=offset)
        told.append(repr(sung))
        tick = ground.start + offset
        for event in sung.events:
            past.append(Past(tick, event.ticks, event.pitch))
            tick += event.ticks
    return "\n".join(told)


@pytest.mark.parametrize("threads", ["1", "2", "7"])
def test_another_process_sings_the_same(threads: str) -> None:
    environment = {
        **os.environ,
        "OMP_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        "PYTHONHASHSEED": threads,
    }
    code = "from tests.neural.test_determinism import sing; print(sing())"
    found = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == sing()


def test_the_number_of_threads_is_fixed_while_singing_and_then_as_before() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    with settled():
        assert torch.get_num_threads() == THREADS
    assert torch.get_num_threads() == 2
    torch.set_num_threads(before)
    with pytest.raises(ZeroDivisionError), settled():
        1 / 0  # noqa: B018
    assert torch.get_num_threads() == before
