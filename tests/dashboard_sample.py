"""Made-up lines for the dashboard's tests, and the same figures computed another way: by SQL.

`make_lines` draws orders of a few hundred sellers; `pack_lines` packs any frame of that shape and
`unpack_lines` is its way back; `expected_rows` says what a table of the page must then show.
"""

from __future__ import annotations

import base64
import zlib
from dataclasses import replace
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from sample import sample_findings

from analysis.findings import DashboardLines, Findings, PackedColumn, Quarters

ABSENT_DAYS = -32768
KINDS = {
    "first": "int8", "month": "int16", "state": "int8", "city": "int16", "seller": "int16",
    "seller_state": "int8", "category": "int16", "status": "int8", "late": "int8",
    "delay_days": "int16", "delivery_days": "int16", "promised_days": "int16",
    "review_score": "int8", "review_answer_days": "int16", "revenue_cents": "int32",
    "freight_cents": "int32", "returning": "int8", "payment_type": "int8", "instalments": "int8",
}  # fmt: skip
NAMED = ("month", "state", "city", "seller", "seller_state", "category", "payment_type")
DAYS = ("delay_days", "delivery_days", "promised_days", "review_answer_days")
STATES = ("SP", "RJ", "MG", "BA", "AL", "RR")
QUARTERS = Quarters("2029-08", "2029-10", "2029-11", "2030-01")
MONTHS = tuple(f"{2029 + m // 12}-{m % 12 + 1:02d}" for m in range(14))


def make_lines(orders: int = 4_000, seed: int = 7) -> pd.DataFrame:
    """One row an order and seller, with names in the place of numbers; None where absent."""
    draw = np.random.default_rng(seed)
    state = draw.choice(STATES, orders, p=[0.4, 0.2, 0.15, 0.15, 0.07, 0.03])
    delivered = draw.random(orders) < 0.96
    delay = np.floor(draw.normal(-9, 9, orders) + 8 * np.isin(state, ["BA", "AL"])).astype(int)
    late = delay >= 0
    unhappy = draw.random(orders) < np.where(late & delivered, 0.55, 0.08)
    frame = pd.DataFrame(
        {
            "order": np.arange(orders),
            "month": draw.choice(MONTHS, orders),
            "state": state,
            "city": [
                f"Cidade {c}|{s}" for c, s in zip(draw.integers(0, 9, orders), state, strict=True)
            ],
            "status": np.where(delivered, 1, draw.choice([0, 2], orders)),
            "late": np.where(delivered, late.astype(int), -1),
            "delay_days": np.where(delivered, delay, ABSENT_DAYS),
            "delivery_days": np.where(delivered, delay + 24, ABSENT_DAYS),
            "promised_days": np.where(delivered, 24, ABSENT_DAYS),
            "review_score": np.where(unhappy, draw.integers(1, 3, orders), 5),
            "review_answer_days": draw.integers(0, 9, orders),
            "returning": (draw.random(orders) < 0.03).astype(int),
            "payment_type": draw.choice(["credit_card", "boleto"], orders),
            "instalments": draw.integers(1, 11, orders),
        }
    )
    silent = draw.random(orders) < 0.01
    frame.loc[silent, ["review_score", "review_answer_days"]] = [-1, ABSENT_DAYS]
    lines = frame.loc[np.repeat(frame.index, draw.choice([1, 1, 1, 2, 3], orders))]
    lines = lines.reset_index(drop=True)
    seller = np.minimum(draw.zipf(1.4, len(lines)) - 1, 199)
    lines["seller"] = [f"{number:04x}seller" for number in seller]
    lines = lines.drop_duplicates(["order", "seller"]).reset_index(drop=True)
    lines["seller_state"] = [STATES[int(code[:4], 16) % 3] for code in lines["seller"]]
    lines["category"] = draw.choice(["bed_bath_table", "toys", "auto"], len(lines))
    sold = lines["status"] == 1
    lines["revenue_cents"] = np.where(sold, draw.integers(500, 40_000, len(lines)), 0)
    lines["freight_cents"] = np.where(sold, draw.integers(100, 4_000, len(lines)), 0)
    empty = lines["order"] % 97 == 0
    lines.loc[empty, ["seller", "seller_state", "category"]] = None
    lines.loc[empty, ["revenue_cents", "freight_cents"]] = 0
    keep = ~(empty & lines["order"].duplicated())
    return lines[keep].reset_index(drop=True)


def pack_lines(lines: pd.DataFrame) -> DashboardLines:
    """Pack lines whose named columns hold texts, in the sequence of their orders."""
    frame = lines.assign(first=(~lines["order"].duplicated()).astype(int))
    return DashboardLines(
        rows=len(frame),
        columns=tuple(_pack(frame[name], kind) for name, kind in KINDS.items()),
        city_names_merged=3,
    )


