"""Commands at a pretended terminal, or with a real one for their stderr."""

import io
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

from tests.interrupts import heeding_interrupts

ROOT = Path(__file__).resolve().parents[1]
# A bar from the first moment on, so that no test need wait two seconds for one.
AT_ONCE = """
import sys
from composer.commands import progress
if __name__ == "__main__":
    progress.AFTER = 0.0
    import cli
    cli.promenade(prog_name="promenade")
"""


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self):
        return True


def wait_for(true, seconds=60.0):
    """Wait until something holds; fails where it never does."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def started(*args, folder, **streams):
    """A process of `promenade` in a folder, leading a group of its own, that hears Ctrl-C."""
    script = folder / ".promenade.py"
    script.write_text(AT_ONCE)
    return subprocess.Popen(
        [sys.executable, str(script), *map(str, args)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
        preexec_fn=heeding_interrupts,
        **streams,
    )


def at_terminal(*args, folder):
    """Exit status, stdout, and what a terminal was sent on stderr."""
    ours, theirs = pty.openpty()
    process = started(*args, folder=folder, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    seen = b""
    while True:
        try:
            block = os.read(ours, 4096)
        except OSError:  # as Linux ends a terminal that nobody holds any more
            break
        if not block:
            break
        seen += block
    os.close(ours)
    out, _ = process.communicate()
    return process.returncode, out.decode(), seen.decode()
