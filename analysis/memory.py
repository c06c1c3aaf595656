"""What memory is left, and giving back what is free, so that other processes can have it."""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Iterator
from pathlib import Path

MEGABYTE = 1_000_000
GROUPS_OF_THIS = Path("/proc/self/cgroup")
# Of a control group's controllers: where the groups stand, the files with the limit and with what
# is taken, and how what of it is kept of files begins. "" is that of version 2.
_GROUPS = {
    "": ("/sys/fs/cgroup", "memory.max", "memory.current", ""),
    "memory": (
        "/sys/fs/cgroup/memory",
        "memory.limit_in_bytes",
        "memory.usage_in_bytes",
        "total_",
    ),
}


def give_back() -> None:
    """Give back what the allocators of this process keep for later.

    Threads leave free pieces all over; Linux's own allocator gives them back when it is asked, and
    so does Arrow's. Elsewhere the first is left out.
    """
    if "pyarrow" in sys.modules:
        sys.modules["pyarrow"].default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def room_mb() -> float | None:
    """Return how many megabytes more the processes here may take; None where nobody says.

    The least of what the machine has left and of what the control groups leave that this process
    is in: those of a container or of a service, whose end is a process that is killed.
    """
    free = _machine_room()
    rooms = [*_group_rooms(), *([] if free is None else [free])]
    return min(rooms) / MEGABYTE if rooms else None


def _machine_room() -> int | None:
    """Return the bytes that the machine can give without ending anything."""
    path = Path("/proc/meminfo")
    if not path.is_file():
        return None
    found = re.search(r"MemAvailable:\s+(\d+) kB", path.read_text(encoding="ascii"))
    return None if found is None else int(found[1]) * 1024


def _group_rooms() -> Iterator[int]:
    """Yield what each control group with a limit has left, from this process's own to the first.

    What a group keeps of files that were read is given up before anything is ended.
    """
    there = GROUPS_OF_THIS.is_file()
    for line in GROUPS_OF_THIS.read_text(encoding="utf-8").splitlines() if there else ():
        _, controllers, path = line.split(":", maxsplit=2)
        if controllers not in _GROUPS:
            continue
        root, limit, used, prefix = _GROUPS[controllers]
        for place in (path, *map(str, Path(path).parents)):
            folder = Path(root) / place.lstrip("/")
            most, taken = _number(folder / limit), _number(folder / used)
            if most is not None and taken is not None:
                yield max(most - taken + _kept_of_files(folder / "memory.stat", prefix), 0)


def _number(path: Path) -> int | None:
    """Return the number that a file holds; None without one, as where there is no limit."""
    try:
        text = path.read_text(encoding="ascii").strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None


def _kept_of_files(path: Path, prefix: str) -> int:
    """Return the bytes of files that were read, used of late or not."""
    try:
        text = path.read_text(encoding="ascii")
    except OSError:
        return 0
    return sum(map(int, re.findall(rf"^{prefix}(?:in)?active_file (\d+)$", text, re.MULTILINE)))
