"""The steps of the main path, by name: announced as they start, measured as they end."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Timing:
    """How long a step took, and the highest memory of the process by its end.

    `seconds` is wall time, `cpu_seconds` the process's, all threads and ended copies; `peak_mb`
    never falls from one step to the next: it is what the machine must have had by then.
    """

    name: str
    seconds: float
    cpu_seconds: float
    peak_mb: float


@dataclass
class Steps:
    """Collects the timings of a run; `announce` is told each name as it starts.

    `remarks` are what whoever wants to know more is told at the end.
    """

    announce: Callable[[str], object] = str
    timings: list[Timing] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Announce a step, run it, and keep its timing; a failed step keeps none."""
        self.announce(name)
        wall, cpu = time.perf_counter(), processor_seconds()
        yield
        self.timings.append(
            Timing(
                name=name,
                seconds=round(time.perf_counter() - wall, 3),
                cpu_seconds=round(processor_seconds() - cpu, 3),
                peak_mb=round(peak_memory_mb(), 1),
            )
        )

    def take(self, other: Steps) -> None:
        """Count the steps that were taken elsewhere."""
        self.timings += other.timings
        self.remarks += other.remarks

    @contextmanager
    def beside(self, work: Callable[[Steps], Result]) -> Iterator[Callable[[], Result]]:
        """Have a copy of the process take steps while this one takes others (parallel.beside).

        They are announced nowhere, and counted when their result is asked for.
        """
        from analysis.parallel import beside

        own = Steps()
        with beside(lambda: (work(own), own)) as finished:

            def result() -> Result:
                value, taken = finished()
                self.take(taken)
                return value

            yield result


def processor_seconds() -> float:
    """Return what this process has had of the processors, with the processes that it saw end."""
    spent = os.times()
    return sum(spent[:4])


def peak_memory_mb() -> float:
    """Return the highest resident memory of this process so far, in megabytes.

    Linux keeps it for the program that runs now; the portable figure would start, in a worker,
    from the memory of the process that spawned it.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))
        if found:
            return int(found[1]) * 1024 / MEGABYTE
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / MEGABYTE if sys.platform == "darwin" else peak * 1024 / MEGABYTE
