"""The tables of the made-up marketplace, written as the public CSV files are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.marketplace_behaviour import FIRST_DAY, LAST_DAY, SNAPSHOT, Orders, People
from analysis.marketplace_draws import (
    ABSENT,
    DAY,
    HOUR,
    Floats,
    Ints,
    Names,
    blank,
    choose,
    draw_ranks,
    keep,
    make_ids,
    write_moments,
    write_zips,
)
from analysis.marketplace_places import CATEGORIES, Places, name_states, spell_cities

MISSING_REVIEW_SHARE = 0.008
SECOND_REVIEW_SHARE = 0.0055
STAR_SHARES = {  # of 1 to 5 stars
    "unhappy": (0.72, 0.26, 0.02, 0.0, 0.0),
    "unhappy_late": (0.87, 0.12, 0.01, 0.0, 0.0),
    "satisfied": (0.0, 0.0, 0.03, 0.20, 0.77),
    "satisfied_late": (0.0, 0.0, 0.12, 0.53, 0.35),
}
GOOD_COMMENTS = (
    "Chegou antes do prazo, muito bom.",
    "Produto igual ao anunciado.\r\nRecomendo.",
    "Gostei bastante, comprarei de novo.",
    "Tudo certo com a entrega.",
)
BAD_COMMENTS = (
    "Ainda não recebi o produto.",
    "Demorou muito e veio com defeito.\r\nQuero a troca.",
    "Veio diferente do que comprei.",
    "Atrasou e ninguém respondeu.",
)


def list_customers(
    rng: np.random.Generator,
    people: People,
    orders: Orders,
    places: Places,
    *,
    customer_ids: Names,
    unique_ids: Names,
) -> pd.DataFrame:
    """Return the table of customers: one row an order, as in the public data."""
    place = people.place[orders.person]
    return pd.DataFrame(
        {
            "customer_id": customer_ids,
            "customer_unique_id": unique_ids[orders.person],
            "customer_zip_code_prefix": write_zips(people.zip_prefix[orders.person]),
            "customer_city": spell_cities(rng, places, place),
            "customer_state": name_states(places, place),
        }
    )


def list_orders(orders: Orders, order_ids: Names, customer_ids: Names) -> pd.DataFrame:
    """Return the table of orders."""
    return pd.DataFrame(
        {
            "order_id": order_ids,
            "customer_id": customer_ids,
            "order_status": orders.status,
            "order_purchase_timestamp": write_moments(orders.purchased),
            "order_approved_at": write_moments(orders.approved),
            "order_delivered_carrier_date": write_moments(orders.carried),
            "order_delivered_customer_date": write_moments(orders.delivered),
            "order_estimated_delivery_date": write_moments(orders.promised),
        }
    )


def draw_items(
    rng: np.random.Generator,
    orders: Orders,
    order_ids: Names,
    *,
    products: pd.DataFrame,
    sellers: pd.DataFrame,
    opened: Ints,
) -> pd.DataFrame:
    """Draw the lines of the orders: their prices and freights add up to what was paid."""
    draw = rng.random(len(order_ids))
    kept = orders.status != "unavailable"
    kept &= (orders.status != "canceled") | (rng.random(len(order_ids)) < 0.74)
    lines = np.where(kept, 1 + choose(draw, (0.90, 0.076, 0.014, 0.005, 0.003, 0.002)), 0)
    order = np.repeat(np.arange(len(order_ids)), lines)
    number = np.arange(len(order)) - np.repeat(np.cumsum(lines) - lines, lines)
    freight = 1600 * rng.lognormal(0, 0.35, len(order_ids)) * np.maximum(lines, 1) ** 0.7
    freight_cents = np.minimum(freight, 0.35 * orders.paid_cents).astype(np.int64)
    product = draw_ranks(rng, len(products), 12, len(order))
    seller = _draw_order_sellers(rng, orders, opened)[order]
    again = (number > 0) & (rng.random(len(order)) < 0.6)
    product[again] = product[np.flatnonzero(again) - 1]
    elsewhere = (number > 0) & (rng.random(len(order)) < 0.1)
    seller[elsewhere] = _draw_order_sellers(rng, orders, opened)[order][elsewhere]
    return pd.DataFrame(
        {
            "order_id": order_ids[order],
            "order_item_id": number + 1,
            "product_id": products["product_id"].to_numpy()[product],
            "seller_id": sellers["seller_id"].to_numpy()[seller],
            "shipping_limit_date": write_moments(orders.purchased[order] + 6 * DAY),
            "price": _share_cents((orders.paid_cents - freight_cents)[order], lines[order], number),
            "freight_value": _share_cents(freight_cents[order], lines[order], number),
        }
    )


def _share_cents(total: Ints, parts: Ints, number: Ints) -> Floats:
    """Return the number-th of equal parts of a total in cents, as money; the first has the rest."""
    cents = total // parts + np.where(number == 0, total % parts, 0)
    return np.asarray(cents / 100)


def _draw_order_sellers(rng: np.random.Generator, orders: Orders, opened: Ints) -> Ints:
    """Draw a seller for each order, among those who had started; some are often late."""
    count = len(orders.purchased)
    seller = draw_ranks(rng, len(opened), 3, count)
    slow = orders.late & (rng.random(count) < 0.25)
    seller[slow] = (seller[slow] // 20 * 20 + 7) % len(opened)
    for _ in range(6):
        closed = opened[seller] > orders.purchased
        seller[closed] = draw_ranks(rng, len(opened), 3, int(closed.sum()))
    seller[opened[seller] > orders.purchased] = 0
    return seller


def draw_payments(rng: np.random.Generator, orders: Orders, order_ids: Names) -> pd.DataFrame:
    """Draw how each order was paid; a few with a voucher first and the rest by card."""
    count = len(order_ids)
    kind = np.array(["credit_card", "boleto", "voucher", "debit_card"])[
        choose(rng.random(count), (0.76, 0.195, 0.03, 0.015))
    ]
    months = np.array([1, 2, 3, 4, 5, 6, 7, 8, 10, 12])[
        choose(rng.random(count), (0.33, 0.16, 0.135, 0.09, 0.068, 0.052, 0.02, 0.055, 0.08, 0.01))
    ]
    months = np.where(kind == "credit_card", np.minimum(months, 1 + orders.paid_cents // 1500), 1)
    split = np.flatnonzero(rng.random(count) < 0.03)
    voucher = (orders.paid_cents[split] * rng.uniform(0.1, 0.6, len(split))).astype(np.int64)
    rest = orders.paid_cents.copy()
    rest[split] -= voucher
    sequential = np.ones(count, dtype=np.int64)
    sequential[split] = 2
    return pd.DataFrame(
        {
            "order_id": np.concatenate([order_ids, order_ids[split]]),
            "payment_sequential": np.concatenate([sequential, np.ones(len(split), dtype=np.int64)]),
            "payment_type": np.concatenate([kind, np.full(len(split), "voucher")]),
            "payment_installments": np.concatenate([months, np.ones(len(split), dtype=np.int64)]),
            "payment_value": np.concatenate([rest, voucher]) / 100,
        }
    )


# ---------------------------------------------------------------- reviews


def draw_reviews(rng: np.random.Generator, orders: Orders, order_ids: Names) -> pd.DataFrame:
    """Draw the reviews: asked for after the delivery, answered days later, some twice or never."""
    count = len(order_ids)
    stars = _draw_stars(rng, orders)
    outcome = np.where(orders.delivered == ABSENT, orders.promised, orders.delivered)
    created = (outcome // DAY + 1) * DAY
    answered = created + (DAY * rng.lognormal(0.52, 0.8, count)).astype(np.int64) + 2 * HOUR
    ids = make_ids(rng, count)
    # One review may answer for both orders of a split basket.
    shared = np.flatnonzero((orders.follows >= 0) & (rng.random(count) < 0.5))
    for column in (ids, stars, created, answered):
        column[shared] = column[orders.follows[shared]]
    wrote = (rng.random(count) >= MISSING_REVIEW_SHARE) & (answered < SNAPSHOT)
    first = np.flatnonzero(wrote)
    again = (rng.random(len(first)) < SECOND_REVIEW_SHARE) & (answered[first] < SNAPSHOT - 10 * DAY)
    second = first[again]
    order = np.concatenate([first, second])
    is_second = np.arange(len(order)) >= len(first)
    text = rng.integers(0, 4, len(order))
    message = np.where(
        stars[order] <= 3, np.array(BAD_COMMENTS)[text], np.array(GOOD_COMMENTS)[text]
    )
    title = np.where(stars[order] <= 3, "Ruim", "Recomendo")
    created = keep(created[order] + is_second * 9 * DAY, rng.random(len(order)) >= 0.0002)
    answered = keep(answered[order] + is_second * 10 * DAY, rng.random(len(order)) >= 0.0006)
    return pd.DataFrame(
        {
            "review_id": np.where(is_second, make_ids(rng, len(order)), ids[order]),
            "order_id": order_ids[order],
            "review_score": stars[order],
            "review_comment_title": blank(title, rng.random(len(order)) >= 0.12),
            "review_comment_message": blank(message, rng.random(len(order)) >= 0.41),
            "review_creation_date": write_moments(created),
            "review_answer_timestamp": write_moments(answered),
        }
    )


def _draw_stars(rng: np.random.Generator, orders: Orders) -> Ints:
    """Draw one score an order, 1 to 5: by the customer's mood, lower when the delivery was late."""
    draw = rng.random(len(orders.person))
    cases = [orders.unhappy & orders.late, orders.unhappy, orders.late]
    choices = [choose(draw, STAR_SHARES[n]) for n in ("unhappy_late", "unhappy", "satisfied_late")]
    return 1 + np.select(cases, choices, choose(draw, STAR_SHARES["satisfied"]))


