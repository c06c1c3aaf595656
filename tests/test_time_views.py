"""What is said of time follows from the findings: expected sentences worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sample import sample_findings
from telling import segmentation

from analysis.findings import (
    Drift,
    EstimatesCompared,
    Findings,
    Interval,
    LifetimeRange,
    Migration,
    MigrationCell,
    MigrationRow,
    NotComputed,
    Refresh,
    Stability,
)
from report.context import Absence, build_context
from report.views import (
    AgeingView,
    DesignsView,
    DriftView,
    LifetimeView,
    ReportContext,
    StabilityView,
)
from report.wording import LANGUAGES, Wording


def say(findings: Findings, language: str = "en") -> ReportContext:
    return build_context(findings, Wording(language))


def stability() -> Stability:
    found = sample_findings().stability
    assert isinstance(found, Stability)
    return found


def drift() -> Drift:
    found = sample_findings().drift
    assert isinstance(found, Drift)
    return found


def time_view(**changes: Any) -> StabilityView:
    """Return the section on stability with some findings replaced."""
    view = say(sample_findings(stability=replace(stability(), **changes))).stability
    assert isinstance(view, StabilityView)
    return view


def drift_view(found: Drift, **changes: Any) -> DriftView:
    view = say(sample_findings(drift=found, **changes)).drift
    assert isinstance(view, DriftView)
    return view


def with_alarms(*flags: tuple[bool, bool]) -> Drift:
    """Return drift whose delivery time is other (alarm, confirmed) in the cohorts, in order."""
    found = drift()
    others = [test for test in found.tests if test.feature != "delivery_days"]
    tests = [test for test in found.tests if test.feature == "delivery_days"]
    changed = [
        replace(test, alarm=alarm, confirmed=confirmed)
        for test, (alarm, confirmed) in zip(tests, flags, strict=True)
    ]
    return replace(found, tests=(*others, *changed))


ALARMED = {
    "stability": replace(stability(), chosen=replace(stability().chosen, first_alarm_days=84))
}
NO_CHANGE = ((False, False), (False, False))


# ---------------------------------------------------------------- drift


@pytest.mark.parametrize(
    ("flags", "state", "sentence"),
    [
        (
            ((True, False), (True, True)),
            "Changed, and still so",
            "What has changed: delivery time.",
        ),
        (
            ((False, False), (True, False)),
            "Changed in the last group only: to be confirmed",
            "What has changed: delivery time.",
        ),
        (
            ((True, False), (False, False)),
            "Changed once, not confirmed",
            "For a time only: delivery time.",
        ),
        (NO_CHANGE, "No change", "Nothing differs now from the reference."),
    ],
)
def test_how_a_feature_stands_follows_from_its_alarms(
    flags: tuple[tuple[bool, bool], ...], state: str, sentence: str
) -> None:
    view = drift_view(with_alarms(*flags))
    row = next(row for row in view.summary.rows if row[0] == "Delivery time")
    assert row[-1] == state
    assert sentence in view.sentence
    assert "amount of an order" in view.sentence.split("What has not changed: ")[1]


def test_since_when_a_feature_is_other_is_the_first_of_its_last_alarms() -> None:
    (both,) = drift_view(with_alarms((True, False), (True, True))).changes
    (last,) = drift_view(with_alarms((False, False), (True, False))).changes
    assert both.startswith("Delivery time: different from the reference since 21\u00a0April 2030.")
    assert last.startswith("Delivery time: different from the reference since 19\u00a0May 2030.")
    assert "11.0\u00a0days in the last group, against 9.0\u00a0days" in both


def test_what_asks_to_act_and_what_known_events_change_is_said() -> None:
    view = drift_view(drift())
    assert view.levels == (
        "A PSI of 0.1 asks to watch, one of 0.25 to act where the change arises (the deliveries, "
        "the prices), not on the model while its map holds: the second was reached, in one group "
        "at least, by delivery time."
    )
    assert "420 orders) these verdicts are others: delivery time up to" in view.events
    assert "(raised)." in view.events
    assert view.events.endswith("No longer found: share of freight from November 2029 on.")
    assert view.tests.rows[-1][-1] == "confirmed, to act"
    quiet = replace(drift().without_events, changed=(), lost=())
    tests = tuple(replace(test, to_act=False) for test in drift().tests)
    other = drift_view(replace(drift(), without_events=quiet, tests=tests))
    assert other.events.endswith("420 orders) no alert is other.")
    assert other.levels.endswith("no feature reached the second.")


def test_an_earlier_edition_says_nothing_of_what_it_did_not_measure() -> None:
    unknown = NotComputed("not_measured_then")
    view = drift_view(replace(drift(), act_threshold=unknown, without_events=unknown))
    assert (view.levels, view.events) == ("", "")


@pytest.mark.parametrize(
    ("compared", "said"),
    [
        (EstimatesCompared(1.18, 1.5, True), "agree: they lie within a factor of 1.18"),
        (EstimatesCompared(2.0, 1.5, False), "disagree: they lie a factor of 2.00 apart"),
    ],
)
def test_whether_the_estimates_of_the_lifetime_agree_is_said(
    compared: EstimatesCompared, said: str
) -> None:
    life = replace(stability().lifetime, isotonic_days=98.0, median_days=112.0, compared=compared)
    view = time_view(lifetime=life).lifetime
    assert isinstance(view, LifetimeView)
    assert said in view.layers[-1]


def test_the_range_were_origins_more_alike_stands_beside_the_usual_one() -> None:
    view = time_view().lifetime
    assert isinstance(view, LifetimeView)
    assert (
        "(a correlation of 0.7 between neighbours), they would be worth 1.8 only"
        in (view.layers[0])
    )
    wide = LifetimeRange(0.7, 3.4, 200.0, 500.0, "t_interval")
    other = time_view(lifetime=replace(stability().lifetime, cautious=wide)).lifetime
    assert isinstance(other, LifetimeView)
    assert "worth 3.4: 200\u00a0days to 500\u00a0days." in other.layers[0]


UNSEEN = NotComputed("not_observed", "140")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "are reported by the monthly comparison of orders after 28\u00a0days, and not before"),
        ({"alarm_days": 84}, "after 28\u00a0days, by the agreement after 84\u00a0days"),
        ({"warning_days": UNSEEN, "alarm_days": 56}, "more low reviews raise the alarm too"),
        ({"warning_days": UNSEEN, "passed": False}, "20 points more low reviews were not reported"),
    ],
)
def test_what_low_reviews_made_on_purpose_gave_is_said(changes: dict[str, Any], said: str) -> None:
    review = replace(stability().chosen.review_change, **changes)
    view = time_view(chosen=replace(stability().chosen, review_change=review))
    assert said in view.placebo


@pytest.mark.parametrize(
    ("found", "changes", "headline"),
    [
        (drift(), {}, "What customers live through has changed, and the segments hold"),
        (drift(), ALARMED, "What customers live through has changed, and the segments with it"),
        (with_alarms(*NO_CHANGE), {}, "Nothing has moved, and the segments hold"),
        (
            with_alarms(*NO_CHANGE),
            ALARMED,
            "The segments moved, for a reason that is not measured here",
        ),
        (
            drift(),
            {"stability": NotComputed("too_short_history", "20", "28")},
            "What customers live through has changed",
        ),
    ],
)
def test_the_verdict_weighs_the_changes_against_the_map(
    found: Drift, changes: dict[str, Any], headline: str
) -> None:
    assert drift_view(found, **changes).headline == headline


def test_no_p_value_stands_without_the_size_of_its_gap() -> None:
    view = drift_view(drift())
    for table in (view.summary, view.tests):
        labels = [column.label for column in table.columns]
        size, p_value = labels.index("Size"), labels.index("Corrected p")
        for row in table.rows:
            assert row[p_value]
            assert row[size].startswith(("D 0.", "V 0."))


def test_the_widest_gap_stands_beside_what_no_change_looks_like() -> None:
    row = drift_view(drift()).summary.rows[1]
    assert row[2:6] == ("D 0.22", "0.02", "0.11", "0.002")


def test_a_classifier_that_cannot_tell_is_said_to_be_one() -> None:
    found = drift()
    assert "A model tells the last group" in drift_view(found).classifier
    weak = replace(found.classifier, area=0.55)  # type: ignore[type-var]
    assert "hardly can: AUC of 0.55" in drift_view(replace(found, classifier=weak)).classifier


@pytest.mark.parametrize(
    ("points", "text"),
    [
        ((), "No lasting change of level can be told from noise in 17\u00a0months."),
        (
            NotComputed("too_short_history", "11", "12"),
            "Not computed: the history covers 11\u00a0days, at least 12\u00a0days are needed.",
        ),
    ],
)
def test_change_points_that_are_not_there(points: Any, text: str) -> None:
    assert drift_view(replace(drift(), change_points=points)).change_points == (text,)


def test_a_change_point_has_its_month_in_words() -> None:
    (text,) = drift_view(drift()).change_points
    assert text == (
        "From April 2030 on, the mean delivery time goes from 9.4\u00a0days to 12.7\u00a0days; "
        "found again in 93.0% of the resampled histories."
    )


def test_drift_that_was_not_measured_says_why() -> None:
    view = say(sample_findings(drift=NotComputed("too_short_history", "20", "28"))).drift
    assert isinstance(view, Absence)
    assert "20\u00a0days" in view.reason


# ---------------------------------------------------------------- the lifetime


def lifetime(**changes: Any) -> LifetimeView:
    view = time_view(lifetime=replace(stability().lifetime, **changes)).lifetime  # type: ignore[type-var]
    assert isinstance(view, LifetimeView)
    return view


def test_what_is_extrapolated_is_said_and_not_priced() -> None:
    view = lifetime()
    assert view.sentence.startswith("Not observed to break within 168\u00a0days.")
    assert "nothing is recommended or priced" in view.sentence
    seen = lifetime(extrapolated=False, days=120.0)
    assert "within the 168\u00a0days that were observed" in seen.sentence
    assert "extrapolation" not in seen.sentence


def test_ages_beyond_ten_years_are_never_thousands_of_days() -> None:
    view = lifetime(high_days=125_254.0)
    row = view.figure.rows[0]
    assert row.open_end
    assert row.text == "2.2\u00a0years (240\u00a0days to more than 10\u00a0years)"
    assert not any("125" in text for text in (*view.layers, view.sentence))


def test_few_starting_dates_give_a_range_and_no_interval() -> None:
    assert "too few for an interval of confidence" in lifetime().layers[0]
    assert "an interval of confidence that" in lifetime(interval="t_interval").layers[0]


def test_no_decay_has_no_lifetime() -> None:
    assert isinstance(time_view(lifetime=NotComputed("no_decay")).lifetime, Absence)


# ---------------------------------------------------------------- designs, ageing, calendar


def designs(**changes: Any) -> DesignsView:
    view = time_view(**changes).designs
    assert isinstance(view, DesignsView)
    return view


def test_designs_are_told_by_how_far_apart_they_answer() -> None:
    assert "after 84\u00a0days with one design and not at all with another" in designs().sentence
    breaking = tuple(design for design in stability().designs if design.code != "window_traits")
    text = designs(designs=breaking).sentence
    assert "after 84\u00a0days with one design and after 140\u00a0days with another" in text
    holding = tuple(design for design in stability().designs if design.code == "window_traits")
    assert designs(designs=holding).sentence.startswith("None of the designs")
    assert isinstance(time_view(designs=()).designs, Absence)


def test_the_chosen_design_has_no_fault_listed_and_every_other_has_one() -> None:
    view = designs()
    assert len(view.faults) == 3
    assert [row[0] for row in view.table.rows if row[0].endswith("(ours)")] == [
        "Sliding window, without recency (ours)"
    ]


@pytest.mark.parametrize(
    ("other", "text"),
    [
        (
            Refresh(1, "alarm", 56, (1, 2, 3, 4), 1),
            "would be refitted every month, the segments that were chosen every 4 months.",
        ),
        (
            Refresh(4, "observed", 168, (1, 2, 3, 4), 1),
            "as often as the segments that were chosen.",
        ),
        (NotComputed("design_not_valid", "0.70"), "no refit interval could be promised"),
    ],
)
def test_what_the_family_that_lost_would_have_cost(other: Any, text: str) -> None:
    assert text in designs(other_refresh=other).cost


def ageing(**changes: Any) -> AgeingView:
    return time_view(**changes).ageing


def test_mix_or_map_follows_from_which_moved_more() -> None:
    """At 168 days the sizes moved by 168 / 9 000, 1.9 %, the map by 168 / 7 000, 2.4 %."""
    assert "neither asks for a refit" in ageing().changes_sentence
    broken = replace(stability().chosen, first_alarm_days=84)
    assert "it is the map that moves" in ageing(chosen=broken).changes_sentence
    found = stability().ageing
    last = replace(found.changes[-1], sizes_moved_share=0.2)
    mixed = replace(found, changes=(*found.changes[:-1], last))
    assert "the mix moves, the map holds" in ageing(ageing=mixed).changes_sentence


def test_the_segment_that_a_refit_keeps_least_is_named() -> None:
    """Of the smallest level: 0.97 - 168 / 8 300 is 95.0 %, at the lowest 93.0 %."""
    text = ageing().segments_sentence
    assert text.startswith("At 168\u00a0days (3 starting dates), “Satisfied, small basket” is the")
    assert "agree on 95.0% (median of the starting dates; 93.0% at the lowest)" in text


def test_the_lowest_of_another_age_has_its_own_age() -> None:
    """At 28 days one date kept 80 %: not said of 168 days, whose lowest stays 93.0 %."""
    found = stability().ageing
    segments = tuple(
        replace(entry, jaccard_low=(0.8, *entry.jaccard_low[1:])) for entry in found.segments
    )
    text = ageing(ageing=replace(found, segments=segments)).segments_sentence
    assert "93.0% at the lowest)" in text
    assert text.endswith(
        f"Its lowest of all ages: 80%, at {found.segments[0].ages_days[0]}\u00a0days."
    )


def test_how_many_starting_dates_reach_an_age_stands_with_it() -> None:
    """Five dates at 28 days, three at 168, one at 224."""
    view = say(sample_findings()).refresh
    assert not isinstance(view, Absence)
    card = next(card for card in view.cards if card.key == "observed")
    assert (card.value, card.label) == ("168\u00a0days", "observed on 3 starting dates")
    assert card.detail == "starting dates: 5 at 28\u00a0days and 1 at 224\u00a0days"


def test_an_interval_bound_by_what_was_observed_is_no_expiry_date() -> None:
    context = say(sample_findings())
    headline, view = context.headline("refresh"), context.refresh
    assert headline is not None
    assert not isinstance(view, Absence)
    assert headline.text.endswith("as far as the history can verify, not an expiry date")
    assert view.grid.endswith("(1, 2, 3, 4, 6 and 12 months): 4\u00a0months.")
    assert "Nothing is extrapolated" not in view.reason
    worst = context.headline("stability")
    assert worst is not None
    assert worst.text.startswith("At the worst moment observed, ")
    known = next(text for text in context.proposal.nothing if "break" in text)
    assert known.startswith("No break was seen in 168\u00a0days, on 3 starting dates")


def test_who_leaves_the_window_is_said_segment_by_segment() -> None:
    """Of the first segment 2 of 100 leave the window and 8 change segment; of the second all."""

    def row(name: str, *counts: tuple[str, int]) -> MigrationRow:
        cells = (MigrationCell(to, number, number / 100, Interval(0, 1)) for to, number in counts)
        return MigrationRow(name, 100, tuple(cells))

    first, second = (entry.segment_id for entry in segmentation().segments[:2])
    assert segmentation().segments[0].kind == "repeat_rule"
    rows = (
        row(first, (first, 90), (second, 8), ("", 2)),
        row(second, (first, 0), (second, 95), ("", 5)),
    )
    text = ageing(
        ageing=replace(stability().ageing, migration=Migration(28, rows))
    ).leavers_sentence
    assert text.startswith("“Loyal customers”: 2.0% left the window, 8.0% are in another segment")
    assert text.endswith(
        "In the others, most left the window: that is time passing, not a change of behaviour."
    )


def test_two_populations_are_named_beside_their_figures() -> None:
    context = say(sample_findings())
    late = next(card for card in context.key_figures if card.key == "late_share")
    assert late.detail.startswith("all delivered orders; ")
    low = next(card for card in context.key_figures if card.key == "low_review_share")
    assert low.detail.startswith("all reviews; 95% interval: ")
    unhappy = context.headline("unhappy")
    assert unhappy is not None
    assert unhappy.detail.endswith("for all customers of the segments, over 365\u00a0days.")


def test_nobody_in_a_cell_is_a_dash_and_shares_have_their_interval() -> None:
    table = ageing().migration
    assert table.rows[-1][-1] == "–"
    assert table.rows[1][3] == "94.4%\n85% to 100%"
    assert "left the window" in ageing().leavers_sentence


def test_the_calendar_says_which_dates_were_not_used() -> None:
    view = time_view()
    assert "before 1\u00a0September 2029" in view.unused
    calendar = view.chosen.calendar
    assert calendar is not None
    assert [span.used for span in calendar.spans] == [False, True, False]
    assert calendar.spans[1].start == date(2029, 9, 1).toordinal()
    assert view.other.calendar is None  # type: ignore[union-attr]


def test_the_grid_leaves_white_what_was_not_compared() -> None:
    """Five starting dates, 28 days apart, followed to the same last day."""
    grid = time_view().grid
    assert [sum(cell is not None for cell in row.cells) for row in grid.rows] == [8, 7, 6, 5, 4]
    assert len(grid.table.rows) == 30


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_tells_the_same_figures(language: str) -> None:
    view = say(sample_findings(), language)
    wording = Wording(language)
    assert isinstance(view.drift, DriftView)
    assert wording.date(date(2030, 4, 21)) in view.drift.changes[0]
    assert wording.index(0.64) in view.drift.classifier
