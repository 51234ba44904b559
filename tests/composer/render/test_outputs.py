"""Files are planned before any work, and written whole or not at all."""

import os

import pytest

from composer.errors import UserError
from composer.render import rendering
from composer.render.audio.coding import FORMATS
from composer.render.rendering import FILMS, MAKERS, Rendering, plan_files, save
from tests.composer.example import piece


@pytest.fixture
def makers(monkeypatch):
    """Makers that say their own suffix; `.json` fails where the test asks for it."""
    made = {suffix: (lambda *_, s=suffix: s.encode()) for suffix in MAKERS}
    monkeypatch.setattr(rendering, "MAKERS", made)
    return made


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_name_says_by_its_suffix_which_maker_is_wanted(tmp_path):
    paths = [str(tmp_path / f"x{suffix}") for suffix in MAKERS]
    assert [output.suffix for output in plan_files(paths)] == list(MAKERS)


def test_voices_are_told_from_the_score(tmp_path):
    planned = plan_files([str(tmp_path / "a.voices.musicxml"), str(tmp_path / "A.MUSICXML")])
    assert [output.suffix for output in planned] == [".voices.musicxml", ".musicxml"]


def test_real_files_begin_as_they_should(tmp_path):
    paths = [tmp_path / f"x{suffix}" for suffix in MAKERS if suffix not in {*FORMATS, *FILMS}]
    save(Rendering(piece()), plan_files(map(str, paths)))
    starts = [path.read_bytes()[:5] for path in paths]
    assert starts == [
        b"<?xml",
        b"\x89PNG\r",
        b"%PDF-",
        b"<?xml",
        b"MThd\x00",
        b"<svg ",
        b"%PDF-",
        b"\x89PNG\r",
        b'{\n  "',
        b"sea\n\n",
        b"<!doc",
    ]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("x.aiff", "does not say what to write. Let its name end in one of: .mid, "),
        ("x", "does not say what to write"),
        (".mid", "does not say what to write"),
        ("no/such/x.mid", "There is no folder"),
        ("folder.mid", "is a folder"),
    ],
)
def test_a_path_that_cannot_be_is_refused(tmp_path, name, sentence):
    (tmp_path / "folder.mid").mkdir()
    with pytest.raises(UserError, match=sentence):
        plan_files([str(tmp_path / name)])


def test_the_same_file_twice_is_refused(tmp_path):
    (tmp_path / "sub").mkdir()
    with pytest.raises(UserError, match="twice"):
        plan_files([str(tmp_path / "x.mid"), str(tmp_path / "sub" / ".." / "x.mid")])


def test_a_folder_without_permission_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)
    with pytest.raises(UserError, match="Nothing can be written in the folder"):
        plan_files([str(tmp_path / "x.mid")])


def test_a_protected_file_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "x.mid"
    path.touch()
    monkeypatch.setattr(os, "access", lambda asked, mode: asked != path)
    with pytest.raises(UserError, match="write-protected"):
        plan_files([str(path)])


def test_what_is_replaced_is_known(tmp_path, makers):
    old, new = tmp_path / "old.mid", tmp_path / "new.mid"
    old.write_bytes(b"before")
    planned = plan_files([str(old), str(new)])
    assert [output.replaces for output in planned] == [True, False]
    save(Rendering(piece()), planned)
    assert old.read_bytes() == new.read_bytes() == b".mid"


def test_a_writer_that_fails_leaves_everything_as_it_was(tmp_path, makers):
    def fail(*_):
        raise ZeroDivisionError

    makers[".json"] = fail
    old = tmp_path / "x.mid"
    old.write_bytes(b"before")
    planned = plan_files([str(old), str(tmp_path / "x.json")])
    with pytest.raises(ZeroDivisionError):
        save(Rendering(piece()), planned)
    assert (names(tmp_path), old.read_bytes()) == (["x.mid"], b"before")


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_a_refusal_half_way_puts_back_what_was_there(tmp_path, makers, monkeypatch, fails_at):
    old = tmp_path / "a.mid"
    old.write_bytes(b"before")
    paths = [old, tmp_path / "b.json", tmp_path / "c.musicxml"]
    planned = plan_files(map(str, paths))
    replace, calls = os.replace, []

    def refuse(source, target):
        calls.append(target)
        if len(calls) == fails_at:
            raise OSError(28, "No space left on device", str(target))
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(UserError, match=f"{paths[fails_at - 1].name} cannot be written: No space"):
        save(Rendering(piece()), planned)
    assert (names(tmp_path), old.read_bytes()) == (["a.mid"], b"before")


def test_a_link_is_followed(tmp_path, makers):
    target, link = tmp_path / "target.mid", tmp_path / "link.mid"
    target.write_bytes(b"before")
    link.symlink_to(target)
    save(Rendering(piece()), plan_files([str(link)]))
    assert link.is_symlink()
    assert target.read_bytes() == b".mid"


def test_permissions_are_kept_and_a_new_file_has_the_usual_ones(tmp_path, makers):
    old, new = tmp_path / "old.mid", tmp_path / "new.mid"
    old.touch()
    old.chmod(0o640)
    save(Rendering(piece()), plan_files([str(old), str(new)]))
    (tmp_path / "plain").touch()
    usual = (tmp_path / "plain").stat().st_mode
    assert (old.stat().st_mode & 0o777, new.stat().st_mode) == (0o640, usual)
