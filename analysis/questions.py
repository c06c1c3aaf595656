"""The client's four questions: each in the chosen reading, with what the other readings give."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from analysis import queries
from analysis.calendar_months import months_later
from analysis.findings import Period, Question, Reading
from analysis.settings import Questions, Settings
from analysis.tables import OLIST_DB_NAMES

if TYPE_CHECKING:
    import pyarrow as pa

    from analysis.source import OpenSource

QuestionId = Literal[
    "late_orders", "large_sellers", "new_sellers", "worst_zips", "worst_zips_by_orders"
]
Cell = str | int | float | None

# "The last 12 months" of question 4, and months read as days in questions 1 and 3.
REVIEW_MONTHS = 12
DAYS_A_MONTH = 30


@dataclass(frozen=True)
class Asked:
    """A question: its file under sql/questions, and each of its readings, the chosen one first."""

    question_id: QuestionId
    query: str
    needs: tuple[str, ...]
    readings: Callable[[datetime, Questions], dict[str, queries.Parameters]]


def answer_questions(
    source: OpenSource, period: Period, settings: Settings
) -> tuple[Question, ...]:
    """Answer the four questions as of period.as_of, and the fourth as it stood before May 2024.

    A question whose table or column the source does not hold has the reading "missing_table" or
    "missing_column", whose parameter names it, and no rows.
    """
    return tuple(_answer(asked, source, period, settings) for asked in QUERIES_ASKED)


def questions_script(period: Period, settings: Settings, absent: Collection[str] = ()) -> str:
    """Return questions.sql: every question in the chosen reading, and question 4 as it was before.

    It runs unchanged in the sqlite3 shell on the client's own tables; `absent` names the canonical
    tables that the client does not have.
    """
    return "\n\n".join(
        _rendered(asked.query, next(iter(_readings(asked, period, settings).values())), absent)
        for asked in QUERIES_ASKED
    )


def _late_orders(now: datetime, asked: Questions) -> dict[str, queries.Parameters]:
    days = timedelta(days=DAYS_A_MONTH * asked.recent_months)

    def reading(bought_after: datetime) -> queries.Parameters:
        return {"as_of": now, "bought_after": bought_after, "late_days": asked.late_days}

    return {
        "calendar_months": reading(months_later(now, -asked.recent_months)),
        "calendar_months_from_midnight": reading(
            months_later(_midnight(now), -asked.recent_months)
        ),
        "thirty_day_months": reading(now - days),
        "thirty_day_months_from_midnight": reading(_midnight(now) - days),
    }


def _large_sellers(now: datetime, asked: Questions) -> dict[str, queries.Parameters]:
    shared: queries.Parameters = {"as_of": now, "revenue_above": asked.revenue_above}
    return {
        "price": {**shared, "freight_counted": 0},
        "price_and_freight": {**shared, "freight_counted": 1},
    }


def _new_sellers(now: datetime, asked: Questions) -> dict[str, queries.Parameters]:
    def reading(first_sale_after: datetime) -> queries.Parameters:
        return {
            "as_of": now,
            "first_sale_after": first_sale_after,
            "items_above": asked.items_above,
        }

    months = asked.new_seller_months
    return {
        "calendar_months": reading(months_later(now, -months)),
        "calendar_months_from_midnight": reading(months_later(_midnight(now), -months)),
        "thirty_day_months": reading(now - timedelta(days=DAYS_A_MONTH * months)),
    }


def _worst_zips(now: datetime, asked: Questions) -> dict[str, queries.Parameters]:
    return {
        "reviews_counted": _zips_reading(now, asked, "reviews", "creation"),
        "reviews_of_recent_orders": _zips_reading(now, asked, "reviews", "purchase"),
    }


def _worst_zips_by_orders(now: datetime, asked: Questions) -> dict[str, queries.Parameters]:
    return {
        "orders_counted": _zips_reading(now, asked, "orders", "creation"),
        "recent_orders_counted": _zips_reading(now, asked, "orders", "purchase"),
    }


def _zips_reading(
    now: datetime, asked: Questions, counted: str, dated_by: str
) -> queries.Parameters:
    return {
        "as_of": now,
        "since": months_later(now, -REVIEW_MONTHS),
        "more_than": asked.reviews_above,
        "counted": counted,
        "dated_by": dated_by,
        "worst_zips": asked.worst_zips,
    }


_DATES = ("orders.order_delivered_customer_date", "orders.order_estimated_delivery_date")
_SELLERS = ("order_items.seller_id",)
_ZIPS = ("order_reviews", "customers.customer_zip_code_prefix")
_FREIGHT = "order_items.freight_value"
QUERIES_ASKED = (
    Asked("late_orders", "late_orders", _DATES, _late_orders),
    Asked("large_sellers", "large_sellers", _SELLERS, _large_sellers),
    Asked("new_sellers", "new_sellers", _SELLERS, _new_sellers),
    Asked("worst_zips", "worst_zips", _ZIPS, _worst_zips),
    Asked("worst_zips_by_orders", "worst_zips", _ZIPS, _worst_zips_by_orders),
)


def _answer(asked: Asked, source: OpenSource, period: Period, settings: Settings) -> Question:
    readings = _readings(asked, period, settings)
    chosen, *others = readings.items()
    sql = _rendered(asked.query, chosen[1], source.gaps.tables)
    gap = source.gaps.why(*asked.needs)
    if gap is not None:
        missing = Reading(gap.code, (("missing", gap.expected),), ())
        return Question(asked.question_id, missing, (), (), sql)
    if source.gaps.why(_FREIGHT):
        others = [other for other in others if not other[1].get("freight_counted")]
    rows = _run(source, asked.query, chosen[1])
    reading = _reading(*chosen, rows)
    return Question(
        question_id=asked.question_id,
        reading=reading,
        columns=tuple(rows.column_names),
        other_readings=tuple(
            _compared(_reading(code, parameters, _run(source, asked.query, parameters)), reading)
            for code, parameters in others
        ),
        sql=sql,
    )


def _readings(asked: Asked, period: Period, settings: Settings) -> dict[str, queries.Parameters]:
    return asked.readings(period.as_of, settings.questions)


def _run(source: OpenSource, query: str, parameters: queries.Parameters) -> pa.Table:
    return queries.run_query(source.connection, f"questions/{query}", parameters)


def _rendered(query: str, parameters: queries.Parameters, absent: Collection[str]) -> str:
    name = f"questions/{query}"
    return queries.render_query(name, "sqlite", parameters, OLIST_DB_NAMES, absent)


def _reading(code: str, parameters: queries.Parameters, rows: pa.Table) -> Reading:
    return Reading(
        code=code,
        parameters=tuple((name, str(value)) for name, value in parameters.items()),
        rows=tuple(tuple(_cell(value) for value in row.values()) for row in rows.to_pylist()),
    )


def _compared(other: Reading, chosen: Reading) -> Reading:
    """Return a reading with how many rows it has beyond the chosen one, and how many it lacks."""
    own, wanted = ({row[0] for row in reading.rows} for reading in (other, chosen))
    return replace(other, added_rows=len(own - wanted), missing_rows=len(wanted - own))


def _cell(value: Any) -> Cell:
    """Return a value as findings.json keeps it: a moment as the text that SQLite would show."""
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else value


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
