"""The client's four questions: what was asked, how it was read, the answer, the other readings."""

from __future__ import annotations

from datetime import datetime

from analysis.findings import Findings, Question, Reading
from report.figures import Column, Table
from report.views import QuestionView, ReadingView
from report.wording import NO_BREAK, Wording, message

SHOWN_ROWS = 10

TITLES = {
    "late_orders": message("Which recent orders, not cancelled, came late?"),
    "large_sellers": message("Which sellers bring the most revenue on delivered orders?"),
    "new_sellers": message("Which new sellers are already very active?"),
    "worst_zips": message("Which postal codes give the worst reviews?"),
}
COLUMNS = {
    "order_id": message("Order"),
    "customer_id": message("Customer number"),
    "order_status": message("Status"),
    "order_purchase_timestamp": message("Bought on"),
    "order_delivered_customer_date": message("Delivered on"),
    "order_estimated_delivery_date": message("Promised for"),
    "days_late": message("Days late"),
    "seller_id": message("Seller"),
    "seller_city": message("City"),
    "seller_state": message("State"),
    "orders": message("Orders"),
    "items": message("Items"),
    "revenue": message("Revenue"),
    "first_sale_at": message("First sale"),
    "customer_zip_code_prefix": message("Postal code"),
    "reviews": message("Reviews"),
    "mean_review": message("Mean review"),
}


def question_views(findings: Findings, wording: Wording) -> tuple[QuestionView, ...]:
    """Return the client's questions in the order in which she asked them."""
    return tuple(
        _question(question, place, findings, wording)
        for place, question in enumerate(findings.questions, start=1)
    )


def _question(question: Question, place: int, findings: Findings, wording: Wording) -> QuestionView:
    return QuestionView(
        question_id=question.question_id,
        number=wording.integer(place),
        title=wording.gettext(TITLES[question.question_id]),
        answer=_answer(question, wording),
        reading=_reading(question.reading, wording),
        table=_table(question, findings.period.currency, wording),
        other_readings=tuple(
            ReadingView(_reading(reading, wording), _rows(reading.rows, wording))
            for reading in question.other_readings
        ),
        sql=question.sql,
    )


def _answer(question: Question, wording: Wording) -> str:
    found = question.reading.rows
    if not found:
        return wording.gettext("Nobody and nothing meets the conditions.")
    shown = min(len(question.rows), SHOWN_ROWS)
    if shown < found:
        return wording.gettext(
            "%(rows)s; the first %(shown)s are shown.",
            rows=_rows(found, wording),
            shown=wording.integer(shown),
        )
    return f"{_rows(found, wording)}."


def _rows(rows: int, wording: Wording) -> str:
    return wording.ngettext("%(number)s row", "%(number)s rows", rows)


def _reading(reading: Reading, wording: Wording) -> str:
    """Return a reading in words: its code's sentence, then its parameters."""
    parameters = ", ".join(
        f"{name.replace('_', ' ')} = {value}" for name, value in reading.parameters
    )
    text = reading.code.replace("_", " ")
    return f"{text} ({parameters})" if parameters else text


def _table(question: Question, currency: str, wording: Wording) -> Table:
    return Table(
        caption=wording.gettext(TITLES[question.question_id]),
        columns=tuple(
            Column(_heading(name, wording), _is_number(place, question))
            for place, name in enumerate(question.columns)
        ),
        rows=tuple(
            tuple(
                _cell(name, value, currency, wording)
                for name, value in zip(question.columns, row, strict=True)
            )
            for row in question.rows[:SHOWN_ROWS]
        ),
    )


def _heading(name: str, wording: Wording) -> str:
    return wording.gettext(COLUMNS[name]) if name in COLUMNS else name.replace("_", " ")


def _is_number(place: int, question: Question) -> bool:
    """Return whether a column holds numbers; a code of digits is a text."""
    return bool(question.rows) and not isinstance(question.rows[0][place], str | None)


def _cell(name: str, value: str | float | None, currency: str, wording: Wording) -> str:
    """Return a value of an answer as the kind of its column is written."""
    if value is None:
        return wording.gettext("none")
    if isinstance(value, str):
        return _moment(value, wording)
    if name.endswith("_cents"):
        return wording.cents(round(value), currency)
    if name.startswith("revenue"):
        return wording.money(value, currency, 2)
    if isinstance(value, int):
        return wording.integer(value)
    return wording.number(value, 2)


def _moment(value: str, wording: Wording) -> str:
    """Return a text that is a date or a moment as a date; any other text as it stands."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    if not value[:4].isdecimal() or value[4:5] != "-":
        return value
    written = wording.date(moment)
    return f"{written},{NO_BREAK}{moment:%H:%M}" if len(value) > len("2030-01-01") else written
