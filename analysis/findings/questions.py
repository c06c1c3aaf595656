"""The client's questions, each with the ways to read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

AnswerRow = tuple[str | int | float | None, ...]


@dataclass(frozen=True)
class Reading:
    """One way to read a question: its code, its parameters as text, and the rows that it gives.

    Rows are known by their first column: `added_rows` are not among those of the chosen reading,
    `missing_rows` of the chosen reading are not here.
    """

    code: str
    parameters: tuple[tuple[str, str], ...]
    rows: tuple[AnswerRow, ...]
    added_rows: int = 0
    missing_rows: int = 0


@dataclass(frozen=True)
class Question:
    """One of the client's questions: the chosen reading, the other readings, the SQL.

    `columns` are those of the rows of every reading. The fourth question changed in May 2024:
    `worst_zips_by_orders` is how it stood before.
    """

    question_id: Literal[
        "late_orders", "large_sellers", "new_sellers", "worst_zips", "worst_zips_by_orders"
    ]
    reading: Reading
    columns: tuple[str, ...]
    other_readings: tuple[Reading, ...]
    sql: str

    @property
    def rows(self) -> tuple[AnswerRow, ...]:
        """The answer: the rows of the chosen reading."""
        return self.reading.rows
