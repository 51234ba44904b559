"""What a command is given in an empty folder: pictures, scores, tunes, each small."""

import numpy as np
from PIL import Image

import cli
from corpora import dataset
from corpora.read.abc import read_abc
from tests.corpora.made import midi, sheet


def pictures(folder, count):
    rng = np.random.default_rng(0)
    folder.mkdir(exist_ok=True)
    for number in range(count):
        pixels = rng.integers(0, 256, (6, 8, 3), np.uint8).repeat(12, 0).repeat(12, 1)
        Image.fromarray(pixels).save(folder / f"{number}-{'abcde'[number]}.png")
    return folder


def given_pictures(folder):
    pictures(folder / "photos", 4)
    rows = [f"{n}-{'abcde'[n]}.png,{n / 4},{(n * 7) % 4 / 4}" for n in range(4)]
    text = "\n".join(["file,valence,arousal", *rows])
    (folder / "photos" / "ratings.csv").write_text(text)


def given_a_score(folder):
    cli.compose.main(
        ["sample:china", "-o", "x.voices.musicxml", "--melody", "rules", "-q"],
        standalone_mode=False,
    )


def given_an_explanation(folder):
    how = ["-o", "x.json", "--melody", "rules", "-q"]
    cli.compose.main(["sample:china", *how], standalone_mode=False)


def given_tunes(folder):
    """Enough of them that some are to learn from, and some to judge by."""
    dealt = np.random.default_rng(0)
    made = []
    for number in range(48):
        bars_ = "|".join("".join(dealt.choice(list("CDEFGABcd"), 4)) for _ in range(5))
        made += read_abc(f"X:1\nM:2/4\nL:1/8\nK:C\n{bars_}|]", f"made{number}")
    assert {"train", "valid"} <= {dataset.split(tune) for tune in made}
    dataset.write(folder / "tunes.npz", made)


def given_abc(folder):
    (folder / "abc").mkdir()
    (folder / "abc" / "one.abc").write_text("X:1\nM:4/4\nL:1/4\nK:C\nCDEF|GABc|cBAG|FEDC|]\n")


def given_sheets(folder, count=3):
    (folder / "sheets").mkdir()
    for number in range(count):
        (folder / "sheets" / f"{number}.musicxml").write_text(sheet([number, 1, 2, 3, 4]))


def given_midi(folder):
    midi(folder / "songs" / "one.mid")


def nothing(folder):
    pass
