"""What the trials took stands in the manifest, and comes back from it."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from quick import QUICK
from worlds import two_by_two

from analysis.costs import TrialCost, list_costs
from analysis.errors import OutputError
from analysis.settings import check_settings
from analysis.trials import try_candidates
from report.versions import trial_costs

COST = TrialCost(
    family="traits",
    algorithm="bisecting",
    parameters=(("split", "largest_cluster"),),
    asked=4,
    k=4,
    customers=6_820,
    fitted_customers=6_820,
    fit_seconds=0.125,
    predict_seconds=0.004,
)


def test_every_trial_has_its_cost_in_its_order():
    few = {**QUICK, "trials": {**QUICK["trials"], "sample": 500, "spectral_sample": 200}}
    trials = try_candidates(two_by_two(900), True, check_settings(few))
    costs = list_costs(trials)
    assert [(one.family, one.algorithm, one.k) for one in costs] == [
        (trial.family, trial.recipe.algorithm, trial.k) for trial in trials
    ]
    assert all(one.fit_seconds > 0 and one.predict_seconds > 0 for one in costs)
    seen = {one.algorithm: (one.fitted_customers, one.customers) for one in costs}
    assert seen["kmeans"] == (900, 900)
    assert seen["ward"] == (500, 900)
    assert seen["spectral"] == (200, 900)


def test_costs_come_back_from_a_manifest():
    written = json.loads(json.dumps({"trials": [asdict(COST)]}))
    assert trial_costs(written, "manifest.json") == (COST,)
    assert trial_costs({}, "manifest.json") == ()


@pytest.mark.parametrize("trials", ["none", [{"family": "traits"}], [{**asdict(COST), "k": "x"}]])
def test_what_is_no_cost_is_refused(trials):
    with pytest.raises(OutputError, match="costs of the trials cannot be read"):
        trial_costs({"trials": trials}, "manifest.json")
