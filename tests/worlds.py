"""Made-up customer tables with a known structure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analysis.customers import DAY, INACTIVE, NOT_YET, ONE_TIME, REPEAT, CustomerTable
from analysis.findings import TimelinePoint

AS_OF = 1_533_081_600


def make_table(
    spend: Any, review: Any, recency_days: Any | None = None, repeat: Any | None = None
) -> CustomerTable:
    """Make the table of customers that are all in the window."""
    spend, review = np.asarray(spend, float), np.asarray(review, float)
    size = len(spend)
    again = np.zeros(size, bool) if repeat is None else np.asarray(repeat, bool)
    recency = np.full(size, 100.0) if recency_days is None else np.asarray(recency_days, float)
    return CustomerTable(
        as_of=AS_OF,
        window_days=365,
        standing=np.where(again, REPEAT, ONE_TIME).astype(np.int8),
        spend=spend,
        occasions=np.where(again, 2, 1).astype(np.int64),
        recency_days=recency,
        review=review,
        review_imputed=np.zeros(size, bool),
        low_review=review <= 2,
        late=np.zeros(size, bool),
    )


def two_by_two(size: int, seed: int = 0) -> CustomerTable:
    """Money by satisfaction, each high or low, overlapping: what João asks to be told apart."""
    rng = np.random.default_rng(seed)
    rich, pleased = rng.random(size) < 0.5, rng.random(size) < 0.7
    spend = np.exp(rng.normal(np.where(rich, 5.6, 4.2), 0.35))
    review = np.where(pleased, rng.choice([4, 5], size), rng.choice([1, 2], size))
    return make_table(spend, review, rng.uniform(0, 365, size))


def no_structure(size: int, seed: int = 0) -> CustomerTable:
    """Spend and review that know nothing of each other, without groups in either."""
    rng = np.random.default_rng(seed)
    return make_table(
        np.exp(rng.normal(4.7, 0.8, size)), rng.uniform(1, 5, size), rng.uniform(0, 365, size)
    )


# Small, medium and large baskets of satisfied customers, and the unhappy ones.
SHARES = (0.35, 0.30, 0.20, 0.15)
LOG_SPEND = (3.7, 4.7, 5.9, 4.7)
SCORES = (4.6, 4.6, 4.6, 1.6)
WINDOW_DAYS = 365

# Makes log spend and mean score from the day of each purchase, counted from the first origin.
Draw = Callable[[np.random.Generator, np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class History:
    """A shop whose truth is known: customers who buy once, evenly over time.

    `day` counts from the first date whose window is full; one entry a customer.
    """

    day: np.ndarray
    spend: np.ndarray
    review: np.ndarray

    def tables(self, days: Sequence[int]) -> list[CustomerTable]:
        """Describe the customers as of some days, each by the year before it."""
        return [self.table(day) for day in days]

    def table(self, day: int) -> CustomerTable:
        """Describe the customers of the year before a day."""
        bought, inside = self.day <= day, self.day > day - WINDOW_DAYS
        whole = make_table(self.spend, self.review, np.where(bought, day - self.day, np.nan))
        standing = np.where(bought, np.where(inside, ONE_TIME, INACTIVE), NOT_YET)
        return replace(whole, as_of=AS_OF + day * DAY, standing=standing.astype(np.int8))


def make_history(customers: int, days: int, draw: Draw, seed: int) -> History:
    """Draw so many customers over a full window and so many days after it."""
    rng = np.random.default_rng(seed)
    day = np.sort(rng.uniform(-WINDOW_DAYS, days, customers))
    log_spend, review = draw(rng, day)
    return History(day, np.exp(log_spend), np.clip(review, 1, 5))


def stationary(rng: np.random.Generator, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draw four groups that stay what they are."""
    return _groups(rng, rng.choice(4, len(day), p=SHARES))


def dearer_from(day_of_change: int, by: float) -> Draw:
    """Return a shop whose baskets all cost e^by as much from a day on: a step."""

    def draw(rng: np.random.Generator, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        log_spend, review = stationary(rng, day)
        return log_spend + np.where(day > day_of_change, by, 0.0), review

    return draw


def ever_dearer(by_a_year: float) -> Draw:
    """Return a shop whose baskets grow from day 0 on, e^by_a_year as dear after a year."""

    def draw(rng: np.random.Generator, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        log_spend, review = stationary(rng, day)
        return log_spend + by_a_year * np.clip(day, 0, None) / 365, review

    return draw


def new_kind_from(day_of_change: int, share: float) -> Draw:
    """Return a shop where a share of those who come after a day are of a new, dear kind."""

    def draw(rng: np.random.Generator, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        log_spend, review = stationary(rng, day)
        new = (day > day_of_change) & (rng.random(len(day)) < share)
        unlike = rng.normal(8.5, 0.3, len(day)), rng.normal(3.0, 0.3, len(day))
        return np.where(new, unlike[0], log_spend), np.where(new, unlike[1], review)

    return draw


def blurred(rng: np.random.Generator, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draw the four groups so wide that they run into each other: refits differ by chance."""
    return _groups(rng, rng.choice(4, len(day), p=SHARES), spread=0.5)


def pleased_ever_dearer(by_a_year: float) -> Draw:
    """Return a shop of two satisfied groups, whose baskets grow from day 0 on, and one unhappy."""

    def draw(rng: np.random.Generator, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        group = rng.choice(3, len(day), p=(0.4, 0.35, 0.25))
        log_spend = np.array((3.7, 5.0, 4.4))[group] + rng.normal(0, 0.3, len(day))
        review = np.array((4.6, 4.6, 1.6))[group] + rng.normal(0, 0.35, len(day))
        growth = by_a_year * np.clip(day, 0, None) / 365
        return log_spend + np.where(group < 2, growth, 0.0), review

    return draw


def _groups(
    rng: np.random.Generator, group: np.ndarray, spread: float = 0.3
) -> tuple[np.ndarray, np.ndarray]:
    size = len(group)
    log_spend = np.array(LOG_SPEND)[group] + rng.normal(0, spread, size)
    return log_spend, np.array(SCORES)[group] + rng.normal(0, spread, size)


def confirmed_days(points: Sequence[TimelinePoint], consecutive: int = 2) -> list[int]:
    """Return the days, from the first origin on, on which a confirmed run of alarms starts."""
    start = min(point.origin for point in points)
    found = []
    for origin in {point.origin for point in points}:
        mine = sorted((p for p in points if p.origin == origin), key=lambda p: p.age_days)
        for place in range(len(mine) - consecutive + 1):
            run = mine[place : place + consecutive]
            if all(point.alarm for point in run):
                found.append((run[0].snapshot - start).days)
    return sorted(found)
