"""How the made-up customers behave: who they are, when they buy, for how much, how it arrives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from analysis.marketplace_draws import DAY, HOUR, Flags, Ints, Names, choose, keep
from analysis.marketplace_places import STATES, Places

SEGMENTS = ("small_satisfied", "medium_satisfied", "large_satisfied", "unhappy", "repeat")
SMALL, MEDIUM, LARGE, UNHAPPY, REPEAT = range(5)
SEGMENT_SHARES = (0.35, 0.30, 0.18, 0.15, 0.02)
DRIFTED_SHARES = (0.21, 0.18, 0.24, 0.35, 0.02)
LOG_SPEND = (3.65, 4.60, 6.20, 4.60, 4.70)
LOG_SPEND_SPREAD = (0.25, 0.25, 0.25, 0.30, 0.50)
DRIFTED_LARGE_FACTOR = 0.35
SPLIT_BASKET_SHARE = 0.009
UNHAPPY_REPEAT_SHARE = 0.10  # of the repeat buyers' orders

FIRST_DAY = np.datetime64("2017-01-01", "s").astype(np.int64)
LAST_DAY = np.datetime64("2018-08-29", "s").astype(np.int64)  # the last with regular activity
SNAPSHOT = np.datetime64("2018-10-17T17:30:00", "s").astype(np.int64)  # nothing is known after it
BLACK_FRIDAY = np.datetime64("2017-11-24", "s").astype(np.int64)
LATE_SHARES = {"unhappy": 0.30, "satisfied": 0.032}
STATUSES = ("canceled", "unavailable", "shipped", "invoiced", "processing", "approved", "created")
STATUS_SHARES = {
    "unhappy": (0.018, 0.018, 0.030, 0.009, 0.009, 0.0002, 0.0002),
    "satisfied": (0.004, 0.004, 0.007, 0.002, 0.002, 0.00005, 0.00005),
}
HOUR_WEIGHTS = [24, 12, 5, 3, 2, 2, 5, 12, 30, 48, 62, 66]  # midnight to noon
HOUR_WEIGHTS += [60, 66, 66, 65, 67, 62, 58, 60, 62, 63, 58, 41]
WEEKDAY_WEIGHTS = (1.14, 1.13, 1.09, 1.04, 0.99, 0.76, 0.84)


@dataclass(frozen=True)
class People:
    """One element a customer; places are positions in Places, moments seconds since 1970."""

    segment: Ints
    place: Ints
    zip_prefix: Ints
    first_purchase: Ints
    drifted: Flags


@dataclass(frozen=True)
class Orders:
    """One element an order; `follows` is the order whose basket it completes, or -1."""

    person: Ints
    follows: Ints
    purchased: Ints
    paid_cents: Ints
    unhappy: Flags
    late: Flags
    status: Names
    approved: Ints
    carried: Ints
    delivered: Ints
    promised: Ints


def draw_people(
    rng: np.random.Generator, customers: int, places: Places, drift_from: date | None
) -> People:
    """Draw who buys, where they live and when they first buy."""
    first_purchase = _draw_purchases(rng, customers)
    drift_start = np.datetime64(drift_from or "9999-12-31", "s").astype(np.int64)
    drifted = first_purchase >= drift_start
    draw = rng.random(customers)
    segment = np.where(drifted, choose(draw, DRIFTED_SHARES), choose(draw, SEGMENT_SHARES))
    # A repeat buyer needs time to come back.
    too_recent = (segment == REPEAT) & (first_purchase > LAST_DAY - 30 * DAY)
    segment[too_recent] = MEDIUM
    place = rng.choice(len(places.name), customers, p=places.customer_share)
    # Neighbourhoods differ in size: the first prefixes of a city hold most of its customers.
    known = 3 + (places.customer_share * customers / 7).astype(np.int64)
    prefixes = np.minimum(places.zip_count, known)[place]
    offset = (prefixes * rng.random(customers) ** 1.8).astype(np.int64)
    return People(segment, place, places.zip_low[place] + offset, first_purchase, drifted)


def _draw_purchases(rng: np.random.Generator, count: int) -> Ints:
    """Draw moments of purchase: growth, seasons, weekdays, hours, one Black Friday, a thin tail."""
    days = np.arange(FIRST_DAY, LAST_DAY + DAY, DAY)
    number = np.arange(len(days))
    weights = 1 / (1 + np.exp(-(number - 225) / 80)) * (1 + 0.06 * np.sin(number / 58.1))
    weights *= np.array(WEEKDAY_WEIGHTS)[(days // DAY + 3) % 7]  # 1970-01-01 was a Thursday
    weights[days == BLACK_FRIDAY] *= 5
    weights[(days > BLACK_FRIDAY) & (days <= BLACK_FRIDAY + 4 * DAY)] *= 1.9
    day = rng.choice(days, count, p=weights / weights.sum())
    # A few purchases after the last regular day: none of them is ever delivered.
    strays = rng.random(count) < 0.0002
    strays[: min(3, count // 100)] = True
    day[strays] = rng.integers(LAST_DAY // DAY + 1, SNAPSHOT // DAY - 7, strays.sum()) * DAY
    hours = np.array(HOUR_WEIGHTS) / sum(HOUR_WEIGHTS)
    moment = day + rng.choice(24, count, p=hours) * HOUR + rng.integers(0, HOUR, count)
    return np.asarray(moment, dtype=np.int64)


def draw_orders(rng: np.random.Generator, people: People, places: Places) -> Orders:
    """Draw every order, from its purchase to its delivery."""
    person, follows, purchased, paid_cents = _draw_baskets(rng, people)
    segment = people.segment[person]
    upset = (segment == REPEAT) & (rng.random(len(person)) < UNHAPPY_REPEAT_SHARE)
    unhappy = upset | (segment == UNHAPPY)
    state = places.state[people.place[person]]
    late = _draw_late(rng, purchased, unhappy, state)
    promised = _draw_promises(rng, purchased, state)
    delivered = _draw_deliveries(rng, purchased, promised, late)
    approved = np.minimum(purchased + _draw_waits(rng, len(person)), delivered - 3 * HOUR)
    carried = approved + ((delivered - approved) * rng.beta(2, 6, len(person))).astype(np.int64)
    status = _draw_statuses(rng, purchased, delivered, unhappy)
    return Orders(
        person=person,
        follows=follows,
        purchased=purchased,
        paid_cents=paid_cents,
        unhappy=unhappy,
        late=late & (status == "delivered"),
        status=status,
        approved=keep(approved, status != "created"),
        carried=keep(np.minimum(carried, SNAPSHOT), np.isin(status, ("delivered", "shipped"))),
        delivered=keep(delivered, status == "delivered"),
        promised=promised,
    )


def _draw_late(rng: np.random.Generator, purchased: Ints, unhappy: Flags, state: Ints) -> Flags:
    """Draw which orders come after the promised date: by mood, state and season."""
    share = np.where(unhappy, LATE_SHARES["unhappy"], LATE_SHARES["satisfied"])
    share = share * np.array([state.late_factor for state in STATES])[state]
    # Carriers were overrun around Black Friday.
    share[abs(purchased - BLACK_FRIDAY) < 12 * DAY] *= 1.8
    return np.asarray(rng.random(len(purchased)) < np.minimum(share, 0.9))


def _draw_promises(rng: np.random.Generator, purchased: Ints, state: Ints) -> Ints:
    """Draw the promised date of each order: a midnight, later for far states."""
    usual = np.array([state.promised_days for state in STATES])[state]
    days = np.maximum(usual * rng.lognormal(0, 0.25, len(purchased)), 5).astype(np.int64)
    return np.asarray((purchased // DAY + days) * DAY)


def _draw_deliveries(
    rng: np.random.Generator, purchased: Ints, promised: Ints, late: Flags
) -> Ints:
    """Draw the moment of delivery: well before the promised date, or days after it."""
    part = np.clip(rng.beta(3, 3.6, len(late)), 0.08, 0.99)
    delay_days = 0.2 + rng.gamma(1.1, 8, len(late))
    in_time = purchased + (promised - purchased) * part
    return np.where(late, promised + DAY * delay_days, in_time).astype(np.int64)


def _draw_waits(rng: np.random.Generator, count: int) -> Ints:
    """Draw the seconds until a payment is approved: at once by card, a day or two by bank slip."""
    at_once = rng.random(count) < 0.7
    hours = np.where(at_once, rng.exponential(0.4, count), 18 + rng.gamma(2, 6, count))
    return (hours * HOUR).astype(np.int64)


def _draw_baskets(rng: np.random.Generator, people: People) -> tuple[Ints, Ints, Ints, Ints]:
    """Draw who bought when for how much: first orders, later occasions, split baskets."""
    everybody = np.arange(len(people.segment))
    log_spend = np.array(LOG_SPEND)[people.segment]
    spread = np.array(LOG_SPEND_SPREAD)[people.segment]
    log_spend = log_spend + spread * rng.standard_normal(len(everybody))
    log_spend[people.drifted & (people.segment == LARGE)] += np.log(DRIFTED_LARGE_FACTOR)
    spend = np.maximum(np.exp(log_spend) * 100, 500).astype(np.int64)
    person, purchased = _draw_returns(rng, people)
    returns = rng.lognormal(LOG_SPEND[REPEAT], LOG_SPEND_SPREAD[REPEAT], len(person))
    splitters = np.flatnonzero(
        (rng.random(len(everybody)) < SPLIT_BASKET_SHARE) & (people.segment != REPEAT)
    )
    second = (spend[splitters] * rng.uniform(0.3, 0.7, len(splitters))).astype(np.int64)
    spend[splitters] -= second
    soon = people.first_purchase[splitters] + rng.integers(HOUR, 20 * HOUR, len(splitters))
    none = np.full(len(everybody) + len(person), -1)
    return (
        np.concatenate([everybody, person, splitters]),
        np.concatenate([none, splitters]),
        np.concatenate([people.first_purchase, purchased, soon]),
        np.concatenate([spend, np.maximum(returns * 100, 500).astype(np.int64), second]),
    )


def _draw_returns(rng: np.random.Generator, people: People) -> tuple[Ints, Ints]:
    """Draw the later purchases of repeat buyers: person and moment, all over two days apart."""
    repeaters = np.flatnonzero(people.segment == REPEAT)
    times = 1 + np.minimum(rng.geometric(0.92, len(repeaters)) - 1, 8)
    person = np.repeat(repeaters, times)
    place = np.arange(len(person)) - np.repeat(np.cumsum(times) - times, times)
    room = (LAST_DAY - people.first_purchase)[person] / np.repeat(times, times)
    gap = 2 * DAY + (room - 2 * DAY) * (place + rng.random(len(person)) ** 2)
    # Draws of neighbouring slots may meet: the number of the slot keeps them apart.
    moment = people.first_purchase[person] + gap.astype(np.int64) + place * 2 * DAY
    return person, np.minimum(moment, LAST_DAY + DAY - 1)


def _draw_statuses(
    rng: np.random.Generator, purchased: Ints, delivered: Ints, unhappy: Flags
) -> Names:
    """Draw what became of each order: most are delivered, fewer at the end of the history."""
    draw = rng.random(len(purchased))
    names = np.array([*STATUSES, "delivered"])
    status = np.where(
        unhappy,
        names[choose(draw, (*STATUS_SHARES["unhappy"], 1.0))],
        names[choose(draw, (*STATUS_SHARES["satisfied"], 1.0))],
    )
    near_end = np.clip((purchased - LAST_DAY) / (10 * DAY) + 1, 0, 1)
    on_the_way = (rng.random(len(purchased)) < 0.15 * near_end) | (delivered > SNAPSHOT)
    status[on_the_way & (status == "delivered")] = "shipped"
    strays = np.flatnonzero(purchased >= LAST_DAY + DAY)
    status[strays] = np.where(np.arange(len(strays)) % 3 == 0, "shipped", "canceled")
    return np.asarray(status)
