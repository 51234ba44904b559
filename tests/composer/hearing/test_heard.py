"""Files of music are measured, whatever they are, and what cannot be is said."""

import numpy as np
import pytest
import soundfile
from mido import Message, MetaMessage, MidiFile, MidiTrack

from composer.errors import UserError
from composer.hearing.heard import hear, hear_file
from corpora.read.sound import decode

ABC = """X:1
T:A tune
M:4/4
L:1/8
K:G
GABc d2B2|c2A2 G4|
X:2
T:No metre
K:G
GABc|
X:3
T:Another
M:3/4
L:1/4
K:Am
A c e|a2 e|A3|
"""
SCORE = """<score-partwise><work><work-title>Air</work-title></work>
<identification><creator type="composer">A. Nobody</creator></identification>
<part-list><score-part id="P1"/></part-list><part id="P1">
<measure number="1"><attributes><divisions>2</divisions></attributes>
<direction><sound tempo="90" dynamics="80"/></direction>
<note><pitch><step>C</step><octave>4</octave></pitch><duration>4</duration></note>
<note><chord/><pitch><step>E</step><octave>4</octave></pitch><duration>4</duration></note>
<note><pitch><step>D</step><octave>4</octave></pitch><duration>4</duration>
<tie type="start"/></note></measure><measure number="2">
<note><pitch><step>D</step><octave>4</octave></pitch><duration>8</duration>
<tie type="stop"/></note>
</measure></part></score-partwise>"""


def midi(path, keys, tempos=(500_000,)):
    file = MidiFile(ticks_per_beat=480)
    track = MidiTrack()
    for at, key in enumerate(keys):
        if at < len(tempos):
            track.append(MetaMessage("set_tempo", tempo=tempos[at]))
        track.append(Message("note_on", note=key, velocity=70))
        track.append(Message("note_off", note=key, time=480))
    file.tracks.append(track)
    file.save(path)
    return path


def test_a_midi_file_by_its_tempos(tmp_path):
    path = midi(tmp_path / "a_tune.mid", [60, 62, 64, 65], (500_000, 1_000_000))
    (piece,), left = hear_file(path)
    assert (piece.title, piece.source, left) == ("a tune", "notes", ())
    assert piece.features["time.length"] == pytest.approx(0.5 + 3)
    assert piece.features["loudness.velocity"] == 70


def test_a_score_with_ties_chords_and_a_tempo(tmp_path):
    path = tmp_path / "air.musicxml"
    path.write_text(SCORE)
    piece = hear(str(path))
    assert (piece.title, piece.composer) == ("Air", "A. Nobody")
    assert piece.features["time.tempo"] == pytest.approx(90)
    assert piece.features["time.length"] == pytest.approx(8 * 60 / 90)
    assert piece.features["loudness.velocity"] == pytest.approx(72)
    assert piece.features["time.note_length"] == pytest.approx((2 + 2 + 6) / 3 * 60 / 90)


def test_the_tunes_of_an_abc_file_and_one_of_them(tmp_path):
    path = tmp_path / "tunes.abc"
    path.write_text(ABC)
    pieces, left = hear_file(path)
    assert [(each.title, each.part) for each in pieces] == [("A tune", "1"), ("Another", "3")]
    assert left == ("no metre",)
    assert "time.tempo" not in pieces[0].features
    assert hear(f"{path}#3").title == "Another"
    with pytest.raises(UserError, match=r"There is no tune 2 in .* It has 1 to 3"):
        hear(f"{path}#2")


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg", ".mp3"])
def test_sound_of_any_kind(tmp_path, suffix):
    time = np.arange(3 * 44_100) / 44_100
    sound = 0.3 * np.sin(2 * np.pi * 440 * time) * np.exp(-4 * (time % 0.5))
    path = tmp_path / f"a{suffix}"
    soundfile.write(path, np.stack([sound, sound], axis=1), 44_100)
    piece = hear(str(path))
    assert piece.source == "sound"
    assert piece.features["time.length"] == pytest.approx(3, abs=0.1)
    assert piece.features["time.onset_rate"] == pytest.approx(2, abs=0.7)
    assert piece.confidence("time.onset_rate") < 1


