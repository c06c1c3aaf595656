"""What is said of the trials and of the evidence follows from the findings."""

from __future__ import annotations

from dataclasses import replace

from sample import sample_choice, sample_findings
from sample_trials import candidate
from telling import say

from analysis.findings import Control, GateCheck, NotComputed
from report.context import Absence


def test_every_refusal_says_its_number() -> None:
    view = say(sample_findings()).candidates
    assert not isinstance(view, Absence)
    *_, verdicts, reasons = zip(*view.everything.rows, strict=True)
    assert verdicts == (
        "chosen",
        "not kept",
        "refused: sizes",
        *("refused: the client’s minimum",) * 2,
    )
    assert reasons[2] == "Its smallest segment holds 1.2% of the customers; 3% is asked."
    assert reasons[3] == (
        "Blind to money: median spends differ by a factor of 1.27 at most; 2 is asked."
    )
    assert view.sentence == "2 partitions of 5 meet every gate they were led through."


def test_the_best_of_each_algorithm_is_shown() -> None:
    view = say(sample_findings()).candidates
    assert not isinstance(view, Absence)
    assert [(row.algorithm, row.verdict) for row in view.rows] == [
        ("K-Means", "chosen"),
        ("Gaussian mixture", "refused: the client’s minimum"),
    ]
    assert view.table.rows[1][0] == "Gaussian mixture (covariance: of each its own)"


def test_each_gate_says_how_many_it_refused() -> None:
    view = say(sample_findings()).candidates
    assert not isinstance(view, Absence)
    counts = [(row[0], row[2], row[3]) for row in view.gates.rows]
    assert counts[1:4] == [
        ("The client’s minimum", "5", "2"),
        ("Sizes", "3", "1"),
        ("Stability", "0", "0"),
    ]


def test_a_control_that_passes_is_said() -> None:
    passing = replace(sample_choice(), controls=(Control("random_labels", NotComputed("no_rows")),))
    view = say(sample_findings(choice=passing)).candidates
    assert not isinstance(view, Absence)
    assert any("tells nothing apart" in text for text in view.verdicts)


def test_a_baseline_that_is_better_is_said() -> None:
    beaten = replace(sample_choice(), baseline_points=80.0)
    view = say(sample_findings(choice=beaten)).candidates
    assert not isinstance(view, Absence)
    assert any("plain cuts would serve as well" in text for text in view.verdicts)


def test_a_candidate_with_more_points_and_more_segments_is_said() -> None:
    ahead = replace(sample_choice(), runner_up_points=75.0)
    view = say(sample_findings(choice=ahead)).candidates
    assert not isinstance(view, Absence)
    assert any("Another one reaches 75.0 points" in text for text in view.verdicts)
    usual = say(sample_findings()).candidates
    assert not isinstance(usual, Absence)
    assert not any("Another one" in text for text in usual.verdicts)


def test_features_say_why_they_cluster_or_only_describe() -> None:
    view = say(sample_findings()).evidence
    assert not isinstance(view, Absence)
    assert [(row[0], row[1], row[4]) for row in view.features.rows] == [
        ("Spend", "clusters", "\u22120.05 with review"),
        ("Share of freight", "describes", "\u22120.69 with spend"),
        ("Category", "describes", "\u2013"),
    ]
    assert view.transforms.rows[1][0] == "logarithm (used)"
    assert "0.7% of the customers have no review" in view.reviews


def test_the_numbers_that_data_and_gates_answer_stand_side_by_side() -> None:
    view = say(sample_findings()).evidence
    assert not isinstance(view, Absence)
    assert "4 (gap)" in view.number_sentence
    assert "They disagree" in view.number_sentence


def test_a_bound_that_failed_is_shown_beside_its_figure() -> None:
    check = GateCheck("spend_ratio", 2.04, 2.0, True, False, "G2", 1.96)
    refused = replace(
        candidate("traits", 3, False, False, "spend_ratio"), checks=(check,), gate="G2"
    )
    view = say(sample_findings(candidates=(refused,))).candidates
    assert not isinstance(view, Absence)
    assert "a factor of 2.04 (lower bound: 1.96) at most" in view.rows[0].reason


def test_no_partition_passed() -> None:
    refused = (candidate("traits", 3, False, False, "smallest_share"),)
    view = say(sample_findings(candidates=refused)).candidates
    assert not isinstance(view, Absence)
    assert view.sentence == "0 partitions of 1 meet every gate they were led through."
    assert view.checks.rows == ()
