"""Money: exact, rounded once a line, totals that add what is printed."""

from __future__ import annotations

import doctest
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample import sample_findings, sample_proposal, sample_settings

from analysis import break_even, contract, contract_dates
from analysis.break_even import Burden, cheapest_offers
from analysis.contract import Basis, planned_refits, price_contract
from analysis.findings import NotComputed, Refresh
from analysis.settings import check_settings
from analysis.staleness import weigh_staleness

NO_TIMELINE = NotComputed("too_short_history", "200", "365")


def refresh(months: int) -> Refresh:
    return Refresh(months, "observed", 182, (1, 2, 3, 4, 6, 12), 1)


def priced(months: int = 6, stability=NO_TIMELINE, staleness=NO_TIMELINE, **values):
    basis = Basis(refresh(months), stability, staleness, date(2030, 6, 30))
    return price_contract(basis, check_settings({"contract": {"simulations": 200, **values}}))


def tier(proposal, code):
    return next(tier for tier in proposal.tiers if tier.code == code)


def test_examples_in_the_docstrings():
    for module in (contract, contract_dates, break_even):
        assert doctest.testmod(module).failed == 0


def test_the_recommended_tier_by_hand():
    proposal = priced(6, day_rate="600", infrastructure_per_month="40")
    recommended = tier(proposal, "recommended")
    assert {line.code: (line.days, line.amount) for line in recommended.lines} == {
        "onboarding": (Decimal("2.00"), Decimal("1200.00")),
        "rescoring": (Decimal(0), Decimal(0)),
        "refit": (Decimal("2.50"), Decimal("1500.00")),
        "early_refit": (Decimal("2.50"), Decimal("1500.00")),
        "monitoring": (Decimal("3.00"), Decimal("1800.00")),
        "review": (Decimal("2.00"), Decimal("1200.00")),
        "infrastructure": (Decimal(0), Decimal("480.00")),
    }
    assert recommended.days == Decimal("12.00")
    assert recommended.total == Decimal("7680.00")
    # 7 680 less the early refit of 1 500, invoiced in parts of 30, 40 and 30 %.
    assert recommended.price_floor == Decimal("6180.00")
    assert recommended.early_refit_price == Decimal("1500.00")
    assert recommended.early_refits_provided == 1
    assert recommended.fixed_days == Decimal("9.50")
    assert recommended.invoices == (Decimal(1_854), Decimal(2_472), Decimal(1_854))
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


@pytest.mark.parametrize(
    ("code", "said"), [("design_not_valid", True), ("change_not_seen", True), ("no_decay", False)]
)
def test_without_an_interval_there_is_no_contract(code, said):
    """A control that failed is named itself: the proposal must say it."""
    reason = NotComputed(code, found="0.61")
    basis = Basis(reason, NO_TIMELINE, NO_TIMELINE, date(2030, 6, 30))
    proposal = price_contract(basis, check_settings({"contract": {"day_rate": "600"}}))
    assert proposal.tiers == (reason if said else NotComputed("depends_on", found="refresh"))


@settings(max_examples=80, deadline=None)
@given(
    rate=st.decimals(0, 5_000, places=2),
    days=st.decimals(0, 20, places=2),
    months=st.sampled_from((1, 2, 3, 4, 6, 12)),
    mode=st.sampled_from(("none", "france", "eu_reverse_charge", "outside_eu")),
)
def test_totals_add_the_printed_lines(rate, days, months, mode):
    proposal = priced(months, day_rate=rate, refit_days=days, tax_mode=mode)
    for offer in proposal.tiers:
        assert offer.total == sum(line.amount for line in offer.lines)
        assert offer.total_with_tax == offer.total + offer.tax
        for line in offer.lines:
            assert isinstance(line.amount, Decimal)
            assert line.amount % 1 == 0
            assert (
                abs(line.amount - line.days * proposal.day_rate) <= Decimal("0.5") or not line.days
            )
            assert line.days % Decimal("0.25") == 0
            assert line.days >= line.quantity * line.days_each


