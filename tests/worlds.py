"""Made-up customer tables with a known structure."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.customers import ONE_TIME, REPEAT, CustomerTable

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
