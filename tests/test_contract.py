"""Money: exact, rounded once a line, totals that add what is printed."""

from __future__ import annotations

import doctest
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import contract
from analysis.contract import planned_refits, price_contract
from analysis.findings import NotComputed, Refresh
from analysis.settings import check_settings


def refresh(months: int) -> Refresh:
    return Refresh(months, "observed", 182, (1, 2, 3, 4, 6, 12), 1)


def priced(months: int = 6, **values):
    return price_contract(refresh(months), check_settings({"contract": values}))


def tier(proposal, code):
    return next(tier for tier in proposal.tiers if tier.code == code)


def test_examples_in_the_docstrings():
    assert doctest.testmod(contract) == (0, 1)


def test_the_recommended_tier_by_hand():
    proposal = priced(6, day_rate="600", infrastructure_per_month="40")
    recommended = tier(proposal, "recommended")
    assert {line.code: (line.days, line.amount) for line in recommended.lines} == {
        "onboarding": (Decimal("2.00"), Decimal("1200.00")),
        "refit": (Decimal("2.50"), Decimal("1500.00")),
        "early_refit": (Decimal("2.50"), Decimal("1500.00")),
        "monitoring": (Decimal("3.00"), Decimal("1800.00")),
        "review": (Decimal("2.00"), Decimal("1200.00")),
        "infrastructure": (Decimal(0), Decimal("480.00")),
    }
    assert recommended.days == Decimal("12.00")
    assert recommended.total == Decimal("7680.00")
    assert recommended.refit_every_months == 6
    assert tier(proposal, "essential").refit_every_months == 12
    assert tier(proposal, "serenity").refit_every_months == 3


def test_without_a_day_rate_days_stand_and_amounts_do_not():
    proposal = priced(6)
    assert proposal.day_rate == NotComputed("no_day_rate")
    for offer in proposal.tiers:
        assert offer.days > 0
        assert offer.total == NotComputed("no_day_rate")
        assert all(line.amount == NotComputed("no_day_rate") for line in offer.lines)


def test_infrastructure_alone_is_not_a_price():
    offer = tier(priced(6, infrastructure_per_month="40"), "essential")
    assert isinstance(offer.total, NotComputed)


def test_without_an_interval_there_is_no_contract():
    reason = NotComputed("design_not_valid", found="0.61")
    proposal = price_contract(reason, check_settings({"contract": {"day_rate": "600"}}))
    assert proposal.tiers == NotComputed("depends_on", found="refresh")


@settings(max_examples=80, deadline=None)
@given(
    rate=st.decimals(0, 5_000, places=2),
    days=st.decimals(0, 20, places=2),
    months=st.sampled_from((1, 2, 3, 4, 6, 12)),
    mode=st.sampled_from(("none", "france", "eu_reverse_charge", "outside_eu")),
)
def test_totals_add_the_printed_lines_to_the_cent(rate, days, months, mode):
    proposal = priced(months, day_rate=rate, refit_days=days, tax_mode=mode)
    for offer in proposal.tiers:
        assert offer.total == sum(line.amount for line in offer.lines)
        assert offer.total_with_tax == offer.total + offer.tax
        for line in offer.lines:
            assert line.amount == line.amount.quantize(Decimal("0.01"))
            assert line.days % Decimal("0.25") == 0
            assert line.days >= line.quantity * line.days_each


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 24), st.integers(1, 24), st.integers(1, 12))
def test_a_longer_interval_never_asks_for_more_refits(term, months, longer):
    assert planned_refits(term, months + longer) <= planned_refits(term, months)


@pytest.mark.parametrize(("mode", "tax"), [("france", "1440.00"), ("outside_eu", "0.00")])
def test_tax_by_mode(mode, tax):
    offer = tier(priced(6, day_rate="600", tax_mode=mode), "recommended")
    assert offer.total == Decimal("7200.00")
    assert offer.tax == Decimal(tax)
