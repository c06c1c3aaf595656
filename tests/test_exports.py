"""The data files beside the documents."""

from __future__ import annotations

import csv
import io
import sqlite3
from dataclasses import replace

import pandas as pd
import pytest
from sample import sample_findings
from sample_changes import sample_changes

from analysis.findings import NotComputed
from report.exports import candidates_csv, customers_csv, database, guarded, to_csv

CUSTOMERS = pd.DataFrame(
    {
        "customer_unique_id": ["a", "b"],
        "segment_id": ["s1", None],
        "standing": ["one_time", "inactive"],
        "spend": [12.5, None],
        "occasions": pd.array([1, None], dtype="Int64"),
    }
)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_texts_that_look_like_formulas_are_quoted(start):
    assert guarded(f"{start}cmd|' /C calc'!A0").startswith("'")


def test_numbers_and_ordinary_texts_stay_as_they_are():
    assert guarded(-3.5) == -3.5
    assert guarded("são paulo") == "são paulo"
    assert to_csv(("name", "value"), [("=1+1", -2), ('a "b"', None)]) == (
        b'name,value\n\'=1+1,-2\n"a ""b""",\n'
    )


def test_a_customer_without_a_segment_has_an_empty_cell():
    assert customers_csv(CUSTOMERS).decode().splitlines() == [
        "customer_unique_id,segment_id,standing,spend,occasions",
        "a,s1,one_time,12.5,1",
        "b,,inactive,,",
    ]


def test_every_candidate_has_its_checks_in_a_row():
    found = sample_findings()
    rows = list(csv.DictReader(io.StringIO(candidates_csv(found).decode())))
    assert len(rows) == len(found.candidates)
    for row, candidate in zip(rows, found.candidates, strict=True):
        assert int(row["k"]) == candidate.k
        assert row["failed_check"] == candidate.failed_check
        for check in candidate.checks:
            assert float(row[check.code]) == check.value


def test_without_candidates_the_reason_is_written():
    reason = NotComputed("too_few_customers", found="12", expected="500")
    text = candidates_csv(replace(sample_findings(), candidates=reason)).decode()
    assert "too_few_customers,12,500" in text


def test_the_database_opens_and_holds_the_findings(tmp_path):
    found = sample_findings()
    path = tmp_path / "playbook.db"
    path.write_bytes(database(found, CUSTOMERS))
    connection = sqlite3.connect(path)
    ask = lambda text: connection.execute(text).fetchall()  # noqa: E731 - shorter to read here
    assert ask("pragma integrity_check") == [("ok",)]
    assert ask("select count(*) from customers") == [(2,)]
    assert ask("select segment_id from customers where customer_unique_id = 'b'") == [(None,)]
    assert ask("select sum(customers) from segments") == [
        (sum(segment.profile.customers for segment in found.segmentation.segments),)
    ]
    assert ask("select count(*) from timeline where family = 'traits'")[0][0] == len(
        found.stability.chosen.points
    )
    assert ask("select role, hold_out_customers from segment_plans where priority = 1") == [
        ("repair", 220)
    ]
    assert ask("select count(*) from segment_quotes") == [(6,)]
    assert ask("select distinct text from segment_terms order by 1")[-1] == ("não recebi",)
    states = ask("select count(*) from kpi_by_state")[0][0]
    assert states == len(found.kpis.by_state.rows)
    connection.close()


def test_the_same_findings_give_the_same_database():
    assert database(sample_findings(), CUSTOMERS) == database(sample_findings(), CUSTOMERS)


def test_what_changed_is_a_table_of_its_own():
    found = database(sample_findings(changes=sample_changes()), None)
    connection = sqlite3.connect(":memory:")
    connection.deserialize(found)
    rows = connection.execute(
        "select segment_id, status, code, difference, interval_low from changes"
    ).fetchall()
    assert len(rows) == 14
    assert rows[0][:3] == ("s1", "kept", "customer_share")
    assert rows[0][3] == pytest.approx(0.05)
    assert rows[-1] == ("s3", "lost", None, None, None)
    connection.close()
