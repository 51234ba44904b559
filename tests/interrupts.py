"""Ctrl-C in tests: a shell starts what it leaves in the background deaf to it."""

import signal


def heeding_interrupts() -> None:
    """Listen to SIGINT again, whatever the tests themselves were started with."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
