"""Shows the steps while they run: a spinner on a terminal, one line each elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from analysis.steps import Steps

Say = Callable[[str], None]


@contextmanager
def progress(say: Say, *, quiet: bool, verbose: bool) -> Iterator[Steps]:
    """Yield the steps of a run, announced through `say`; with verbose, more of them at the end."""
    if quiet:
        yield Steps()
    elif sys.stderr.isatty():
        yield from _with_spinner(say, verbose)
    else:
        steps = Steps(say)
        yield steps
        _tell_more(say, steps, verbose)


def _with_spinner(say: Say, verbose: bool) -> Iterator[Steps]:
    """Yield steps whose names follow a spinner on the terminal."""
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        steps = Steps(lambda name: status.update(name.replace("_", " ")))
        yield steps
    _tell_more(say, steps, verbose)


def _tell_more(say: Say, steps: Steps, verbose: bool) -> None:
    """Tell the time and memory of every step and the remarks, when asked for."""
    if not verbose:
        return
    for remark in steps.remarks:
        say(remark)
    for timing in steps.timings:
        say(f"{timing.name:<22}{timing.seconds:>8.2f} s{timing.peak_mb:>8.0f} MB")
