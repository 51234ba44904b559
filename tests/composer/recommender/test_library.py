"""A library from the command line, of real files: added, searched, listened to, written."""

import json
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner
from mido import Message, MetaMessage, MidiFile, MidiTrack

from composer.commands import player
from composer.commands.promenade import promenade
from composer.recommender.library import Library
from composer.recommender.pool import PieceName

ABC = (
    "X:1\nT:One\nM:4/4\nL:1/8\nK:G\nGABc d2B2|c2A2 G4|\nX:2\nT:Two\nM:4/4\nL:1/4\nK:Am\nA c e a|\n"
)


def run(*arguments, status=0):
    found = CliRunner().invoke(promenade, [str(each) for each in arguments])
    assert found.exit_code == status, found.output
    return found.output


def midi(path, keys, tempo, velocity, step=480):
    file = MidiFile(ticks_per_beat=480)
    track = MidiTrack([MetaMessage("set_tempo", tempo=tempo)])
    for key in keys:
        track.append(Message("note_on", note=key, velocity=velocity))
        track.append(Message("note_off", note=key, time=step))
    file.tracks.append(track)
    file.save(path)


@pytest.fixture
def music(tmp_path):
    folder = tmp_path / "music"
    folder.mkdir()
    midi(folder / "gay.mid", [72, 76, 79, 84, 79, 76] * 8, 400_000, 100, 160)
    midi(folder / "sad.mid", [57, 60, 52, 57, 60, 52] * 3, 1_000_000, 45)
    (folder / "tunes.abc").write_text(ABC)
    time = np.arange(3 * 22_050) / 22_050
    soundfile.write(folder / "tone.wav", 0.2 * np.sin(2 * np.pi * 440 * time), 22_050)
    (folder / "broken.mid").write_bytes(b"MThd")
    (folder / "notes.txt").touch()
    return folder


def test_add_stats_list_sync_remove(tmp_path, music):
    file = tmp_path / "l.sqlite"
    out = run("library", "add", music, "--library", file, "--jobs", 1)
    assert "5 pieces read in 4 files" in out
    assert "broken bytes" in out
    assert "5 pieces in 5 files" in run("library", "stats", "--library", file)
    listed = run("library", "list", "--library", file)
    assert f"Two  ({music.resolve()}/tunes.abc#2)" in listed
    assert "5 files as they were" in run("library", "sync", "--library", file, "--jobs", 1)
    (music / "sad.mid").unlink()
    assert "1 gone" in run("library", "sync", music, "--library", file, "--jobs", 1)
    music.rename(tmp_path / "elsewhere")
    assert "was left as it was" in run("library", "sync", "--library", file, "--jobs", 1)
    (tmp_path / "elsewhere").rename(music)
    assert "4 files as they were" in run("library", "sync", "--library", file, "--jobs", 1)
    run("library", "remove", music, "--library", file)
    assert "It is empty" in run("library", "stats", "--library", file)
    out = run("library", "remove", music, "--library", file, status=2)
    assert "is not in the library" in out
    assert (music / "gay.mid").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["ray", "dask"])
def test_a_cluster_measures_the_same(tmp_path, music, engine):
    pytest.importorskip({"ray": "ray", "dask": "distributed"}[engine])
    run("library", "add", music, "--library", tmp_path / "l", "--engine", engine, "--jobs", 2)
    run("library", "add", music, "--library", tmp_path / "m", "--jobs", 1)
    there, here = (run("library", "list", "--library", tmp_path / name) for name in ("l", "m"))
    assert there == here


def test_the_mood_that_is_asked_for_is_found(tmp_path, music):
    library = Library(tmp_path / "l.sqlite")
    library.add(music)
    common = ("recommend", "--library", library.path, "--from", music, "--top", 1)
    assert "gay" in run(*common, "--mood", "joyful")
    everything = run(*common[:-1], 9, "--mood", "melancholy")
    assert everything.index("  sad  ") < everything.index("  gay  ")
    like = run(*common, "--like", music / "gay.mid")
    assert "1  gay " not in like
    answer = json.loads(run(*common, "--mood", "sad", "--json"))
    assert answer["answers"][0]["title"] in ("sad", "Two")
    assert set(answer["asked"]) == {"valence", "arousal"}


