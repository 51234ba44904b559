"""What runs many alike: this process, processes of this machine, or a cluster by Ray or Dask.

Given a function and its arguments, all of them yield (number, result) pairs in the order in which
they come; what is run and what comes back is the same. An interrupt is answered by the process that
asked, and the workers end with it. Processes are spawned: a program that asks for more than one has
to be importable without side effects, as `if __name__ == "__main__":` makes it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import active_children, get_context, parent_process
from threading import Thread
from types import MappingProxyType
from typing import Any, TypeVar

from corpora.errors import CorpusError
from corpora.needs import lacking

A = TypeVar("A")
B = TypeVar("B")
Results = Generator[tuple[int, B], None, None]
MOST = 61  # processes that Windows can wait for at once


@dataclass(frozen=True, slots=True)
class Workers:
    """How many work, and by what.

    engine: a name of ENGINES. address: of the cluster that a Ray or a Dask is to work on; "" starts
    `jobs` workers on this machine.
    """

    jobs: int = 1
    engine: str = "local"
    address: str = ""

    def run(self, work: Callable[[A], B], given: Sequence[A]) -> Results[B]:
        """Pairs of a number in `given` and what the work on it gave, as they come."""
        return ENGINES[self.engine](work, given, self)


ALONE = Workers()


def local(work: Callable[[A], B], given: Sequence[A], workers: Workers) -> Results[B]:
    """In this process for one job, else in so many processes."""
    if workers.jobs == 1 or len(given) < 2:
        yield from ((number, work(each)) for number, each in enumerate(given))
        return
    others = active_children()
    pool = _pool(min(workers.jobs, len(given), MOST))
    if pool is None:
        yield from local(work, given, ALONE)
        return
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


def _pool(jobs: int) -> ProcessPoolExecutor | None:
    """So many processes; None where the system has no room or no way for what they share."""
    # Spawned, so that no library's threads are forked in the middle of something.
    context = get_context("spawn")
    try:
        return ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin)
    except (OSError, ImportError, NotImplementedError):  # as without /dev/shm
        return None


def _begin() -> None:
    """A worker's first act: it leaves interrupts to its parent, and lives no longer than that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


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


def in_order(work: Callable[[A], B], given: Sequence[A], jobs: int) -> Iterator[B]:
    """The results alone, in the order of `given`, by so many processes of this machine."""
    early: dict[int, B] = {}
    following = 0
    with closing(local(work, given, Workers(jobs))) as results:
        for number, result in results:
            early[number] = result
            while following in early:
                yield early.pop(following)
                following += 1


def by_ray(work: Callable[[A], B], given: Sequence[A], workers: Workers) -> Results[B]:
    """On a Ray cluster."""
    ray = _library("ray")
    where = {"address": workers.address or "local"}
    here: dict[str, Any] = {} if workers.address else {"num_cpus": workers.jobs}
    ray.init(include_dashboard=False, log_to_driver=False, logging_level="ERROR", **where, **here)
    try:
        task = ray.remote(lambda each: work(each))  # of functions alone, and not of partial ones
        waiting = {task.remote(each): number for number, each in enumerate(given)}
        while waiting:
            done, _ = ray.wait(list(waiting))
            for each in done:
                yield waiting.pop(each), ray.get(each)
    finally:
        ray.shutdown()


def by_dask(work: Callable[[A], B], given: Sequence[A], workers: Workers) -> Results[B]:
    """On a Dask cluster."""
    distributed = _library("dask")
    with ExitStack() as started:
        cluster = workers.address or started.enter_context(
            distributed.LocalCluster(
                n_workers=workers.jobs, threads_per_worker=1, dashboard_address=None
            )
        )
        client = started.enter_context(distributed.Client(cluster))
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


# By engine, the library that it needs beside our own, and where a cluster's address usually stands.
LIBRARIES: Mapping[str, str] = MappingProxyType({"ray": "ray", "dask": "distributed"})
ADDRESSES: Mapping[str, str] = MappingProxyType(
    {"ray": "RAY_ADDRESS", "dask": "DASK_SCHEDULER_ADDRESS"}
)
ENGINES: Mapping[str, Callable[..., Results[Any]]] = MappingProxyType(
    {"local": local, "ray": by_ray, "dask": by_dask}
)
