"""Signals in tests: a shell starts what it leaves in the background deaf to Ctrl-C, and nohup to
what ends a session."""

import signal


def heeding_interrupts() -> None:
    """Listen to them again, whatever the tests themselves were started with."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
