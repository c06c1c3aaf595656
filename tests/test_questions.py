"""The client's four questions: by hand on the shop, and the known answers on the real data."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from shell import assert_printed, run_in_shell
from shop import Frames, make_shop, write_database

from analysis.calendar_months import months_later
from analysis.findings import Period, Question
from analysis.orders import build_orders, describe_period
from analysis.questions import answer_questions, questions_script
from analysis.settings import Questions, Settings
from analysis.source import OpenSource, open_source, open_tables

SMALL = Settings(questions=Questions(revenue_above=50, items_above=1, reviews_above=0))


def ask(source: OpenSource, settings: Settings) -> tuple[Period, dict[str, Question]]:
    period = describe_period(build_orders(source), settings.as_of, settings)
    answers = answer_questions(source, period, settings)
    return period, {answer.question_id: answer for answer in answers}


def ask_tables(tables: Frames, settings: Settings = SMALL) -> dict[str, Question]:
    with open_tables(tables) as source:
        return ask(source, settings)[1]


def column(question: Question, name: str) -> list[object]:
    place = question.columns.index(name)
    return [row[place] for row in question.rows]


def rows_by_reading(question: Question) -> dict[str, int]:
    return {
        reading.code: len(reading.rows) for reading in (question.reading, *question.other_readings)
    }


@pytest.fixture(scope="module")
def answers() -> dict[str, Question]:
    return ask_tables(make_shop())


def test_late_orders(answers: dict[str, Question]) -> None:
    # Of the orders since 2017-12-06, b came exactly three days late; c half a day.
    question = answers["late_orders"]
    assert column(question, "order_id") == ["b"]
    assert column(question, "days_late") == [3]
    assert column(question, "order_delivered_customer_date") == ["2018-02-13 00:00:00"]
    assert dict(question.reading.parameters)["bought_after"] == "2017-12-06 07:00:00"


def test_late_orders_leave_out_cancelled_and_earlier_ones() -> None:
    tables = make_shop()
    tables["orders"].loc[1, "order_status"] = "canceled"
    assert ask_tables(tables)["late_orders"].rows == ()
    tables = make_shop()
    tables["orders"].loc[1, "order_purchase_timestamp"] = "2017-12-06 07:00:00"
    assert ask_tables(tables)["late_orders"].rows == ()


def test_large_sellers(answers: dict[str, Question]) -> None:
    # s1 sold 30.00 and 12.00 on delivered orders, s2 100.50 and 18.00; with freight 46.00 and more.
    question = answers["large_sellers"]
    assert column(question, "seller_id") == ["s2"]
    assert column(question, "revenue") == [118.5]
    assert column(question, "orders") == [2]
    assert column(question, "items") == [2]
    assert rows_by_reading(question) == {"price": 1, "price_and_freight": 1}


def test_a_revenue_equal_to_the_threshold_is_not_above() -> None:
    settings = Settings(questions=Questions(revenue_above=42, items_above=1))
    question = ask_tables(make_shop(), settings)["large_sellers"]
    assert rows_by_reading(question) == {"price": 1, "price_and_freight": 2}


def test_another_reading_has_its_own_rows_and_says_how_they_differ() -> None:
    settings = Settings(questions=Questions(revenue_above=42, items_above=1))
    question = ask_tables(make_shop(), settings)["large_sellers"]
    (other,) = question.other_readings
    # With freight s2 has 130.00 and s1 46.00; without it s1 has 42.00, which is not above 42.
    assert [row[0] for row in question.rows] == ["s2"]
    assert [(row[0], row[-1]) for row in other.rows] == [("s2", 130.0), ("s1", 46.0)]
    assert (other.added_rows, other.missing_rows) == (1, 0)
    assert (question.reading.added_rows, question.reading.missing_rows) == (0, 0)


def test_a_later_start_leaves_rows_out() -> None:
    tables = make_shop()
    # Bought 88 days before the last purchase: within three calendar months, not within 84 days.
    tables["orders"].loc[1, "order_purchase_timestamp"] = "2017-12-06 07:00:01"
    question = ask_tables(tables)["late_orders"]
    differences = {
        reading.code: (reading.added_rows, reading.missing_rows)
        for reading in question.other_readings
    }
    # Months of thirty days start on 6 December too, at 07:00 or at midnight.
    assert len(question.rows) == 1
    assert set(differences.values()) == {(0, 0)}
    settings = SMALL.model_copy(update={"as_of": datetime(2018, 5, 30, 12)})
    tables["orders"].loc[1, "order_purchase_timestamp"] = "2018-02-28 12:00:01"
    tables["orders"].loc[1, "order_delivered_customer_date"] = "2018-03-20 00:00:00"
    question = ask_tables(tables, settings)["late_orders"]
    # Calendar months go back to the last of February, thirty-day ones to 1 March.
    shorter = next(r for r in question.other_readings if r.code == "thirty_day_months")
    assert [row[0] for row in question.rows] == ["b"]
    assert (shorter.rows, shorter.missing_rows) == ((), 1)


def test_new_sellers(answers: dict[str, Question]) -> None:
    # Items of any status: s1 four, s2 two, s3 one. All of them began after 2017-12-06.
    question = answers["new_sellers"]
    assert column(question, "seller_id") == ["s1", "s2"]
    assert column(question, "items") == [4, 2]
    assert column(question, "first_sale_at") == ["2018-01-10 10:00:00", "2018-02-01 12:00:00"]
    late = ask_tables(make_shop(), Settings(questions=Questions(items_above=0)))
    assert column(late["new_sellers"], "seller_id") == ["s1", "s2", "s3"]


def test_worst_zips(answers: dict[str, Question]) -> None:
    # 01037: 1, 5 and 1 star on three orders; 22753: 2 stars; 69000's review has no date.
    question = answers["worst_zips"]
    assert column(question, "customer_zip_code_prefix") == ["22753", "01037"]
    assert column(question, "mean_review") == [2.0, pytest.approx(7 / 3)]
    assert column(question, "reviews") == [1, 3]
    assert column(question, "orders") == [2, 3]


def test_worst_zips_as_the_question_stood_before() -> None:
    settings = Settings(questions=Questions(reviews_above=1))
    answers = ask_tables(make_shop(), settings)
    # More than one review: 01037 only. More than one order: 22753 too.
    assert len(answers["worst_zips"].rows) == 1
    assert len(answers["worst_zips_by_orders"].rows) == 2


def test_a_question_whose_table_is_missing() -> None:
    tables = make_shop()
    del tables["order_reviews"]
    question = ask_tables(tables)["worst_zips"]
    assert question.reading.code == "missing_table"
    assert question.reading.parameters == (("missing", "order_reviews"),)
    assert question.rows == question.other_readings == ()


def test_the_same_moment_of_an_earlier_month() -> None:
    assert months_later(datetime(2018, 10, 17, 17, 30), -3) == datetime(2018, 7, 17, 17, 30)
    assert months_later(datetime(2018, 5, 31), -3) == datetime(2018, 2, 28)
    assert months_later(datetime(2018, 1, 15), -1) == datetime(2017, 12, 15)
    assert months_later(datetime(2020, 2, 29), -12) == datetime(2019, 2, 28)


def test_the_script_gives_the_same_rows_in_the_shell(tmp_path: Path) -> None:
    path = write_database(make_shop(), tmp_path / "shop.db")
    with open_source(path) as source:
        period, answers = ask(source, SMALL)
    printed = run_in_shell(questions_script(period, SMALL), path)
    assert_printed(printed, [row for answer in answers.values() for row in answer.rows])

    before = answers["worst_zips_by_orders"]
    assert [row[0] for row in before.rows] == ["22753", "01037"]


@pytest.mark.olist
def test_the_known_answers(olist_archive: Path, olist_db: Path) -> None:
    settings = Settings()
    with open_source(olist_archive) as archive, open_source(olist_db) as database:
        period, answers = ask(archive, settings)
        assert ask(database, settings) == (period, answers)
    late = answers["late_orders"]
    assert rows_by_reading(late) == {
        "calendar_months": 318,
        "calendar_months_from_midnight": 322,
        "thirty_day_months": 307,
        "thirty_day_months_from_midnight": 310,
    }
    assert len(late.rows) == len(set(column(late, "order_id"))) == 318
    assert min(column(late, "days_late")) == 3
    large = answers["large_sellers"]
    assert rows_by_reading(large) == {"price": 17, "price_and_freight": 19}
    assert large.rows[0][0] == "4869f7a5dfa277a7dca6462dcf3b52b2"
    assert large.rows[0][-1] == 226_987.93
    new = answers["new_sellers"]
    assert [(row[0], row[-1]) for row in new.rows] == [
        ("d13e50eaa47b4cbe9eb81465865d8cfc", 69),
        ("81f89e42267213cb94da7ddc301651da", 52),
    ]
    assert rows_by_reading(new)["calendar_months_from_midnight"] == 3
    zips = answers["worst_zips"]
    assert [(row[0], round(row[3], 2), row[1]) for row in zips.rows] == [
        ("22753", 2.81, 47),
        ("22770", 3.14, 37),
        ("22793", 3.25, 93),
        ("13056", 3.29, 31),
        ("13295", 3.31, 32),
    ]
    printed = run_in_shell(questions_script(period, settings), olist_db)
    assert_printed(printed, [row for answer in answers.values() for row in answer.rows])
    before = answers["worst_zips_by_orders"]
    assert [row[0] for row in before.rows] == ["22753", "22770", "22793", "13295", "21321"]
    with_freight = large.other_readings[0]
    assert (with_freight.added_rows, with_freight.missing_rows) == (2, 0)
    midnight = late.other_readings[0]
    assert (midnight.added_rows, midnight.missing_rows) == (4, 0)