def test_sound_that_only_ffmpeg_reads_and_the_middle_of_long_sound(tmp_path):
    av = pytest.importorskip("av")
    path = tmp_path / "a.m4a"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("aac", rate=44_100, layout="mono")
        for at in range(0, 4 * 44_100, 1024):
            time = np.arange(at, at + 1024) / 44_100
            tone = (0.3 * np.sin(2 * np.pi * 440 * time)).astype(np.float32)[None]
            frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
            frame.sample_rate = 44_100
            frame.pts = at
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    assert hear(str(path)).features["time.length"] == pytest.approx(4, abs=0.1)
    wave = tmp_path / "long.wav"
    soundfile.write(wave, np.repeat([0.1, 0.5, 0.9], 44_100), 44_100)
    decoded = decode(wave, 11_025, 1.0)
    middle = decoded.samples
    assert decoded.whole == pytest.approx(3)
    assert len(middle) == pytest.approx(11_025, abs=2)
    assert middle.mean() == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("rate", [8_000, 22_050, 47_999, 96_000])
def test_every_rate_becomes_one(tmp_path, rate):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.sin(2 * np.pi * 440 * np.arange(2 * rate) / rate) / 2, rate)
    samples = decode(path, 11_025, 60).samples
    crossings = (np.diff(np.sign(samples[100:-100])) > 0).sum() / (len(samples) - 200) * 11_025
    assert crossings == pytest.approx(440, rel=0.01)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.mid", b"", "an empty file"),
        ("a.mid", b"RIFF", "no MIDI file"),
        ("a.wav", b"RIFF\0\0", "no sound that can be read"),
        ("a.m4a", b"nothing", "no sound that can be read"),
        ("a.musicxml", b"<a/>", "no score by parts"),
        ("a.abc", b"prose", "no tune in it"),
    ],
)
def test_what_is_no_music_is_said(tmp_path, name, data, reason):
    path = tmp_path / name
    path.write_bytes(data)
    assert hear_file(path) == ((), (reason,))
    with pytest.raises(UserError, match=reason):
        hear(str(path))


def test_a_folder_a_missing_file_and_a_kind_that_is_not_read(tmp_path):
    (tmp_path / "a.mid").mkdir()
    assert hear_file(tmp_path / "a.mid") == ((), ("no regular file",))
    with pytest.raises(UserError, match="There is no file"):
        hear(str(tmp_path / "b.mid"))
    (tmp_path / "a.txt").touch()
    with pytest.raises(UserError, match="no music that is read"):
        hear(str(tmp_path / "a.txt"))


def test_a_division_of_nought_is_a_reason(tmp_path):
    path = tmp_path / "a.musicxml"
    path.write_text(SCORE.replace("<divisions>2", "<divisions>0"))
    assert hear_file(path) == ((), ("divisions that are no number",))
    path.write_text(SCORE.replace("<duration>8", "<duration>999999999"))
    assert hear_file(path) == ((), ("too long",))


@pytest.mark.parametrize(
    ("metre", "tempo", "seconds"),
    [
        ("4/4", "Q:1/4=60", 8),
        ("C|", "Q:1/2=60", 4),
        ("4/4", 'Q:"Slow" 1/8=60', 16),
        ("4/4", "Q:120", None),
        ("4/4", "Q:0/4=60", None),
        ("4/4", "Q:fast", None),
        ("4/4", "Q:1/4=999", None),
        ("3/8", "Q:1/4=60", None),  # its notes are written twice as long
        ("4/4", "", None),
    ],
)
def test_the_tempo_of_a_tune_where_it_is_written(tmp_path, metre, tempo, seconds):
    path = tmp_path / "a.abc"
    path.write_text(f"X:01\nT:A\nM:{metre}\nL:1/8\n{tempo}\nK:G\nGABc d2B2|c2A2 G4|\n")
    features = hear(str(path)).features
    assert features.get("time.length") == (None if seconds is None else pytest.approx(seconds))
    for name in ("time.articulation", "texture.voices", "loudness.velocity"):
        assert name not in features


@pytest.mark.parametrize("filling", ["|1AAAA", "{", "[a:", '"', "(9" * 3, "!+"])
def test_a_tune_made_to_take_for_ever_does_not(tmp_path, filling):
    path = tmp_path / "trap.abc"
    path.write_text("X:1\nM:4/4\nK:C\nCDEF|\n" + filling * (900_000 // len(filling)))
    assert hear_file(path) == ((), ("too long",))
    path.write_text("X:1\nM:4/4\nK:C\nCDEF|\n" + filling * (19_000 // len(filling)))
    hear_file(path)
    path.write_text("X" * 3_000_000)
    assert hear_file(path) == ((), ("too large",))


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg"])
def test_title_and_artist_where_the_file_says_them(tmp_path, suffix):
    path = tmp_path / f"a_name{suffix}"
    noise = np.random.default_rng(0).normal(0, 0.1, 20_000)
    with soundfile.SoundFile(path, "w", 22_050, 1) as file:
        file.title, file.artist = "An\nair", "Nobody"
        file.write(noise)
    piece = hear(str(path))
    assert (piece.title, piece.composer) == ("An air", "Nobody")
