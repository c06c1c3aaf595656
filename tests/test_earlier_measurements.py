"""What was measured on partial data stands beside the same figures here, for that shop only."""

from __future__ import annotations

from dataclasses import replace

from sample import sample_findings
from sample_trials import candidate

from analysis.earlier_measurements import compare_with_partial
from analysis.findings import NotComputed

ORDERS = 99_441


def test_figures_stand_beside_those_of_the_same_partition():
    findings = sample_findings(
        period=replace(sample_findings().period, orders=ORDERS),
        candidates=(candidate("traits", 4, True, True, eta_squared_spend=0.7),),
    )
    found = compare_with_partial(findings)
    assert not isinstance(found, NotComputed)
    spend = next(
        one for one in found if one.family == "traits" and one.measure == "eta_squared_spend"
    )
    assert (spend.before, spend.now, spend.k) == (0.53, 0.7, 4)
    others = [one.now for one in found if one.family != "traits"]
    assert set(others) == {NotComputed("not_reached")}


def test_another_shop_is_not_compared():
    assert compare_with_partial(sample_findings()) == NotComputed("other_data")
