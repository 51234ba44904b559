"""Where the network that looks is missing, whoever would have heard of content is told so, once."""

import pytest
from click.testing import CliRunner

import cli
from analysis.errors import ContentError
from analysis.picture.content import content
from analysis.picture.load import load
from analysis.picture.view import jpeg

SAID = "The network's weights are missing; install promenade again. Until then pixels alone decide."


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Two pictures, and no network."""

    def missing(pixels):
        raise ContentError("The network's weights are missing; install promenade again.")

    monkeypatch.setattr(content, "look", missing)
    for name in ("one", "two"):
        (tmp_path / f"{name}.jpg").write_bytes(jpeg(load("sample:china"), 200))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("compose", "one.jpg --melody rules -o one.mid"),
        ("compose", "one.jpg two.jpg --jobs 1 --melody rules -o there/"),
        ("promenade", "features one.jpg"),
        ("promenade", "recommend one.jpg --top 2"),
    ],
)
def test_it_is_said_once(folder, program, line):
    done = CliRunner().invoke(getattr(cli, program), line.split())
    assert done.exit_code == 0, done.output
    assert done.stderr.count("weights are missing") == 1
    assert SAID in done.stderr


def test_a_table_that_asks_for_no_content_says_nothing(folder):
    line = "one.jpg --rules plain --melody rules -o one.mid"
    done = CliRunner().invoke(cli.compose, line.split())
    assert done.exit_code == 0, done.output
    assert done.stderr == ""
