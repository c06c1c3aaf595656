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

_pinned = threading.local()


def in_threads(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Return the work's result for each item, in order, two at a time, libraries on one thread."""
    with ThreadPoolExecutor(THREADS, initializer=pin_one_thread) as pool:
        return list(pool.map(work, items))


def pin_one_thread() -> None:
    """Keep scikit-learn, and the products of numpy and scipy, on one thread from here on.

    Our own threads work side by side: OpenMP has a setting for each of them, the products one for
    the whole program. It is not undone: looking for the libraries costs milliseconds. The order of
    the sums, and so the last digit, is then the same on every machine.
    """
    # Only libraries that are loaded can be told: scikit-learn brings those of scipy and OpenMP.
    import sklearn.cluster
    from threadpoolctl import threadpool_limits

    del sklearn
    if not getattr(_pinned, "done", False):
        threadpool_limits(limits=1, user_api="openmp")
        _pinned.done = True
    _libraries().limit(limits=1, user_api="blas")


@cache
def _libraries() -> ThreadpoolController:
    """Return the numerical libraries of this process, looked for once."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