def test_answers_are_written_as_a_list_and_as_sound(tmp_path, music):
    library = Library(tmp_path / "l.sqlite")
    library.add(music)
    common = ("recommend", "--mood", "sad", "--library", library.path, "--from", music)
    made = tmp_path / "sad.m3u8"
    out = run(*common, "-o", made)
    assert "Not in the list, for they have no file of their own: " in out
    rows = made.read_text(encoding="utf-8").splitlines()
    assert rows[0] == "#EXTM3U"
    names = [row for row in rows if not row.startswith("#")]
    assert {Path(name).name for name in names} == {"gay.mid", "sad.mid", "tone.wav"}
    assert all(Path(name).is_file() for name in names)
    folder = tmp_path / "sounds"
    run(*common, "--top", 5, "-o", f"{folder}/")
    written = sorted(folder.iterdir())
    assert len(written) == 5
    assert [path.name[:3] for path in written] == ["01 ", "02 ", "03 ", "04 ", "05 "]
    for path in written:
        assert soundfile.info(path).duration > 1
    assert "a.xyz" in run(*common, "-o", tmp_path / "a.xyz", status=2)


def test_the_pictures_that_fit_a_song(tmp_path, music):
    from PIL import Image

    photos = tmp_path / "photos"
    photos.mkdir()
    rows = np.random.default_rng(0).integers(0, 256, (60, 60, 3), np.uint8)
    Image.fromarray(rows).save(photos / "loud.png")
    Image.fromarray(np.full((60, 60, 3), 20, np.uint8)).save(photos / "dark.png")
    (photos / "broken.png").write_bytes(b"no picture")
    out = run("recommend", music / "sad.mid", "--pictures", photos)
    assert "Passed over" in out
    assert "loud.png" in out
    assert "dark.png" in out
    found = json.loads(
        CliRunner()
        .invoke(
            promenade, ["recommend", str(music / "sad.mid"), "--pictures", str(photos), "--json"]
        )
        .stdout
    )
    scores = [each["score"] for each in found["pictures"]]
    assert scores == sorted(scores)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Give a PICTURE, --mood MOOD or --like PIECE"),
        (["a.mid"], "is music"),
        (["sample:china", "--like", "a.mid"], "not both"),
        (["sample:china", "--pictures", "x"], "--pictures is for a song"),
        (["--mood", "clam"], "Did you mean calm"),
        (["--mood", "calm", "--mood-rules", "plain"], "is a table for pictures"),
        (["sample:china", "--rules", "music"], "decides no music"),
        (["--mood", "calm", "--library", "none.sqlite", "--from", "mine"], "There is no library"),
    ],
)
def test_what_cannot_be_is_said(arguments, said):
    assert said in run("recommend", *arguments, status=2)


@pytest.mark.skipif(os.name == "nt", reason="a script as a player")
def test_play_takes_what_there_is_and_says_where_nothing_can(tmp_path, music, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    piece = PieceName(str(music), "sad.mid", "", "sad", "", "notes")
    with pytest.raises(Exception, match="Nothing here can play sound"):
        player.play(piece)
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "aplay"
    copy = f"import shutil, sys; shutil.copy(sys.argv[2], {str(tmp_path / 'played.wav')!r})"
    script.write_text(f"#!{sys.executable}\n{copy}\n")
    script.chmod(0o755)
    player.play(piece)
    assert soundfile.info(tmp_path / "played.wav").duration > 15
    player.play(PieceName(str(music), "tone.wav", "", "tone", "", "sound"))
    assert soundfile.info(tmp_path / "played.wav").duration == pytest.approx(3)
    (music / "tone.wav").unlink()
    with pytest.raises(Exception, match="is not there any more"):
        player.play(PieceName(str(music), "tone.wav", "", "tone", "", "sound"))


def test_hostile_files_are_counted_and_bounded(tmp_path):
    folder = tmp_path / "odd"
    folder.mkdir()
    kept = Path(__file__).parents[2] / "fuzz" / "kept"
    for number, path in enumerate(sorted(kept.rglob("*.bin"))):
        for suffix in (".mid", ".musicxml", ".mxl", ".abc", ".wav", ".mp3", ".m4a"):
            shutil.copy(path, folder / f"{number}{suffix}")
    done = Library(tmp_path / "l.sqlite").add(folder)[str(folder.resolve())]
    assert done.read + sum(done.left.values()) >= len(list(folder.iterdir()))
    assert not [reason for reason in done.left if "the reader failed" in reason]
