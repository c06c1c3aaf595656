"""Memory that is free goes back to the system."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from analysis import memory
from analysis.memory import give_back, room_mb

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


def group(folder: Path, limit: str, used: int, idle: int) -> None:
    """Write the files of a control group of version 2."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "memory.max").write_text(f"{limit}\n")
    (folder / "memory.current").write_text(f"{used}\n")
    (folder / "memory.stat").write_text(f"anon 1\ninactive_file {idle}\nactive_file 0\n")


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put this process into the group shop/build of a machine with 9 GB left."""
    root, listed = tmp_path / "groups", tmp_path / "listed"
    listed.write_text("4:cpu:/elsewhere\n0::/shop/build\n")
    monkeypatch.setattr(memory, "GROUPS_OF_THIS", listed)
    names = ("memory.max", "memory.current", "")
    monkeypatch.setattr(memory, "_GROUPS", {"": (str(root), *names)})
    monkeypatch.setattr(memory, "_machine_room", lambda: 9_000_000_000)
    return root


def test_a_group_without_a_limit_leaves_what_the_machine_has(groups: Path):
    group(groups / "shop" / "build", "max", 500_000_000, 0)
    assert room_mb() == 9_000


def test_what_a_group_keeps_of_files_is_room(groups: Path):
    group(groups / "shop" / "build", "4000000000", 1_500_000_000, 200_000_000)
    assert room_mb() == 2_700
    (groups / "shop" / "build" / "memory.stat").write_text("active_file 300000000\n")
    assert room_mb() == 2_800


def test_the_narrowest_of_the_groups_above_counts(groups: Path):
    group(groups / "shop" / "build", "4000000000", 1_000_000_000, 0)
    group(groups / "shop", "2000000000", 1_800_000_000, 0)
    assert room_mb() == 200


def test_a_group_that_holds_more_than_it_may_has_no_room(groups: Path):
    group(groups / "shop" / "build", "1000000000", 1_100_000_000, 0)
    assert room_mb() == 0


def test_a_system_that_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(memory, "GROUPS_OF_THIS", tmp_path / "absent")
    monkeypatch.setattr(memory, "_machine_room", lambda: None)
    assert room_mb() is None


@pytest.mark.skipif(sys.platform != "linux", reason="Linux says what is left")
def test_this_machine_has_some_room():
    assert 10 < room_mb() < 100_000_000
