"""What commands say when they are done."""

import pytest

from composer.commands.terminal import harmless, say, wrote
from composer.explanation.layout import unstyle
from composer.render.outputs import Output


def test_a_line_names_the_files_and_those_whose_place_they_took(tmp_path):
    files = [
        Output(tmp_path / "a.mid", ".mid", replaces=True),
        Output(tmp_path / "a.json", ".json", replaces=False),
    ]
    assert wrote(files) == f"Wrote {tmp_path}/a.mid (replaced) and {tmp_path}/a.json."
    assert wrote(files[1:]) == f"Wrote {tmp_path}/a.json."


def test_nothing_that_is_quoted_commands_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Colours of ours stay, where they are seen; a title of the window, a line wiped, a direction
    of writing and signs of no width do not."""
    said = "\x1b[1mHeading\x1b[0m a\x1b]0;title\x07b\x1b[2Jc\u202ed\u200be\x9b1mf"
    assert harmless(said) == ("\x1b[1mHeading\x1b[0m a␛]0;title␇b␛[2Jc\ufffdd\ufffde\ufffd1mf")
    say(said)
    assert capsys.readouterr().out == unstyle(harmless(said)) + "\n"
