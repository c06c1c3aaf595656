"""Runs a command and says what it cost: seconds, the processor's seconds, memory of its tree."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

# Looking through all processes of the machine for new descendants takes as long as it has many, and
# adding up what a process shares as long as it is large: more often, it would slow down what is
# measured.
LOOK_EVERY_SECONDS = 0.2
# A look is followed by a pause of so many times its own length at least.
PAUSE_PER_LOOK = 25.0


@dataclass(frozen=True)
class Cost:
    """What a command cost.

    `cpu_seconds` adds up all its processes. `peak_mb` is the highest sum of the memory of the
    processes alive at once, looked at five times a second at most; what several share is divided
    among them (Linux's proportional set size), so that it counts once.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    output: str


def run(
    command: Sequence[str | Path], *, cwd: Path | None = None, threads: int | None = None
) -> Cost:
    """Run a command to its end; `threads` limits the threads of the numerical libraries.

    Raises:
        RuntimeError: it failed; the message ends with what it wrote.
    """
    environment = dict(os.environ)
    if threads is not None:
        environment["OMP_NUM_THREADS"] = str(threads)
    before = _children_seconds()
    start = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - the commands are our own
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    watch = _MemoryWatch(process.pid)
    watch.start()
    output, _ = process.communicate()
    seconds = time.perf_counter() - start
    watch.stop()
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}\n{output[-2000:]}")
    return Cost(seconds, _children_seconds() - before, watch.peak_bytes / 1e6, output)


def _children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class _MemoryWatch(threading.Thread):
    """Looks at the memory of a process and its descendants until stopped."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak_bytes = 0
        self._pid = pid
        self._ended = threading.Event()

    def run(self) -> None:
        pause = LOOK_EVERY_SECONDS
        while not self._ended.wait(pause):
            start = time.perf_counter()
            self.peak_bytes = max(self.peak_bytes, sum(map(_own_bytes, _family(self._pid))))
            pause = max(LOOK_EVERY_SECONDS, PAUSE_PER_LOOK * (time.perf_counter() - start))

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _family(pid: int) -> list[psutil.Process]:
    """Return a process and its descendants; none when it has ended."""
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _own_bytes(process: psutil.Process) -> int:
    """Return the memory of a process; none when it has ended."""
    try:
        return int(process.memory_full_info().pss)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
