"""The client's four questions: what was asked, how it was read, the answer, the other readings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Final

from analysis.findings import AnswerRow, Findings, NotComputed, Question, Reading
from report.views.figures import Column, Table
from report.views.records import QuestionView, ReadingView
from report.wording import NO_BREAK, Wording, message

SHOWN_ROWS = 10
MISSING: Final = ("missing_table", "missing_column")

TITLES = {
    "late_orders": message("Which recent orders, not cancelled, came late?"),
    "large_sellers": message("Which sellers bring the most revenue on delivered orders?"),
    "new_sellers": message("Which new sellers are already very active?"),
    "worst_zips": message("Which postal codes give the worst reviews?"),
    "worst_zips_by_orders": message(
        "And as the question stood before: which postal codes with many orders give the worst "
        "reviews?"
    ),
}
# The earlier form of a question has no number of its own.
EARLIER = ("worst_zips_by_orders",)
CODES = ("order_id", "seller_id", "customer_id")
# Said by the question itself, or of no use without the order.
HIDDEN = ("order_status", "customer_id")
READINGS = {
    ("late_orders", "calendar_months"): message(
        "bought after %(bought_after)s (calendar months back from the last purchase), delivered "
        "at least %(late_days)s after the promised moment, cancelled orders left out"
    ),
    ("late_orders", "calendar_months_from_midnight"): message(
        "months counted from the start of that day: bought after %(bought_after)s"
    ),
    ("late_orders", "thirty_day_months"): message(
        "months of thirty days: bought after %(bought_after)s"
    ),
    ("late_orders", "thirty_day_months_from_midnight"): message(
        "months of thirty days counted from the start of that day: bought after %(bought_after)s"
    ),
    ("large_sellers", "price"): message(
        "more than %(revenue_above)s for the price of the items of delivered orders, without "
        "freight"
    ),
    ("large_sellers", "price_and_freight"): message(
        "price and freight: more than %(revenue_above)s"
    ),
    ("new_sellers", "calendar_months"): message(
        "first sale after %(first_sale_after)s (calendar months back from the last purchase) and "
        "more than %(items_above)s items sold, whatever became of the orders"
    ),
    ("new_sellers", "calendar_months_from_midnight"): message(
        "months counted from the start of that day: first sale after %(first_sale_after)s"
    ),
    ("new_sellers", "thirty_day_months"): message(
        "months of thirty days: first sale after %(first_sale_after)s"
    ),
    ("worst_zips", "reviews_counted"): message(
        "the %(worst_zips)s lowest mean reviews among the customers' postal codes with more than "
        "%(more_than)s reviews created since %(since)s"
    ),
    ("worst_zips", "reviews_of_recent_orders"): message(
        "reviews of the orders bought since %(since)s, whenever they were written"
    ),
    ("worst_zips_by_orders", "orders_counted"): message(
        "the %(worst_zips)s lowest mean reviews among the customers' postal codes with more than "
        "%(more_than)s orders bought since %(since)s; reviews created since then"
    ),
    ("worst_zips_by_orders", "recent_orders_counted"): message(
        "reviews of the orders bought since %(since)s, whenever they were written"
    ),
}
WHY = {
    "late_orders": message(
        "the data end with the last purchase, so months are counted back from there, on the "
        "calendar, as the question has it; months of thirty days only come near it"
    ),
    "large_sellers": message(
        "revenue is what the goods were sold for: freight is passed on to the carrier, and "
        "payments, joined to items, would count once for each item"
    ),
    "new_sellers": message(
        "the data do not hold when a seller signed up, so seniority starts with the first sale; "
        "the question excludes no order, so items of any status count"
    ),
    "worst_zips": message(
        "the question counts reviews, so they are dated by their own creation; the postal code is "
        "that of the customer who wrote them"
    ),
    "worst_zips_by_orders": message(
        "before it was changed, the question counted orders: those bought in the period decide "
        "which postal codes are looked at, the reviews created in it decide how they rank"
    ),
}
COLUMNS = {
    "order_id": message("Order"),
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

CUT = message("%(counted)s; the first %(shown)s are shown.")


def question_views(findings: Findings, wording: Wording) -> tuple[QuestionView, ...]:
    """Return the client's questions in the order in which she asked them."""
    return tuple(
        question_view(question, place, findings.period.currency, wording)
        for place, question in enumerate(findings.questions, start=1)
    )


