"""The answers to the client's questions, as text: for people, for spreadsheets, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from analysis.findings import Question
from report.exports import to_csv
from report.views import QuestionView
from report.views.questions import MISSING, question_view
from report.wording import Wording

# Wide enough for any row: a cut identifier is of no use.
WIDTH = 1_000


def answers_text(questions: Sequence[Question], form: str, language: str, currency: str) -> str:
    """Return the answers as `table` (for people), `csv` (a block a question) or `json`."""
    if form == "json":
        records = [asdict(question) for question in questions]
        return json.dumps(records, indent=1, ensure_ascii=False) + "\n"
    wording = Wording(language)
    blocks = []
    for place, question in enumerate(questions, start=1):
        view = question_view(question, place, currency, wording)
        blocks.append(_csv(question, view) if form == "csv" else _table(question, view))
    return "\n".join(blocks)


def _csv(question: Question, view: QuestionView) -> str:
    """Return comment lines with the question and its reading, then its rows."""
    rows = to_csv(question.columns, question.rows).decode()
    reading = view.answer if question.reading.code in MISSING else view.reading
    return f"# {view.number}. {view.title}\n# {reading}\n{rows}"


def _table(question: Question, view: QuestionView) -> str:
    """Return a question with its reading, its rows in columns, and what other readings give."""
    from io import StringIO

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    stream = StringIO()
    console = Console(file=stream, width=WIDTH, no_color=True, highlight=False, markup=False)
    console.print(f"{view.number}. {view.title}")
    if question.reading.code in MISSING:
        console.print(f"   {view.answer}")
        return stream.getvalue()
    console.print(f"   {view.reading}: {question.reading.rows}")
    table = Table(*question.columns, box=None, pad_edge=False)
    for row in question.rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    console.print(table)
    for reading in view.other_readings:
        console.print(f"   {reading.text}: {reading.rows}")
    return stream.getvalue()


def _cell(value: str | float | None) -> str:
    """Return a value as a person reads it: two decimals, nothing for nothing."""
    if value is None:
        return ""
    return f"{value:.2f}" if isinstance(value, float) else str(value)
