"""Which features cluster and which only describe: the measured reasons (methods, section 1).

Every effect is measured against the chosen partition, refitted on the same customers: what a
feature, a transformation or a rule for missing reviews would change. K-Means with the same number
of segments stands for all, on at most as many customers as the settings say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from operator import call

import numpy as np

from analysis import kmeans
from analysis.customers import ONE_TIME, CustomerTable, Floats, Ints, impute_reviews
from analysis.descriptions import Descriptions
from analysis.features import CONSTANT, TRANSFORMS, feature_names
from analysis.findings import (
    Family,
    FeatureEvidence,
    FeatureReason,
    FeatureRole,
    Features,
    NotComputed,
    ReviewEvidence,
    TransformEvidence,
)
from analysis.known_features import why_no_reviews
from analysis.measures import adjusted_rand, eta_squared
from analysis.parallel import in_processes
from analysis.points import count_distinct
from analysis.repeat_flag import measure_repeat_flag
from analysis.settings import Settings

LOGGED = ("instalments", "distance_km", "items", "categories")
WINSOR = 0.99


@dataclass(frozen=True)
class _Ground:
    """The customers that everything is measured on, and the chosen partition of them.

    `columns` are the clustering features, transformed and scaled, by name; `labels` the refit on
    them.
    """

    table: CustomerTable
    codes: Ints
    columns: dict[str, Floats]
    labels: kmeans.Labels
    k: int
    settings: Settings

    def fit(self, columns: list[Floats], seed: int = 0) -> kmeans.Fit:
        """Fit K-Means with the chosen number of segments, or as many as there are places."""
        wanted = self.settings.features
        matrix = np.column_stack(columns)
        return kmeans.fit_cold(
            matrix,
            min(self.k, count_distinct(matrix, self.k)),
            starts=wanted.starts,
            seed=self.settings.seed + seed,
            polished=1,
        )


def weigh_features(
    table: CustomerTable,
    codes: Ints,
    described: Descriptions,
    family: Family,
    k: int,
    has_reviews: bool,
    settings: Settings,
) -> Features:
    """Return the evidence on features, on transformations of spend, and on missing reviews.

    Args:
        table: the customers.
        codes: the clustered ones.
        described: their other features, an entry a code.
        family: of the chosen partition.
        k: its number of clusters.
        has_reviews: whether satisfaction is known.
        settings: thresholds, and how many customers are looked at.
    """
    names = feature_names(family, has_reviews)
    rows = _drawn(codes, settings)
    ground = _ground(table, codes[rows], names, k, settings)
    return Features(
        customers=len(rows),
        features=(
            *(_clustering(ground, name) for name in names),
            *_others(ground, described, rows, names, has_reviews),
        ),
        transforms=_transforms(ground),
        reviews=_reviews(table, names, k, settings)
        if has_reviews
        else why_no_reviews(table, settings),
        repeat=measure_repeat_flag(table, names, k, settings),
    )


def _drawn(codes: Ints, settings: Settings) -> Ints:
    """Return the places of the codes that are looked at, ascending."""
    drawn = np.random.default_rng(settings.seed).permutation(len(codes))
    rows: Ints = np.sort(drawn[: settings.features.customers])
    return rows


def _ground(
    table: CustomerTable, codes: Ints, names: tuple[str, ...], k: int, settings: Settings
) -> _Ground:
    """Return the customers with the partition that is fitted on them."""
    columns = {name: _scaled(_transformed(table, codes, name)) for name in names}
    ground = _Ground(table, codes, columns, np.empty(0, np.int32), k, settings)
    return replace(ground, labels=ground.fit(list(columns.values())).labels)


def _clustering(ground: _Ground, name: str) -> FeatureEvidence:
    """Return the evidence on a feature that clusters: what the result is without it."""
    raw = getattr(ground.table, name)[ground.codes]
    rest = [column for other, column in ground.columns.items() if other != name]
    labels = ground.fit(rest).labels if rest else np.zeros(len(raw), np.int32)
    strongest, with_whom = _strongest(raw, ground, leaving_out=name)
    reason = _why_clustered(ground, name, labels, strongest)
    return _evidence(ground, name, "clusters", reason, raw, (strongest, with_whom), labels)


def _why_clustered(
    ground: _Ground, name: str, without: kmeans.Labels, correlation: float | None
) -> FeatureReason:
    """Return what the figures say of a feature that clusters; they may contradict its role."""
    wanted = ground.settings.features
    before, after = _explained(ground, ground.labels), _explained(ground, without)
    # NaN where satisfaction is not known: money alone is compared.
    losses = [one - other for one, other in zip(before, after, strict=True) if not np.isnan(one)]
    if max(losses) < wanted.loss:
        return "dispensable"
    if correlation is not None and abs(correlation) >= wanted.correlation:
        return "repeats_though"
    skew = _skew(ground.columns[name])
    if not isinstance(skew, NotComputed) and abs(skew) >= wanted.skew:
        return "tail"
    return "needed"


def _others(
    ground: _Ground,
    described: Descriptions,
    rows: Ints,
    names: tuple[str, ...],
    has_reviews: bool,
) -> list[FeatureEvidence]:
    """Return the evidence on the features that do not cluster: what adding each would do."""
    numbers = dict(described.numbers)
    whole = {name: values[rows] for name, values in numbers.items()}
    if "recency_days" not in names:
        whole["recency_days"] = ground.table.recency_days[ground.codes]
    if has_reviews:
        whole["low_review"] = ground.table.low_review[ground.codes].astype(np.float64)
    tasks: list[Callable[[], FeatureEvidence]] = [
        lambda name=name, values=values: _number(ground, name, values)  # type: ignore[misc]
        for name, values in whole.items()
    ]
    tasks += [
        lambda name=name, values=values: _level(ground, name, values[rows])  # type: ignore[misc]
        for name, values in described.levels.items()
    ]
    return in_processes(call, tasks)


def _number(ground: _Ground, name: str, raw: Floats) -> FeatureEvidence:
    """Return what adding a numeric feature does; who has none stands at the median."""
    known = ~np.isnan(raw)
    if not known.any() or np.ptp(raw[known]) <= CONSTANT:
        return _without_effect(name, float(known.mean()))
    filled = np.where(known, raw, np.median(raw[known]))
    column = _scaled(np.log1p(filled.clip(0)) if name in LOGGED else filled)
    labels = ground.fit([*ground.columns.values(), column]).labels
    strongest = _strongest(filled, ground)
    usual = np.unique(filled, return_counts=True)[1].max() / len(filled)
    role: FeatureRole = "lifecycle" if name == "recency_days" else "describes"
    reason = _reason(ground, labels, strongest[0], float(usual))
    return _evidence(ground, name, role, reason, raw, strongest, labels)


def _level(ground: _Ground, name: str, levels: Ints) -> FeatureEvidence:
    """Return what adding a feature with levels does, one scaled column a frequent level."""
    known = levels >= 0
    counts = np.bincount(levels[known]) if known.any() else np.zeros(1, int)
    frequent = np.flatnonzero(counts >= ground.settings.features.level_share * len(levels))
    if len(frequent) < 2:
        return _without_effect(name, float(known.mean()))
    columns = [_scaled((levels == level).astype(np.float64)) for level in frequent]
    labels = ground.fit([*ground.columns.values(), *columns]).labels
    return _evidence(ground, name, "describes", "levels", None, (None, ""), labels, levels=levels)


def _reason(
    ground: _Ground, labels: kmeans.Labels, correlation: float | None, usual: float
) -> FeatureReason:
    """Return why a feature only describes."""
    wanted = ground.settings.features
    if usual >= wanted.constant_share:
        return "constant"
    if correlation is not None and abs(correlation) >= wanted.correlation:
        return "repeats"
    before, after = _explained(ground, ground.labels), _explained(ground, labels)
    gains = [other - one for one, other in zip(before, after, strict=True) if not np.isnan(one)]
    if min(gains) <= -wanted.loss:
        return "takes_over"
    return "would_serve" if max(gains) >= wanted.loss else "adds_little"


def _evidence(
    ground: _Ground,
    name: str,
    role: FeatureRole,
    reason: FeatureReason,
    raw: Floats | None,
    strongest: tuple[float | None, str],
    labels: kmeans.Labels,
    levels: Ints | None = None,
) -> FeatureEvidence:
    """Return the record of a feature, with the partition that it makes (or is left without)."""
    spend, review = _explained(ground, labels)
    sizes = np.bincount(labels)
    unknown = NotComputed("no_variation")
    known = float((levels >= 0).mean()) if levels is not None else 1.0
    if raw is not None:
        known = float((~np.isnan(raw)).mean())
    return FeatureEvidence(
        feature=name,
        role=role,
        reason=reason,
        known_share=known,
        skew=unknown if raw is None else _skew(raw),
        correlation=unknown if strongest[0] is None else strongest[0],
        correlated_with=strongest[1],
        agreement=adjusted_rand(ground.labels, labels),
        eta_squared_spend=spend,
        eta_squared_review=unknown if np.isnan(review) else review,
        smallest_share=float(sizes.min() / sizes.sum()),
    )


def _without_effect(name: str, known: float) -> FeatureEvidence:
    """Return the record of a feature that is the same for everybody, or unknown of all."""
    same = NotComputed("no_variation")
    reason: FeatureReason = "constant" if known else "unknown"
    return FeatureEvidence(name, "describes", reason, known, same, same, "", same, same, same, same)


def _transforms(ground: _Ground) -> tuple[TransformEvidence, ...]:
    """Return what each transformation of spend does to the result, other columns kept."""
    raw = ground.table.spend[ground.codes]
    others = [column for name, column in ground.columns.items() if name != "spend"]

    def measured(name: str) -> TransformEvidence:
        column = transform_spend(raw, name)
        columns = [_scaled(column), *others]
        labels = ground.fit(columns).labels
        sizes = np.bincount(labels)
        again = [
            adjusted_rand(labels, _refitted(ground, columns, number))
            for number in range(ground.settings.features.resamples)
        ]
        return TransformEvidence(
            transform=name,
            skew=_skew(column),
            smallest_share=float(sizes.min() / sizes.sum()),
            eta_squared_spend=eta_squared(np.log1p(raw), labels),
            agreement_mean=float(np.mean(again)),
            agreement_low=min(again),
            used=name == TRANSFORMS["spend"],
        )

    return tuple(in_processes(measured, ("raw", "winsorised", "log1p", "yeo_johnson", "rank")))


def transform_spend(raw: Floats, name: str) -> Floats:
    """Return spend as it is, cut at its 99 % quantile, by its logarithm, by Yeo-Johnson, by rank.

    Ranks become normal quantiles, ties their mean. Yeo & Johnson 2000, Biometrika 87.

    Raises:
        ValueError: no such transformation.
    """
    from scipy.stats import norm, rankdata, yeojohnson

    if name == "raw":
        return raw
    if name == "winsorised":
        return np.minimum(raw, np.quantile(raw, WINSOR))
    if name == "log1p":
        return np.log1p(raw)
    if name == "yeo_johnson":
        # One unit a typical spend: the search for the exponent stays away from overflow.
        unit = max(float(np.median(raw)), CONSTANT)
        return np.asarray(yeojohnson(raw / unit)[0], dtype=np.float64)
    if name == "rank":
        return np.asarray(norm.ppf((rankdata(raw) - 0.5) / len(raw)), dtype=np.float64)
    raise ValueError(f"no transformation {name}")


def _refitted(ground: _Ground, columns: list[Floats], number: int) -> kmeans.Labels:
    """Return everybody's label by a fit on customers drawn with replacement."""
    matrix = np.column_stack(columns)
    rng = np.random.default_rng((ground.settings.seed, number))
    drawn = rng.integers(0, len(matrix), len(matrix))
    centres = ground.fit([column[drawn] for column in columns], seed=number).centres
    return kmeans.assign(matrix, centres)


