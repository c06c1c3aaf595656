"""Memory that is free goes back to the system, so that other processes can have it."""

from __future__ import annotations

import ctypes
import sys


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
