"""The list of the customers: the same bytes by columns as by rows, and Parquet beyond a limit."""

from __future__ import annotations

import io

import pandas as pd
import pyarrow.parquet as pq
import pytest

from report.exports import customers_csv, customers_parquet

ROWS = {
    "customer_unique_id": ["a", "b", "c"],
    "persona": ["loyal", None, "unhappy"],
    "held_out": pd.array([1, None, 0], dtype="Int8"),
    "spend": [5.0, float("nan"), 1234567.89],
    "confidence": [0.001, 1.0, float("nan")],
}


def by_rows(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False, lineterminator="\n").encode()


def test_columns_give_what_rows_give():
    frame = pd.DataFrame(ROWS)
    assert customers_csv(frame) == by_rows(frame)
    assert customers_csv(frame).decode().splitlines()[1] == "a,loyal,1,5.0,0.001"


@pytest.mark.parametrize("text", ["a,b", 'a"b', "a\nb", "a\r\nb", "ação"])
def test_texts_that_need_marks_have_them(text):
    frame = pd.DataFrame({**ROWS, "persona": ["loyal", text, None]})
    assert customers_csv(frame) == by_rows(frame)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_identifier_is_a_formula(start):
    frame = pd.DataFrame({**ROWS, "customer_unique_id": [f"{start}1", "b", "c"]})
    cell = customers_csv(frame).decode().split("\n")[1]
    assert cell.lstrip('"').startswith(f"'{start}")


def test_parquet_holds_the_rows_as_they_are():
    frame = pd.DataFrame({**ROWS, "customer_unique_id": ["=a", "b", "c"]})
    table = pq.read_table(io.BytesIO(customers_parquet([frame])))
    assert table.column_names == list(frame.columns)
    assert table["customer_unique_id"].to_pylist() == ["=a", "b", "c"]
    assert table["persona"].to_pylist() == ["loyal", None, "unhappy"]


def test_parts_of_a_long_list_make_one_file_whatever_is_empty_in_the_first():
    frame = pd.DataFrame(ROWS)
    first = frame.iloc[1:2].assign(persona=pd.Series([None], index=[1], dtype=object))
    table = pq.read_table(io.BytesIO(customers_parquet([first, frame])))
    assert table["persona"].to_pylist() == [None, "loyal", None, "unhappy"]
