"""What commands say when they are done."""

from composer.commands.terminal import wrote
from composer.render.outputs import Output


def test_a_line_names_the_files_and_those_whose_place_they_took(tmp_path):
    files = [
        Output(tmp_path / "a.mid", ".mid", replaces=True),
        Output(tmp_path / "a.json", ".json", replaces=False),
    ]
    assert wrote(files) == f"Wrote {tmp_path}/a.mid (replaced) and {tmp_path}/a.json."
    assert wrote(files[1:]) == f"Wrote {tmp_path}/a.json."
