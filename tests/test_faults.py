"""What the system refuses is a sentence and exit status 2, and never a traceback."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from composer.commands import signals
from composer.errors import refused
from corpora import engines
from corpora.engines import Workers
from tests.given import given_sheets, given_tunes
from tests.interrupts import heeding_interrupts

ROOT = Path(__file__).resolve().parents[1]
COMPOSE = "compose sample:china -o x.mid --melody rules"


def ran(line, folder, before="", **how):
    """A command in a process of its own; `before` is what its Python does first."""
    code = f"{before}\nimport cli; cli.promenade(prog_name='promenade')"
    return subprocess.run(
        [sys.executable, "-c", code, *line.split()],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        **{"capture_output": True, "text": True, **how},
    )


def test_stderr_may_be_closed(tmp_path):
    done = ran(COMPOSE, tmp_path, capture_output=False, preexec_fn=lambda: os.close(2))
    assert done.returncode == 0
    assert (tmp_path / "x.mid").read_bytes()[:4] == b"MThd"
    done = ran(
        "compose nothing.png", tmp_path, capture_output=False, preexec_fn=lambda: os.close(2)
    )
    assert done.returncode == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("line", ["decisions", "--help", "compose --help", COMPOSE])
def test_a_full_disk_behind_stdout_is_a_sentence(tmp_path, line):
    with Path("/dev/full").open("w") as full:
        done = ran(line, tmp_path, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr.startswith(
        "Error: A file, or what is printed, cannot be used: No space left"
    )
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_behind_stderr_changes_no_status(tmp_path):
    with Path("/dev/full").open("w") as full:
        done = ran("compose nothing.png", tmp_path, capture_output=False, stderr=full)
    assert done.returncode == 2


def test_a_folder_that_is_gone_is_a_sentence(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    for line in ("compose a.png", "corpus build --musicxml sheets -o out.npz", COMPOSE):
        done = ran(line, tmp_path, f"import os; os.chdir({str(gone)!r}); os.rmdir({str(gone)!r})")
        gone.mkdir()
        assert done.returncode == 2, done.stderr
        assert done.stderr.startswith("Error: "), done.stderr
        assert "Traceback" not in done.stderr


def test_a_corpus_that_cannot_be_written_is_a_sentence(tmp_path):
    given_sheets(tmp_path)
    (tmp_path / "out.npz.parts").touch()
    done = ran("corpus build --musicxml sheets -o out.npz", tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        "Error: out.npz.parts cannot be used: File exists.\n",
    )


def test_a_run_that_cannot_be_written_is_a_sentence(tmp_path):
    pytest.importorskip("torch")
    given_tunes(tmp_path)
    (tmp_path / "file").touch()
    done = ran("train tunes.npz -o file/run --threads 1", tmp_path)
    assert done.returncode == 2
    assert "Error: file/run cannot be written: Not a directory. Make room" in done.stderr


def test_a_film_without_room_is_a_sentence(tmp_path, monkeypatch):
    """A limit on a file's size stands for the disk's."""
    pytest.importorskip("av")
    import numpy as np

    from composer.errors import UserError
    from composer.render.film import mp4
    from composer.render.film.look import HEIGHT, WIDTH

    noise = np.random.default_rng(0)
    frames = [noise.integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8) for _ in range(4)]
    sound = np.zeros((2, 4410), np.float32)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(UserError, match="film cannot be written among the temporary files"):
            mp4.encode(frames, sound, "x", lambda count: None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []
    assert mp4.encode(frames, sound, "x", lambda count: None)[4:8] == b"ftyp"


def test_without_shared_memory_one_process_works(monkeypatch):
    def none(*args, **given):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(engines, "ProcessPoolExecutor", none)
    assert list(Workers(2).run(abs, [-1, -2])) == [(0, 1), (1, 2)]


def test_too_little_memory_is_a_sentence(tmp_path):
    before = "import resource; import cli, cv2, numpy, scipy, composer.pipeline\n"
    before += "used = int(open('/proc/self/statm').read().split()[0]) * 4096\n"
    before += "resource.setrlimit(resource.RLIMIT_AS, (used + 40_000_000,) * 2)"
    done = ran(COMPOSE, tmp_path, before)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "There is not enough memory." in done.stderr


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (MemoryError(), "There is not enough memory."),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory"), "There is not enough memory."),
        (OSError(28, "No space left on device", "x.mid"), "x.mid cannot be used: No space left"),
        (
            OSError(24, "Too many open files"),
            "A file, or what is printed, cannot be used: Too many",
        ),
        (RuntimeError("a bug"), None),
        (FileNotFoundError(2, "No such file", "x"), None),
    ],
)
def test_what_the_system_refuses_is_said_and_no_bug_is(error, sentence):
    said = refused(error)
    assert said is None if sentence is None else said.startswith(sentence)


STUCK = """
import hashlib, sys
from contextlib import suppress
from composer.commands.signals import stoppable
with stoppable():
    if sys.argv[1] == "library":
        print("ready", flush=True)
        hashlib.pbkdf2_hmac("sha256", b"", b"", 10**9)
    while True:
        with suppress(BaseException):
            print("ready", flush=True)
            while True:
                pass
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("where", ["library", "swallowed"])
def test_a_signal_ends_what_does_not_answer(number, where):
    """A library's step that goes on, and an answer that somebody swallows."""
    process = subprocess.Popen(
        [sys.executable, "-c", STUCK, where],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=heeding_interrupts,
    )
    assert process.stdout.readline() == b"ready\n"
    time.sleep(0.3)  # until it is in the midst of it
    began = time.monotonic()
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (128 + number, b"\nInterrupted.\n")
    assert time.monotonic() - began < 2 + signals.UNANSWERED + signals.UNTIDY * (where != "library")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_stopped_has_the_signals_status(tmp_path, number):
    code = "import os, composer.pipeline\n"
    code += f"composer.pipeline.compose = lambda *_: os.kill(os.getpid(), {int(number)})"
    done = ran(COMPOSE, tmp_path, code, preexec_fn=heeding_interrupts)
    assert (done.returncode, done.stdout, done.stderr) == (128 + number, "", "\nInterrupted.\n")


def test_what_is_not_to_be_heard_is_not(tmp_path):
    """As nohup has it."""
    code = "import os, signal, composer.pipeline\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    code += "made = composer.pipeline.compose\n"
    code += "composer.pipeline.compose = lambda *a: (os.kill(os.getpid(), 1), made(*a))[1]"
    assert ran(COMPOSE, tmp_path, code).returncode == 0


@pytest.mark.parametrize("name", ["composer", "analysis", "corpora"])
@pytest.mark.parametrize("shape", ["{}.py", "{}/__init__.py"])
def test_a_foreign_package_that_hides_ours_is_named(tmp_path, name, shape):
    path = tmp_path / shape.format(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text("raise SystemError('foreign code was run')\n")
    done = subprocess.run(
        [sys.executable, "-c", "import cli; cli.compose()", "--help"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        f"Error: {path} hides Promenade's own package {name!r}: rename it"
    )
    assert done.stderr.count("\n") == 1
