"""Hold-out groups against published sizes; break-even, expected value and ranks by hand."""

from __future__ import annotations

import doctest
from dataclasses import replace
from typing import get_args

import pytest
from test_profiles import profile

from analysis import experiments
from analysis.actions import inputs_of, plan_actions, role_of
from analysis.errors import SettingsError
from analysis.experiments import customers_per_arm, detectable_lift, holdout_needed, power_of
from analysis.findings import NotComputed, Profile, Repurchase, SimulatedValue
from analysis.next_baskets import NextBasket
from analysis.settings import Actions, PersonaName, check_settings

UNSEEN = NotComputed("not_observed")
RATE = Repurchase(50_000, 500, 0.01, 0.01, 0.009, 0.011)
# Break-even at a basket of 100: (0.10 + 5 * 0.02 * 0.5) / (0.5 * 100 * 0.2) = 0.015.
GIVEN = {
    "contact_cost": "0.10",
    "margin_share": 0.2,
    "discount": "5",
    "reach_share": 0.5,
    "redemption_share": 0.02,
}


def actions(**values) -> Actions:
    return check_settings({"actions": values}).actions


def group(customers: int, spend: float = 100.0, revenue_cents: int = 1_000_000) -> Profile:
    return replace(
        profile(spend, 4.5, 0.1),
        customers=customers,
        revenue_cents=revenue_cents,
        occasions_mean=1.0,
    )


def plan(persona: str = "satisfied_large", rate=RATE, customers: int = 20_000, **values):
    return plan_actions(
        [group(customers)],
        [persona],
        [rate],
        [UNSEEN],
        [customers // 5],
        actions(**values),
        seed=1,
    )[0]


def test_the_example_in_the_docstring():
    assert doctest.testmod(experiments).failed == 0


@pytest.mark.parametrize(
    ("base", "lift", "size"),
    [
        (0.009, 0.2, 47_489),
        (0.009, 0.5, 8_622),
        (0.009, 1.0, 2_580),
        (0.02, 0.2, 21_108),
        (0.02, 0.5, 3_825),
        (0.02, 1.0, 1_141),
        (0.05, 0.2, 8_158),
        (0.05, 0.5, 1_470),
    ],
)
def test_equal_groups_by_the_table_of_the_method(base, lift, size):
    """Methods, section 4.4: alpha 5 %, power 80 %."""
    assert round(customers_per_arm(base, lift, 0.05, 0.8)) == size


def test_what_can_be_detected_is_found_with_the_power_asked_for():
    lift = detectable_lift(0.009, 15_000, 3_000, 0.05, 0.8)
    assert power_of(0.009, lift, 12_000, 3_000, 0.05) == pytest.approx(0.8, abs=1e-4)
    assert lift > detectable_lift(0.009, 30_000, 6_000, 0.05, 0.8)


def test_the_group_needed_is_the_smallest_that_does():
    needed = holdout_needed(0.009, 0.5, 30_000, 0.05, 0.8)
    assert power_of(0.009, 0.5, 30_000 - needed, needed, 0.05) >= 0.8
    assert power_of(0.009, 0.5, 30_000 - needed + 1, needed - 1, 0.05) < 0.8


def test_too_few_customers_are_told_how_many_it_takes():
    """Twice 8 622, with half of them left out."""
    found = holdout_needed(0.009, 0.5, 17_000, 0.05, 0.8)
    assert found == NotComputed("too_few_customers", found="17000", expected="17244")


@pytest.mark.parametrize("customers", [0, 1, 3])
def test_a_handful_shows_nothing(customers):
    absent = detectable_lift(0.01, customers, customers // 5, 0.05, 0.8)
    assert absent == NotComputed("cannot_show", found=str(customers))


def test_without_inputs_nothing_can_be_quoted():
    found = plan()
    for value in (found.break_even_lift, found.expected_values, found.gain_share):
        assert isinstance(value, NotComputed)
        assert value.code == "no_action_inputs"
    assert found.break_even_lift.expected == ", ".join(GIVEN)
    assert found.hold_out.needed_for_response.expected == "response_share"
    assert (found.stake_kind, found.stake) == ("point_value", 2_000.0)


def test_only_what_is_missing_is_asked_for():
    some = {name: value for name, value in GIVEN.items() if name != "margin_share"}
    assert plan(**some).break_even_lift == NotComputed("no_action_inputs", expected="margin_share")


def test_a_sale_is_valued_at_what_a_next_purchase_costs():
    """Twenty thousand customers: one in a thousand more is twenty purchases of 60."""
    rates, baskets = [RATE], [NextBasket(60.0, orders=31)]
    found = plan_actions(
        [group(20_000)], ["satisfied_large"], rates, baskets, [4_000], actions(), seed=1
    )[0]
    assert (found.basket, found.basket_orders) == (60.0, 31)
    assert found.point_value == found.stake == 1_200.0


def test_break_even_and_expected_value_by_hand():
    """20 000 (0.5 (u 100 0.2 - 5 0.02) - 0.10) = 200 000 u - 3 000."""
    found = plan(**GIVEN, lift_low=0.01, lift_central=0.02, lift_high=0.03, spread=0.0)
    assert found.break_even_lift == pytest.approx(0.015)
    assert [value.amount for value in found.expected_values] == pytest.approx(
        [-3_000.0, -1_000.0, 1_000.0]
    )
    # Triangle from 0.01 to 0.03, its top in the middle: a quarter of the way up is an eighth.
    assert found.gain_share == pytest.approx(7 / 8, abs=1e-3)
    assert (found.stake_kind, found.stake) == ("expected_value", pytest.approx(1_000.0, abs=1))


def test_an_hour_of_work_ranks_what_is_sold():
    """Half the customers, at two hours of work instead of ten: the dearer work comes later."""
    lifts = {"lift_low": 0.01, "lift_central": 0.02, "lift_high": 0.03, "spread": 0.0}
    wanted = actions(
        **GIVEN, **lifts, work_hours=10.0, by_persona={"satisfied_small": {"work_hours": 2.0}}
    )
    groups = [group(20_000), group(10_000)]
    plans = plan_actions(
        groups,
        ["satisfied_large", "satisfied_small"],
        [RATE] * 2,
        [UNSEEN] * 2,
        [200, 200],
        wanted,
        seed=1,
    )
    # One thousand in ten hours, five hundred in two.
    assert [found.stake for found in plans] == pytest.approx([100.0, 250.0], abs=1)
    assert [found.priority for found in plans] == [2, 1]


def test_without_hours_the_value_of_an_hour_is_said_to_be_missing():
    found = plan(**GIVEN, lift_low=0.01, lift_central=0.02, lift_high=0.03).simulated
    assert isinstance(found, SimulatedValue)
    assert found.per_hour == NotComputed("no_action_inputs", expected="work_hours")


def test_a_persona_may_have_inputs_of_its_own():
    wanted = actions(**GIVEN, by_persona={"loyal": {"discount": "0"}})
    assert inputs_of("loyal", wanted).discount == 0
    assert inputs_of("loyal", wanted).margin_share == 0.2
    assert inputs_of("satisfied_large", wanted).discount == 5


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"by_persona": {"royal": {}}}, "royal"),
        ({"by_persona": {"loyal": {"contact_costs": 1}}}, r"by_persona\.loyal\.contact_cost\?"),
        ({"lift_low": 0.2, "lift_central": 0.1}, "lift_low at most"),
        ({"margin_share": 0}, "greater than 0"),
    ],
)
def test_wrong_inputs_are_named(values, message):
    with pytest.raises(SettingsError, match=message):
        actions(**values)


