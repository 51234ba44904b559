"""What is not installed is said in one sentence with the command that installs it, before any work.

The picture that is named does not exist, so that whoever looked at it first would say so; and a
library is taken away as if it were not there: it can neither be found nor imported.
"""

import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

import cli
from composer.needs import NEEDS
from composer.render.audio.soundfont import BETTER
from composer.render.rendering import SUFFIXES

RULES = ("--melody", "rules")
TRAIN = "'promenade-music[train]'"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def without(monkeypatch):
    """Takes a library away, with all that was loaded of it."""

    def gone(name):
        for each in [each for each in sys.modules if each.startswith(f"{name}.")]:
            monkeypatch.delitem(sys.modules, each)
        monkeypatch.setitem(sys.modules, name, None)

    return gone


def refused(*args, command=cli.compose):
    """What is said, once, on stderr, with status 2; and nothing is left or touched."""
    result = CliRunner().invoke(command, [str(arg) for arg in args])
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.startswith("Error: ")
    return result.stderr.removeprefix("Error: ").rstrip("\n")


FILES = {suffix: [name for name in NEEDS.get(suffix, ()) if name != "mido"] for suffix in SUFFIXES}
INSTALLED = {"fontTools": "fonttools", "jinja2": "Jinja2"}
CASES = [(suffix, name) for suffix, names in FILES.items() for name in names]


@pytest.mark.parametrize(("suffix", "name"), CASES)
def test_a_library_for_a_file(here, without, suffix, name):
    (here / f"x{suffix}").write_text("before")
    without(name)
    told = INSTALLED.get(name, name)
    extra = {"av": "film", "reportlab": "pdf"}.get(name)
    brings = f"'promenade-music[{extra}]'" if extra else told
    said = f"A {suffix} file needs {told}, which is not installed. Run: pip install {brings}."
    assert refused("missing.jpg", *RULES, "-o", f"x{suffix}") == said
    assert refused("a.jpg", "b.jpg", *RULES, "-o", f"out/{suffix}") == said
    if suffix != ".html":
        (here / "mine.yaml").write_text("promenade: 2\nextends: default\nname: mine\n")
        watching = ["--rules", "mine.yaml", "--watch", "-o", f"x{suffix}"]
        assert refused("missing.jpg", *RULES, *watching) == said
    assert (here / f"x{suffix}").read_text() == "before"
    assert not (here / "out").exists()


def test_every_kind_of_file_says_what_it_needs():
    assert {".json", ".txt"} == {suffix for suffix in SUFFIXES if suffix not in NEEDS}


@pytest.mark.parametrize("name", ["symusic", "soundfile", "music21"])
def test_a_library_for_a_lesson(here, without, name):
    without(name)
    suffix = ".musicxml" if name == "music21" else ".mp3"
    said = f"A {suffix} file needs {name}, which is not installed. Run: pip install {name}."
    args = ("hear", "rule", "seventh", "-o", "x.mid", "-o", f"x{suffix}")
    assert refused(*args, command=cli.promenade) == said
    assert list(here.iterdir()) == []


def test_the_network_sings_without_what_trained_it(without):
    without("torch")
    without("safetensors")
    assert "missing.jpg" in refused("missing.jpg")


@pytest.mark.parametrize(
    ("line", "name", "what", "brings"),
    [
        ("train none.npz -o run", "torch", "Training", TRAIN),
        ("train none.npz -o run", "safetensors", "Training", TRAIN),
        ("train none.npz -o run", "matplotlib", "Training", "matplotlib"),
        ("evaluate mood none", "sklearn", "This evaluation", "'promenade-music[evaluate]'"),
        ("evaluate melody --table speed", "torch", "This evaluation", TRAIN),
        ("evaluate bach", "music21", "This evaluation", "music21"),
        ("evaluate rules", "music21", "This evaluation", "music21"),
        ("evaluate harmony", "music21", "This evaluation", "music21"),
        ("corpus build --music21 -o x.npz", "music21", "This", "music21"),
        ("corpus build --midi none -o x.npz", "symusic", "Reading MIDI files", "symusic"),
        ("corpus stats --midi none", "symusic", "Reading MIDI files", "symusic"),
        (
            "corpus build --midi none --engine ray -o x.npz",
            "ray",
            "--engine ray",
            "'promenade-music[ray]'",
        ),
        (
            "corpus build --midi none --engine dask -o x.npz",
            "distributed",
            "--engine dask",
            "'promenade-music[dask]'",
        ),
        (
            "compose a.jpg b.jpg -o out/ --engine ray",
            "ray",
            "--engine ray",
            "'promenade-music[ray]'",
        ),
        (
            "compose a.jpg b.jpg -o out/ --engine dask",
            "distributed",
            "--engine dask",
            "'promenade-music[dask]'",
        ),
    ],
)
def test_a_library_for_a_command(here, without, line, name, what, brings):
    without(name)
    told = {"sklearn": "scikit-learn"}.get(name, name)
    said = refused(*line.split(), command=cli.promenade)
    assert said == f"{what} needs {told}, which is not installed. Run: pip install {brings}."
    assert list(here.iterdir()) == []


def test_several_libraries_and_one_command(without):
    for name in ("av", "verovio", "fontTools"):
        without(name)
    assert refused("missing.jpg", *RULES, "-o", "x.mp4").endswith(
        "pip install 'promenade-music[film]'."
    )
    assert refused("missing.jpg", *RULES, "-o", "x.svg") == (
        "A .svg file needs verovio and fonttools, which are not installed. "
        "Run: pip install verovio fonttools."
    )


