"""The answers to the client's questions, as text: for people, for spreadsheets, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from analysis.findings import Question
from report.exports import to_csv
from report.question_views import reading_in_words, title_of
from report.wording import Wording


def answers_text(questions: Sequence[Question], form: str, language: str) -> str:
    """Return the answers as `table`, `csv` (one block a question) or `json`."""
    if form == "json":
        return json.dumps([asdict(question) for question in questions], indent=1, ensure_ascii=False)
    wording = Wording(language)
    blocks = [
        _csv(question, wording) if form == "csv" else _table(question, wording)
        for question in questions
    ]
    return "\n".join(blocks)


def _csv(question: Question, wording: Wording) -> str:
    """Return a comment line with the question, then its rows."""
    return f"# {title_of(question, wording)}\n{to_csv(question.columns, question.rows).decode()}"


def _table(question: Question, wording: Wording) -> str:
    """Return a question with its reading, its rows in columns, and what other readings give."""
    from io import StringIO

    from rich.console import Console
    from rich.table import Table

    stream = StringIO()
    console = Console(file=stream, width=160, no_color=True, highlight=False, markup=False)
    console.print(title_of(question, wording))
    console.print(reading_in_words(question.reading, wording))
    table = Table(*question.columns, box=None, pad_edge=False)
    for row in question.rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    console.print(table)
    for reading in question.other_readings:
        console.print(f"  {reading_in_words(reading, wording)}: {reading.rows}")
    return stream.getvalue()
