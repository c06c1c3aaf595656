"""Work side by side: results in order, nested work that ends, libraries on one thread."""

from __future__ import annotations

import threading

import pytest
from threadpoolctl import threadpool_info

from analysis.parallel import THREADS, in_threads


def test_results_come_in_the_order_of_the_items():
    assert in_threads(lambda number: number**2, range(50)) == [number**2 for number in range(50)]


def test_work_that_asks_for_threads_itself_ends():
    nested = in_threads(
        lambda outer: in_threads(lambda inner: (outer, inner), range(3)), range(2 * THREADS)
    )
    assert nested == [[(outer, inner) for inner in range(3)] for outer in range(2 * THREADS)]


def test_the_same_threads_work_again_with_their_libraries_on_one_thread():
    def look(_: int) -> tuple[str, set[int]]:
        return threading.current_thread().name, {one["num_threads"] for one in threadpool_info()}

    before = {name for name, _ in in_threads(look, range(20))}
    found = in_threads(look, range(20))
    assert {name for name, _ in found} <= before or len(before) < THREADS
    assert all(threads == {1} for _, threads in found)


def test_what_goes_wrong_in_a_thread_goes_wrong_here():
    with pytest.raises(ZeroDivisionError):
        in_threads(lambda number: 1 / number, (1, 0))
    assert in_threads(abs, (-1,)) == [1]