@pytest.mark.parametrize(
    ("persona", "break_even", "most", "expected", "role"),
    [
        ("unhappy_large", 0.5, 0.01, -1.0, "repair"),
        ("loyal", 0.5, 0.01, -1.0, "serve"),
        ("unclassified", 0.5, 0.01, -1.0, "understand"),
        ("satisfied_small", 0.009, 0.01, 1.0, "sell"),
        ("satisfied_small", 0.011, 0.01, 1.0, "wait"),
        ("satisfied_small", 0.009, 0.01, -1.0, "wait"),
        ("mixed_medium", NotComputed("no_action_inputs"), 0.01, None, "sell"),
    ],
)
def test_roles_by_their_rule(persona, break_even, most, expected, role):
    known = NotComputed("no_action_inputs") if expected is None else expected
    assert role_of(persona, break_even, most, known) == role


def test_every_persona_has_a_role():
    for persona in get_args(PersonaName):
        assert plan(persona).role in ("repair", "sell", "serve", "understand")


def test_repair_comes_first_then_what_is_worth_most():
    groups = [
        group(1_000, 150.0),
        group(9_000, 60.0),
        group(3_000, 200.0),
        group(500, 80.0, revenue_cents=5_000),
        group(400, 80.0, revenue_cents=9_000),
    ]
    names = ["loyal", "satisfied_small", "satisfied_large", "unhappy_small", "unhappy_large"]
    plans = plan_actions(groups, names, [RATE] * 5, [UNSEEN] * 5, [0] * 5, actions(), seed=1)
    # 9 000 x 0.6 = 5 400 against 3 000 x 2 = 6 000.
    assert [found.priority for found in plans] == [5, 4, 3, 2, 1]


def test_a_rate_that_is_not_known_leaves_the_test_open():
    absent = NotComputed("too_short_history", found="90", expected="365")
    found = plan(rate=absent)
    assert found.hold_out.detectable_lift == absent
    assert found.hold_out.needed == absent
