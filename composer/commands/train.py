"""`promenade train`: from a dataset to weights. No logic, and nothing heavy at once."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("dataset", metavar="DATASET", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The run's folder: weights, figures, curves, and what is needed to go on.",
)
@click.option(
    "--leave-out",
    metavar="COLLECTION",
    multiple=True,
    help="Learn nothing from this collection (as corpus stats names it). May be given several "
    "times.",
)
@click.option("--epochs", metavar="N", type=click.IntRange(min=1), help="At most so many passes.")
@click.option("--seed", metavar="N", type=click.IntRange(min=0), help="The run's random numbers.")
@click.option(
    "--start",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Go on from these weights, at a quarter of the learning rate.",
)
@click.option(
    "--threads",
    metavar="N",
    type=click.IntRange(min=1),
    help="Use so many processor cores.  [default: all]",
)
def train(
    dataset: Path,
    output: Path,
    leave_out: tuple[str, ...],
    epochs: int | None,
    seed: int | None,
    start: Path | None,
    threads: int | None,
) -> None:
    """Train the melody model on DATASET, a file that corpus build wrote.

    Without a GPU the default run takes under two hours on two cores. A run that was interrupted
    goes on at its last epoch. For several GPUs or machines start it with torchrun.

    \b
    Examples:
      promenade train tunes.npz -o run
      promenade train tunes.npz -o run --leave-out essenFolksong --leave-out bach
      torchrun --nproc-per-node 2 --no-python promenade train tunes.npz -o run
    """
    from corpora.needs import lacking
    from neural.errors import TrainingError

    missing = lacking("Training", ["torch", "safetensors", "matplotlib"])
    if missing is not None:
        raise TrainingError(*missing)
    from neural.train import run

    run(dataset, output, leave_out, epochs, seed, start, threads, click.echo)
