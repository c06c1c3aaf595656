"""Work side by side in threads: K-Means and distances leave the interpreter free meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

Item = TypeVar("Item")
Result = TypeVar("Result")

THREADS = 2

_own = threading.local()


def in_threads(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Return the work's result for each item, in order, two at a time, libraries on one thread.

    Work that asks for threads itself does its own items one by one: both are busy already.
    """
    if getattr(_own, "works", False):
        return [work(item) for item in items]
    return list(_threads().map(work, items))


def pin_one_thread() -> None:
    """Keep scikit-learn, and the products of numpy and scipy, on one thread from here on.

    Our own threads work side by side: OpenMP has a setting for each of them, the products one for
    the whole program. It is not undone: looking for the libraries costs milliseconds. The order of
    the sums, and so the last digit, is then the same on every machine.
    """
    if not getattr(_own, "pinned", False):
        _libraries().limit(limits=1)
        _own.pinned = True


@cache
def _threads() -> ThreadPoolExecutor:
    """Return the threads that live as long as the program, started when first asked for."""
    return ThreadPoolExecutor(THREADS, initializer=_begin)


def _begin() -> None:
    """Make a thread one of those that work."""
    pin_one_thread()
    _own.works = True


@cache
def _libraries() -> ThreadpoolController:
    """Return the numerical libraries of this process, looked for once.

    Only libraries that are loaded can be told: scikit-learn brings those of scipy and OpenMP.
    """
    import sklearn.cluster
    from threadpoolctl import ThreadpoolController

    del sklearn
    return ThreadpoolController()
