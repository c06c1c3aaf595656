"""Tables that only the notebooks show: features, what each candidate took, how features drift."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.findings import Candidate, Drift, DriftTest, NotComputed, Timeline
from report.opened_run import OpenedRun
from report.pictures.frame import FEATURES
from report.views import Absence
from report.views.algorithms import ALGORITHMS, FAMILIES, name_with_parameters
from report.views.figures import Column, Table
from report.wording import message

if TYPE_CHECKING:
    from analysis.costs import TrialCost
    from analysis.earlier_measurements import Comparison
    from analysis.exploration import FeatureSummary


def feature_table(found: Sequence[FeatureSummary] | NotComputed, run: OpenedRun) -> Table | Absence:
    """Return one row a feature: quartiles, skewness, what is missing."""
    if isinstance(found, NotComputed):
        return Absence(run.wording.not_computed(found))
    wording, _ = run.wording, run.wording.gettext
    return Table(
        caption=_("Features of the customers; spend as the logarithm of one plus the amount"),
        columns=(
            Column(_("Feature"), is_number=False),
            Column(_("First quartile")),
            Column(_("Median")),
            Column(_("Third quartile")),
            Column(_("Skewness")),
            Column(_("Missing")),
        ),
        rows=tuple(
            (
                _(FEATURES[one.name]),
                wording.number(one.quartiles.q1, 2),
                wording.number(one.quartiles.median, 2),
                wording.number(one.quartiles.q3, 2),
                wording.number(one.skewness, 1),
                wording.share(one.missing_share),
            )
            for one in found
        ),
    )


def shape_table(found: Sequence[Candidate] | NotComputed, run: OpenedRun) -> Table | Absence:
    """Return one row a candidate that was fitted again: how alike its fits are, its shape."""
    if isinstance(found, NotComputed):
        return Absence(run.wording.not_computed(found))
    _ = run.wording.gettext
    return Table(
        caption=_("Fits from other customers and other starts, and the shape of the segments"),
        columns=(
            Column(_("Algorithm"), is_number=False),
            Column(_("Grouped on"), is_number=False),
            Column(_("Segments")),
            Column(_("Jaccard, the worst")),
            Column(_("Other customers")),
            Column(_("Single starts")),
            Column(_("Starts as good")),
            Column(_("Width")),
            Column(_("Elongation")),
        ),
        rows=tuple(
            _shape_row(one, one.jaccards, run)
            for one in found
            if not isinstance(one.jaccards, NotComputed)
        ),
        note=_(
            "Agreement is the adjusted Rand index (ARI): of refits on other customers and of "
            "single starts, what only a few fall below; of the starts that are as good as the "
            "best, the lowest. Width is the root of the mean squared distance to the centre in "
            "the widest segment, in the scale of the features; elongation compares the longest "
            "axis with the shortest in the most elongated one, a ball having one. A dash: not "
            "measured, or one start is all "
            "there is."
        ),
    )


def _shape_row(one: Candidate, jaccards: tuple[float, ...], run: OpenedRun) -> tuple[str, ...]:
    wording, _ = run.wording, run.wording.gettext
    return (
        name_with_parameters(one, wording),
        _(FAMILIES[one.family]),
        wording.integer(one.k),
        wording.index(min(jaccards)),
        *(
            "–" if isinstance(value, NotComputed) else wording.index(value)
            for value in (
                *(one.refit_floor, one.seed_floor, one.near_tie),
                *(one.compactness, one.elongation),
            )
        ),
    )


def cost_table(found: Sequence[TrialCost] | NotComputed, run: OpenedRun) -> Table | Absence:
    """Return one row a candidate: seconds to fit and to label everybody, in the run's own time."""
    if isinstance(found, NotComputed):
        return Absence(run.wording.not_computed(found))
    wording, _ = run.wording, run.wording.gettext
    return Table(
        caption=_("What each candidate took in this run, on its machine"),
        columns=(
            Column(_("Algorithm"), is_number=False),
            Column(_("Grouped on"), is_number=False),
            Column(_("Segments")),
            Column(_("Customers seen")),
            Column(_("Training")),
            Column(_("Labelling everybody")),
        ),
        rows=tuple(
            (
                name_with_parameters(one, wording),
                _(FAMILIES[one.family]),
                wording.integer(one.k),
                wording.integer(one.fitted_customers),
                wording.seconds(one.fit_seconds),
                wording.seconds(one.predict_seconds),
            )
            for one in found
        ),
        note=_(
            "Read from the manifest of the run; another run or another machine gives other "
            "seconds. Candidates train side by side, the first of them also load what they need, "
            "and those cut from one tree or one embedding share its time equally. Memory is "
            "measured apart, each algorithm alone, by the program's benchmark trial_costs."
        ),
    )


