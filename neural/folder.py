"""A training run's folder: its recipe, figures and weights, and what it goes on from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from corpora.whole import whole, write
from neural.errors import TrainingError
from neural.model import MelodyModel, load, save


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
        folder.mkdir(parents=True, exist_ok=True)
        config = json.dumps(recipe, indent=2) + "\n"
        path = folder / "config.json"
        if path.exists() and path.read_text() != config:
            raise TrainingError(
                f"{folder} holds a run of another recipe.", "Name another folder, or remove it."
            )
        if rank == 0:
            write(path, config)

    def resume(
        self, model: MelodyModel, optimiser: torch.optim.Optimizer, device: torch.device
    ) -> int:
        """Load the last checkpoint; how many epochs are done."""
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return 0
        state = torch.load(path, map_location=device, weights_only=True)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        for each in json.loads((self.folder / "figures.json").read_text()):
            pairs = {name: (a, b) for name, (a, b) in each["validation"].items()}
            self.figures.append(Figures(each["epoch"], each["rate"], each["training"], pairs))
        self.figures = self.figures[: state["epochs"]]
        return int(state["epochs"])

    def keep(self, model: MelodyModel, optimiser: torch.optim.Optimizer, figures: Figures) -> None:
        """Write the epoch down: figures first, the checkpoint whole or not at all."""
        self.figures.append(figures)
        best = min(self.figures, key=lambda each: each.judged)
        if best is figures:
            save(model, self.folder / "model.safetensors")
        rows = [asdict(each) for each in self.figures]
        write(self.folder / "figures.json", json.dumps(rows, indent=1) + "\n")
        draw(self.figures, self.folder / "curves.png")
        state = {
            "model": model.state_dict(),
            "optimiser": optimiser.state_dict(),
            "epochs": figures.epoch + 1,
        }
        with whole(self.folder / "checkpoint.pt") as beside:
            torch.save(state, beside)

    def stale(self, patience: int) -> bool:
        """Has validation not been bettered for so many epochs?"""
        judged = [each.judged for each in self.figures]
        return len(judged) > patience and min(judged[-patience:]) > min(judged[:-patience])

    def best(self, device: torch.device) -> MelodyModel:
        """The model of the epoch that was best by validation."""
        return load(self.folder / "model.safetensors").to(device)


def draw(figures: Sequence[Figures], path: Path) -> None:
    """The curves of a run as a picture."""
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
    with whole(path) as beside:
        figure.savefig(beside, dpi=120, format="png")
