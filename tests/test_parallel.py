"""Work side by side: results in order, nested work that ends, libraries on one thread."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from multiprocessing import Pipe
from time import sleep

import psutil
import pytest
from threadpoolctl import threadpool_info

from analysis.parallel import (
    COPIES,
    MOST_ITEMS,
    THREADS,
    _received,
    beside,
    in_processes,
    in_threads,
)
from analysis.steps import Steps


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


def test_a_copy_of_the_process_does_a_part_and_results_come_in_order():
    def work(number: int) -> tuple[int, int]:
        sleep(0.01)
        return number**2, os.getpid()

    found = in_processes(work, range(40))
    assert [square for square, _ in found] == [number**2 for number in range(40)]
    assert len({process for _, process in found}) == (2 if COPIES else 1)
    assert os.getpid() in {process for _, process in found}


def test_what_goes_wrong_in_the_copy_goes_wrong_here_and_leaves_no_process():
    def fail_in_copy(number: int) -> int:
        sleep(0.01)
        if os.getpid() != original:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    original, before = os.getpid(), psutil.Process().children()
    assert in_processes(fail_in_copy, range(10)) == list(range(10))
    with pytest.raises(ZeroDivisionError):
        in_processes(lambda number: 1 / number, (1, 2, 0, 3))
    assert psutil.Process().children() == before


def test_what_cannot_be_sent_is_done_here():
    found = in_processes(lambda number: lambda: number, range(6))
    assert [one() for one in found] == list(range(6))


def test_within_work_side_by_side_items_are_done_one_by_one():
    nested = in_processes(
        lambda outer: in_processes(lambda inner: (outer, inner, os.getpid()), range(3)), range(4)
    )
    assert [[entry[:2] for entry in row] for row in nested] == [
        [(outer, inner) for inner in range(3)] for outer in range(4)
    ]
    assert all(len({process for *_, process in row}) == 1 for row in nested)


def test_more_items_than_a_pipe_holds_are_done_in_threads():
    assert in_processes(abs, range(-MOST_ITEMS, 1)) == list(range(MOST_ITEMS, -1, -1))


def test_a_copy_works_while_this_process_goes_on():
    before = psutil.Process().children()
    with beside(lambda: (os.getpid(), in_processes(abs, (-1, -2)))) as finished:
        here = in_processes(abs, range(-3, 0))
        process, found = finished()
    assert (here, found) == ([3, 2, 1], [1, 2])
    assert (process != os.getpid()) == COPIES
    assert psutil.Process().children() == before


def test_what_a_copy_could_not_do_is_done_here_and_goes_wrong_here():
    def fail_in_copy() -> str:
        if os.getpid() != original:
            os.kill(os.getpid(), signal.SIGKILL)
        return "done"

    original, before = os.getpid(), psutil.Process().children()
    with beside(fail_in_copy) as finished:
        assert finished() == "done"
    with beside(lambda: 1 / 0) as finished, pytest.raises(ZeroDivisionError):
        finished()
    assert psutil.Process().children() == before


def test_a_copy_that_nobody_waits_for_is_ended():
    before = psutil.Process().children()
    with pytest.raises(RuntimeError), beside(lambda: sleep(60)):
        raise RuntimeError
    assert psutil.Process().children() == before


@pytest.mark.skipif(not COPIES, reason="there are no copies here")
@pytest.mark.parametrize("function", ["beside", "in_processes"])
def test_a_copy_whose_original_was_killed_ends(function: str):
    """What it sends is more than a pipe holds, and nobody is there any more to read it."""
    script = f"""
import os, time
from analysis.parallel import beside, in_processes

original = os.getpid()

def work(_: int = 0) -> bytes:
    if os.getpid() == original:
        time.sleep(60)
    print(os.getpid(), flush=True)
    time.sleep(0.5)
    return bytes(1_000_000)

if "{function}" == "beside":
    with beside(work):
        time.sleep(60)
in_processes(work, range(2))
"""
    original = subprocess.Popen(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True
    )
    assert original.stdout is not None
    copy = psutil.Process(int(original.stdout.readline()))
    original.kill()
    original.wait()
    original.stdout.close()
    gone, _ = psutil.wait_procs([copy], timeout=10)
    ended = bool(gone) or copy.status() == psutil.STATUS_ZOMBIE
    if not ended:
        copy.kill()
    assert ended


def test_what_a_copy_sent_half_of_is_done_here():
    receiver, sender = Pipe(duplex=False)
    # The length that follows, and less than that.
    os.write(sender.fileno(), (1_000).to_bytes(4, "big") + bytes(10))
    sender.close()
    assert _received(receiver) == {}
    receiver.close()


def test_steps_that_a_copy_took_are_among_the_others():
    def work(own: Steps) -> int:
        with own.step("beside"):
            return 7

    steps = Steps()
    with steps.beside(work) as finished:
        with steps.step("here"):
            pass
        assert finished() == 7
    assert [timing.name for timing in steps.timings] == ["here", "beside"]