def _pack(values: pd.Series[Any], kind: str) -> PackedColumn:
    name = str(values.name)
    names: tuple[str, ...] = ()
    numbers = values.to_numpy()
    if name in NAMED:
        names = tuple(sorted({text for text in values if isinstance(text, str)}))
        places = {text: place for place, text in enumerate(names)}
        numbers = np.array([places.get(text, -1) for text in values])
    packed = numbers.astype(np.dtype(kind).newbyteorder("<")).tobytes()
    return PackedColumn(
        name=name,
        kind=kind,  # type: ignore[arg-type]
        absent=ABSENT_DAYS if name in DAYS else -1,
        data=base64.b64encode(zlib.compress(packed)).decode(),
        names=names,
    )


def findings_with(lines: pd.DataFrame) -> Findings:
    """The sample's findings with these lines."""
    findings = sample_findings()
    return replace(
        findings,
        kpis=replace(findings.kpis, lines=pack_lines(lines), quarters=QUARTERS),
        period=replace(findings.period, complete_until=datetime(2030, 1, 20)),
    )


def unpack_lines(packed: DashboardLines) -> pd.DataFrame:
    """The frame of packed lines, with names in the place of numbers; None where absent."""
    frame = pd.DataFrame({column.name: _unpack(column) for column in packed.columns})
    return frame.assign(order=frame["first"].cumsum() - 1)


def _unpack(column: PackedColumn) -> Any:
    kind = np.dtype(column.kind).newbyteorder("<")
    numbers = np.frombuffer(zlib.decompress(base64.b64decode(column.data)), kind)
    if not column.names:
        return numbers.astype(np.int64)
    names = np.array([*column.names, None], dtype=object)
    return names[np.where(numbers == column.absent, len(column.names), numbers)]


def twenty_filters(lines: pd.DataFrame) -> tuple[dict[str, str], ...]:
    """Twenty combinations of filters for some lines: common and rare names, periods."""

    def ranked(grain: str) -> list[str]:
        return [str(name) for name in lines[grain].dropna().value_counts().index]

    states, cities, sellers = ranked("state"), ranked("city"), ranked("seller")
    categories, months = ranked("category"), sorted(lines["month"].unique())
    quarter = {"from": months[len(months) // 2], "to": months[len(months) // 2 + 2]}
    in_third = next(city for city in cities if city.endswith(f"|{states[2]}"))
    return (
        {},
        {"state": states[0]},
        {"state": states[-1]},
        {"city": cities[0]},
        {"state": states[2], "city": in_third},
        {"seller": sellers[0]},
        {"seller": sellers[20]},
        {"category": categories[0]},
        {"from": months[3]},
        {"to": months[-4]},
        quarter,
        {"state": states[1], "category": categories[1]},
        {"state": states[1], "seller": sellers[1]},
        {"state": states[0], **quarter},
        {"seller": sellers[2], "category": categories[-1]},
        {"seller": sellers[3], "from": months[-5]},
        {"city": cities[1], "category": categories[0], "to": months[-3]},
        {"state": states[3], "seller": sellers[4], "category": categories[2]},
        {"city": cities[2], "seller": sellers[0], "from": months[2]},
        {"state": states[-1], "seller": sellers[-1], "from": months[-1], "to": months[-1]},
    )


# One row a key; an order with several lines of the same key counts once.
EXPECTED = """
with kept as (
    select * from lines where {grain} is not null and {conditions}
),
orders as (
    select distinct {grain} as name, "order", status, late, review_score from kept
),
money as (
    select {grain} as name, sum(revenue_cents) as revenue_cents from kept group by {grain}
)
select
    name,
    count(*) as orders,
    count(*) filter (where late >= 0) as known,
    count(*) filter (where late = 1) as is_late,
    count(*) filter (where review_score >= 0) as reviewed,
    sum(review_score) filter (where review_score >= 0) as stars,
    count(*) filter (where review_score between 1 and 2) as low,
    any_value(revenue_cents) as revenue_cents
from orders
inner join money using (name)
group by name
having count(*) >= $minimum or name = $chosen
"""


def expected_rows(
    lines: pd.DataFrame,
    grain: str,
    filters: dict[str, str],
    minimum: int,
) -> pd.DataFrame:
    """What the table of a grain must show: a row a key with at least `minimum` orders.

    `filters` holds names: state, city, seller, category, from, to. The table ignores the filter
    of its own kind; that of states ignores the city's too.
    """
    ignored = {grain, "city"} if grain == "state" else {grain}
    conditions = {"from": "month >= $from", "to": "month <= $to"} | {
        name: f"{name} = ${name}" for name in ("state", "city", "seller", "category")
    }
    used = {name: value for name, value in filters.items() if name not in ignored}
    query = EXPECTED.format(
        grain=grain, conditions=" and ".join([conditions[name] for name in used] or ["true"])
    )
    with duckdb.connect() as connection:
        connection.register("lines", lines)
        values = {**used, "minimum": minimum, "chosen": filters.get(grain)}
        rows: pd.DataFrame = connection.execute(query, values).df()
    return rows.set_index("name")
