"""The dashboard's figures and the four questions of the made-up findings (see sample.py)."""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import replace
from typing import Any

from analysis.findings import (
    AnswerRow,
    DashboardLines,
    FollowUp,
    FollowUpReason,
    InstalmentCount,
    Interval,
    KpiRow,
    Kpis,
    KpiTable,
    Level,
    Movement,
    NetworkLevels,
    NotComputed,
    PackedColumn,
    PaymentType,
    Present,
    Quarters,
    Query,
    Question,
    Reading,
    Standing,
)

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
        first_orders=orders - orders // 20,
        returning_orders=orders // 20,
        revenue_cents=delivered * 12_340,
        freight_cents=delivered * 1_890,
        delivered_share=delivered / orders,
        canceled_share=(orders // 100) / orders,
        late_share=share,
        late_interval=Interval(max(0.0, share - 0.02), share + 0.02),
        on_time_share=(delivered - late) / delivered,
        mean_delay_days=-9.4,
        q95_delay_days=6,
        mean_delivery_days=12.3,
        mean_promised_days=21.7,
        mean_review=4.3 - late_share,
        low_review_share=low_share,
        low_review_interval=Interval(max(0.0, low_share - 0.02), low_share + 0.02),
        mean_answer_days=3.1,
        returning_share=(orders // 20) / orders,
        mean_basket_cents=12_340.0,
        freight_share=1_890 / (12_340 + 1_890),
        mean_instalments=2.9,
        follow_up=follow_up(late_share),
    )
    return replace(row, **changes)


def follow_up(late_share: float, *reasons: FollowUpReason) -> FollowUp:
    """Listed for lateness above 12 %, and for the reviews above 20 %, unless reasons are given."""
    found: tuple[FollowUpReason, ...] = ("late",) if late_share > 0.12 else ()
    found += ("reviews",) if late_share > 0.2 else ()
    return FollowUp(
        reasons=reasons or found,
        ratio=late_share / 0.08 - 0.25,
        movement=Movement(late_share, late_share - 0.03, 0.03, Interval(0.01, 0.05))
        if late_share > 0.06
        else NotComputed("too_few_deliveries", found="12", expected="30"),
        present=present(late_share),
    )


def present(late_share: float) -> Present:
    """Above from 20 % on, else back to normal: by now every row has half of its late share."""
    share = late_share / 2
    standing: Standing = "above" if late_share >= 0.2 else "normal"
    return Present(
        late=Level(120, share, Interval(max(0.0, share - 0.02), share + 0.02)),
        reviews=Level(110, share + 0.04, Interval(max(0.0, share + 0.02), share + 0.06)),
        late_part=share,
        reasons=("late",) if late_share >= 0.2 else (),
        ratio=(share - 0.02) / 0.06,
        standing=standing,
    )


def _table(grain: Any, rows: tuple[KpiRow, ...], left_out_keys: int = 0) -> KpiTable:
    return KpiTable(
        grain=grain,
        minimum_orders=0 if grain == "month" else 30,
        listed_by_chance=0.025 * len(rows),
        followed_by_chance=0.05 * len(rows),
        rows=rows,
        left_out_keys=left_out_keys,
        left_out_orders=left_out_keys * 7,
    )


def _packed(name: str, values: list[int], names: tuple[str, ...] = ()) -> PackedColumn:
    data = base64.b64encode(zlib.compress(struct.pack(f"<{len(values)}i", *values))).decode()
    return PackedColumn(name=name, kind="int32", absent=-1, data=data, names=names)


def sample_kpis() -> Kpis:
    months = tuple(
        kpi_row(
            f"{2029 + m // 12}-{m % 12 + 1:02d}",
            f"{2029 + m // 12}-{m % 12 + 1:02d}",
            300 + 20 * m,
            0.21 if m == 13 else 0.07,
            follow_up=None,
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
    categories = (
        kpi_row("office_chairs", "office_chairs", 240, 0.17),
        kpi_row("toys", "toys", 1_020, 0.07),
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
        total=kpi_row("all", "all", 9_850, 0.08, follow_up=None),
        late_on_the_day=118,
        late_share_by_day=0.068,
        quarters=Quarters("2029-12", "2030-02", "2030-03", "2030-05"),
        movement=Movement(0.085, 0.074, 0.011, Interval(-0.002, 0.024)),
        by_month=_table("month", months),
        by_state=_table("state", states, 2),
        by_city=_table("city", cities, 40),
        by_seller=_table("seller", sellers, 150),
        by_category=_table("category", categories, 9),
        payment_types=(
            PaymentType("credit_card", 7_380, 0.75, 91_104_000_00, 3.6),
            PaymentType("boleto", 2_460, 0.25, 30_368_000_00, 1.0),
        ),
        instalments=(
            InstalmentCount(1, 4_920, 0.5, 60_736_000_00),
            InstalmentCount(4, 4_920, 0.5, 60_736_000_00),
        ),
        lines=lines,
        queries=(
            Query("kpis_by_state", "select state, count(*) as orders from orders group by 1"),
        ),
        present=NetworkLevels(
            late=Level(1_800, 0.06, Interval(0.05, 0.072)),
            reviews=Level(1_750, 0.1, Interval(0.087, 0.115)),
            minimum_deliveries=30,
            normal_ratio=2.0,
        ),
    )


def _reading(code: str, *rows: AnswerRow, added: int = 0, **parameters: str) -> Reading:
    return Reading(code, tuple(parameters.items()), rows, added_rows=added)


def sample_questions() -> tuple[Question, ...]:
    now, recent, year = "2030-06-30 18:00:00", "2030-03-30 18:00:00", "2029-06-30 18:00:00"
    asked = {"more_than": "30", "since": year, "worst_zips": "5", "as_of": now}
    late = (
        ("0rder1" * 5 + "11", "2030-05-02 10:00:00", 12),
        ("0rder2" * 5 + "22", "2030-04-11 09:30:00", 4),
    )
    large = ("5e11e4" * 5 + "aa", HOSTILE, 226_987.93)
    zips = (("02275", 47, 2.8085), ("02277", 37, 3.1351))
    price = {"as_of": now, "revenue_above": "100000"}
    sellers = {"as_of": now, "items_above": "30"}
    return (
        Question(
            "late_orders",
            _reading("calendar_months", *late, as_of=now, bought_after=recent, late_days="3"),
            ("order_id", "order_purchase_timestamp", "days_late"),
            (
                _reading(
                    "thirty_day_months",
                    *late,
                    ("0rder3" * 5 + "33", "2030-03-29 11:00:00", 5),
                    added=1,
                    as_of=now,
                    bought_after="2030-04-01 18:00:00",
                    late_days="3",
                ),
            ),
            "select order_id\nfrom orders\nwhere order_status <> 'canceled'",
        ),
        Question(
            "large_sellers",
            _reading("price", large, **price, freight_counted="0"),
            ("seller_id", "seller_city", "revenue"),
            (
                _reading(
                    "price_and_freight",
                    large,
                    ("0ddba1" * 5 + "bb", "maceio", 104_210.5),
                    added=1,
                    **price,
                    freight_counted="1",
                ),
            ),
            "select seller_id\nfrom order_items",
        ),
        Question(
            "new_sellers",
            _reading("calendar_months", **sellers, first_sale_after=recent),
            ("seller_id", "first_sale_at", "items"),
            (
                _reading(
                    "calendar_months_from_midnight",
                    ("c0ffee" * 5 + "cc", "2030-03-30 09:12:00", 36),
                    added=1,
                    **sellers,
                    first_sale_after="2030-03-30 00:00:00",
                ),
            ),
            "select seller_id\nfrom sellers",
        ),
        Question(
            "worst_zips",
            _reading("reviews_counted", *zips, **asked),
            ("customer_zip_code_prefix", "reviews", "mean_review"),
            (_reading("reviews_of_recent_orders", *zips, **asked),),
            "select customer_zip_code_prefix\nfrom customers",
        ),
        Question(
            "worst_zips_by_orders",
            _reading("orders_counted", zips[0], **asked),
            ("customer_zip_code_prefix", "reviews", "mean_review"),
            (_reading("recent_orders_counted", zips[0], **asked),),
            "select customer_zip_code_prefix\nfrom orders",
        ),
    )
