"""What is said of the trials and of the evidence follows from the findings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sample import sample_choice, sample_findings
from sample_trials import candidate, sample_candidates, sample_numbers
from telling import ENGLISH, say

from analysis.findings import Algorithm, Control, GateCheck, NotComputed, Score, WeightedWin
from report.context import Absence
from report.deck.story import tell
from report.views import CandidatesView

VERDICT = 9


def test_every_refusal_says_its_number() -> None:
    view = say(sample_findings()).candidates
    assert not isinstance(view, Absence)
    verdicts, reasons = (
        [row[place] for row in view.everything.rows] for place in (VERDICT, VERDICT + 1)
    )
    assert verdicts == [
        "chosen",
        "not kept",
        "refused: sizes",
        *("refused: the client’s minimum",) * 2,
    ]
    assert reasons[2] == "Its smallest segment holds 1.2% of the customers; 3% is asked."
    assert reasons[3] == (
        "Blind to money: median spends differ by a factor of 1.27 at most; 2 is asked."
    )
    assert view.sentence == (
        "2 partitions of 5 meet every gate they were led through; the last, which costs a "
        "timeline, was asked of none."
    )


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


def test_a_baseline_less_than_a_tie_behind_is_not_beaten():
    """The tie of five points that lets fewer segments win holds against plain cuts as well."""
    marks = Score(0.57, 0.65, 0.98, 0.85, 0.6, 70.0, 2)
    plain = candidate(
        *("traits", 4, True, False, "baseline"),
        **{"algorithm": "rule", "is_baseline": True, "score": marks, "eta_squared_spend": 0.6},
        **{"jaccards": (0.995, 0.995, 0.995, 0.995)},
    )
    close = replace(sample_choice(), baseline_points=70.0)
    view = say(sample_findings(choice=close, candidates=(*sample_candidates(), plain))).candidates
    assert not isinstance(view, Absence)
    (said,) = (text for text in view.verdicts if "Plain cuts come close" in text)
    assert "70.0 points, the chosen one 72.5, less than a tie of 5 points apart" in said
    adds, better = said.split("What the fit adds: ")[1].split("What the cuts do better: ")
    assert "segments to keep in mind: 3 against 4" in adds
    assert "variance of spend explained: 70% against 60%" in adds
    assert better == "Jaccard coefficient of the least stable: 0.99 against 1.00."


def test_a_baseline_a_tie_behind_is_beaten():
    beaten = replace(sample_choice(), baseline_points=67.5)
    view = say(sample_findings(choice=beaten)).candidates
    assert not isinstance(view, Absence)
    assert "The best baseline reaches 67.5 points, the chosen one 72.5." in view.verdicts


def test_rivals_are_named_with_how_often_they_win():
    wins = (WeightedWin(0, 0.6), WeightedWin(1, 0.4))
    choice = replace(sample_choice(), wins_share=0.6, wins=wins)
    view = say(sample_findings(choice=choice)).candidates
    assert not isinstance(view, Absence)
    assert view.verdicts[0] == (
        "Under 60% of 1,000 random weightings around those of the scorecard, the same one wins. "
        "Otherwise: 40% for K-Means in 4 (lasting traits). In every one of them, too, the fewest "
        "segments win among scores less than 5 points apart."
    )


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
        ("Purchase occasions", "rule before clustering", "\u2013"),
    ]
    assert "99.0% of them stand in one segment, of which they are 98.0%" in view.features.note
    assert view.transforms.rows[1][0] == "logarithm (used)"
    assert "0.7% of the customers have no review" in view.reviews


def test_the_numbers_that_data_and_gates_answer_stand_side_by_side() -> None:
    view = say(sample_findings()).evidence
    assert not isinstance(view, Absence)
    assert "4 (gap)" in view.number_sentence
    assert "They disagree" in view.number_sentence


def test_one_group_is_among_the_numbers_with_its_errors():
    view = say(sample_findings()).evidence
    assert not isinstance(view, Absence)
    assert not isinstance(view.numbers, Absence)
    first, second, _third = view.numbers.rows
    assert first == ("1", *("\u2013",) * 4, "0.00 ± 0.02", "1.00 ± 0.00", "\u2013")
    assert second[5:7] == ("0.55 ± 0.01", "0.91 ± 0.01")


def test_every_candidate_says_on_how_many_each_figure_was_measured():
    view = say(sample_findings()).candidates
    assert not isinstance(view, Absence)
    heads = [column.label for column in view.everything.columns]
    place = heads.index("Silhouette, interval")
    assert heads[place:] == [
        *("Silhouette, interval", "Silhouette of", "Gap statistic"),
        "Prediction strength (2,000 customers)",
        *("Fitted on", "Carried on rightly"),
    ]
    assert view.everything.rows[0][place:] == (
        *("0.37 to 0.41", "5,000", "0.61 ± 0.01", "0.83 ± 0.02", "6,820", "\u2013"),
    )
    assert "drawn again 50 times for K-Means and the baselines, 10 times" in view.everything.note
    assert "For the chosen one, 100 times." in view.everything.note
    assert "over 3 halvings of 2,000 customers" in view.everything.note
    assert len(view.table.columns) == len(heads) - 6


def test_the_three_floors_stand_side_by_side():
    view = say(sample_findings()).candidates
    assert not isinstance(view, Absence)
    (said,) = (text for text in view.verdicts if text.startswith("How far fits"))
    assert "0.97 between single starts, 0.98 between the best of 20 starts, 0.95 between" in said


def test_the_gate_that_refused_the_farthest_is_named():
    none = NotComputed("stopped_at_gate", "G4", "67")
    view = say(sample_findings(segmentation=none)).segmentation
    assert isinstance(view, Absence)
    assert view.reason == (
        "Not computed: none of the 67 partitions that were tried passes every gate; those that "
        "come farthest fail this one: stability."
    )
    numbers = replace(sample_numbers(), chosen=none)
    evidence = say(sample_findings(number_of_segments=numbers)).evidence
    assert not isinstance(evidence, Absence)
    assert evidence.number_sentence.endswith("the gates let no partition pass.")


def test_a_bound_that_failed_is_shown_beside_its_figure() -> None:
    check = GateCheck("spend_ratio", 2.04, 2.0, True, False, "G2", 1.96)
    refused = replace(
        candidate("traits", 3, False, False, "spend_ratio"), checks=(check,), gate="G2"
    )
    none = replace(sample_choice(), wins=(), wins_with_baselines=())
    view = say(sample_findings(candidates=(refused,), choice=none)).candidates
    assert not isinstance(view, Absence)
    assert "a factor of 2.04 (lower bound: 1.96) at most" in view.rows[0].reason


# ---------------------------------------------------------------- no more than what was found


def raced(*entries: tuple[int, float, str, str]) -> CandidatesView:
    """Return what is said of candidates of so many segments, points, last gate and what they are.

    The first is the one kept. What they are: "met", "refused" (at that gate) or "baseline".
    """
    marks = sample_candidates()[0].score
    assert isinstance(marks, Score)
    candidates = tuple(
        replace(
            candidate("traits", k, what != "refused", place == 0, WHY_OUT[what] if place else ""),
            **{"gate": gate, "score": replace(marks, points=points, place=place + 1)},
            **{"is_baseline": what == "baseline", "algorithm": ALGORITHM[what]},
        )
        for place, (k, points, gate, what) in enumerate(entries)
    )
    choice = replace(sample_choice(), wins=(), wins_with_baselines=(), points=entries[0][1])
    view = say(sample_findings(candidates=candidates, choice=choice)).candidates
    assert not isinstance(view, Absence)
    return view


WHY_OUT = {"met": "ranked_behind", "refused": "smallest_share", "baseline": "baseline"}
ALGORITHM: dict[str, Algorithm] = {"met": "kmeans", "refused": "kmeans", "baseline": "rule"}
WHY = 10


def test_one_with_fewer_points_is_kept_by_the_tie_and_never_said_to_lead():
    """78.9 - 75.5 is less than 5: level, so 4 segments win against 5; 71.0 is 7.9 behind."""
    view = raced((4, 75.5, "G6", "met"), (5, 78.9, "G5", "met"), (3, 71.0, "G5", "met"))
    reasons = [row[WHY] for row in view.everything.rows]
    assert reasons == [
        "Meets every gate. Less than 5 points from the first (75.5 against 78.9 for K-Means in 5): "
        "level, and the fewest segments win.",
        "Not tried at the last gate. 78.9 points against 75.5 for the one kept: less than 5 "
        "apart, and it has more segments (5 against 4).",
        "Not tried at the last gate. 71.0 points against 75.5 for the one kept. Fewer segments do "
        "not help it: it is 5 or more behind the most (78.9).",
    ]
    assert [(row.k, row.points) for row in view.rows] == [("4", "75.5"), ("5", "78.9")]
    assert "first on the scorecard" not in " ".join(reasons)


def test_what_lost_is_held_against_the_one_kept():
    """80 points are the most; 75.2 are level with them, and 75.1 of more segments lose to those."""
    view = raced((4, 75.2, "G6", "met"), (6, 80.0, "G5", "met"), (5, 74.9, "G5", "met"))
    assert view.everything.rows[2][WHY].endswith("74.9 points against 75.2 for the one kept.")


def test_points_that_round_alike_are_told_apart():
    view = raced((4, 75.52, "G6", "met"), (4, 75.54, "G5", "baseline"))
    assert "75.54 points against 75.52, less than 5 apart" in view.rows[1].reason


def test_a_figure_that_rounds_to_its_threshold_is_told_from_it():
    check = GateCheck("fidelity", 0.8996, 0.9, True, False, "G5")
    refused = replace(candidate("traits", 3, False, False, "fidelity"), checks=(check,), gate="G5")
    none = replace(sample_choice(), wins=(), wins_with_baselines=())
    view = say(sample_findings(candidates=(refused,), choice=none)).candidates
    assert not isinstance(view, Absence)
    assert view.rows[0].reason == (
        "No simple rules: they put 89.96% of the customers into their segment; 90% is asked."
    )


def test_the_two_prediction_strengths_say_of_how_many_customers_they_are():
    context = say(sample_findings())
    assert not isinstance(context.candidates, Absence)
    assert not isinstance(context.evidence, Absence)
    assert not isinstance(context.evidence.numbers, Absence)
    heads = [
        column.label
        for table in (context.candidates.everything, context.evidence.numbers)
        for column in table.columns
        if "Prediction" in column.label
    ]
    assert heads == [
        "Prediction strength (2,000 customers)",
        f"Prediction strength ({sample_numbers().customers:,} customers)",
    ]


def test_one_with_the_most_points_is_said_to_have_them():
    view = raced((4, 78.9, "G6", "met"), (5, 75.5, "G5", "met"), (5, 80.0, "G6", "refused"))
    assert view.rows[0].reason == (
        "Meets every gate. No other that may be kept has more points: 78.9."
    )
    assert view.rows[0].points == "78.9"


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (73.2, "73.2 points against 75.5, less than 5 apart. It does nearly as well."),
        (81.0, "81.0 points, more than the 75.5 of the one kept."),
        (70.5, "and beaten: 70.5 points against 75.5."),
    ],
)
def test_a_baseline_is_beaten_only_by_more_than_a_tie(points: float, said: str) -> None:
    view = raced((4, 75.5, "G6", "met"), (4, points, "G5", "baseline"))
    assert view.rows[1].reason.endswith(said)


def test_a_gate_that_was_not_asked_is_not_met():
    view = raced(
        *((4, 75.5, "G6", "met"), (5, 78.9, "G5", "met"), (3, 70.0, "G5", "met")),
        *((4, 73.2, "G5", "baseline"), (5, 75.6, "G6", "refused")),
    )
    assert view.sentence == (
        "4 partitions of 5 meet every gate before the last; the last, which costs a timeline, was "
        "asked of 2 and let 1 pass."
    )
    assert view.headline == (
        "4 partitions of 5 meet every gate before the last; the one kept is level with the best, "
        "in fewer segments"
    )


def test_the_headline_says_of_the_one_with_the_most_points_that_it_has_them():
    view = raced((4, 78.9, "G6", "met"), (5, 75.5, "G5", "met"))
    assert view.headline.endswith("; the one kept has the most points")


def test_what_the_checks_do_not_prove_stands_with_them():
    view = say(sample_findings()).candidates
    assert not isinstance(view, Absence)
    single, best, natural = view.checks.rows[-3:]
    assert single[:2] == ("Agreement of single starts (ARI)", "0.97")
    assert best[:2] == ("Agreement of the best of 20 starts, as used (ARI)", "0.98")
    # 0.39 against 0.37 on shuffled columns.
    assert natural[1] == "0.02"
    assert natural[3] == "0.05 wished"
    assert "wished and not reached, which excludes no candidate" in natural[0]
    assert {row[4] for row in view.checks.rows[:-3]} == {"passed"}
    assert "they prove no natural groups" in view.checks.note
    assert "it holds 2.6% of the customers" in view.checks.note
    (smallest,) = (row for row in view.checks.rows if row[0].startswith("Smallest"))
    assert smallest[0] == "Smallest of the segments that were clustered"


def test_the_short_documents_say_how_near_plain_cuts_come():
    marks = Score(0.57, 0.65, 0.98, 0.85, 0.6, 70.0, 2)
    plain = candidate(
        *("traits", 4, True, False, "baseline"),
        **{"algorithm": "rule", "is_baseline": True, "score": marks, "eta_squared_spend": 0.6},
    )
    close = replace(sample_choice(), baseline_points=70.0)
    context = say(sample_findings(choice=close, candidates=(*sample_candidates(), plain)))
    view = context.candidates
    assert not isinstance(view, Absence)
    assert view.sureness[0].startswith("Under 83% of 1,000")
    assert view.sureness[0].endswith("The strongest rival, K-Means in 4, wins under 17%.")
    assert "Plain cuts come close" in view.sureness[1]
    assert view.sureness[1] in view.verdicts
    slide = next(one for one in tell(context, ENGLISH) if one.code == "candidates")
    assert set(view.sureness) <= set(slide.notes)


def test_no_partition_passed() -> None:
    refused = (candidate("traits", 3, False, False, "smallest_share"),)
    none = replace(sample_choice(), wins=(), wins_with_baselines=())
    view = say(sample_findings(candidates=refused, choice=none)).candidates
    assert not isinstance(view, Absence)
    assert view.sentence == "0 partitions of 1 meet every gate they were led through."
    assert view.checks.note == ""
    assert view.checks.rows == ()
