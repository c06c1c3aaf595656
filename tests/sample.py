"""A small, made-up set of findings, whole and consistent, for the tests of what speaks and draws.

No figure of it comes from a real shop. `sample_findings(refresh=NotComputed(...))` replaces a part.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sample_ageing import sample_drift
from sample_kpis import HOSTILE, kpi_row, sample_kpis, sample_questions
from sample_segments import sample_segmentation
from sample_stability import sample_stability
from sample_trials import sample_candidates, sample_choice, sample_features, sample_numbers

from analysis.contract import Basis, price_contract
from analysis.findings import (
    FORMAT_VERSION,
    CustomerCounts,
    Findings,
    Period,
    Proposal,
    Refresh,
    Source,
    TableDescription,
)
from analysis.settings import Settings, check_settings
from analysis.staleness import fit_misplacement, show_evidence, weigh_staleness

__all__ = [
    "HOSTILE",
    "kpi_row",
    "sample_choice",
    "sample_findings",
    "sample_proposal",
    "sample_refresh",
    "sample_settings",
    "sample_staleness",
]

AS_OF = datetime(2030, 6, 30, 18, 0, 0)
FINGERPRINT = "0123456789abcdef" * 4
CUSTOMERS = 7_000


def sample_settings(day_rate: Decimal | None = Decimal(600), **contract: Any) -> Settings:
    """The settings of the made-up contract."""
    exchange = {"rate": "6.00", "date": date(2030, 6, 28), "source": "made-up rate"}
    values = {"exchange": exchange, **contract}
    if day_rate is not None:
        internal = {"days": "30", "day_cost": "310"}
        values = {"infrastructure_per_month": "40", "internal": internal, **values}
        values["day_rate"] = day_rate
    return check_settings({"contract": values})


def sample_refresh() -> Refresh:
    return Refresh(
        months=4,
        bound="observed",
        limit_days=168,
        grid_months=(1, 2, 3, 4, 6, 12),
        rescoring_months=1,
    )


def sample_staleness(settings: Settings | None = None) -> Any:
    """What an old model costs, from the made-up timeline."""
    timeline = sample_stability().chosen
    return weigh_staleness(
        fit_misplacement(timeline),
        CUSTOMERS,
        sample_refresh(),
        settings or sample_settings(),
        show_evidence(timeline, (5_600, CUSTOMERS)),
    )


def sample_proposal(
    day_rate: Decimal | None = Decimal(600), settings: Settings | None = None
) -> Proposal:
    """The contract, priced at a day rate, or not priced."""
    used = settings or sample_settings(day_rate)
    basis = Basis(sample_refresh(), sample_stability(), sample_staleness(used), AS_OF.date())
    return price_contract(basis, used)


def sample_findings(**changes: Any) -> Findings:
    """Return the made-up findings, with the named parts replaced."""
    return replace(_whole(), **changes) if changes else _whole()


@cache
def _whole() -> Findings:
    """The made-up findings, weighed and priced once: nothing in them changes."""
    return Findings(
        format_version=FORMAT_VERSION,
        program_version="0.0.0",
        seed=1,
        source=Source(
            kind="demo",
            name="made-up shop",
            fingerprint=FINGERPRINT,
            tables=(
                TableDescription("orders", "orders.csv", 9_850),
                TableDescription("geolocation", "", None),
            ),
        ),
        period=Period(
            first_purchase=datetime(2029, 1, 1, 9, 0, 0),
            last_purchase=AS_OF,
            as_of=AS_OF,
            complete_until=datetime(2030, 6, 16, 12, 0, 0),
            started_on=date(2029, 1, 1),
            orders=9_850,
            orders_after_complete=21,
            currency="BRL",
        ),
        kpis=sample_kpis(),
        questions=sample_questions(),
        customers=CustomerCounts(
            described_on=datetime(2030, 6, 16, 12, 0, 0),
            window_days=365,
            outcome_days=14,
            total=9_500,
            one_time=6_820,
            repeat=180,
            waiting=150,
            inactive=2_290,
            no_valid_order=60,
            bought_later=2,
            occasion_hours=24,
            reviews_imputed=49,
        ),
        candidates=sample_candidates(),
        choice=sample_choice(),
        features=sample_features(),
        number_of_segments=sample_numbers(),
        segmentation=sample_segmentation(),
        stability=sample_stability(),
        drift=sample_drift(),
        refresh=sample_refresh(),
        staleness=sample_staleness(),
        proposal=sample_proposal(),
    )
