"""Many pictures in one command: what is written, what is said, what is left as it was."""

import os
import re
import signal
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import cv2
import mido
import pytest
from click.testing import CliRunner

import cli
from tests.interrupts import heeding_interrupts
from tests.pictures import varied

ROOT = Path(__file__).resolve().parents[3]
COMPOSE = "import cli\nif __name__ == '__main__':\n    cli.compose(prog_name='compose')\n"


def run(*args):
    return CliRunner().invoke(cli.compose, [*map(str, args), "--melody", "rules"])


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """A folder with three pictures, two of one name, and a file that holds none."""
    monkeypatch.chdir(tmp_path)
    for name, (_, pixels) in zip(("a.jpg", "a.png", "b & c.png"), varied(3), strict=True):
        cv2.imwrite(name, pixels[:, :, ::-1])
    Path("bad.jpg").write_text("no picture")
    return tmp_path


def files(folder):
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


class Page(HTMLParser):
    """What an album's page refers to, and what it says."""

    def __init__(self, path):
        super().__init__()
        self.links, self.ids, self.text = [], [], ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.links += [found[name] for name in ("href", "src") if name in found]
        self.ids += [found["id"]] if "id" in found else []

    def handle_data(self, data):
        self.text += data


PICTURES = ("a.jpg", "bad.jpg", "a.png", "b & c.png")


def test_a_bad_picture_is_named_and_the_others_are_composed(here):
    result = run(*PICTURES, "-o", "out/.mid", "--jobs", "1")
    assert result.exit_code == 2
    assert result.stdout == "Wrote 3 files of 3 pieces to out; out/index.html shows them.\n"
    assert "1 picture of 4 gave no piece:\n  bad.jpg holds no picture" in result.stderr
    assert set(files("out")) == {"a-jpg.mid", "a-png.mid", "b & c.mid", "index.html"}


def test_the_page_shows_every_piece_and_links_only_what_is_there(here):
    run(*PICTURES, "-o", "out/.mid", "-o", "out/.json", "--jobs", "1")
    page = Page(here / "out" / "index.html")
    linked = [link for link in page.links if not link.startswith(("#", "data:"))]
    assert {unquote(link) for link in linked} == set(files("out")) - {"index.html"}
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert sum(link.startswith("data:image/jpeg;base64,") for link in page.links) == 3
    for text in ("a.jpg", "a.png", "b & c.png", "bad.jpg holds no picture", "bars"):
        assert text in page.text


def test_an_albums_files_are_those_of_each_picture_alone(here):
    run(*PICTURES, "-o", "out/.mid", "-o", "out/.json", "--jobs", "1")
    alone = run("a.png", "-o", "x.mid", "-o", "x.json")
    assert alone.exit_code == 0, alone.output
    assert Path("x.mid").read_bytes() == Path("out/a-png.mid").read_bytes()
    assert Path("x.json").read_bytes() == Path("out/a-png.json").read_bytes()


def test_processes_write_the_same_as_one(here):
    assert run(*PICTURES, "-o", "one/.mid", "--jobs", "1").exit_code == 2
    assert run(*PICTURES, "-o", "two/.mid", "--jobs", "2").exit_code == 2
    assert files("one") == files("two")


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["ray", "dask"])
def test_a_cluster_writes_the_same_as_this_process(here, engine, monkeypatch):
    pytest.importorskip({"ray": "ray", "dask": "distributed"}[engine])
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    assert run(*PICTURES, "-o", "one/.mid", "--jobs", "1").exit_code == 2
    result = run(*PICTURES, "-o", "two/.mid", "--jobs", "2", "--engine", engine)
    assert result.exit_code == 2, result.output
    assert files("one") == files("two")


