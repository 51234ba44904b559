"""What the shells complete: options, names, values and files, by click's own scripts."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import cli

ROOT = Path(__file__).resolve().parent.parent


def asked(shell, *words, command=cli.compose, name="compose"):
    """What a shell is answered for the last of the words."""
    environment = {
        f"_{name.upper()}_COMPLETE": f"{shell}_complete",
        # Fish tells what is begun, the others which word it is.
        "COMP_WORDS": " ".join([name, *words]),
        "COMP_CWORD": words[-1] if shell == "fish" else str(len(words)),
    }
    result = CliRunner(env=environment).invoke(command, prog_name=name)
    return result.stdout.splitlines()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("command", "name"), [(cli.compose, "compose"), (cli.promenade, "promenade")]
)
def test_every_shell_gets_its_script(monkeypatch, shell, command, name):
    monkeypatch.setenv(f"_{name.upper()}_COMPLETE", f"{shell}_source")
    result = CliRunner().invoke(command, prog_name=name)
    assert result.exit_code == 0, result.output
    assert f"{shell}_complete" in result.stdout
    assert f"_{name}_completion" in result.stdout


def test_options_are_completed():
    assert asked("bash", "--ver") == ["plain,--verbose"]
    assert any(line.startswith("plain,--without") for line in asked("fish", "--wi"))
    assert "--seed" in asked("zsh", "--see")


def test_commands_and_lessons_are_completed():
    assert asked("bash", "hea", command=cli.promenade, name="promenade") == ["plain,hear"]
    words = ("hear", "mode", "dor")
    assert asked("bash", *words, command=cli.promenade, name="promenade") == ["plain,dorian"]


def test_decisions_and_their_choices_are_completed():
    assert "mode=dorian" in asked("zsh", "x.jpg", "--set", "mode=d")
    assert "plain,mode=harmonic\\\\ minor" in asked("bash", "x.jpg", "--set", "mo")
    assert "plain,tempo=" in asked("bash", "x.jpg", "--set", "te")
    # Bash breaks words at the equals sign, and puts its answer behind it.
    assert asked("bash", "x.jpg", "--set", "mode", "=", "do") == ["plain,dorian"]
    assert "plain,lydian" in asked("bash", "x.jpg", "--set", "mode", "=")


def test_rules_and_pictures_are_completed():
    assert asked("bash", "--without", "parallel-f") == ["plain,parallel-fifths"]
    assert asked("bash", "holi") == ["file,holi"]
    assert asked("bash", "a.jpg", "holi") == ["file,holi"]
    assert "plain,sample:china" in asked("bash", "sample")
    assert asked("bash", "a.jpg", "--rules", "mi") == ["file,mi"]
    assert "plain,scriabin" in asked("bash", "a.jpg", "--rules", "scr")


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_itself_puts_the_words_in(tmp_path):
    code = "import cli\ncli.compose(prog_name='compose')"
    (tmp_path / "compose").write_text(f'#!/bin/sh\nexec {sys.executable} -c "{code}" "$@"\n')
    (tmp_path / "compose").chmod(0o755)
    script = """
      source <(_COMPOSE_COMPLETE=bash_source compose)
      COMP_WORDS=(compose x.jpg --set mode = har) COMP_CWORD=5
      _compose_completion compose 2>/dev/null
      printf '%s\\n' "${COMPREPLY[@]}"
    """
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    found = subprocess.run(
        ["bash", "--norc", "-c", script],
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout == "harmonic\\ minor\n"
