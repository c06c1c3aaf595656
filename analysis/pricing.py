"""What follows from a timeline and the consultant's inputs: the interval, its cost, the contract.

Nothing here looks at the data, so that a changed price needs no new analysis.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis import findings as f
from analysis.contract import Basis, price_contract
from analysis.refresh import recommend_refresh
from analysis.settings import Settings
from analysis.staleness import economic_limit_days, fit_misplacement, show_evidence, weigh_staleness
from analysis.steps import Steps


@dataclass(frozen=True)
class Offer:
    """When to refit, what waiting costs, and the contract that follows."""

    refresh: f.Refresh | f.NotComputed
    staleness: f.Staleness | f.NotComputed
    proposal: f.Proposal


def make_offer(
    stability: f.Stability | f.NotComputed,
    counts: f.CustomerCounts,
    period: f.Period,
    settings: Settings,
    steps: Steps,
) -> Offer:
    """Return the interval, the cost of an old model and the contract."""
    with steps.step("recommend_refresh"):
        customers = counts.one_time + counts.repeat
        misplacement: f.Misplacement | f.NotComputed
        evidence: f.MisplacementEvidence | f.NotComputed
        refresh: f.Refresh | f.NotComputed
        if isinstance(stability, f.NotComputed):
            misplacement, evidence, refresh = stability, stability, stability
        else:
            misplacement = fit_misplacement(stability.chosen)
            evidence = show_evidence(stability.chosen, count_all(stability.customers, customers))
            refresh = recommend_refresh(
                stability.chosen,
                stability.rescoring,
                settings,
                stability.resampled.low_days,
                economic_limit_days(misplacement, customers, settings),
            )
        staleness = weigh_staleness(misplacement, customers, refresh, settings, evidence)
    with steps.step("price_contract"):
        basis = Basis(refresh, stability, staleness, period.as_of.date())
        return Offer(refresh, staleness, price_contract(basis, settings))


def offer_again(findings: f.Findings, settings: Settings, steps: Steps) -> f.Findings:
    """Return findings with the offer that other inputs of the contract make."""
    offer = make_offer(findings.stability, findings.customers, findings.period, settings, steps)
    return replace(
        findings,
        refresh=offer.refresh,
        staleness=offer.staleness,
        proposal=offer.proposal,
    )


def count_all(traced: tuple[int, ...], customers: int) -> tuple[int, ...]:
    """Return how many were in segments at each date, of all customers.

    The timeline may be of a subset. Its last date is the day that `customers` are counted on.

    >>> count_all((40, 60, 80), 800)
    (400, 600, 800)
    """
    if not traced or not traced[-1]:
        return ()
    return tuple(round(count * customers / traced[-1]) for count in traced)