def draw_products(rng: np.random.Generator, customers: int) -> pd.DataFrame:
    """Draw the catalogue, a third as large as the customers; some without a category."""
    count = max(30, customers // 3)
    weights = np.array([weight for *_, weight in CATEGORIES], dtype=float)
    category = rng.choice(
        np.array([name for name, *_ in CATEGORIES]), count, p=weights / weights.sum()
    )
    described = rng.random(count) >= 0.0185
    sizes = {
        "product_name_lenght": rng.integers(15, 64, count),
        "product_description_lenght": rng.lognormal(6.4, 0.6, count).astype(np.int64),
        "product_photos_qty": np.minimum(rng.geometric(0.45, count), 20),
    }
    return pd.DataFrame(
        {
            "product_id": make_ids(rng, count),
            "product_category_name": blank(category, ~described),
            **{name: np.where(described, values, np.nan) for name, values in sizes.items()},
            "product_weight_g": rng.lognormal(6.5, 1.1, count).astype(np.int64) + 50,
            "product_length_cm": rng.integers(16, 60, count),
            "product_height_cm": rng.integers(2, 45, count),
            "product_width_cm": rng.integers(11, 45, count),
        }
    )


def draw_sellers(
    rng: np.random.Generator, customers: int, places: Places
) -> tuple[pd.DataFrame, Ints]:
    """Draw the sellers, most popular first, and when each of them opened."""
    count = max(20, round(customers * 0.032))
    place = rng.choice(len(places.name), count, p=places.seller_share)
    prefix = places.zip_low[place] + (places.zip_count[place] * rng.random(count)).astype(np.int64)
    opened = rng.integers(FIRST_DAY, LAST_DAY, count)
    opened[rng.random(count) < 0.4] = FIRST_DAY
    opened[0] = 0  # open before anything else
    opened[[5, 11]] = LAST_DAY - 60 * DAY  # popular newcomers
    table = pd.DataFrame(
        {
            "seller_id": make_ids(rng, count),
            "seller_zip_code_prefix": write_zips(prefix),
            "seller_city": spell_cities(rng, places, place, sloppy_share=0.06),
            "seller_state": name_states(places, place),
        }
    )
    return table, opened


def list_translations() -> pd.DataFrame:
    """Return the English names of the categories; a few are missing, as in the public data."""
    return pd.DataFrame(
        [(name, english) for name, english, _ in CATEGORIES if english],
        columns=["product_category_name", "product_category_name_english"],
    )


def draw_geolocation(rng: np.random.Generator, people: People, places: Places) -> pd.DataFrame:
    """Draw three points for each zip prefix where somebody lives."""
    prefix, where = np.unique(people.zip_prefix, return_index=True)
    prefix, place = np.repeat(prefix, 3), np.repeat(people.place[where], 3)
    return pd.DataFrame(
        {
            "geolocation_zip_code_prefix": write_zips(prefix),
            "geolocation_lat": places.latitude[place] + 0.03 * rng.standard_normal(len(prefix)),
            "geolocation_lng": places.longitude[place] + 0.03 * rng.standard_normal(len(prefix)),
            "geolocation_city": spell_cities(rng, places, place, sloppy_share=0.25),
            "geolocation_state": name_states(places, place),
        }
    )
