"""The wheel and the sdist, installed where nothing else of ours is, with required libraries alone.

What the extras bring is hidden there, so that whatever a required kind of file needs is seen to be
required, and every command is run from outside the clone.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from configparser import ConfigParser
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ("analysis", "theory", "corpora", "neural", "composer")
# By the name under which it is imported, all that only an extra brings.
HIDDEN = (
    "torch",
    "safetensors",
    "sklearn",
    "av",
    "reportlab",
    "ray",
    "distributed",
    "pandas",
    "transformers",
)
HIDE = f"""
import sys
from importlib.abc import MetaPathFinder

class Hidden(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {HIDDEN!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Hidden())
"""


def run(*args, cwd, **extra):
    return subprocess.run(args, cwd=cwd, capture_output=True, text=True, check=False, **extra)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder with the wheel and the sdist, built from what git has."""
    source = tmp_path_factory.mktemp("source") / "promenade"
    listed = run("git", "ls-files", "-co", "--exclude-standard", "-z", cwd=ROOT).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, source / name)
    out = tmp_path_factory.mktemp("dist")
    code = (
        "import sys, setuptools.build_meta as build\n"
        f"build.build_sdist({str(out)!r})\nbuild.build_wheel({str(out)!r})"
    )
    done = run(sys.executable, "-c", code, cwd=source)
    assert done.returncode == 0, done.stderr[-2000:]
    return out


@pytest.fixture(scope="module")
def bare(built, tmp_path_factory):
    """The programs' folder of an environment with our wheel and the required libraries."""
    home = tmp_path_factory.mktemp("bare")
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    scheme = "nt" if os.name == "nt" else "posix_prefix"
    paths = sysconfig.get_paths(scheme, {"base": str(home), "platbase": str(home)})
    site = Path(paths["purelib"])
    (wheel,) = built.glob("*.whl")
    python = Path(paths["scripts"]) / "python"
    installed = run(
        sys.executable,
        *("-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"),
        str(wheel),
        cwd=home,
    )
    assert installed.returncode == 0, installed.stderr
    (site / "libraries.pth").write_text(f"{Path(click.__file__).parents[1]}\n")
    # By a .pth, for a distribution's own sitecustomize would stand before one of ours.
    (site / "hidden_extras.py").write_text(HIDE)
    (site / "hidden_extras.pth").write_text("import hidden_extras\n")
    return python.parent


@pytest.fixture
def outside(tmp_path, monkeypatch):
    monkeypatch.delenv("PYTHONPATH", raising=False)
    return tmp_path


def test_the_distribution_has_a_name_of_its_own_and_every_file(built):
    (wheel,) = built.glob("*.whl")
    (sdist,) = built.glob("*.tar.gz")
    assert wheel.name.startswith("promenade_music-")
    with zipfile.ZipFile(wheel) as file:
        inside = set(file.namelist())
    with tarfile.open(sdist) as file:
        packed = {"/".join(name.split("/")[1:]) for name in file.getnames()}
    kept = [
        path.relative_to(ROOT).as_posix()
        for room in HOUSE
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert not [name for name in kept if name not in inside]
    assert not [name for name in kept if name not in packed]
    assert "cli.py" in inside
    assert not [name for name in inside if name.startswith("tests")]


def test_the_two_programs_are_there_and_the_code_is_the_wheels(bare, outside):
    said = run(bare / "promenade", "--version", cwd=outside)
    assert said.returncode == 0, said.stderr
    where = run(bare / "python", "-c", "import composer; print(composer.__file__)", cwd=outside)
    assert Path(where.stdout.strip()).is_relative_to(bare.parent)
    hidden = run(bare / "python", "-c", "import torch", cwd=outside)
    assert "No module named 'torch'" in hidden.stderr


def test_every_required_kind_of_file_is_made(bare, outside):
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    assert "torch" not in config["options"]["install_requires"]
    kinds = [
        "mid",
        "wav",
        "flac",
        "mp3",
        "musicxml",
        "voices.musicxml",
        "svg",
        "json",
        "html",
        "png",
        "poster.png",
        "poster.pdf",
    ]
    files = [f"x.{kind}" for kind in kinds]
    short = ["--set", "bars=16", "--set", "form=sentence", "--set", "ensemble=solo piano"]
    outputs = [part for file in files for part in ("-o", file)]
    made = run(bare / "compose", "sample:flower", "--explain", *short, *outputs, cwd=outside)
    assert made.returncode == 0, made.stderr
    assert "Traceback" not in made.stderr
    assert all((outside / file).stat().st_size for file in files)
    assert json.loads((outside / "x.json").read_text("utf-8"))["singer"]["name"] == "neural"


@pytest.mark.parametrize("suffix", ["pdf", "mp4", "story.mp4"])
def test_an_extra_that_is_missing_is_named(bare, outside, suffix):
    said = run(bare / "compose", "sample:china", "-o", f"x.{suffix}", cwd=outside)
    assert said.returncode == 2
    extra = {"pdf": "pdf", "mp4": "film", "story.mp4": "film"}[suffix]
    assert f"pip install 'promenade-music[{extra}]'" in said.stderr
    assert len(said.stderr.strip().splitlines()) == 1


LINES = (
    "promenade features sample:flower",
    "promenade decisions",
    "promenade rules list plain",
    "promenade rules show colourful-pleases",
    "promenade rules new mine.yaml",
    "promenade rules check mine.yaml",
    "promenade rules schema",
    "promenade rules diff default film",
    "promenade rules try mine.yaml sample:flower",
    "promenade glossary dorian",
    "promenade library add . --library l.db",
    "promenade recommend sample:flower --top 1",
    "promenade hear mode dorian -o d.mid -o d.musicxml",
    "promenade count --bars 1",
    "compose sample:flower --melody rules -o y.json -o y.voices.musicxml -q",
    "promenade explain y.json --decision mode",
    "promenade prove y.json",
    "promenade styles",
    "promenade verify y.voices.musicxml --language popular",
    "promenade evaluate --help",
    "promenade corpus --help",
    "promenade train --help",
)


def test_every_command_runs_outside_the_clone(bare, outside):
    for line in LINES:
        program, *args = shlex.split(line)
        done = run(bare / program, *args, cwd=outside)
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr, line
    train = run(bare / "promenade", "train", "none.npz", "-o", "run", cwd=outside)
    assert train.returncode == 2
    assert "promenade-music[train]" in train.stderr


def test_the_lines_name_every_command():
    import cli

    told = {line.split()[1] if line.startswith("promenade") else "compose" for line in LINES}
    assert told == set(cli.promenade.commands)
    rules = {line.split()[2] for line in LINES if line.startswith("promenade rules")}
    assert rules | {"why"} == set(cli.promenade.commands["rules"].commands) | {"why"}