def _reviews(
    table: CustomerTable, names: tuple[str, ...], k: int, settings: Settings
) -> ReviewEvidence:
    """Return what filling in missing reviews changes: the same without those customers."""
    wanted = settings.features
    everyone = table.members(ONE_TIME)
    missing = table.review_imputed | np.isnan(table.review)
    are_placed = bool(np.isnan(table.review[everyone]).any())
    scores = table.missing_scores()
    filled = replace(table, review=impute_reviews(table.review, missing, table.late, scores))
    rows = _drawn(everyone, settings)
    ground = _ground(filled, everyone[rows], names, k, settings)
    kept = np.flatnonzero(~missing[ground.codes])
    without = _ground(ground.table, ground.codes[kept], names, k, settings)
    return ReviewEvidence(
        missing_share=float(missing[everyone].mean()),
        ceiling=wanted.missing_ceiling,
        agreement_without=adjusted_rand(ground.labels[kept], without.labels),
        least_agreement=wanted.missing_agreement,
        are_placed=are_placed,
    )


def _strongest(values: Floats, ground: _Ground, leaving_out: str = "") -> tuple[float | None, str]:
    """Return the rank correlation farthest from nought with a clustering feature, and its name."""
    from scipy.stats import spearmanr

    found = [
        (float(spearmanr(values, column).statistic), name)
        for name, column in ground.columns.items()
        if name != leaving_out and np.ptp(column) > CONSTANT and np.ptp(values) > CONSTANT
    ]
    return max(found, key=lambda entry: abs(entry[0]), default=(None, ""))


def _explained(ground: _Ground, labels: kmeans.Labels) -> tuple[float, float]:
    """Return the share of the variance of log spend, and of reviews, between the groups."""
    spend = np.log1p(ground.table.spend[ground.codes])
    review = ground.table.review[ground.codes]
    return eta_squared(spend, labels), eta_squared(review, labels)


def _transformed(table: CustomerTable, codes: Ints, name: str) -> Floats:
    """Return a clustering feature as it is clustered on, not scaled."""
    raw: Floats = getattr(table, name)[codes]
    return np.log1p(raw) if TRANSFORMS[name] == "log1p" else raw


def _scaled(column: Floats) -> Floats:
    """Return a column less its mean, over its deviation; one that is constant stays nought."""
    deviation = column.std()
    centred: Floats = column - column.mean()
    return centred / deviation if deviation > CONSTANT else centred


def _skew(values: Floats) -> float | NotComputed:
    """Return the third standardised moment: 0 for a symmetrical column."""
    known = values[~np.isnan(values)]
    if not len(known) or known.std() <= CONSTANT:
        return NotComputed("no_variation")
    return float((((known - known.mean()) / known.std()) ** 3).mean())
