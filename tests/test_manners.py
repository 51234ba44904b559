"""How commands end: exit statuses, interrupts, closed pipes, and how far they are meanwhile."""

import errno
import io
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

import cli
from composer.commands import progress as bars
from composer.commands.manners import held_back, unread
from composer.render.outputs import Output, holding, put
from corpora.progress import listening, progress, silent, watched
from tests.terminal import Terminal, wait_for

ROOT = Path(__file__).resolve().parent.parent


def commands(command, path=()):
    yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from commands(child, (*path, name))


EVERY = [*commands(cli.promenade, ("promenade",)), (("compose",), cli.compose)]


@pytest.mark.parametrize(("path", "command"), EVERY, ids=[" ".join(path) for path, _ in EVERY])
def test_help_gives_examples_that_begin_with_the_command(path, command):
    result = CliRunner().invoke(
        cli.compose if path == ("compose",) else cli.promenade, [*path[1:], "--help"]
    )
    assert result.exit_code == 0, result.output
    _, _, after = result.output.partition("Example")
    examples = [line.strip() for line in after.splitlines()[1:] if line.startswith("    ")]
    name = " ".join(path) if path != ("promenade", "compose") else "compose"
    assert examples
    assert examples[0].startswith(name)
    assert max(map(len, result.output.splitlines())) <= 80


@pytest.mark.parametrize("command", [cli.compose, cli.promenade])
def test_help_says_what_exit_statuses_mean(command):
    said = CliRunner().invoke(command, ["--help"]).output
    assert all(f"\n    {status} " in said for status in (0, 1, 2, 130))


def test_every_example_of_compose_in_its_help_is_understood():
    """Parsed, not run: an option that an example names is one that there is."""
    for line in cli.compose.help.splitlines():
        if line.strip().startswith("compose "):
            context = cli.compose.make_context("compose", line.split()[1:])
            assert context.params["pictures"]


@pytest.mark.parametrize(
    ("command", "args"),
    [(cli.compose, ()), (cli.promenade, ("compose",))],
    ids=["compose", "promenade"],
)
def test_an_interrupt_is_said_with_its_own_exit_status(tmp_path, monkeypatch, command, args):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("composer.pipeline.compose", interrupted)
    result = CliRunner().invoke(command, [*args, "sample:china"])
    assert (result.exit_code, result.stderr) == (130, "\nInterrupted.\n")
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_stops_reading_is_no_error():
    code = "import cli\ncli.promenade(prog_name='promenade')"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "decisions"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


def test_an_interrupt_waits_until_files_are_whole(tmp_path, monkeypatch):
    """It comes while they are put in their places, and is answered when they are there."""
    import signal

    replace = os.replace
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def interrupting(source, target):
        signal.raise_signal(signal.SIGINT)
        replace(source, target)

    monkeypatch.setattr(os, "replace", interrupting)
    files = [Output(tmp_path / name, ".mid", False) for name in ("a.mid", "b.mid")]
    try:
        with pytest.raises(KeyboardInterrupt), holding(held_back):
            put([(file, b"whole") for file in files])
    finally:
        signal.signal(signal.SIGINT, before)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "a.mid": b"whole",
        "b.mid": b"whole",
    }


def test_nothing_is_held_back_outside_the_main_thread():
    done = []

    def work():
        with held_back():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


def drawn(monkeypatch, stream, **how):
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(bars, "AFTER", 0.0)
    with listening(bars.bar), progress(2, "composing", **how) as step:
        step("one.jpg")
        step("two.jpg")
        if step is not silent and stream.isatty():
            wait_for(lambda: "2/2" in stream.getvalue())
    return stream.getvalue()


def test_a_bar_says_how_far_it_is_at_a_terminal(monkeypatch):
    said = drawn(monkeypatch, Terminal())
    assert "composing" in said
    assert said.endswith(bars.WIPED)
    assert "two.jpg" in said


def test_no_bar_in_a_pipe_nor_where_quiet_is_asked(monkeypatch):
    assert drawn(monkeypatch, io.StringIO()) == ""
    assert drawn(monkeypatch, Terminal(), quiet=True) == ""


def test_a_bar_without_a_length_counts(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(bars, "AFTER", 0.0)
    found = []
    with listening(bars.bar):
        for item in watched(iter("ab"), "tunes"):
            found.append(item)
            wait_for(lambda: str(len(found) - 1) in sys.stderr.getvalue())
    assert found == ["a", "b"]
    assert "tunes" in sys.stderr.getvalue()


def test_no_bar_for_what_is_done_at_once(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    with listening(bars.bar), progress(1, "composing") as step:
        step("one.jpg")
    assert sys.stderr.getvalue() == ""


def test_without_a_listener_nobody_is_told_and_threads_listen_for_themselves(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(bars, "AFTER", 0.0)
    seen = []

    @contextmanager
    def listener(length, label):
        seen.append((length, label))
        yield silent

    def work():
        list(watched("abc", "letters"))

    with listening(listener):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert seen == []
        work()
    work()
    assert seen == [(3, "letters")]
    assert sys.stderr.getvalue() == ""


def test_a_closed_pipe_is_known_by_what_each_system_calls_it(monkeypatch):
    assert unread(BrokenPipeError())
    assert not unread(OSError(errno.EINVAL, "Invalid argument"))
    assert not unread(OSError(errno.ENOSPC, "No space left on device"))
    monkeypatch.setattr(os, "name", "nt")
    assert unread(OSError(errno.EINVAL, "Invalid argument"))
    assert not unread(OSError(errno.EINVAL, "Invalid argument", "x.mid"))
