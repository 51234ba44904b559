"""Replays: a piece's decisions made again from its explanation, and from a picture changed.

What is found here is no part of the run that it explains, and is called a replay wherever it is
shown.
"""

from composer.explanation.replay.changes import Change, Counterfactual
from composer.explanation.replay.denied import unseen
from composer.explanation.replay.search import counterfactuals
from composer.explanation.replay.walk import SearchMemory

__all__ = ["Change", "Counterfactual", "SearchMemory", "counterfactuals", "unseen"]
