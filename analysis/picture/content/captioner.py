"""A captioning model of the user's own: one sentence about a picture, by transformers.

The model is a folder that transformers has saved: local files and safetensors alone. Nothing is
fetched, and no code that lies in the folder is run.
"""

from __future__ import annotations

import os
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from analysis.errors import CaptionerError
from analysis.picture.decode import reduce

SIDE = 640  # px a side, of the copy that is described
TOKENS = 60  # a sentence is no longer
LONGEST = 300  # signs of it that are kept
_MAKE = "Give a folder that holds a captioning model, saved by transformers as safetensors."


def describe(pixels: np.ndarray, folder: str) -> str:
    """What the model says of a picture, (h, w, 3) uint8 sRGB: the likeliest words, always the same.

    Raises CaptionerError for a folder that holds no such model, and ModuleNotFoundError where
    transformers, or torch under it, is not installed.
    """
    processor, model = _loaded(os.path.realpath(folder))
    given = processor(images=[reduce(pixels, SIDE)], return_tensors="pt")
    words = model.generate(**given, max_new_tokens=TOKENS, do_sample=False, num_beams=1)
    (text,) = processor.batch_decode(words, skip_special_tokens=True)
    said = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return said[:LONGEST]


def check(folder: str) -> None:
    """Raises CaptionerError where the folder cannot hold a model, before it is loaded."""
    path = Path(folder)
    if not path.is_dir():
        raise CaptionerError(f"There is no folder {folder} with a captioning model. {_MAKE}")
    lacking = [what for what in ("config.json", "*.safetensors") if not any(path.glob(what))]
    if lacking:
        raise CaptionerError(f"{folder} holds no {' and no '.join(lacking)}. {_MAKE}")


@lru_cache(maxsize=1)
def _loaded(folder: str) -> tuple[Any, Any]:
    check(folder)
    transformers: Any = import_module("transformers")
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    safe = {"local_files_only": True, "trust_remote_code": False}
    try:
        processor = transformers.AutoProcessor.from_pretrained(folder, **safe)
        model = transformers.AutoModelForImageTextToText.from_pretrained(
            folder, use_safetensors=True, **safe
        )
    except Exception as error:  # whatever it raises of a folder that it cannot read
        reason = " ".join(str(error).split())[:200].rstrip(".")
        raise CaptionerError(f"{folder} cannot be read as a captioning model: {reason}.") from None
    return processor, model.eval()