@settings(max_examples=60, deadline=None)
@given(
    rate=st.decimals(0, 5_000, places=2),
    days=st.decimals(0, 20, places=2),
    exchange=st.decimals("0.01", 50, places=4),
    months=st.sampled_from((1, 2, 3, 4, 6, 12)),
    term=st.integers(1, 36),
)
def test_cap_break_even_and_other_currency_are_money(rate, days, exchange, months, term):
    staleness = sample_findings().staleness
    values = {"day_rate": rate, "refit_days": days, "term_months": term}
    values["exchange"] = {"rate": exchange, "date": date(2030, 6, 28), "source": "made-up"}
    for offer in priced(months, staleness=staleness, **values).tiers:
        most = ceil(4 * term / 12)
        early = [line.amount for line in offer.lines if line.code == "early_refit"]
        assert offer.price_floor == offer.total - sum(early) == sum(offer.invoices)
        quarters = ceil(max(most, offer.early_refits_included) * days * 4) / Decimal(4)
        each = (quarters * rate).to_integral_value(ROUND_HALF_UP)
        assert offer.price_cap == offer.price_floor + each
        assert offer.price_floor <= offer.prudent_price <= offer.price_cap
        assert offer.other_total % 1 == 0
        assert abs(offer.other_total - offer.total * exchange) <= Decimal("0.505")
        if not isinstance(offer.break_even, NotComputed):
            assert isinstance(offer.break_even, Decimal)
            assert offer.break_even >= Decimal("0.01")
            assert offer.break_even == offer.break_even.quantize(Decimal("0.01"))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 24), st.integers(1, 24), st.integers(1, 12))
def test_a_longer_interval_never_asks_for_more_refits(term, months, longer):
    assert planned_refits(term, months + longer) <= planned_refits(term, months)


@pytest.mark.parametrize(("mode", "tax"), [("france", "1440.00"), ("outside_eu", "0.00")])
def test_tax_by_mode(mode, tax):
    offer = tier(priced(6, day_rate="600", tax_mode=mode), "recommended")
    assert offer.total == Decimal("7200.00")
    assert offer.tax == Decimal(tax)


def test_a_model_that_never_breaks_needs_no_contingency():
    stability = sample_findings().stability
    sound = replace(stability, chosen=replace(stability.chosen, break_probability_bound=0.0))
    offer = tier(priced(6, sound, day_rate="600"), "recommended")
    assert offer.contingency.early_share == 0
    assert offer.contingency.covered_refits == planned_refits(12, 6)
    codes = [line.code for line in offer.lines]
    assert codes == ["onboarding", "rescoring", "refit", "monitoring", "review"]
    assert offer.price_floor == offer.total == offer.prudent_price


def test_early_refits_are_priced_from_the_simulation_up_to_those_included():
    stability = sample_findings().stability
    offer = tier(priced(6, stability, day_rate="600"), "recommended")
    line = next(line for line in offer.lines if line.code == "early_refit")
    extra = offer.contingency.covered_refits - planned_refits(12, 6)
    assert line.quantity == min(offer.early_refits_included, extra) == 1


def test_the_cap_adds_the_early_refits_that_may_still_be_invoiced():
    proposal = priced(6, day_rate="600")
    # Four a year at most, each 2.5 x 600 = 1 500: three more than the one included.
    offer = tier(proposal, "recommended")
    assert offer.price_cap - offer.total == Decimal(4_500)
    assert tier(proposal, "essential").price_cap - tier(proposal, "essential").total == 6_000
    assert tier(proposal, "serenity").price_cap == tier(proposal, "serenity").total


def test_counts_grow_with_the_term():
    offer = tier(priced(6, day_rate="600", term_months=24), "recommended")
    quantities = {line.code: line.quantity for line in offer.lines}
    assert (quantities["monitoring"], quantities["review"], quantities["refit"]) == (24, 8, 3)
    assert offer.early_refits_included == 2


def test_dates_follow_from_the_start():
    proposal = priced(4, date=date(2031, 1, 10), starts_on=date(2031, 3, 31))
    assert proposal.valid_until == date(2031, 2, 9)
    assert proposal.ends_on == date(2032, 3, 30)
    offer = tier(proposal, "recommended")
    # 31 July 2031 is a Thursday; 30 November 2031 a Sunday, the day after it a Monday.
    assert offer.refit_dates == (date(2031, 7, 31), date(2031, 12, 1))
    assert offer.review_months == (3, 6, 9, 11)
    assert offer.review_dates[-1] == date(2032, 3, 1)  # 29 February 2032 is a Sunday
    assert proposal.warnings == ()


@settings(max_examples=60, deadline=None)
@given(
    start=st.dates(date(2026, 1, 1), date(2034, 12, 31)),
    months=st.sampled_from((1, 2, 3, 4, 6, 12)),
    term=st.integers(1, 36),
)
def test_every_visit_is_on_a_working_day_within_the_contract(start, months, term):
    proposal = priced(months, starts_on=start, term_months=term)
    for offer in proposal.tiers:
        for day in (*offer.refit_dates, *offer.review_dates):
            assert day.weekday() < 5
            assert start <= day <= proposal.ends_on
        assert all(month < term for month in (*offer.refit_months, *offer.review_months))


