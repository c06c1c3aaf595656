"""Memory that is free goes back to the system."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from analysis.memory import give_back

KEPT, PIECE = 4_000, 20_000


def resident() -> int:
    """Return the resident memory of this process, in bytes."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="the allocator of Linux is asked")
def test_free_pieces_between_kept_ones_are_given_back():
    pieces = [bytearray(PIECE) for _ in range(KEPT)]
    # Every hundredth stays: what is free between them is not given back unasked.
    pieces = pieces[::100]
    before = resident()
    give_back()
    assert resident() < before - KEPT * PIECE // 4
    assert all(len(piece) == PIECE for piece in pieces)
