"""What a user of the model can get wrong."""

from __future__ import annotations


class NeuralError(Exception):
    """A sentence that says what is wrong, and a hint that says what to do."""

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(f"{sentence} {hint}".strip())
        self.sentence, self.hint = sentence, hint


class TrainingError(NeuralError):
    """Nothing to learn from, or a run folder that is in use."""


class WeightsError(NeuralError):
    """Weights that are missing, truncated or not of this model."""