def test_without_a_day_it_is_a_draft_that_starts_at_the_signature():
    proposal = priced(4)
    unknown = NotComputed("not_given")
    assert (proposal.issued_on, proposal.valid_until) == (unknown, unknown)
    assert (proposal.starts_on, proposal.ends_on) == (unknown, unknown)
    offer = tier(proposal, "recommended")
    assert (offer.refit_dates, offer.review_dates) == ((), ())
    assert (offer.refit_months, offer.review_months) == ((4, 8), (3, 6, 9, 11))


def test_a_start_while_the_offer_may_still_be_accepted_is_warned_of():
    (early,) = priced(4, date=date(2031, 1, 10), starts_on=date(2031, 2, 9)).warnings
    assert (early.code, early.found, early.expected) == ("starts_early", "2031-02-09", "2031-02-09")
    assert priced(4, date=date(2031, 1, 10), starts_on=date(2031, 2, 10)).warnings == ()
    (noted,) = priced(4, date=date(2026, 1, 10)).warnings
    assert (noted.code, noted.found) == ("law_noted_later", "2026-11-01")


def test_an_early_refit_is_paid_only_if_it_takes_place():
    """2.5 x 650 = 1 625 each: one in the price, four at most, as the client's lawyer would add."""
    stability = sample_findings().stability
    offer = tier(priced(4, stability, day_rate="650"), "recommended")
    early = offer.contingency.covered_refits - 2
    assert offer.price_floor == offer.total - 1_625
    assert offer.price_cap == offer.price_floor + 4 * 1_625
    assert offer.prudent_price == offer.price_floor + min(early, 4) * 1_625


def test_lines_are_exact_to_the_unit_of_the_currency():
    offer = tier(priced(6, day_rate="650", infrastructure_per_month="40"), "recommended")
    assert offer.total == offer.days * 650 + 480


def test_the_break_even_by_hand():
    """The price over the contacts that refits keep from being misdirected."""
    proposal = sample_proposal()
    offer = tier(proposal, "recommended")
    found = sample_findings().staleness
    b, scale = found.misplacement.exponent, found.misplacement.scale
    seen = found.misplacement.observed_until_days / (365.25 / 12)
    never = scale * seen ** (b + 1) / (b + 1) + (12 - seen) * scale * seen**b
    thrice = 3 * scale * 4 ** (b + 1) / (b + 1)
    # As long as no model breaks, no refit comes early.
    exact = float(offer.price_floor) / (7_000 * (never - thrice))
    assert float(offer.break_even) == pytest.approx(exact, abs=0.006)
    assert offer.other_break_even == offer.break_even * 6
    assert tier(proposal, "essential").break_even == NotComputed("no_refit_in_term")


def test_no_rate_of_exchange_is_needed_to_break_even_in_the_quotes_currency():
    staleness = weigh_staleness(
        sample_findings().staleness.misplacement,
        7_000,
        refresh(4),
        check_settings({"contract": {"day_rate": "600", "infrastructure_per_month": "40"}}),
    )
    proposal = priced(4, staleness=staleness, day_rate="600", infrastructure_per_month="40")
    offer = tier(proposal, "recommended")
    assert offer.break_even == tier(sample_proposal(), "recommended").break_even
    assert offer.other_break_even == NotComputed("no_exchange_rate", found="EUR", expected="BRL")


def test_which_offer_costs_least_by_hand():
    # 100 - 10 x, 160 - 14 x beside 0: the first pays from 10, the second over it from 15; a third,
    # dearer than the first with no contact spared, never does.
    burdens = [
        Burden("nothing", Decimal(0), 20.0),
        Burden("essential", Decimal(120), 10.0),
        Burden("recommended", Decimal(100), 10.0),
        Burden("serenity", Decimal(160), 6.0),
    ]
    found = cheapest_offers(burdens, check_settings({}))
    assert [(entry.code, entry.from_cost) for entry in found] == [
        ("nothing", Decimal(0)),
        ("recommended", Decimal("10.00")),
        ("serenity", Decimal("15.00")),
    ]


@settings(max_examples=80, deadline=None)
@given(
    lines=st.lists(st.tuples(st.integers(0, 9_000), st.integers(0, 900)), min_size=2, max_size=4),
    contact=st.decimals("0.01", 200, places=2),
)
def test_the_offer_named_is_the_one_that_a_search_finds(lines, contact):
    codes = ("nothing", "essential", "recommended", "serenity")
    burdens = [
        Burden(code, Decimal(price), float(contacts))
        for code, (price, contacts) in zip(codes, lines, strict=False)
    ]
    costs = {each.code: each.price + contact * Decimal(each.contacts) for each in burdens}
    found = cheapest_offers(burdens, check_settings({}))
    named = [entry.code for entry in found if entry.from_cost <= contact][-1]
    # The step is rounded to the cent: half a cent for each contact is what it may be off.
    assert costs[named] <= min(costs.values()) + Decimal("0.005") * 900


