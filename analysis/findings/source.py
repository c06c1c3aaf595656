"""What was read, and the dates that everything refers to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True)
class TableDescription:
    """One canonical table: its name in the source, its rows; absent when `rows` is None.

    `missing_columns` are the canonical ones that a mapping left out.
    """

    name: str
    source_name: str
    rows: int | None
    missing_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """What was read. Only this part may differ between two forms of the same data."""

    kind: Literal["archive", "folder", "sqlite", "postgresql", "demo"]
    name: str
    fingerprint: str
    tables: tuple[TableDescription, ...]

    @property
    def absent_tables(self) -> frozenset[str]:
        """The canonical tables that are not there."""
        return frozenset(table.name for table in self.tables if table.rows is None)


@dataclass(frozen=True)
class Pause:
    """A stretch without any order: the last purchase before it and the first one after it."""

    last_before: datetime
    first_after: datetime
    days: int


@dataclass(frozen=True)
class Period:
    """The dates that everything refers to.

    `as_of` closes the period: nothing after it is used. `complete_until` is the last purchase that
    was delivered by then: customers are described as of that moment, because what was bought later
    has no outcome yet. `started_on` is the first day of the first month in regular activity (see
    `orders.describe_period`): windows are full only a window's length after it. `pause` is the last
    stretch without orders that is too long to be usual (orders.find_pause), None without one.
    """

    first_purchase: datetime
    last_purchase: datetime
    as_of: datetime
    complete_until: datetime
    started_on: date
    orders: int
    orders_after_complete: int
    currency: str
    pause: Pause | None = None
