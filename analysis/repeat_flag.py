"""Buying again as a rule, or as a flag inside K-Means: what that would change (methods, 1.2).

Nearly everybody bought once, so a scaled flag puts its few holders many deviations away: K-Means
spends a segment on them, or overlooks them. The rule says the same without spending one.
"""

from __future__ import annotations

import numpy as np

from analysis import kmeans
from analysis.customers import ONE_TIME, REPEAT, CustomerTable, Floats
from analysis.features import CONSTANT, raw_matrix
from analysis.findings import NotComputed, RepeatEvidence
from analysis.measures import adjusted_rand, eta_squared
from analysis.points import count_distinct
from analysis.settings import Settings


def measure_repeat_flag(
    table: CustomerTable, names: tuple[str, ...], k: int, settings: Settings
) -> RepeatEvidence | NotComputed:
    """Cluster repeat buyers with the others, their flag a feature, and compare with the rule.

    Both have k + 1 segments: by rule the repeat buyers and K-Means of the others, or K-Means of all
    with the flag as one more scaled column.

    Args:
        table: the customers.
        names: of the clustering features.
        k: segments of those who bought once.
        settings: how many customers are looked at, and the starts.

    Returns:
        NotComputed where nobody bought again.
    """
    wanted = settings.features
    codes = np.sort(np.concatenate([table.members(ONE_TIME), table.members(REPEAT)]))
    drawn = np.random.default_rng(settings.seed).permutation(len(codes))[: wanted.customers]
    codes = codes[np.sort(drawn)]
    raw = raw_matrix(table, codes, names)
    known = ~np.isnan(raw).any(axis=1)
    codes, raw = codes[known], raw[known]
    again = table.occasions[codes] >= 2
    if not again.any() or again.all():
        return NotComputed("no_variation", found="occasions")
    by_rule = np.full(len(codes), k, dtype=np.int32)
    by_rule[~again] = _clusters(raw[~again], k, settings)
    flagged = np.column_stack([raw, again.astype(np.float64)])
    labels = _clusters(flagged, k + 1, settings)
    counts = np.bincount(labels[again], minlength=k + 1)
    spend = np.log1p(table.spend[codes])
    sizes = np.bincount(labels)
    return RepeatEvidence(
        customers=len(codes),
        repeat_share=float(again.mean()),
        isolated_share=float(counts.max() / again.sum()),
        purity=float(counts.max() / sizes[counts.argmax()]),
        agreement=adjusted_rand(by_rule, labels),
        eta_squared_spend=eta_squared(spend, labels),
        eta_squared_spend_by_rule=eta_squared(spend, by_rule),
        smallest_share=float(sizes.min() / sizes.sum()),
    )


def _clusters(raw: Floats, k: int, settings: Settings) -> kmeans.Labels:
    """Return the labels of K-Means on columns scaled on these customers."""
    deviation = raw.std(axis=0)
    matrix = (raw - raw.mean(axis=0)) / np.where(deviation > CONSTANT, deviation, 1.0)
    return kmeans.fit_cold(
        matrix,
        min(k, count_distinct(matrix, k)),
        starts=settings.features.starts,
        seed=settings.seed,
        polished=1,
    ).labels