def drift_table(found: Drift | NotComputed, run: OpenedRun) -> Table | Absence:
    """Return the last group of orders against the reference, a row a feature."""
    if isinstance(found, NotComputed):
        return Absence(run.wording.not_computed(found))
    wording, _ = run.wording, run.wording.gettext
    last = max(test.bought_until for test in found.tests)
    chance: dict[str, float] = {one.feature: one.size for one in found.baseline}
    return Table(
        caption=_("Orders bought until %(day)s, against the reference", day=wording.date(last)),
        columns=(
            Column(_("Feature"), is_number=False),
            Column(_("Distance")),
            Column(_("By chance")),
            Column(_("p, corrected")),
            Column(_("Stability index")),
            Column(_("Its level by chance")),
            Column(_("Shift")),
            Column(_("Counts"), is_number=False),
        ),
        rows=tuple(
            _drift_row(test, chance, run) for test in found.tests if test.bought_until == last
        ),
        note=_(
            "Distance: D of Kolmogorov and Smirnov for numbers, V of Cramér for the others. Shift: "
            "Wasserstein, in deviations. A change counts when it is both certain and large."
        ),
    )


def _drift_row(test: DriftTest, chance: dict[str, float], run: OpenedRun) -> tuple[str, ...]:
    wording, _ = run.wording, run.wording.gettext
    return (
        _(FEATURES[test.feature]),
        wording.number(test.size, 3),
        wording.number(chance[test.feature], 3) if test.feature in chance else "–",
        wording.probability(test.p_adjusted),
        wording.number(test.psi, 3),
        wording.number(test.psi_null, 3),
        "–" if test.shift is None else wording.number(test.shift, 2),
        _("yes") if test.alarm else _("no"),
    )


def ages_table(found: Timeline | NotComputed, run: OpenedRun) -> Table | Absence:
    """Return the timeline by age: how many origins, the agreement, its lowest, the cold one."""
    if isinstance(found, NotComputed):
        return Absence(run.wording.not_computed(found))
    wording, _ = run.wording, run.wording.gettext
    return Table(
        caption=_("Agreement (ARI) by age of the model"),
        columns=(
            Column(_("Age, in days")),
            Column(_("Starting dates")),
            Column(_("Median")),
            Column(_("Lowest")),
            Column(_("Highest")),
            Column(_("Refit from scratch, median")),
            Column(_("Same segment, median")),
        ),
        rows=tuple(
            (
                wording.integer(one.age_days),
                wording.integer(one.origins),
                wording.index(one.ari_median),
                wording.index(one.ari_low),
                wording.index(one.ari_high),
                wording.index(one.cold_ari_median),
                wording.share(one.agreement_median),
            )
            for one in found.by_age
        ),
    )


EARLIER_MEASURES = {
    "eta_squared_spend": message("Variance of spend"),
    "eta_squared_review": message("Variance of reviews"),
    "silhouette": message("Silhouette"),
    "shuffled_silhouette": message("Same, columns shuffled"),
}


def earlier_table(found: Sequence[Comparison] | NotComputed, run: OpenedRun) -> Table | Absence:
    """Return what was measured on partial data beside what is reached here, and why they differ."""
    if isinstance(found, NotComputed):
        return Absence(run.wording.not_computed(found))
    wording, _ = run.wording, run.wording.gettext
    return Table(
        caption=_("Measured before on partial data, and here on all of it"),
        columns=(
            Column(_("Algorithm"), is_number=False),
            Column(_("Grouped on"), is_number=False),
            Column(_("Segments")),
            Column(_("Figure"), is_number=False),
            Column(_("Partial data")),
            Column(_("All data")),
        ),
        rows=tuple(
            (
                _(ALGORITHMS[one.algorithm]),
                _(FAMILIES[one.family]),
                wording.integer(one.k),
                _(EARLIER_MEASURES[one.measure]),
                wording.index(one.before),
                "\u2013" if isinstance(one.now, NotComputed) else wording.index(one.now),
            )
            for one in found
        ),
        note=_(
            "Why they differ: the partial table was assembled by others from the same public "
            "orders, with last orders from its second year on; the number of orders was "
            "clustered on as well, and those who came back stood among the others. Here all "
            "who bought once in the window are clustered, and a rule sets apart those who "
            "came back. A dash: refused before it was measured."
        ),
    )