def test_the_other_currency_is_for_information():
    offer = tier(sample_proposal(), "recommended")
    assert offer.other_total == offer.total * 6
    unknown = NotComputed("no_exchange_rate", found="EUR", expected="BRL")
    assert tier(priced(6, day_rate="600"), "recommended").other_total == unknown


def test_sensitivity_prices_again():
    proposal = sample_proposal()
    rows = {(row.code, row.value): row for row in proposal.sensitivity}
    offered = rows["as_offered", ""]
    assert offered.price == tier(proposal, "recommended").total
    assert rows["day_rate", "480.00"].price < offered.price < rows["day_rate", "720.00"].price
    assert rows["campaigns", "1"].price == rows["campaigns", "4"].price
    assert rows["campaigns", "4"].break_even < rows["campaigns", "1"].break_even
    assert rows["curve", "upper"].price <= rows["curve", "lower"].price
    assert rows["exchange_rate", "6.9"].other_price == Decimal(63_342)
    again = sample_proposal(settings=sample_settings(day_rate=Decimal(720)))
    assert rows["day_rate", "720.00"].price == tier(again, "recommended").total


def test_the_internal_team_is_shown_only_when_given():
    assert priced(6).internal == NotComputed("not_given")
    given = priced(6, internal={"days": "40", "day_cost": "310"}).internal
    assert given.total == Decimal(12_400)


def test_nothing_is_said_of_cycles_that_nobody_observed():
    stability = sample_findings().stability
    proposal = priced(4, stability, day_rate="600")
    days = str(stability.chosen.longest_confirmable_days)
    assert tier(proposal, "essential").beyond_observed
    assert tier(proposal, "essential").contingency == NotComputed("not_known_beyond", found=days)
    recommended = tier(proposal, "recommended")
    assert recommended.contingency.included_refits == 2 + 1
    assert not isinstance(tier(proposal, "serenity").contingency, NotComputed)
    marks = {
        row.value: row.beyond_observed for row in proposal.sensitivity if row.code == "interval"
    }
    assert marks == {"3": False, "4": False, "6": True, "12": True}
    seen = {row.value: row.is_seen for row in proposal.sensitivity if row.code == "interval"}
    assert seen == {"3": True, "4": True, "6": True, "12": False}
    assert not any(row.beyond_observed for row in proposal.sensitivity if row.code != "interval")


@pytest.mark.parametrize(
    ("terms", "code", "found", "expected"),
    [
        ({"payment_days": 61}, "late_payment_term", "61", "60"),
        ({"late_penalty_multiple": 2}, "low_penalty", "2", "3"),
        ({"recovery_indemnity": "39.99"}, "low_indemnity", "39.99", "40"),
    ],
)
def test_values_outside_the_law_are_warned_of(terms, code, found, expected):
    (warning,) = priced(6, terms=terms).warnings
    assert (warning.code, warning.found, warning.expected) == (code, found, expected)


def test_values_at_the_bounds_of_the_law_are_not():
    terms = {"payment_days": 60, "late_penalty_multiple": 3, "recovery_indemnity": "40"}
    assert priced(6, terms=terms).warnings == ()
    other = {"recovery_indemnity": "10", "indemnity_currency": "BRL"}
    assert priced(6, terms=other).warnings == ()


@pytest.mark.parametrize(("number", "codes"), [("", ["no_client_vat_number"]), ("IT0123", [])])
def test_a_reverse_charge_needs_the_clients_vat_number(number, codes):
    values = {"contract": {"tax_mode": "eu_reverse_charge"}, "client": {"vat_number": number}}
    basis = Basis(refresh(6), NO_TIMELINE, NO_TIMELINE, date(2030, 6, 30))
    found = price_contract(basis, check_settings(values)).warnings
    assert [warning.code for warning in found] == codes


def test_two_offers_of_one_day_have_two_numbers():
    first, again, other = priced(6), priced(6), priced(6, day_rate="600")
    assert first.number == again.number
    assert "20300630" not in first.number
    assert priced(6, date=date(2030, 7, 1)).number.startswith("20300701-")
    assert len({first.number, other.number, priced(4).number}) == 3
    assert priced(6, number="D-7").number == "D-7"
