"""A small, made-up set of findings, whole and consistent, for the tests of what speaks and draws.

No figure of it comes from a real shop. `sample_findings(refresh=NotComputed(...))` replaces a part.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sample_ageing import (
    sample_ageing,
    sample_designs,
    sample_drift,
    sample_lifetime,
    sample_resampled,
)
from sample_kpis import HOSTILE, kpi_row, sample_kpis, sample_questions

from analysis.contract import Basis, price_contract
from analysis.findings import (
    FORMAT_VERSION,
    ActionBasis,
    ActionPlan,
    AgePoint,
    BuyingAgain,
    Candidate,
    Choice,
    Condition,
    Control,
    CrmRule,
    CustomerCounts,
    ExpectedValue,
    FeatureEvidence,
    Features,
    Findings,
    GateCheck,
    HoldOut,
    Incidence,
    Interval,
    KnownChange,
    LifecycleCell,
    NextOrder,
    NotComputed,
    NumberOfSegments,
    Period,
    Profile,
    Proposal,
    Quartiles,
    Quote,
    Refresh,
    Repurchase,
    Rescoring,
    ReviewEvidence,
    Score,
    Segment,
    Segmentation,
    Share,
    SizeEvidence,
    Source,
    Stability,
    StructureCheck,
    TableDescription,
    Term,
    Timeline,
    TimelinePoint,
    TimeQuantile,
    TransformEvidence,
    Voices,
)
from analysis.settings import Settings, check_settings
from analysis.staleness import fit_misplacement, weigh_staleness

__all__ = [
    "HOSTILE",
    "kpi_row",
    "sample_findings",
    "sample_proposal",
    "sample_settings",
    "sample_staleness",
]

AS_OF = datetime(2030, 6, 30, 18, 0, 0)


def profile(
    customers: int,
    of: int,
    revenue_cents: int,
    of_revenue: int,
    spend: float,
    stars: float,
    reviews: tuple[int, int, int, int, int],
    late_share: float = 0.08,
    occasions: float = 1.0,
) -> Profile:
    """A group of customers; what is not given is the same for all."""
    low = (reviews[0] + reviews[1]) / sum(reviews)
    return Profile(
        customers=customers,
        customer_share=customers / of,
        revenue_cents=revenue_cents,
        revenue_share=revenue_cents / of_revenue,
        spend=Quartiles(spend * 0.7, spend, spend * 1.5, spend * 1.2),
        occasions_mean=occasions,
        recency_days=Quartiles(80.0, 170.0, 260.0, 172.0),
        mean_review=stars,
        review_counts=reviews,
        low_review_share=low,
        low_review_interval=Interval(max(0.0, low - 0.01), min(1.0, low + 0.01)),
        late_share=late_share,
        late_interval=Interval(max(0.0, late_share - 0.01), late_share + 0.01),
        delivery_days=Quartiles(7.0, 10.0, 15.0, 12.1),
        freight_share=0.14,
        instalments_mean=2.9,
        top_states=(
            Share("SP", customers // 2, 0.5, 0.42),
            Share("RJ", customers // 8, 0.125, 0.13),
        ),
        top_categories=(
            Share("cama_mesa_banho", customers // 10, 0.1, 0.09),
            Share(HOSTILE, customers // 20, 0.05, 0.06),
        ),
    )


def _lifecycle(customers: int, revenue_cents: int) -> tuple[LifecycleCell, ...]:
    active, cooling = customers // 4, customers // 4
    dormant = customers - active - cooling
    quarter, half = revenue_cents // 4, revenue_cents // 2
    return (
        LifecycleCell("active", 0, 90, active, active / customers, quarter, active >= 100),
        LifecycleCell("cooling", 90, 180, cooling, cooling / customers, quarter, cooling >= 100),
        LifecycleCell("dormant", 180, 365, dormant, dormant / customers, half, dormant >= 100),
    )


def _segment(
    segment_id: str,
    persona: str,
    colour: int,
    group: Profile,
    *conditions: Condition,
    number: int = 0,
) -> Segment:
    loyal = persona == "loyal"
    return Segment(
        segment_id=segment_id,
        persona=persona,
        persona_number=number,
        kind="repeat_rule" if loyal else "cluster",
        colour=colour,
        profile=group,
        lifecycle=_lifecycle(group.customers, group.revenue_cents),
        rule=CrmRule(conditions, 1.0 if loyal else 0.93, 1.0 if loyal else 0.95),
        repurchase=Repurchase(
            customers=group.customers,
            returned=group.customers // 50,
            observed_share=0.02,
            share=0.0195,
            low=0.016,
            high=0.023,
        ),
        next_order=NextOrder(
            after="second" if loyal else "first",
            customers=group.customers,
            orders=group.customers // 40,
            by_age=(
                Incidence(30, 0.006),
                Incidence(365, 0.031),
                Incidence(730, NotComputed("not_observed", found="545")),
            ),
            quantiles=(
                TimeQuantile(0.01, 56.2),
                TimeQuantile(0.05, NotComputed("not_observed", found="545")),
            ),
            half_of_days=365,
            half_way_days=117.4,
        ),
        plan=_plan(group, persona, colour),
        voices=Voices(
            language="pt-BR",
            comments=group.customers // 3,
            terms=(Term("não recebi", 0.12, 0.01), Term(HOSTILE, 0.05, 0.02)),
            quotes=(
                Quote(f"Chegou antes do prazo, embalagem perfeita {HOSTILE}", 5),
                Quote("Produto muito bom, entrega rápida, recomendo a loja", 4),
            ),
        )
        if persona != "satisfied_small"
        else NotComputed("too_few_comments", found="61", expected="100"),
    )


def _plan(group: Profile, persona: str, place: int) -> ActionPlan:
    repair = persona.startswith("unhappy")
    small = group.customers < 2_000
    basket = group.spend.mean / group.occasions_mean
    missing = NotComputed("no_action_inputs", expected="contact_cost, margin_share")
    given = persona == "satisfied_large"
    return ActionPlan(
        role="repair" if repair else "serve" if persona == "loyal" else "sell",
        priority={0: 4, 3: 1}.get(place, place + 1),
        stake=group.revenue_cents / 100 if repair else group.customers * 0.01 * basket,
        stake_kind="revenue_at_risk" if repair else "point_value",
        basket=basket,
        point_value=group.customers * 0.01 * basket,
        break_even_lift=0.012 if given else missing,
        expected_values=(ExpectedValue(0.0, -320.0), ExpectedValue(0.02, 213.5))
        if given
        else missing,
        gain_share=0.61 if given else missing,
        hold_out=HoldOut(
            customers=group.customers // 5,
            detectable_lift=1.2 if small else 0.6,
            needed=NotComputed("too_few_customers", found=str(group.customers), expected="7740")
            if small
            else 1_400,
            needed_for_response=NotComputed("no_action_inputs", expected="response_share"),
        ),
    )


def _segments() -> tuple[Segment, ...]:
    of, revenue = 7_000, 98_000_000
    return (
        _segment(
            "loyal",
            "loyal",
            0,
            profile(180, of, 4_900_000, revenue, 231.0, 4.25, (14, 8, 16, 34, 108), occasions=2.1),
            Condition("occasions", ">", 1.0),
        ),
        _segment(
            "satisfied_large",
            "satisfied_large",
            1,
            profile(1_320, of, 44_100_000, revenue, 378.0, 4.52, (20, 30, 120, 350, 800)),
            Condition("review", ">", 2.5),
            Condition("spend", ">", 220.0),
        ),
        _segment(
            "satisfied_small",
            "satisfied_small",
            2,
            profile(4_400, of, 34_300_000, revenue, 68.0, 4.71, (0, 60, 340, 900, 3_100)),
            Condition("review", ">", 2.5),
            Condition("spend", "<=", 220.0),
        ),
        _segment(
            "unhappy_medium",
            "unhappy_medium",
            3,
            profile(1_100, of, 14_700_000, revenue, 121.0, 1.62, (640, 250, 210, 0, 0), 0.29),
            Condition("review", "<=", 2.5),
        ),
    )


def candidate(
    family: Any, k: int, passed: bool, chosen: bool, failed: str = "", **changes: Any
) -> Candidate:
    """One partition that was tried."""
    checks = [
        GateCheck(
            "spend_ratio",
            3.1 if failed != "spend_ratio" else 1.27,
            2.0,
            True,
            failed != "spend_ratio",
        ),
        GateCheck("star_gap", 3.2, 1.0, True, True, "G2", 3.14),
        GateCheck("later_star_gap", 3.1, 1.0, True, True),
        GateCheck(
            "smallest_share",
            0.14 if failed != "smallest_share" else 0.012,
            0.03,
            True,
            failed != "smallest_share",
            "G3",
        ),
    ]
    failing = next((place for place, check in enumerate(checks) if not check.passed), len(checks))
    checks = checks[: failing + 1]
    unknown = NotComputed("not_reached")
    values: dict[str, Any] = {
        "family": family,
        "algorithm": "kmeans",
        "parameters": (),
        "asked": k,
        "k": k,
        "customers": 6_820,
        "sizes": tuple(6_820 // k for _ in range(k)),
        "fitted_customers": 6_820,
        "extension": "none",
        "extension_accuracy": 1.0,
        "noise_share": 0.0,
        "smallest_share": 0.14 if failed != "smallest_share" else 0.012,
        "service_segments": 0,
        "inertia": 9_000.0 / k,
        "silhouette": 0.42 - k / 100,
        "silhouette_interval": Interval(0.40 - k / 100, 0.44 - k / 100),
        "silhouette_sample": 5_000,
        "shuffled_silhouette": 0.37 if passed else unknown,
        "davies_bouldin": 0.9,
        "calinski_harabasz": 8_100.0,
        "compactness": 0.8,
        "elongation": 1.6,
        "eta_squared_spend": 0.7,
        "eta_squared_review": 0.78,
        "jaccards": tuple(0.99 for _ in range(k)) if passed else unknown,
        "refit_floor": 0.95 if passed else unknown,
        "seed_floor": 0.97 if passed else unknown,
        "near_tie": 0.99 if passed else unknown,
        "checks": tuple(checks),
        "gate": checks[-1].gate,
        "passed": passed,
        "is_baseline": False,
        "chosen": chosen,
        "failed_check": failed,
        "score": Score(0.57, 0.74, 0.99, 0.85, 0.6, 72.5, k - 2) if passed else unknown,
    }
    return Candidate(**{**values, **changes})


def _candidates() -> tuple[Candidate, ...]:
    return (
        candidate("traits", 3, True, True),
        candidate("traits", 4, True, False, "ranked_behind"),
        candidate("traits", 8, False, False, "smallest_share"),
        candidate("traits_and_recency", 3, False, False, "spend_ratio"),
        candidate(
            "traits_and_recency",
            4,
            False,
            False,
            "spend_ratio",
            algorithm="gaussian_mixture",
            parameters=(("covariance", "full"),),
            fitted_customers=5_000,
        ),
    )


def sample_choice() -> Choice:
    """Return how the made-up candidate was chosen."""
    return Choice(
        weights=(30.0, 25.0, 20.0, 15.0, 10.0),
        tie=5.0,
        draws=1_000,
        wins_share=0.83,
        points=72.5,
        runner_up_points=72.1,
        baseline_points=NotComputed("no_rows"),
        controls=(
            Control("random_labels", GateCheck("spend_ratio", 1.01, 2.0, True, False)),
            Control("recency_and_amount", GateCheck("star_gap", 0.32, 1.0, True, False)),
        ),
        resamples=50,
        costly_resamples=10,
        resample_customers=2_000,
    )


def sample_features() -> Features:
    """Return made-up evidence on what clusters."""
    unknown = NotComputed("no_variation")
    return Features(
        customers=6_820,
        features=(
            FeatureEvidence(
                *("spend", "clusters", "needed", 1.0, 6.0, -0.05, "review"),
                *(0.22, 0.01, 0.98, 0.11),
            ),
            FeatureEvidence(
                *("freight_share", "describes", "repeats", 0.99, 1.1, -0.69, "spend"),
                *(0.37, 0.58, 0.72, 0.17),
            ),
            FeatureEvidence(
                *("category", "describes", "constant", 1.0, unknown, unknown, ""),
                *(unknown, unknown, unknown, unknown),
            ),
        ),
        transforms=(
            TransformEvidence("raw", 6.0, 0.011, 0.4, 0.94, 0.89, used=False),
            TransformEvidence("log1p", 0.49, 0.13, 0.7, 0.95, 0.86, used=True),
        ),
        reviews=ReviewEvidence(0.0072, 0.05, 0.998, 0.95),
    )


def sample_numbers() -> NumberOfSegments:
    """Return what made-up data say of the number of segments."""
    unknown = NotComputed("not_reached")
    return NumberOfSegments(
        customers=6_000,
        sizes=(
            SizeEvidence(3, 0.44, 0.43, 0.77, 68_267.0, 0.55, 0.01, 0.91, 0.01, 0.99),
            SizeEvidence(4, 0.42, 0.41, 0.84, 66_400.0, 0.61, 0.01, 0.88, 0.01, unknown),
        ),
        by_silhouette=3,
        by_davies_bouldin=3,
        by_calinski_harabasz=3,
        by_gap=4,
        by_prediction=4,
        strength_threshold=0.8,
        chosen=3,
    )


def _segmentation() -> Segmentation:
    segments = _segments()
    return Segmentation(
        family="traits",
        algorithm="kmeans",
        k=3,
        features=("spend", "review"),
        structure=StructureCheck(0.39, 0.37, 0.36, 0.375, 20, 0.05, structure=False),
        everybody=profile(
            7_000, 7_000, 98_000_000, 98_000_000, 112.0, 4.16, (674, 348, 686, 1_284, 4_008)
        ),
        segments=segments,
        rule_fidelity=0.94,
        rule_order=tuple(segment.segment_id for segment in segments),
        buying_again=BuyingAgain(
            origin=date(2029, 12, 18),
            horizon_days=180,
            interval_share=0.9,
            prior_strength=210.0,
            everybody=Repurchase(6_100, 122, 0.02, 0.02, 0.0172, 0.0231),
            repeat_share=0.021,
            count_model_share=0.15,
            constant_rate_returned=190.4,
        ),
        action_basis=ActionBasis(0.05, 0.8, 0.2, 0.5, 1.0),
    )


def _timeline(family: Any, decay: float, k: int) -> Timeline:
    origins = [date(2029, 9, 1) + timedelta(days=28 * i) for i in range(5)]
    points = []
    for i, origin in enumerate(origins):
        for age in range(28, 28 * (8 - i) + 1, 28):
            ari = max(0.3, 0.99 - decay * age - 0.004 * i)
            points.append(
                TimelinePoint(
                    origin,
                    origin + timedelta(days=age),
                    age,
                    ari,
                    ari - 0.02,
                    0.9 + ari / 10,
                    0.88 + ari / 10,
                    0.97,
                    0.95,
                    0.9995,
                    alarm=ari < 0.8,
                )
            )
    ages = sorted({point.age_days for point in points})
    by_age = []
    for age in ages:
        values = sorted(point.ari_warm for point in points if point.age_days == age)
        middle = values[len(values) // 2]
        by_age.append(
            AgePoint(
                age,
                len(values),
                middle,
                values[0],
                values[-1],
                0.9 + middle / 10,
                0.9 + values[0] / 10,
                middle - 0.02,
            )
        )
    lowest = min(point.ari_warm for point in points)
    alarms = [age.age_days for age in by_age if age.ari_median < 0.8]
    three = [age.age_days for age in by_age if age.origins >= 3]
    return Timeline(
        family=family,
        k=k,
        points=tuple(points),
        by_age=tuple(by_age),
        first_alarm_days=alarms[0] if alarms else NotComputed("not_observed", found=str(ages[-1])),
        longest_observed_days=ages[-1],
        longest_confirmable_days=three[-1],
        lowest_ari=lowest,
        lowest_agreement=0.9 + lowest / 10,
        origins=len(origins),
        origins_at_limit=3,
        effective_origins=2.1,
        break_probability_bound=0.76,
        placebo_lowest_ari=0.96,
        placebo_passed=True,
        known_change=KnownChange(
            share=0.35,
            amount=9_400.0,
            changed_on=date(2030, 1, 28),
            followed_days=140,
            alarm_days=56,
            lowest_ari=0.48,
            passed=True,
        ),
    )


def _stability() -> Stability:
    return Stability(
        threshold_ari=0.8,
        window_days=365,
        snapshot_days=28,
        consecutive=2,
        usable_from=date(2029, 9, 1),
        usable_until=date(2030, 6, 16),
        chosen=_timeline("traits", 0.0002, 3),
        other=_timeline("traits_and_recency", 0.0025, 5),
        other_refresh=Refresh(1, "alarm", 56, (1, 2, 3, 4, 6, 12), 1),
        rescoring=(
            Rescoring(7, 0.002, 0.05, 0.011, 0.014),
            Rescoring(30, 0.008, 0.19, 0.045, 0.061),
            Rescoring(90, 0.021, 0.52, 0.14, 0.18),
        ),
        lifetime=sample_lifetime(),
        resampled=sample_resampled(),
        ageing=sample_ageing(),
        designs=sample_designs(),
    )


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
    misplacement = fit_misplacement(_stability().chosen)
    return weigh_staleness(misplacement, CUSTOMERS, sample_refresh(), settings or sample_settings())


def sample_proposal(
    day_rate: Decimal | None = Decimal(600), settings: Settings | None = None
) -> Proposal:
    """The contract, priced at a day rate, or not priced."""
    used = settings or sample_settings(day_rate)
    basis = Basis(sample_refresh(), _stability(), sample_staleness(used), AS_OF.date())
    return price_contract(basis, used)


def sample_findings(**changes: Any) -> Findings:
    """Return the made-up findings, with the named parts replaced."""
    findings = Findings(
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
            reviews_imputed=49,
        ),
        candidates=_candidates(),
        choice=sample_choice(),
        features=sample_features(),
        number_of_segments=sample_numbers(),
        segmentation=_segmentation(),
        stability=_stability(),
        drift=sample_drift(),
        refresh=sample_refresh(),
        staleness=sample_staleness(),
        proposal=sample_proposal(),
    )
    return replace(findings, **changes)
