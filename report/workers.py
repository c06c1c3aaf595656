"""The processes that render beside this one: started with what they need, ended with nothing left.

A new worker loads its libraries and reads the findings itself. A copy of this process has all that
already, but only a process of one thread can be copied: another thread's lock would never open.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from analysis.errors import ResourceError
from report.interruptions import uninterrupted

# What a process that renders holds at most, with the public data.
WORKER_MB = 300
# A folder with an entry a thread, those of libraries included.
THREADS = Path("/proc/self/task")
# What the libraries that compute products of matrices ask, once, for how many threads to start.
PRODUCTS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Read and render without Python's collector of cycles, which would take a fifth of the time.

    Findings, and the boxes of a document until it is written, stay alive: the collector looks at
    them again and again, and frees nothing. Who makes several documents has it look between them.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            # What was made meanwhile counts as old: otherwise all of it would be looked at now.
            gc.freeze()
            gc.unfreeze()
            gc.enable()


@contextmanager
def new_workers(count: int, load: Callable[[], object]) -> Iterator[ProcessPoolExecutor]:
    """Start processes that load their libraries at once, so that a later task finds them ready."""
    # Spawned, not forked: this process may hold threads of DuckDB and of OpenMP.
    pool = ProcessPoolExecutor(count, get_context("spawn"))
    # Processes that start now ignore it too: Ctrl-C is the main process's affair.
    with uninterrupted():
        for _ in range(count):
            pool.submit(load)
    with _ended(pool):
        yield pool


def stay_one_thread() -> None:
    """Keep numpy and scipy, where they are not loaded yet, from starting threads of their own.

    For a program that computes little and then renders: it can be copied as long as it has one.
    """
    for name in PRODUCTS:
        os.environ.setdefault(name, "1")


def can_be_copied() -> bool:
    """Return whether this process is one that can be copied: on Linux, of one thread."""
    return sys.platform == "linux" and sum(1 for _ in THREADS.iterdir()) == 1


@contextmanager
def copied_worker() -> Iterator[ProcessPoolExecutor]:
    """Start one copy of this process, which has what this one has loaded and read by now."""
    pool = ProcessPoolExecutor(1, get_context("fork"), initializer=_obey_signals)
    # What the collector never looks at stays one piece of memory for both.
    gc.freeze()
    try:
        with uninterrupted():
            pool.submit(int)
        with _ended(pool):
            yield pool
    finally:
        gc.unfreeze()


def _obey_signals() -> None:
    """End on a signal, as a process does; the command line's answers to them were copied too."""
    for name in ("SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)


@contextmanager
def _ended(pool: ProcessPoolExecutor) -> Iterator[None]:
    """End the workers: with their work done, or at once on a failure.

    Raises:
        ResourceError: one of them was ended from outside.
    """
    from concurrent.futures.process import BrokenProcessPool

    try:
        yield
    except BrokenProcessPool as error:
        end_workers()
        raise ResourceError(
            "a process that renders was ended from outside, as systems do when memory is short",
            where="the documents",
            expected=f"{WORKER_MB} MB for it beside what the analysis takes",
            todo="close other programs, or give it more memory, and build again",
        ) from error
    except BaseException:
        end_workers()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def end_workers() -> None:
    """End all workers at once: nobody waits for documents that nobody will read."""
    for worker in multiprocessing.active_children():
        worker.terminate()
