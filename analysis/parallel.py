"""Work side by side in threads: K-Means and distances leave the interpreter free meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

THREADS = 2


def in_threads(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Return the work's result for each item, in order, two at a time."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, items))


@contextmanager
def single_threaded_products() -> Iterator[None]:
    """Keep each matrix product on one thread meanwhile: our own threads work side by side.

    It also makes the order of the sums, and so the last digit, the same on every machine.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        yield
