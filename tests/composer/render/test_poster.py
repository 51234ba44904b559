"""The poster: one sheet, the same every time, with picture, reasons and every note."""

import io

import numpy as np
import pytest
from PIL import Image

from composer.explanation.chosen import decided
from composer.render.poster import DOTS, LEGEND, PICTURE_FOOT, ROLL, SIZE
from composer.render.rendering import Rendering
from composer.render.roll import COLOURS


@pytest.fixture(scope="module")
def rendering(china):
    return Rendering(china)


@pytest.fixture(scope="module")
def sheet(rendering):
    return np.asarray(Image.open(io.BytesIO(rendering.poster("png"))).convert("RGB"))


def near(pixels, code):
    """Which pixels are of about this colour."""
    colour = [int(code[i : i + 2], 16) for i in (1, 3, 5)]
    return np.abs(pixels.astype(int) - colour).sum(axis=2) < 60


def test_it_is_a_sheet_of_a3(sheet):
    assert sheet.shape[:2] == (int(SIZE[1] * DOTS), int(SIZE[0] * DOTS))


def test_the_picture_is_in_its_upper_half(sheet, china):
    foot = round(sheet.shape[0] * (1 - PICTURE_FOOT))

    def mean(pixels):
        """Of what is not as light as the paper."""
        rows = pixels.reshape(-1, 3)
        return rows[rows.sum(axis=1) < 600].mean(axis=0)

    np.testing.assert_allclose(mean(sheet[:foot]), mean(china.analysis.picture.pixels), atol=6)


def test_every_singing_part_is_in_the_roll_and_in_the_key(sheet, china):
    tall = sheet.shape[0]
    roll = sheet[round(tall * (1 - ROLL[0] - ROLL[1])) : round(tall * (1 - ROLL[0]))]
    legend = sheet[round(tall * (1 - LEGEND - 0.012)) :]
    for part in china.parts:
        if part.notes:
            assert near(legend, COLOURS[part.role]).sum() > 50, part.role
    assert near(roll, COLOURS["melody"]).sum() > 1000


def test_the_pdf_says_why_and_is_the_same_again(rendering):
    pypdfium2 = pytest.importorskip("pypdfium2")
    data = rendering.poster("pdf")
    assert Rendering(rendering.piece).poster("pdf") == data
    document = pypdfium2.PdfDocument(data)
    assert len(document) == 1
    text = " ".join(document[0].get_textpage().get_text_range().split())
    rows = dict(one.text.partition(": ")[::2] for one in decided(rendering.explanation))
    for name in ("mood", "key", "players"):
        assert " ".join(rows[name].split()) in text
