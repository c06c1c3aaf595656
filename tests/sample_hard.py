"""A sample of which everything is long: names, amounts, rules, comments, changes, many segments."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from sample import sample_proposal, sample_settings, sample_staleness
from sample_ageing import sample_drift
from sample_changes import sample_changes, segment_change
from sample_kpis import kpi_row, sample_kpis
from sample_many_segments import PERSONAS, with_seven_segments

from analysis.findings import (
    ChangePoint,
    Condition,
    CrmRule,
    Findings,
    Quote,
    Segment,
    Subset,
    SubsetError,
    Term,
    Voices,
)
from analysis.findings.drift import DriftFeature

CLIENT = "Companhia Brasileira de Comércio Eletrônico do Nordeste S.A."
CONSULTANT = "Cabinet Dupont-Montmorency, Lefebvre & Associés Consultants."
CITY = "vila bela da santissima trindade do norte"
# 1 234 567,89 in the shop's currency, a customer.
DEAR = 10_000
FEATURES: tuple[DriftFeature, ...] = get_args(DriftFeature)


def hard_findings() -> Findings:
    """Return the sample with seven segments, all that may be said of them, and long texts."""
    findings = with_seven_segments()
    segments = tuple(map(_wordy, findings.segmentation.segments))
    everybody = _dear(findings.segmentation.everybody)
    return replace(
        findings,
        subset=Subset(100_000, 9_610_000, SubsetError(agreement=0.98, ari=0.95, share_gap=0.004)),
        segmentation=replace(findings.segmentation, segments=segments, everybody=everybody),
        kpis=_of_long_places(),
        changes=_of_all_segments(),
        drift=_of_all_features(),
        **_dear_contract(),
    )


def _dear(profile: Any) -> Any:
    """Return a profile of customers who spend nine digits each."""
    spend = profile.spend
    amounts = {name: amount * DEAR for name, amount in asdict(spend).items()}
    return replace(
        profile, spend=replace(spend, **amounts), revenue_cents=profile.revenue_cents * DEAR
    )


def _wordy(segment: Segment) -> Segment:
    """Return a segment with a rule of three ways, and comments as long as any that are shown."""
    said = "O produto chegou depois do prazo, e a embalagem veio aberta; ninguém me respondeu. "
    return replace(
        segment,
        profile=_dear(segment.profile),
        rule=CrmRule((_between(40), _between(60), _between(80)), 0.93, 0.95),
        voices=Voices(
            language="pt-BR",
            comments=123_456,
            terms=tuple(Term(f"não recebi o produto {place}", 0.12, 0.01) for place in range(8)),
            quotes=tuple(Quote(said * 3, stars) for stars in (1, 2, 3)),
        ),
    )


def _between(spend: float) -> tuple[Condition, ...]:
    return (
        Condition("review", ">", spend / 20),
        Condition("review", "<=", spend / 20 + 1),
        Condition("spend", ">", spend * DEAR),
        Condition("spend", "<=", 2 * spend * DEAR),
    )


def _of_long_places() -> Any:
    kpis = sample_kpis()
    rows = tuple(
        kpi_row(f"{CITY} {place}|SP", f"{CITY} {place}", 210_123_456, 0.25, state="SP")
        for place in range(9)
    )
    return replace(kpis, by_city=replace(kpis.by_city, rows=rows))


def _of_all_segments() -> Any:
    """Return changes of which every segment is one, renamed, and two more that are gone."""
    kept = tuple(
        segment_change(
            f"s{place}", persona, (1_200_000, 1_320_000), persona_then=PERSONAS[place % 7]
        )
        for place, persona in enumerate(PERSONAS, 1)
    )
    gone = tuple(
        replace(segment, segment_id=f"s{place}", status="lost", persona_now="")
        for place, segment in enumerate(kept[:2], 8)
    )
    return sample_changes(segments=(*kept, *gone))


def _of_all_features() -> Any:
    """Return a drift in which every feature has changed, and since when."""
    drift = sample_drift()
    slower, series = drift.tests[2:], drift.series[0]
    return replace(
        drift,
        tests=tuple(replace(test, feature=name) for name in FEATURES for test in slower),
        baseline=tuple(replace(drift.baseline[0], feature=name) for name in FEATURES),
        series=tuple(replace(series, feature=name) for name in FEATURES[:6]),
        change_points=tuple(
            ChangePoint(name, date(2030, 4, 1), 9.4, 12.7, 0.93) for name in FEATURES[:5]
        ),
    )


def _dear_contract() -> dict[str, Any]:
    """Return a contract of two long names, in the shop's own currency, at five digits a day."""
    settings = sample_settings(
        Decimal("98765.43"),
        currency="BRL",
        misdirected_contact="12.50",
        internal={"days": "240", "day_cost": "98765"},
    )
    party = {
        "legal_form": "Sociedade anônima de capital fechado, R$ 123.456.789,00",
        "address": "Avenida Brigadeiro Faria Lima, 3477, 14º andar, Itaim Bibi",
        "city": "04538-133 Vila Bela da Santíssima Trindade (MT), Brasil",
        "registration": "CNPJ 12.345.678/0001-95",
        "vat_number": "BR12345678000195",
        "signatory": "Maria Aparecida dos Santos Oliveira, diretora de relacionamento",
        "email": "maria.aparecida.oliveira@companhia-brasileira-do-nordeste.example",
    }
    parties = {
        "client": settings.client.model_copy(update={"name": CLIENT, **party}),
        "consultant": settings.consultant.model_copy(update={"name": CONSULTANT, **party}),
    }
    settings = settings.model_copy(update=parties)
    return {
        "staleness": sample_staleness(settings),
        "proposal": sample_proposal(settings=settings),
    }
