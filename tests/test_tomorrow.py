"""Three things to do tomorrow, each with its filter and its number; none that nothing supports."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pandas as pd
from quick import QUICK
from sample import sample_findings
from shop import write_database

from analysis.findings import LifecycleCell, NotComputed, Segment, Segmentation
from analysis.marketplace import make_marketplace
from analysis.pipeline import analyse
from analysis.settings import check_settings
from analysis.source import open_source
from report.content import load_content
from report.exports import data_files
from report.views.segment_records import Tomorrow
from report.views.tomorrow import tomorrow_view
from report.wording import Wording

SETTINGS = check_settings(QUICK)
WORDING, CONTENT = Wording("en"), load_content("en")
NOT_KNOWN = NotComputed("missing_table", found="order_reviews")


def segment(place: int, persona: str, role: str, low: int, reachable: int) -> Segment:
    """Return a segment of the sample in this role, with these customers in its first stage."""
    found = sample_findings().segmentation
    assert isinstance(found, Segmentation)
    first = found.segments[0]
    cell = LifecycleCell("active", 0, 90, 500, 0.5, 0, True, low, reachable)
    return replace(
        first,
        segment_id=f"s{place}",
        persona=persona,
        persona_number=0,
        lifecycle=(cell, *first.lifecycle[1:]),
        plan=replace(first.plan, role=role, priority=place),
    )


def told(*segments: Segment) -> Tomorrow | None:
    found = sample_findings().segmentation
    assert isinstance(found, Segmentation)
    return tomorrow_view(replace(found, segments=segments), WORDING, CONTENT)


def rows(*segments: Segment) -> list[tuple[str, str]]:
    """Return what is selected and how many they are, line by line."""
    view = told(*segments)
    return [] if view is None else [(row[2], row[3]) for row in view.table.rows]


def test_one_of_each_role_comes_first_in_the_order_of_priority() -> None:
    assert rows(
        segment(1, "unhappy_large", "repair", 31, 4),
        segment(2, "unhappy_small", "repair", 17, 5),
        segment(3, "satisfied_medium", "sell", 0, 1_200),
        segment(4, "loyal", "serve", 2, 80),
    ) == [
        ("segment_id = s1, stage = active, lowest_review <= 2", "31"),
        ("segment_id = s3, stage = active, lowest_review >= 4, held_out = 0", "1,200"),
        ("segment_id = s4, stage = active, lowest_review >= 4", "80"),
    ]


def test_a_missing_role_leaves_its_line_to_the_next_segment() -> None:
    chosen = rows(
        segment(1, "unhappy_large", "repair", 31, 4),
        segment(2, "unhappy_small", "repair", 17, 5),
        segment(3, "loyal", "serve", 2, 80),
        segment(4, "mixed_medium", "understand", 2, 80),
    )
    assert [number for _, number in chosen] == ["31", "17", "80"]


def test_what_nobody_answers_or_nobody_knows_is_no_line() -> None:
    nobody = segment(1, "unhappy_large", "repair", 0, 4)
    waits = segment(2, "satisfied_large", "wait", 0, 40)
    assert told(nobody, waits) is None
    sold = segment(1, "spend_large", "sell", 0, 4)
    unknown = replace(sold.lifecycle[0], reachable=NOT_KNOWN)
    few = replace(sold.lifecycle[0], matters=False)
    for cell in (unknown, few):
        assert told(replace(sold, lifecycle=(cell, *sold.lifecycle[1:]))) is None


def test_the_filters_find_as_many_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "olist.db"
    write_database(make_marketplace(3_000, seed=11).tables, path)
    with open_source(path) as source:
        analysis = analyse(source, SETTINGS)
    found = analysis.findings.segmentation
    assert isinstance(found, Segmentation)
    file = pd.read_csv(io.BytesIO(data_files(analysis, SETTINGS)["segments.csv"]))
    # However few they are in a small shop.
    every = tuple(
        replace(one, lifecycle=(replace(one.lifecycle[0], matters=True), *one.lifecycle[1:]))
        for one in found.segments
    )
    view = tomorrow_view(replace(found, segments=every), WORDING, CONTENT)
    assert view is not None
    assert len(view.table.rows) == 3
    for _, _, filters, number in view.table.rows:
        wanted = file
        for one in filters.split(", "):
            column, comparison, value = one.split(" ")
            if comparison == "=":
                wanted = wanted[wanted[column].astype(str).str.removesuffix(".0") == value]
            elif comparison == "<=":
                wanted = wanted[wanted[column] <= int(value)]
            else:
                wanted = wanted[wanted[column] >= int(value)]
        assert f"{len(wanted):,}" == number
