"""Work side by side in threads: K-Means and distances leave the interpreter free meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

THREADS = 2


def in_threads(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Return the work's result for each item, in order, two at a time."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, items))
