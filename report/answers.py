"""The answers to the client's questions, as text: for people, for spreadsheets, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from analysis.findings import Question, Reading
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
    """Return comment lines with the question and its reading, then rows; so for each reading."""
    heading = f"# {view.number}. {view.title}\n"
    if question.reading.code in MISSING:
        return f"{heading}# {view.answer}\n"
    blocks = [f"{heading}# {view.reading}\n{_why(view, '# ')}{_rows(question, question.reading)}"]
    blocks += [
        f"{heading}# {shown.text}: {shown.rows} ({shown.difference})\n{_rows(question, reading)}"
        for reading, shown in zip(question.other_readings, view.other_readings, strict=True)
    ]
    return "\n".join(blocks)


def _rows(question: Question, reading: Reading) -> str:
    return to_csv(question.columns, reading.rows).decode() if question.columns else ""


def _why(view: QuestionView, indent: str) -> str:
    return f"{indent}{view.why}\n" if view.why else ""


def _table(question: Question, view: QuestionView) -> str:
    """Return a question with its readings, the chosen one first, their rows in columns."""
    if question.reading.code in MISSING:
        return f"{view.number}. {view.title}\n   {view.answer}\n"
    text = (
        f"{view.number}. {view.title}\n   {view.reading}: {len(question.rows)}\n"
        f"{_why(view, '   ')}{_columns(question, question.reading)}"
    )
    for reading, shown in zip(question.other_readings, view.other_readings, strict=True):
        text += f"\n   {shown.text}: {len(reading.rows)} ({shown.difference})\n"
        text += _columns(question, reading)
    return text


def _columns(question: Question, reading: Reading) -> str:
    """Return rows in columns; nothing for no row."""
    from io import StringIO

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not reading.rows:
        return ""
    stream = StringIO()
    console = Console(file=stream, width=WIDTH, no_color=True, highlight=False, markup=False)
    table = Table(*question.columns, box=None, pad_edge=False)
    for row in reading.rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    console.print(table)
    return stream.getvalue()


def _cell(value: str | float | None) -> str:
    """Return a value as a person reads it: two decimals, nothing for nothing."""
    if value is None:
        return ""
    return f"{value:.2f}" if isinstance(value, float) else str(value)
