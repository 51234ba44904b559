"""How `python -m neural.evaluate.…` ends, as every command does.

With a sentence, and exit status 130 where it is interrupted, 2 where something has to be mended.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from corpora.errors import CorpusError
from neural.errors import NeuralError


def ending(main: Callable[[], None]) -> None:
    """Run it, and leave the program."""
    try:
        main()
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted.\n")
        sys.exit(130)
    except (CorpusError, NeuralError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