def test_a_library_that_always_comes_along(here, without):
    """A broken installation."""
    from composer.explanation import reading
    from composer.explanation.format import FORMAT

    (here / "x.json").write_text(f'{{"promenade": {FORMAT}}}')
    reading._validator.cache_clear()
    without("jsonschema")
    assert refused("explain", "x.json", command=cli.promenade) == (
        "jsonschema is not installed. Run: pip install jsonschema."
    )


def test_a_picture_library_missing_from_a_broken_installation():
    """In a process of its own, for here it is loaded."""
    code = (
        "import sys; sys.modules['cv2'] = None; import cli; "
        "cli.compose(['sample:china', '-o', 'x.mid', '--melody', 'rules'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "Error: opencv-python-headless is not installed. Run: pip install opencv-python-headless.\n"
    )


def test_a_mistake_of_our_own_is_no_missing_library(monkeypatch):
    def wrong(*_, **__):
        raise ModuleNotFoundError("No module named 'composer.nowhere'", name="composer.nowhere")

    monkeypatch.setattr("composer.pipeline.compose", wrong)
    result = CliRunner().invoke(cli.compose, ["sample:china", *RULES])
    assert isinstance(result.exception, ModuleNotFoundError)


def test_a_library_that_cannot_be_loaded(monkeypatch):
    def broken(*_, **__):
        raise ImportError("libGL.so.1: cannot open shared object file", name="cv2.gapi")

    monkeypatch.setattr("composer.pipeline.compose", broken)
    assert refused("sample:china", *RULES) == (
        "opencv-python-headless cannot be loaded: libGL.so.1: cannot open shared object file. "
        "Run: pip install --force-reinstall opencv-python-headless."
    )


def soundfonts(folder):
    """SoundFonts that are none, by name, and what is said of each."""
    (folder / "folder.sf2").mkdir()
    (folder / "text.sf2").write_text("no SoundFont")
    (folder / "empty.sf2").touch()
    (folder / "cut.sf2").write_bytes(b"RIFF\0\0\0\0sfbkLIST\4\0\0\0INFO")
    return {
        "none.sf2": "none.sf2 cannot be read: No such file or directory.",
        "folder.sf2": "folder.sf2 is a folder.",
        "text.sf2": "text.sf2 is no SoundFont.",
        "empty.sf2": "empty.sf2 is no SoundFont.",
        "cut.sf2": "cut.sf2 is damaged, or not whole.",
    }


def test_a_soundfont_that_is_none(here):
    (here / "x.wav").write_text("before")
    for name, sentence in soundfonts(here).items():
        for synth in ("built-in", "fluidsynth") if shutil.which("fluidsynth") else ("built-in",):
            how = ["--soundfont", name, "--synth", synth]
            for each in (["-o", "x.wav"], ["-o", "x.mp4"], ["b.jpg", "-o", "out/.ogg"]):
                assert refused("missing.jpg", *RULES, *how, *each) == f"{sentence} {BETTER}"
    assert (here / "x.wav").read_text() == "before"


def test_no_soundfont_and_no_fluidsynth(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert refused("missing.jpg", *RULES, "--synth", "fluidsynth") == (
        "FluidSynth is not installed. On Debian or Ubuntu run: sudo apt install fluidsynth; on "
        "macOS: brew install fluid-synth. Or leave out --synth fluidsynth."
    )
    monkeypatch.setattr("composer.render.audio.soundfont.installed", lambda: None)
    assert refused("missing.jpg", *RULES) == (
        "There is no SoundFont to play with: Promenade's own is missing. "
        f"Run: pip install --force-reinstall promenade-music. {BETTER}"
    )
    args = ("hear", "rule", "seventh", "-o", "x.mp3")
    assert "pip install --force-reinstall promenade-music" in refused(*args, command=cli.promenade)


def test_no_codec(monkeypatch):
    monkeypatch.setattr("soundfile.available_formats", lambda: {"WAV": ""})
    said = (
        "The libsndfile installed here cannot write .mp3 files. "
        "Run: pip install --upgrade --force-reinstall soundfile; or write .wav."
    )
    assert refused("missing.jpg", *RULES, "-o", "x.mp3") == said
    assert refused("hear", "rule", "seventh", "-o", "x.mp3", command=cli.promenade) == said
    assert refused("a.jpg", "b.jpg", *RULES, "-o", "out/.mp3") == said


@pytest.mark.parametrize("codec", ["VIDEO", "AUDIO"])
def test_no_codec_for_a_film(monkeypatch, codec):
    pytest.importorskip("av")
    monkeypatch.setattr(f"composer.render.film.mp4.{codec}", "libnone")
    for each in (["-o", "x.mp4"], ["b.jpg", "-o", "out/.mp4"]):
        assert refused("missing.jpg", *RULES, *each) == (
            "The PyAV installed here has no encoder libnone. "
            "Run: pip install --force-reinstall --only-binary av av."
        )


def test_no_libsndfile(without, monkeypatch):
    """As where soundfile was built on a machine that has none."""
    import builtins

    real = builtins.__import__

    def importing(name, *rest):
        if name == "soundfile":
            raise OSError("sndfile library not found")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", importing)
    assert refused("missing.jpg", *RULES) == (
        "soundfile cannot be loaded: sndfile library not found. Run: pip install --force-reinstall "
        "soundfile; on Debian or Ubuntu, where that is not enough: sudo apt install libsndfile1."
    )
