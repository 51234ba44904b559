"""Whatever a file is called and whatever a place is: its piece, or a sentence, and no waiting."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

import cli
from analysis.picture.load import load
from composer.album.places import own_names, unique
from corpora.whole import real
from tests.given import pictures

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def picture(tmp_path, monkeypatch):
    """The bytes of a small picture, in a folder to work in."""
    monkeypatch.chdir(tmp_path)
    (path,) = pictures(tmp_path / "made", 1).iterdir()
    return path.read_bytes()


def composed(*args):
    return CliRunner().invoke(cli.compose, [*args, "--melody", "rules"])


STRANGE = {
    "bytes that are no UTF-8": os.fsdecode(b"caf\xe9.png"),
    "a control character": "x\x01\x1b]0;y.png",
    "a noncharacter": "u\ufffev.png",
}


@pytest.mark.parametrize("name", STRANGE.values(), ids=STRANGE)
def test_a_strange_name_gives_a_clean_title(picture, name):
    Path(name).write_bytes(picture)
    suffixes = (".mid", ".svg", ".pdf", ".musicxml", ".html", ".json", ".png")
    done = composed(name, *(f"-oo{suffix}" for suffix in suffixes))
    assert done.exit_code == 0, done.output
    assert "\x1b" not in done.output
    assert all(Path(f"o{suffix}").stat().st_size for suffix in suffixes)
    title = ElementTree.parse("o.musicxml").findtext("work/work-title")
    assert title.replace("\N{REPLACEMENT CHARACTER}", "").isprintable()
    assert title[0].lower() == name[0]


def test_strange_names_end_no_album(picture):
    names = [*STRANGE.values(), "m" * 247 + ".png", ".dot.png", "plain.png"]
    for name in names:
        Path(name).write_bytes(picture)
    Path("loop.png").symlink_to("loop.png")
    os.mkfifo("pipe.png")
    done = composed(*names, "loop.png", "pipe.png", "-o", "out/.mid", "--jobs", "1")
    assert done.exit_code == 2, done.output
    assert "2 pictures of 8 gave no piece:" in done.stderr
    assert "loop.png cannot be read (Too many levels of symbolic links)" in done.stderr
    assert "pipe.png is not an ordinary file" in done.stderr
    assert len(list(Path("out").glob("[!.]*.mid"))) == len(names)
    page = Path("out/index.html").read_bytes()
    assert b'href="caf%E9.mid"' in page
    page.decode()


def test_a_name_that_the_file_system_refuses_ends_no_album(picture, monkeypatch):
    """Some take fewer bytes than we cut a name to."""
    place = os.replace

    def refuse(source, target):
        if "long" in Path(target).name:
            raise OSError(36, "File name too long", str(source), None, str(target))
        place(source, target)

    for name in ("long.png", "short.png"):
        Path(name).write_bytes(picture)
    monkeypatch.setattr(os, "replace", refuse)
    done = composed("long.png", "short.png", "-o", "out/.mid", "--jobs", "1")
    assert "long.png: long.mid cannot be written: File name too long." in done.stderr
    assert Path("out/short.mid").exists()


def test_names_are_cut_to_what_their_files_may_be_called():
    ((own,), (voices,)) = own_names(f"{'n' * 240}.png", [".mid"]), own_names("é" * 130, [".svg"])
    assert own == "n" * 240 + ".mid"
    assert len(voices.encode()) <= 255
    many = unique([f"{'n' * 250}{end}" for end in ("a.png", "b.png", "c.png")], (), [".musicxml"])
    assert len(set(many)) == 3
    assert max(map(len, many)) <= 255 - len(".musicxml")


def test_the_longest_names_are_written(picture):
    name = "n" * 236
    Path(f"{name}.png").write_bytes(picture)
    done = composed(f"{name}.png", "-o", ".voices.musicxml", "-o", ".mid")
    assert done.exit_code == 0, done.output
    assert Path(f"{name}.voices.musicxml").exists()


def test_a_leading_point_does_not_hide_what_is_made():
    assert own_names(".beach.jpg", [".mid"]) == ("beach.mid",)
    assert unique(["a/.x.png", "...png"]) == ("x", "picture")
    assert unique([".a/x.png", "b/x.png"]) == ("a-x", "b-x")


def test_addresses_are_not_read(picture):
    done = composed("https://example.org/a.png", "-o", "x.mid")
    assert done.exit_code == 2
    assert "https://example.org/a.png is an address" in done.stderr
    assert "Addresses are not read; save the picture first" in done.stderr
    # A folder may be called so.
    Path("http:").mkdir()
    Path("http:/a.png").write_bytes(picture)
    assert load("http://a.png").name == "a.png"


@pytest.mark.parametrize("kind", ["pipe", "link to itself", "device"])
def test_an_output_that_is_no_file_is_refused(picture, kind):
    Path("a.png").write_bytes(picture)
    if kind == "pipe":
        os.mkfifo("out.mid")
    elif kind == "device":
        Path("out.mid").symlink_to("/dev/null")
    else:
        Path("out.mid").symlink_to("out.mid")
    done = composed("a.png", "-o", "out.mid")
    assert done.exit_code == 2
    said = "is a link to itself" if kind == "link to itself" else "is not an ordinary file"
    assert f"out.mid {said}." in done.stderr


@pytest.mark.parametrize("source", ["pipe.png", "/dev/zero", "loop.png", "n" * 300 + ".png"])
def test_a_picture_that_is_no_file_is_a_sentence(picture, source):
    os.mkfifo("pipe.png")
    Path("loop.png").symlink_to("loop.png")
    done = composed(source, "-o", "x.mid")
    assert (done.exit_code, done.stderr[:7]) == (2, "Error: ")


def test_a_picture_is_not_replaced_under_another_spelling(picture):
    """As where the file system knows no case; here the same file has two names."""
    Path("p.png").write_bytes(picture)
    Path("P.png").hardlink_to("p.png")
    for output in ("P.png", "./.png"):
        done = composed("p.png", "-o", output)
        assert "is one of the pictures, which would be replaced" in done.stderr
    assert Path("p.png").read_bytes() == picture


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp1252:strict"])
def test_a_terminal_that_cannot_say_a_sign_gets_another(picture, encoding):
    Path("a.png").write_bytes(picture)
    done = subprocess.run(
        [sys.executable, "-c", "import cli; cli.compose()", "a.png", "-ox.mid", "--melody=rules"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"4/4, " in done.stdout or b"3/4, " in done.stdout or b"6/8, " in done.stdout


def test_a_real_path_is_found_through_links(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    assert real(tmp_path / "a") == tmp_path / "b"
