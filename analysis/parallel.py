"""Work side by side: in threads, or by a copy of this process, which has its own interpreter.

Threads share what they make, and wait for one another wherever the interpreter itself works. A copy
does not wait; what it makes comes back through a pipe, and what it remembers is gone with it.
"""

from __future__ import annotations

import gc
import os
import signal
import struct
import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from multiprocessing import Pipe
from typing import TYPE_CHECKING, NoReturn, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from threadpoolctl import ThreadpoolController

Item = TypeVar("Item")
Result = TypeVar("Result")

THREADS = 2
# Where a process can be copied with all that it holds. macOS forbids the copy to go on.
COPIES = sys.platform == "linux"
# A place among the items, as it stands in the pipe; what a pipe holds before anybody reads.
PLACE = struct.Struct("=H")
MOST_ITEMS = 4096 // PLACE.size

_own = threading.local()
_alone = threading.Lock()


def in_threads(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Return the work's result for each item, in order, two at a time, libraries on one thread.

    Work that asks for threads itself does its own items one by one: both are busy already.
    """
    if getattr(_own, "works", False):
        return [work(item) for item in items]
    return list(_threads().map(work, items))


def alone() -> threading.Lock:
    """Return what lets one thread of this process in at a time.

    For what scikit-learn does through its own `Parallel`: neighbours by a tree, DBSCAN, HDBSCAN,
    the bins of boosted trees. Each of its tasks empties and refills the filters of warnings, which
    the whole process shares: a second thread that enters meanwhile finds none, and is told that the
    configuration was not handed on (sklearn.utils.parallel, `_FuncWrapper`).
    """
    return _alone


def in_processes(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Return the work's result for each item, in order, worked out by this process and a copy.

    Each takes the next item when it has done one, so what takes longest should come first. The copy
    knows all that this process knows; results are sent back, hence plain values, and nothing else
    that the work leaves is seen here. What the copy could not do is done here, and goes wrong here.
    Within other work that is side by side, items are done one by one.
    """
    todo = list(items)
    if getattr(_own, "works", False) or not COPIES or not 1 < len(todo) <= MOST_ITEMS:
        return in_threads(work, todo)
    places = _offer(len(todo))
    receiver, sender = Pipe(duplex=False)
    pin_one_thread()
    copy = _copy_process()
    if not copy:
        receiver.close()
        _go_on_as_copy(work, todo, places, sender)
    try:
        sender.close()
        found = dict(_take(work, todo, places))
        found |= _received(receiver)
    finally:
        receiver.close()
        os.close(places)
        os.kill(copy, signal.SIGKILL)
        os.waitpid(copy, 0)
    return [found[place] if place in found else work(item) for place, item in enumerate(todo)]


@contextmanager
def beside(work: Callable[[], Result]) -> Iterator[Callable[[], Result]]:
    """Have a copy of this process work while this one goes on; what is yielded waits for it.

    As with `in_processes`: a plain value comes back, and what the copy could not do is done here,
    where it is asked for. Where there are no copies, so is all of it.
    """
    if getattr(_own, "works", False) or not COPIES:
        yield work
        return
    receiver, sender = Pipe(duplex=False)
    pin_one_thread()
    copy = _copy_process()
    if not copy:
        receiver.close()
        _send_as_copy(work, sender)
    sender.close()

    def result() -> Result:
        found: dict[int, Result] = _received(receiver)
        return found[0] if found else work()

    try:
        yield result
    finally:
        receiver.close()
        os.kill(copy, signal.SIGKILL)
        os.waitpid(copy, 0)


def _send_as_copy(work: Callable[[], Result], sender: Connection) -> NoReturn:
    """Do the work, send what it found, and end without what a program does at its end."""
    found: dict[int, Result] = {}
    _own.works = True
    try:
        gc.disable()
        found[0] = work()
    finally:
        try:
            sender.send(found)
        finally:
            os._exit(0)


def _offer(count: int) -> int:
    """Return a pipe from which each place is read once, by whoever comes first."""
    places, offered = os.pipe()
    os.write(offered, b"".join(map(PLACE.pack, range(count))))
    os.close(offered)
    return places


def _copy_process() -> int:
    """Return the number of the copy; 0 in the copy itself."""
    with warnings.catch_warnings():
        # The threads of this process wait for work and hold nothing that the copy needs.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _go_on_as_copy(
    work: Callable[[Item], Result], todo: Sequence[Item], places: int, sender: Connection
) -> NoReturn:
    """Do what is left, send it, and end without what a program does at its end."""
    original, found = os.getppid(), {}
    try:
        # A collector would write to all pages that both still share.
        gc.disable()
        for place, result in _take(work, todo, places):
            found[place] = result
            if os.getppid() != original:
                break
    finally:
        try:
            sender.send(found)
        finally:
            os._exit(0)


def _take(
    work: Callable[[Item], Result], todo: Sequence[Item], places: int
) -> Iterator[tuple[int, Result]]:
    """Do items that nobody has taken, until none is left: their places and results."""
    _own.works = True
    try:
        while taken := os.read(places, PLACE.size):
            (place,) = PLACE.unpack(taken)
            yield place, work(todo[place])
    finally:
        _own.works = False


def _received(receiver: Connection) -> dict[int, Result]:
    """Return what the copy worked out; nothing where it was ended."""
    try:
        found: dict[int, Result] = receiver.recv()
    except (EOFError, OSError):
        # Ended before it sent anything, or in the middle of it.
        return {}
    return found


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
