"""What runs many alike: this process, processes of this machine, or a cluster by Ray or Dask.

Each is one function: given a function and its arguments, it yields (number, result) pairs in the
order in which they come. What is run and what comes back is the same for all. An interrupt is
answered by the process that asked, and the workers end with it.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from importlib import import_module
from multiprocessing import active_children, get_context
from types import MappingProxyType
from typing import Any, TypeVar

from corpora.errors import CorpusError
from corpora.needs import lacking

A = TypeVar("A")
B = TypeVar("B")
Results = Generator[tuple[int, B], None, None]
MOST = 61  # processes that Windows can wait for at once


def local(work: Callable[[A], B], given: Sequence[A], jobs: int) -> Results[B]:
    """In this process if `jobs` is 1, else in so many processes."""
    if jobs == 1 or len(given) < 2:
        yield from ((number, work(each)) for number, each in enumerate(given))
        return
    with _interrupted_once():
        yield from _pooled(work, given, jobs)


def _pooled(work: Callable[[A], B], given: Sequence[A], jobs: int) -> Results[B]:
    others = active_children()
    # Spawned, so that no library's threads are forked in the middle of something.
    pool = ProcessPoolExecutor(
        min(jobs, len(given), MOST),
        mp_context=get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    try:
        with _held_back():
            waiting = {pool.submit(work, each): number for number, each in enumerate(given)}
        for future in as_completed(waiting):
            yield waiting[future], future.result()
    except (KeyboardInterrupt, GeneratorExit):
        # Nobody wants what they are at, which may take minutes.
        for worker in active_children():
            if worker not in others:
                worker.terminate()
        raise
    except BrokenProcessPool:
        raise CorpusError(
            "A worker process was killed, perhaps for want of memory; give the same command "
            "again with --jobs 1, which needs the least."
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _held_back() -> Iterator[None]:
    """Has an interrupt wait; processes that are started meanwhile never hear one.

    It is this process's to answer, and a worker that is only just beginning would print its own.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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


def in_order(work: Callable[[A], B], given: Sequence[A], jobs: int) -> Iterator[B]:
    """As `local`, the results alone, in the order of `given`."""
    early: dict[int, B] = {}
    following = 0
    with closing(local(work, given, jobs)) as results:
        for number, result in results:
            early[number] = result
            while following in early:
                yield early.pop(following)
                following += 1


def by_ray(work: Callable[[A], B], given: Sequence[A], jobs: int) -> Results[B]:
    """On the cluster that RAY_ADDRESS names, or else on so many workers started here."""
    ray = _library("ray")
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
    distributed = _library("dask")
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


def check(engine: str) -> None:
    """Raises CorpusError, with the command that installs it, where an engine is not there."""
    found = lacking(f"--engine {engine}", [LIBRARIES[engine]] if engine in LIBRARIES else [])
    if found is not None:
        raise CorpusError(" ".join(found))


def _library(engine: str) -> Any:
    check(engine)
    return import_module(LIBRARIES[engine])


# By engine, the library that it needs beside our own.
LIBRARIES: Mapping[str, str] = MappingProxyType({"ray": "ray", "dask": "distributed"})
ENGINES: Mapping[str, Callable[..., Results[Any]]] = MappingProxyType(
    {"local": local, "ray": by_ray, "dask": by_dask}
)
