"""A small, made-up set of findings, whole and consistent, for the tests of what speaks and draws.

No figure of it comes from a real shop. `sample_findings(refresh=NotComputed(...))` replaces a part.
"""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from analysis.findings import (
    FORMAT_VERSION,
    AgePoint,
    Candidate,
    Condition,
    ContractLine,
    CrmRule,
    CustomerCounts,
    DashboardLines,
    Findings,
    GateCheck,
    Interval,
    KpiRow,
    Kpis,
    KpiTable,
    LifecycleCell,
    NotComputed,
    PackedColumn,
    Period,
    Profile,
    Proposal,
    Quartiles,
    Query,
    Question,
    Reading,
    Refresh,
    Rescoring,
    Segment,
    Segmentation,
    Share,
    Source,
    Stability,
    StructureCheck,
    TableDescription,
    Tier,
    Timeline,
    TimelinePoint,
)

AS_OF = datetime(2030, 6, 30, 18, 0, 0)
HOSTILE = '<img src=x onerror="alert(1)">'


def kpi_row(key: str, label: str, orders: int, late_share: float, **changes: Any) -> KpiRow:
    """One row of the dashboard's figures; everything else follows from these."""
    delivered = orders - max(1, orders // 50)
    late = round(delivered * late_share)
    reviews = delivered - delivered // 100
    low_reviews = round(reviews * (0.08 + late_share / 2))
    share = late / delivered
    low_share = low_reviews / reviews
    row = KpiRow(
        key=key,
        label=label,
        state="",
        orders=orders,
        delivered=delivered,
        canceled=orders // 100,
        late=late,
        reviews=reviews,
        low_reviews=low_reviews,
        revenue_cents=delivered * 12_345,
        freight_cents=delivered * 1_890,
        delivered_share=delivered / orders,
        late_share=share,
        late_interval=Interval(max(0.0, share - 0.02), share + 0.02),
        mean_delay_days=-9.4,
        mean_delivery_days=12.3,
        mean_promised_days=21.7,
        mean_review=4.3 - late_share,
        low_review_share=low_share,
        low_review_interval=Interval(max(0.0, low_share - 0.02), low_share + 0.02),
        needs_follow_up=late_share > 0.12,
    )
    return replace(row, **changes)


def _table(grain: Any, rows: tuple[KpiRow, ...], left_out_keys: int = 0) -> KpiTable:
    return KpiTable(
        grain=grain,
        minimum_orders=0 if grain == "month" else 30,
        rows=rows,
        left_out_keys=left_out_keys,
        left_out_orders=left_out_keys * 7,
    )


def _packed(name: str, values: list[int], names: tuple[str, ...] = ()) -> PackedColumn:
    data = base64.b64encode(zlib.compress(struct.pack(f"<{len(values)}i", *values))).decode()
    return PackedColumn(name=name, kind="int32", absent=-1, data=data, names=names)


def _kpis() -> Kpis:
    months = tuple(
        kpi_row(
            f"{2029 + m // 12}-{m % 12 + 1:02d}",
            f"{2029 + m // 12}-{m % 12 + 1:02d}",
            300 + 20 * m,
            0.21 if m == 13 else 0.07,
            needs_follow_up=m == 13,
        )
        for m in range(18)
    )
    states = (
        kpi_row("AL", "AL", 433, 0.24, state="AL"),
        kpi_row("BA", "BA", 1_361, 0.14, state="BA"),
        kpi_row("RJ", "RJ", 2_776, 0.13, state="RJ"),
        kpi_row("SP", "SP", 4_190, 0.06, state="SP"),
        kpi_row("MG", "MG", 1_090, 0.05, state="MG"),
    )
    cities = (
        kpi_row("maceio|AL", "maceio", 210, 0.25, state="AL"),
        kpi_row("xss|BA", HOSTILE, 96, 0.2, state="BA"),
        kpi_row("sao paulo|SP", "sao paulo", 1_536, 0.06, state="SP"),
    )
    sellers = (
        kpi_row("5e11e4" * 5 + "aa", "5e11e4" * 5 + "aa", 61, 0.31, state="SP"),
        kpi_row("0ddba1" * 5 + "bb", "0ddba1" * 5 + "bb", 133, 0.2, state="PR"),
        kpi_row("c0ffee" * 5 + "cc", "c0ffee" * 5 + "cc", 420, 0.05, state="SP"),
    )
    lines = DashboardLines(
        rows=3,
        columns=(
            _packed("state", [0, 1, 1], ("AL", "SP")),
            _packed("orders", [1, 1, 1]),
        ),
        city_names_merged=12,
    )
    return Kpis(
        total=kpi_row("all", "all", 9_850, 0.08, needs_follow_up=False),
        by_month=_table("month", months),
        by_state=_table("state", states, 2),
        by_city=_table("city", cities, 40),
        by_seller=_table("seller", sellers, 150),
        lines=lines,
        queries=(
            Query("kpis_by_state", "select state, count(*) as orders from orders group by 1"),
        ),
    )


def _reading(code: str, rows: int, **parameters: str) -> Reading:
    return Reading(code, tuple(parameters.items()), rows)


def _questions() -> tuple[Question, ...]:
    now, recent, year = "2030-06-30 18:00:00", "2030-03-30 18:00:00", "2029-06-30 18:00:00"
    zips = {"more_than": "30", "since": year, "worst_zips": "5", "as_of": now}
    return (
        Question(
            "late_orders",
            _reading("calendar_months", 2, as_of=now, bought_after=recent, late_days="3"),
            ("order_id", "order_purchase_timestamp", "days_late"),
            (
                ("0rder1" * 5 + "11", "2030-05-02 10:00:00", 12),
                ("0rder2" * 5 + "22", "2030-04-11 09:30:00", 4),
            ),
            (
                _reading(
                    "thirty_day_months",
                    3,
                    as_of=now,
                    bought_after="2030-04-01 18:00:00",
                    late_days="3",
                ),
            ),
            "select order_id\nfrom orders\nwhere order_status <> 'canceled'",
        ),
        Question(
            "large_sellers",
            _reading("price", 1, as_of=now, revenue_above="100000", freight_counted="0"),
            ("seller_id", "seller_city", "revenue"),
            (("5e11e4" * 5 + "aa", HOSTILE, 226_987.93),),
            (
                _reading(
                    "price_and_freight", 2, as_of=now, revenue_above="100000", freight_counted="1"
                ),
            ),
            "select seller_id\nfrom order_items",
        ),
        Question(
            "new_sellers",
            _reading("calendar_months", 0, as_of=now, first_sale_after=recent, items_above="30"),
            ("seller_id", "first_sale_at", "items"),
            (),
            (
                _reading(
                    "calendar_months_from_midnight",
                    1,
                    as_of=now,
                    first_sale_after="2030-03-30 00:00:00",
                    items_above="30",
                ),
            ),
            "select seller_id\nfrom sellers",
        ),
        Question(
            "worst_zips",
            _reading("reviews_counted", 2, **zips),
            ("customer_zip_code_prefix", "reviews", "mean_review"),
            (("02275", 47, 2.8085), ("02277", 37, 3.1351)),
            (_reading("orders_counted", 2, **zips),),
            "select customer_zip_code_prefix\nfrom customers",
        ),
    )


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
    return (
        LifecycleCell("active", 0, 90, active, active / customers, revenue_cents // 4),
        LifecycleCell("cooling", 90, 180, cooling, cooling / customers, revenue_cents // 4),
        LifecycleCell("dormant", 180, 365, dormant, dormant / customers, revenue_cents // 2),
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


def candidate(family: Any, k: int, passed: bool, chosen: bool, failed: str = "") -> Candidate:
    """One partition that was tried."""
    checks = (
        GateCheck(
            "spend_ratio",
            3.1 if failed != "spend_ratio" else 1.27,
            2.0,
            True,
            failed != "spend_ratio",
        ),
        GateCheck("star_gap", 3.2, 1.0, True, True),
        GateCheck(
            "smallest_share",
            0.14 if failed != "smallest_share" else 0.012,
            0.03,
            True,
            failed != "smallest_share",
        ),
    )
    return Candidate(
        family=family,
        algorithm="kmeans",
        k=k,
        customers=6_820,
        smallest_share=0.14 if failed != "smallest_share" else 0.012,
        inertia=9_000.0 / k,
        silhouette=0.42 - k / 100,
        silhouette_sample=5_000,
        eta_squared_spend=0.7,
        eta_squared_review=0.78,
        checks=checks,
        passed=passed,
        chosen=chosen,
        failed_check=failed,
    )


def _candidates() -> tuple[Candidate, ...]:
    return (
        candidate("traits", 3, True, True),
        candidate("traits", 4, True, False, "smaller_k"),
        candidate("traits", 8, False, False, "smallest_share"),
        candidate("traits_and_recency", 3, False, False, "spend_ratio"),
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
        longest_on_three_origins_days=three[-1],
        lowest_ari=lowest,
        lowest_agreement=0.9 + lowest / 10,
        origins=len(origins),
        effective_origins=2.1,
        break_probability_bound=0.76,
        placebo_lowest_ari=0.96,
        placebo_passed=True,
    )


def _stability() -> Stability:
    return Stability(
        threshold_ari=0.8,
        window_days=365,
        snapshot_days=28,
        usable_from=date(2029, 9, 1),
        usable_until=date(2030, 6, 16),
        chosen=_timeline("traits", 0.0002, 3),
        other=_timeline("traits_and_recency", 0.0025, 5),
        rescoring=(
            Rescoring(7, 0.002, 0.05, 0.011, 0.014),
            Rescoring(30, 0.008, 0.19, 0.045, 0.061),
            Rescoring(90, 0.021, 0.52, 0.14, 0.18),
        ),
    )


def _tier(code: Any, refits: int, rate: Decimal | None, months: int) -> Tier:
    quantities = (("onboarding", 1, "2"), ("refit", refits, "2.5"), ("monitoring", 12, "0.25"))
    lines = tuple(
        ContractLine(
            code=name,  # type: ignore[arg-type]
            quantity=quantity,
            days_each=Decimal(each),
            days=quantity * Decimal(each),
            amount=NotComputed("no_day_rate") if rate is None else quantity * Decimal(each) * rate,
        )
        for name, quantity, each in quantities
    )
    days = sum((line.days for line in lines), Decimal(0))
    total = NotComputed("no_day_rate") if rate is None else days * rate
    return Tier(
        code=code,
        refit_every_months=months,
        rescoring="weekly" if code == "serenity" else "monthly",
        response_working_days={"essential": 10, "recommended": 5, "serenity": 2}[code],
        early_refits_included={"essential": 0, "recommended": 1, "serenity": 2}[code],
        lines=lines,
        days=days,
        total=total,
        tax=NotComputed("no_day_rate") if rate is None else Decimal(0),
        total_with_tax=total,
    )


def sample_proposal(day_rate: Decimal | None = Decimal(600)) -> Proposal:
    """The contract, priced at a day rate, or not priced."""
    return Proposal(
        client="Olist",
        consultant="",
        currency="EUR",
        term_months=12,
        day_rate=NotComputed("no_day_rate") if day_rate is None else day_rate,
        tax_mode="outside_eu",
        tax_rate=Decimal(0),
        validity_days=30,
        tiers=(
            _tier("essential", 0, day_rate, 12),
            _tier("recommended", 1, day_rate, 6),
            _tier("serenity", 3, day_rate, 3),
        ),
    )


def sample_findings(**changes: Any) -> Findings:
    """Return the made-up findings, with the named parts replaced."""
    findings = Findings(
        format_version=FORMAT_VERSION,
        program_version="0.0.0",
        seed=1,
        source=Source(
            kind="demo",
            name="made-up shop",
            fingerprint="0123456789abcdef" * 4,
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
        kpis=_kpis(),
        questions=_questions(),
        customers=CustomerCounts(
            described_on=datetime(2030, 6, 16, 12, 0, 0),
            window_days=365,
            total=9_500,
            one_time=6_820,
            repeat=180,
            waiting=150,
            inactive=2_290,
            no_valid_order=60,
            reviews_imputed=49,
        ),
        candidates=_candidates(),
        segmentation=_segmentation(),
        stability=_stability(),
        refresh=Refresh(
            months=4,
            bound="observed",
            limit_days=168,
            grid_months=(1, 2, 3, 4, 6, 12),
            rescoring_months=1,
        ),
        proposal=sample_proposal(),
    )
    return replace(findings, **changes)
