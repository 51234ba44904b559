"""What runs many alike: this process, processes of this machine, or a cluster by Ray or Dask.

Each is one function: given a function and its arguments, it yields (number, result) pairs in the
order in which they come. What is run and what comes back is the same for all.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from types import MappingProxyType
from typing import Any, TypeVar

from corpora.errors import CorpusError

A = TypeVar("A")
B = TypeVar("B")
Results = Generator[tuple[int, B], None, None]


def local(work: Callable[[A], B], given: Sequence[A], jobs: int) -> Results[B]:
    """In this process if `jobs` is 1, else in so many processes."""
    if jobs == 1 or len(given) < 2:
        yield from ((number, work(each)) for number, each in enumerate(given))
        return
    with _interrupted_once():
        yield from _pooled(work, given, jobs)


def _pooled(work: Callable[[A], B], given: Sequence[A], jobs: int) -> Results[B]:
    # Spawned, so that no library's threads are forked in the middle of something.
    pool = ProcessPoolExecutor(
        min(jobs, len(given)),
        mp_context=get_context("spawn"),
        # An interrupt is this process's to answer.
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    try:
        waiting = {pool.submit(work, each): number for number, each in enumerate(given)}
        for future in as_completed(waiting):
            yield waiting[future], future.result()
    except BrokenProcessPool:
        raise CorpusError(
            "A worker process was killed, perhaps for want of memory; give the same command "
            "again with --jobs 1, which needs the least."
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _interrupted_once() -> Iterator[None]:
    """Lets a first interrupt through and no second, which would break off the workers' shutdown
    and leave this process waiting for them for ever."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def answer(number: int, frame: object) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, answer)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def by_ray(work: Callable[[A], B], given: Sequence[A], jobs: int) -> Results[B]:
    """On the cluster that RAY_ADDRESS names, or else on so many workers started here."""
    ray = _installed("ray")
    here: dict[str, Any] = {} if os.environ.get("RAY_ADDRESS") else {"num_cpus": jobs}
    ray.init(include_dashboard=False, log_to_driver=False, logging_level="ERROR", **here)
    try:
        task = ray.remote(work)
        waiting = {task.remote(each): number for number, each in enumerate(given)}
        while waiting:
            done, _ = ray.wait(list(waiting))
            for each in done:
                yield waiting.pop(each), ray.get(each)
    finally:
        ray.shutdown()


def by_dask(work: Callable[[A], B], given: Sequence[A], jobs: int) -> Results[B]:
    """On the cluster that DASK_SCHEDULER_ADDRESS names, or else on so many workers started here."""
    distributed = _installed("distributed")
    here: dict[str, Any] = (
        {}
        if os.environ.get("DASK_SCHEDULER_ADDRESS")
        else {"n_workers": jobs, "threads_per_worker": 1, "dashboard_address": None}
    )
    with distributed.Client(**here) as client:
        futures = client.map(work, given, pure=False)
        waiting = {future.key: number for number, future in enumerate(futures)}
        for future, result in distributed.as_completed(futures, with_results=True):
            yield waiting[future.key], result


def _installed(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        raise CorpusError(
            f"{EXTRA[name]} is not installed: pip install 'promenade[{EXTRA[name]}]'."
        ) from None


EXTRA = {"ray": "ray", "distributed": "dask"}
ENGINES: Mapping[str, Callable[..., Results[Any]]] = MappingProxyType(
    {"local": local, "ray": by_ray, "dask": by_dask}
)
