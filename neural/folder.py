"""A training run's folder: its recipe, figures and weights, and what it goes on from."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from corpora.whole import write
from neural.errors import TrainingError, WeightsError
from neural.model import MelodyModel, load, save
from neural.weights import read


@dataclass(frozen=True, slots=True)
class Figures:
    """One epoch: bits an event for pitch and for length, in training and in validation by what the
    model was told."""

    epoch: int
    rate: float
    training: float
    validation: dict[str, tuple[float, float]]

    @property
    def judged(self) -> float:
        """What early stopping goes by: all of it, bare and told."""
        return sum(sum(pair) for pair in self.validation.values())


class RunFolder:
    """A run's folder, begun or gone on with. Raises TrainingError where it holds another
    recipe's run."""

    def __init__(self, folder: Path, recipe: Mapping[str, Any], rank: int) -> None:
        self.folder = folder
        self.figures: list[Figures] = []
        config = json.dumps(recipe, indent=2) + "\n"
        path = folder / "config.json"
        with _writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            if path.exists() and path.read_bytes() != config.encode():
                raise TrainingError(
                    f"{folder} holds a run of another recipe.", "Name another folder, or remove it."
                )
            if rank == 0:
                write(path, config)

    def resume(
        self, model: MelodyModel, optimiser: torch.optim.Optimizer, device: torch.device
    ) -> int:
        """Load the last checkpoint; how many epochs are done. Raises TrainingError, with what to
        do, where the checkpoint, its figures or its weights are damaged."""
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return 0
        # What damaged bytes raise in torch and in pickle is no closed list.
        with _sound(path, path, Exception):
            state = torch.load(path, map_location=device, weights_only=True)
            epochs = int(state["epochs"])
            model.load_state_dict(state["model"])
            optimiser.load_state_dict(state["optimiser"])
        figures = self.folder / "figures.json"
        with _sound(figures, path, OSError, ValueError, TypeError, KeyError, AttributeError):
            rows = json.loads(figures.read_bytes())[:epochs]
            self.figures = [_figures(row) for row in rows]
            if [each.epoch for each in self.figures] != list(range(epochs)):
                raise ValueError("an epoch is missing")
        weights = self.folder / "model.safetensors"
        with _sound(weights, path, WeightsError):
            read(weights)
        return epochs

    def keep(self, model: MelodyModel, optimiser: torch.optim.Optimizer, figures: Figures) -> None:
        """Write the epoch down: figures first, the checkpoint whole or not at all."""
        self.figures.append(figures)
        best = min(self.figures, key=lambda each: each.judged)
        rows = [asdict(each) for each in self.figures]
        state = {
            "model": model.state_dict(),
            "optimiser": optimiser.state_dict(),
            "epochs": figures.epoch + 1,
        }
        checkpoint = io.BytesIO()
        torch.save(state, checkpoint)
        with _writing(self.folder):
            if best is figures:
                save(model, self.folder / "model.safetensors")
            write(self.folder / "figures.json", json.dumps(rows, indent=1) + "\n")
            write(self.folder / "curves.png", drawn(self.figures))
            write(self.folder / "checkpoint.pt", checkpoint.getbuffer())

    def stale(self, patience: int) -> bool:
        """Has validation not been bettered for so many epochs?"""
        judged = [each.judged for each in self.figures]
        return len(judged) > patience and min(judged[-patience:]) > min(judged[:-patience])

    def best(self, device: torch.device) -> MelodyModel:
        """The model of the epoch that was best by validation."""
        return load(self.folder / "model.safetensors").to(device)


def _figures(row: Mapping[str, Any]) -> Figures:
    pairs = {name: (float(a), float(b)) for name, (a, b) in row["validation"].items()}
    return Figures(row["epoch"], float(row["rate"]), float(row["training"]), pairs)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Turns what the system refuses into a sentence."""
    try:
        yield
    except OSError as error:
        where = Path(error.filename or folder)
        raise TrainingError(
            f"{where} cannot be written: {error.strerror}.",
            "Make room, or name another folder with -o; the same command goes on from here.",
        ) from None


@contextmanager
def _sound(file: Path, checkpoint: Path, *damage: type[Exception]) -> Iterator[None]:
    """Turns what comes of a damaged file into a sentence; enough memory there must be."""
    try:
        yield
    except MemoryError:
        raise
    except damage as error:
        raise TrainingError(
            f"{file} is damaged or missing.",
            f"Remove {checkpoint}, and the run begins anew; or name another folder.",
        ) from error


def drawn(figures: Sequence[Figures]) -> bytes:
    """The curves of a run as a picture, PNG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.add_subplot()
    epochs = [each.epoch + 1 for each in figures]
    axes.plot(epochs, [each.training for each in figures], "k--", label="training")
    for name in figures[0].validation:
        axes.plot(epochs, [sum(each.validation[name]) for each in figures], label=name)
    axes.set_xlabel("epoch")
    axes.set_ylabel("bits an event (pitch and length)")
    axes.legend()
    made = io.BytesIO()
    figure.savefig(made, dpi=120, format="png")
    return made.getvalue()
