"""The embedded engine: what it may hold in memory, where it spills, and what is said when it ends.

It spills to a folder of its own among the temporary files, which the environment variable TMPDIR
moves elsewhere; nothing of it is left when the source is closed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from analysis.errors import ResourceError
from analysis.memory import room_mb

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from analysis.settings import Scale

# What `memory_gb` is enough for; and the engine's part of the memory that the machine has left.
ORDERS_AT_ONCE = 4_000_000
ENGINE_SHARE = 0.4
# What a build takes beside the engine, and the engine before it spills, measured from x1 to x100
# (docs/billion_orders.md).
FIXED_MB, ORDER_KB, ENGINE_KB = 500, 0.5, 1.0
# What the engine says where it may not write any more to the folder that it spills to.
_DISK_WORDS = ("max_temp_directory_size", "No space left", "disk is full", "Could not write")


class EmbeddedEngine:
    """A connection without a network, and the folder that it spills to; close it when done."""

    def __init__(self, scale: Scale | None = None) -> None:
        """Connect; without settings, with those that are usual."""
        import duckdb

        from analysis.settings import Scale

        self._folder = tempfile.TemporaryDirectory(prefix="playbook-")
        self._memory_gb = self._limit_gb = (scale or Scale()).memory_gb
        self.connection: DuckDBPyConnection = duckdb.connect(
            config={
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "python_enable_replacements": False,
                "memory_limit": _megabytes(self._memory_gb),
                "temp_directory": self._folder.name,
            }
        )
        keep_silent(self.connection)

    def make_room(self, orders: int) -> None:
        """Let the engine hold more of a large shop before it spills, where the machine has it.

        The setting is for a shop of ORDERS_AT_ONCE; what cannot be spilled grows with the orders.
        """
        asked = self._memory_gb * max(1.0, orders / ORDERS_AT_ONCE)
        room = room_mb()
        had = asked if room is None else room / 1_000 * ENGINE_SHARE
        memory = max(self._memory_gb, min(asked, had))
        self._limit_gb = memory
        self.connection.execute(f"set memory_limit = '{_megabytes(memory)}'")

    def ensure_room(self, orders: int) -> None:
        """Refuse a shop whose orders this process would be ended for, before they are read.

        Raises:
            ResourceError: there is less memory than they need.
        """
        own = min(self._limit_gb * 1_000, orders * ENGINE_KB / 1_000) - self._held_mb()
        needed, room = FIXED_MB + orders * ORDER_KB / 1_000 + max(own, 0.0), room_mb()
        if room is not None and room < needed:
            raise ResourceError(
                f"{orders:,} orders need about {needed / 1_000:.1f} GB more than is taken already,"
                f" and there are {room / 1_000:.1f}",
                where="the memory of this machine, or of the container that this runs in",
                expected="room for one row an order, and for what is worked out from them",
                todo="give it more memory, build with --engine spark, which reads a part of the"
                " customers and adds up the rest on the disk, or build on an earlier --as-of",
            )

    def _held_mb(self) -> float:
        """Return what the engine's tables and queries hold now, in megabytes."""
        held = self.connection.execute("select sum(memory_usage_bytes) from duckdb_memory()")
        found = held.fetchone()
        return float(found[0] or 0) / 1e6 if found else 0.0

    def close(self) -> None:
        """Let go of the tables, and of what was spilled."""
        self.connection.close()
        self._folder.cleanup()


def _megabytes(gigabytes: float) -> str:
    return f"{round(gigabytes * 1_000)}MB"


def keep_silent(connection: DuckDBPyConnection) -> None:
    """Keep the engine from drawing a progress bar: only the command line prints.

    In a notebook without ipywidgets it draws none, and refuses to be told so.
    """
    import duckdb

    try:
        connection.execute("set enable_progress_bar = false")
    except duckdb.InvalidInputException as error:
        if "ipywidgets" not in str(error):
            raise


@contextmanager
def within_limits() -> Iterator[None]:
    """Say in one message that the memory or the disk was too small for a query.

    Raises:
        ResourceError: one of them was.
    """
    import duckdb

    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        text = str(error)
        if any(words in text for words in _DISK_WORDS):
            raise _no_disk(text) from error
        if isinstance(error, duckdb.OutOfMemoryException):
            raise _no_memory(text) from error
        raise


def _no_memory(text: str) -> ResourceError:
    return ResourceError(
        f"the data need more memory than the engine may take: {text.splitlines()[0]}",
        where="memory_gb in [scale] of the settings",
        expected="the rows that a query must look at together within that memory",
        todo="raise memory_gb on a machine that has it, or build on an earlier --as-of",
    )


def _no_disk(text: str) -> ResourceError:
    return ResourceError(
        f"the disk that the engine spills to is full: {text.splitlines()[0]}",
        where=tempfile.gettempdir(),
        expected="room for about as much as the tables take",
        todo="free some room, name another folder in the environment variable TMPDIR, or raise"
        " memory_gb in [scale] of the settings",
    )
