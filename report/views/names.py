"""How a row of the dashboard is named: as much of what the data say as a page can show."""

from __future__ import annotations

from analysis.findings import KpiRow
from report.wording import Wording

# Sellers are named by the start of their identifier; the dashboard has it whole.
SHORT_ID = 8
LONGEST_NAME = 40


def short_name(row: KpiRow, grain: str, wording: Wording) -> str:
    """Return how a row is named in a table: a seller by the start of its identifier."""
    if grain == "category":
        return cut_name(wording.category(row.label))
    label = cut_name(row.label)
    name = f"{label[:SHORT_ID]}…" if grain == "seller" else label
    return f"{name} ({row.state})" if grain in ("city", "seller") and row.state else name


def cut_name(name: str) -> str:
    """Return a name from the data as it is shown: no name of a place or a product is so long."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