def test_a_missing_engine_is_a_sentence_with_its_command(here, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    result = run("a.jpg", "a.png", "-o", "out/", "--engine", "ray")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "pip install 'promenade-music[ray]'" in result.stderr
    assert not Path("out").exists()


def test_a_kind_alone_takes_the_pictures_name(here):
    result = run("a.jpg", "-o", ".mid", "-o", "x.json")
    assert result.exit_code == 0, result.output
    assert mido.MidiFile("a.mid").type == 1
    assert Path("x.json").exists()


def test_a_folder_for_one_picture_is_an_album_of_one(here):
    result = run("sample:china", "-o", "out/")
    assert result.exit_code == 0, result.output
    assert {"china.mid", "index.html"} <= set(files("out"))


def test_the_same_picture_twice_is_one_piece(here):
    assert "1 piece to out" in run("a.jpg", "a.jpg", "-o", "out/.mid").stdout


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("a.jpg", "a.png"), "Name one, as in -o OUT/."),
        (("a.jpg", "a.png", "-o", "x.mid"), "x.mid is one file, for 2 pictures."),
        (("a.jpg", "a.png", "-o", "no/such/"), "There is no folder no."),
        (("a.jpg", "a.png", "-o", "x/", "-o", "y/.mid"), "cannot go to both x and y"),
        (("a.jpg", "a.png", "-o", "out/", "--explain"), "-o OUT/.json"),
        (("a.jpg", "a.png", "-o", "out/", "--rules", "none.yaml"), "none.yaml"),
        (("a.jpg", "a.png", "-o", "out/", "--without", "fifhts"), "There is no rule"),
        (("a.jpg", "a.png", "-o", "out/", "--set", "mod=dorian"), "Did you mean mood?"),
        (("a.jpg", "--quiet", "--verbose"), "cannot both be had"),
    ],
)
def test_what_would_stop_every_picture_is_said_before_any_is_composed(here, args, said):
    before = files(here)
    result = run(*args, "--jobs", "1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert files(here) == before


def test_no_picture_is_replaced_by_its_piano_roll(here):
    before = files(here)
    for args in (("a.png", "-o", ".png"), ("a.png", "b & c.png", "-o", "./.png", "--jobs", "1")):
        result = run(*args)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "one of the pictures, which would be replaced" in result.stderr
    assert files(here) == before


def test_somebody_elses_page_is_not_replaced(here):
    Path("site").mkdir()
    Path("site/index.html").write_text("<h1>Mine</h1>")
    result = run("a.jpg", "a.png", "-o", "site/")
    assert result.exit_code == 2
    assert "somebody else's page" in result.stderr
    assert files("site") == {"index.html": b"<h1>Mine</h1>"}


def test_an_album_may_be_made_again_in_its_folder(here):
    for _ in range(2):
        assert run("a.jpg", "a.png", "-o", "out/.mid", "--jobs", "1").exit_code == 0


def test_pictures_of_which_none_can_be_read_leave_no_folder(here):
    result = run("bad.jpg", "missing.jpg", "-o", "out/", "--jobs", "1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "2 pictures of 2 gave no piece" in result.stderr
    assert not Path("out").exists()


def test_quiet_prints_nothing_and_verbose_says_every_step(here):
    assert run("a.jpg", "-o", "x.mid", "--quiet").output == ""
    said = run("a.jpg", "-o", "x.mid", "--verbose").stderr.splitlines()
    assert len(said) == 8  # six stages, a file, and the sum
    assert all(re.match(r" *\d+\.\d\d s  \S", line) for line in said)


def test_an_interrupt_leaves_whole_pieces_only(here):
    pictures = [str(here / f"{number}.png") for number in range(60)]
    for path in pictures:
        Path(path).write_bytes((here / "a.png").read_bytes())
    command = [sys.executable, "-c", COMPOSE, *pictures, "--melody", "rules"]
    # Suffixes whose files take a while, so that the signal falls into the middle of one.
    kinds = ["-o", "out/.mid", "-o", "out/.musicxml", "--jobs", "1"]
    process = subprocess.Popen(
        [*command, *kinds],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=heeding_interrupts,
    )
    while not list(here.glob("out/*.musicxml")):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    there = files("out")
    assert not [name for name in there if name.startswith(".")]
    assert {name.removesuffix(".mid") for name in there if name.endswith(".mid")} == {
        name.removesuffix(".musicxml") for name in there if name.endswith(".musicxml")
    }
    assert f"Whole in out: {len(there) // 2} piece" in err
    assert all(data.endswith(b"</score-partwise>") for name, data in there.items() if "xml" in name)


def test_a_picture_of_two_names_is_not_replaced_by_either(here):
    """As on systems where P.png and p.png are one file."""
    picture = here / "a.png"
    (here / "Q.png").hardlink_to(picture)
    before = picture.read_bytes()
    result = CliRunner().invoke(cli.compose, ["a.png", "-o", "Q.png"])
    assert result.exit_code == 2
    assert "Q.png is one of the pictures, which would be replaced." in result.stderr
    assert picture.read_bytes() == before
