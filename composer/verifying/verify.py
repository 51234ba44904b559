"""From a file to its verdict, and to the coloured score."""

from __future__ import annotations

from composer.errors import UserError
from composer.files.outputs import Output, plan_outputs, put
from composer.verifying.judge import judge
from composer.verifying.key import find_key, read_key
from composer.verifying.report import report
from corpora.progress import progress
from corpora.scores import parse, read


def verify(
    path: str, key: str | None, language: str, output: str | None, *, everything: bool = False
) -> tuple[str, bool]:
    """The verdict on a score as text, and whether a hard rule is broken.

    key: as in "D dorian"; None asks the score. output: where the coloured score is written.
    Raises ScoreError for a file that is no such score, UserError for the rest.
    """
    given = (read_key(key), "as you say") if key is not None else None
    file = _output(output) if output is not None else None
    with progress(3 if file is None else 4, "verifying") as step:
        stream = parse(path)
        step("opened")
        score = read(stream)
        found, how = given or find_key(score)
        step("read")
        verdict = judge(score, found, language)
        step("judged")
        text = report(verdict, how, everything=everything)
        if file is not None:
            from composer.verifying.coloured import coloured

            put([(file, coloured(stream, verdict.findings))])
            text += f"\nWrote {file.path.name}{' (replaced)' if file.replaces else ''}."
    return text, verdict.broken


def _output(path: str) -> Output:
    if not path.lower().endswith(".musicxml"):
        raise UserError(f"{path} is no name for the coloured score.", "Let it end in .musicxml.")
    return plan_outputs((path,))[0]