def question_view(question: Question, place: int, currency: str, wording: Wording) -> QuestionView:
    """Return one question, the `place`th, as the documents show it."""
    return QuestionView(
        question_id=question.question_id,
        number=wording.integer(place - 1) + " bis"
        if question.question_id in EARLIER
        else wording.integer(place),
        is_current=question.question_id not in EARLIER,
        title=wording.gettext(TITLES[question.question_id]),
        answer=_answer(question, wording),
        counted=_answer(question, wording, cut=""),
        reading=_reading(question, question.reading, currency, wording),
        why=_why(question, wording),
        table=_table(question, question.rows[:SHOWN_ROWS], currency, wording),
        other_readings=tuple(
            _reading_view(question, reading, currency, wording)
            for reading in question.other_readings
        ),
        sql=question.sql,
    )


def _answer(question: Question, wording: Wording, cut: str = CUT) -> str:
    """Return how many rows answer the question; `cut` is for when not all of them are shown."""
    found = len(question.rows)
    for code in MISSING:
        if question.reading.code == code:
            missing = dict(question.reading.parameters)["missing"]
            return wording.not_computed(NotComputed(code, expected=missing))
    if not found:
        return wording.gettext("Nothing meets the conditions.")
    counted = _counted(question.question_id, found, wording)
    if found <= SHOWN_ROWS or not cut:
        return f"{counted}."
    return wording.gettext(cut, counted=counted, shown=wording.integer(SHOWN_ROWS))


def _counted(question_id: str, rows: int, wording: Wording) -> str:
    """Return how many of what a question asks for."""
    if question_id == "late_orders":
        return wording.ngettext("%(number)s order", "%(number)s orders", rows)
    if question_id.startswith("worst_zips"):
        return wording.ngettext("%(number)s postal code", "%(number)s postal codes", rows)
    return wording.ngettext("%(number)s seller", "%(number)s sellers", rows)


def _reading(question: Question, reading: Reading, currency: str, wording: Wording) -> str:
    """Return a reading in words, with its parameters as they are written."""
    if reading.code in MISSING:
        return wording.gettext("not computed")
    values = {
        name: _parameter(name, value, currency, wording) for name, value in reading.parameters
    }
    return wording.gettext(READINGS[question.question_id, reading.code], **values)


def _why(question: Question, wording: Wording) -> str:
    """Return why the question was read like that; nothing where it could not be answered."""
    if question.reading.code in MISSING:
        return ""
    return wording.gettext(WHY[question.question_id])


def _reading_view(
    question: Question, reading: Reading, currency: str, wording: Wording
) -> ReadingView:
    """Return another reading: all its rows when they are few, else those that are new."""
    known = {row[0] for row in question.rows}
    rows = [row for row in reading.rows if row[0] not in known]
    if len(reading.rows) <= SHOWN_ROWS:
        rows = list(reading.rows)
    return ReadingView(
        text=_reading(question, reading, currency, wording),
        rows=_counted(question.question_id, len(reading.rows), wording),
        difference=_difference(reading, wording),
        table=_table(question, rows[:SHOWN_ROWS], currency, wording),
    )


def _difference(reading: Reading, wording: Wording) -> str:
    """Return how the rows differ from those of the chosen reading."""
    if not reading.added_rows and not reading.missing_rows:
        return wording.gettext("the same rows")
    return wording.gettext(
        "%(added)s more, %(missing)s fewer",
        added=wording.integer(reading.added_rows),
        missing=wording.integer(reading.missing_rows),
    )


def _parameter(name: str, value: str, currency: str, wording: Wording) -> str:
    if not value.isdecimal():
        return _moment(value, wording)
    if name == "late_days":
        return wording.days(int(value))
    if name == "revenue_above":
        return wording.money(int(value), currency)
    return wording.integer(int(value))


def _table(question: Question, rows: Sequence[AnswerRow], currency: str, wording: Wording) -> Table:
    return Table(
        caption=wording.gettext(TITLES[question.question_id]),
        columns=tuple(
            Column(_heading(name, wording), _is_number(place, question), name in CODES)
            for place, name in enumerate(question.columns)
            if name not in HIDDEN
        ),
        rows=tuple(
            tuple(
                _cell(name, value, currency, wording)
                for name, value in zip(question.columns, row, strict=True)
                if name not in HIDDEN
            )
            for row in rows
        ),
    )


def _heading(name: str, wording: Wording) -> str:
    return wording.gettext(COLUMNS[name]) if name in COLUMNS else name.replace("_", " ")


def _is_number(place: int, question: Question) -> bool:
    """Return whether a column holds numbers; a code of digits is a text."""
    readings = (question.reading, *question.other_readings)
    values = [reading.rows[0][place] for reading in readings if reading.rows]
    return bool(values) and not isinstance(values[0], str | None)


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
    return f"{written},{NO_BREAK}{moment:%H:%M}" if moment.time() > time.min else written
