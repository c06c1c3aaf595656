"""How far a break-even may lie from what it is: what it rests on, each at its ends.

A break-even is the price over the contacts that refits keep from being misdirected. Of those, two
things were measured and can be otherwise: how fast models age, seen from a few starting dates, and
how many customers are in segments. The former has the second layer of methods, 3.5: a t-interval on
the logarithm over starting dates that overlap, or their plain range where they are worth fewer than
three independent ones or one of them shows no rise. The latter has the range over the dates of the
timeline. Price and campaigns are inputs: a sensitivity, and no part of the range. What a
misdirected contact costs, and how a model ages beyond what was observed, cannot be known from the
data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from math import exp
from typing import Literal

import numpy as np

from analysis import findings as f
from analysis.break_even import Burden, misdirected_contacts, pays_from
from analysis.lifetimes import FEWEST_EFFECTIVE, overlap_half_width
from analysis.money import CENT, Amount, round_to
from analysis.settings import Settings
from analysis.stability import effective_origins
from analysis.staleness import rising_origins


def range_break_even(
    tier: f.Tier, staleness: f.Staleness | f.NotComputed, settings: Settings
) -> f.BreakEvenRange | f.NotComputed:
    """Return how far the break-even of an offer against doing nothing may lie from what it is.

    NotComputed where there is no break-even, where the evidence was not noted, or where no starting
    date alone gives one.
    """
    if isinstance(staleness, f.NotComputed):
        return staleness
    if isinstance(tier.break_even, f.NotComputed):
        return tier.break_even
    evidence = staleness.evidence
    if isinstance(evidence, f.NotComputed):
        return evidence
    found = [_pays(tier, alone, staleness, settings) for alone in rising_origins(evidence)]
    alone = [amount for amount in found if not isinstance(amount, f.NotComputed)]
    if not alone:
        return f.NotComputed("no_rise")
    flat = [entry for entry in evidence.by_origin if isinstance(entry.misplacement, f.NotComputed)]
    low, high, interval, effective = _over_origins(alone, tier.break_even, bool(flat), settings)
    fewest, most = _customers(staleness, evidence)
    return f.BreakEvenRange(
        low=_scaled(low, staleness.customers, most),
        high=_scaled(high, staleness.customers, fewest),
        interval=interval,
        origins=len(alone),
        effective_origins=effective,
        flat_origins=len(flat),
        flat_days=max((entry.observed_days for entry in flat), default=0),
        cases=(f.BreakEvenCase("origins", low, high), *_cases(tier, staleness, evidence, settings)),
    )


def _over_origins(
    alone: list[Decimal], together: Decimal, some_flat: bool, settings: Settings
) -> tuple[Decimal, Decimal, Literal["range", "t_interval"], float]:
    """Return the ends over the starting dates, how they were found, and what the dates are worth.

    What all dates give together lies within: neither kind of range holds it by itself.
    """
    correlation = settings.stability.origin_correlation
    effective = effective_origins(len(alone), correlation)
    if some_flat or effective < FEWEST_EFFECTIVE:
        return min(*alone, together), max(*alone, together), "range", effective
    logs = np.log([float(amount) for amount in alone])
    half = overlap_half_width(logs, correlation, effective)
    low, high = exp(float(logs.mean()) - half), exp(float(logs.mean()) + half)
    return min(_cents(low), together), max(_cents(high), together), "t_interval", effective


def _cases(
    tier: f.Tier,
    staleness: f.Staleness,
    evidence: f.MisplacementEvidence,
    settings: Settings,
) -> Iterator[f.BreakEvenCase]:
    """Yield the break-even with one other thing that it rests on at its ends."""
    pays = tier.break_even
    if not isinstance(pays, f.NotComputed) and evidence.customers:
        fewest, most = _customers(staleness, evidence)
        now = staleness.customers
        ends = _scaled(pays, now, most), _scaled(pays, now, fewest)
        yield f.BreakEvenCase("customers", *ends, fewest, most)
    noisy = evidence.noise_kept
    kept = noisy if isinstance(noisy, f.NotComputed) else _pays(tier, noisy, staleness, settings)
    yield f.BreakEvenCase("noise_kept", kept, kept)
    models = staleness.misplacement
    seen = _pays(tier, models, staleness, settings, as_observed=True)
    yield f.BreakEvenCase("observed_ages", seen, seen, models.observed_until_days)
    capped = replace(tier, price_floor=tier.price_cap)
    most_paid = _pays(capped, models, staleness, settings)
    yield f.BreakEvenCase("early_refits", most_paid, most_paid)


def _pays(
    tier: f.Tier,
    misplacement: f.Misplacement,
    staleness: f.Staleness,
    settings: Settings,
    *,
    as_observed: bool = False,
) -> Amount:
    """Return the break-even of an offer, were models to age so; or only as far as was observed."""
    if isinstance(tier.price_floor, f.NotComputed):
        return tier.price_floor
    aged = replace(staleness, misplacement=misplacement)
    left, nothing = (
        misdirected_contacts(aged, float(months), settings, as_observed=as_observed)
        for months in (tier.refit_every_months, settings.contract.term_months)
    )
    burden = Burden(tier.code, tier.price_floor, left)
    return pays_from(burden, Burden("nothing", Decimal(0), nothing))


def _customers(staleness: f.Staleness, evidence: f.MisplacementEvidence) -> tuple[int, int]:
    """Return the fewest and the most customers in segments, now or at a date of the timeline."""
    counted = [*(count for count in evidence.customers if count), staleness.customers]
    return min(counted), max(counted)


def _scaled(amount: Decimal, customers: int, other: int) -> Decimal:
    """Return a break-even with another number of customers: it falls as they grow."""
    return max(round_to(amount * customers / other, CENT), CENT)


def _cents(amount: float) -> Decimal:
    return max(round_to(Decimal(repr(amount)), CENT), CENT)
