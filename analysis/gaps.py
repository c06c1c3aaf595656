"""What a source does not hold, so that whatever follows from it can say so."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.findings import NotComputed, Source


@dataclass(frozen=True)
class Gaps:
    """The canonical tables that a source lacks, and the columns ("table.column") of the others."""

    tables: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()

    def why(self, *needed: str) -> NotComputed | None:
        """Return why a figure cannot be known, or None when all that it needs is there.

        Args:
            needed: tables ("order_reviews") and columns ("orders.order_status").
        """
        for name in needed:
            table = name.partition(".")[0]
            if table in self.tables:
                return NotComputed("missing_table", expected=table)
            if name in self.columns:
                return NotComputed("missing_column", expected=name)
        return None


def gaps_of(source: Source) -> Gaps:
    """Return what a source lacked, as the findings say."""
    return Gaps(
        tables=frozenset(table.name for table in source.tables if table.rows is None),
        columns=frozenset(
            f"{table.name}.{column}" for table in source.tables for column in table.missing_columns
        ),
    )
