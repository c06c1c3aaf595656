"""What is looked at before and after clustering: gaps, features, correlations, projections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis import findings as f
from analysis.customers import DAY, ONE_TIME, REPEAT, CustomerTable, Floats, Ints
from analysis.drift_features import ABSENT, level_features, number_features, whole_months
from analysis.features import raw_matrix, scale
from analysis.known_features import clustered
from analysis.orders import OrderFacts
from analysis.segmentation import NO_SEGMENT
from analysis.silhouette import silhouette_values
from analysis.study import Study

NO_MODEL = f.NotComputed("depends_on", found="segmentation")
# A histogram ends where only this share of the customers lies beyond, on either side: a few
# extremes would leave everybody else in one bar.
TAIL, BARS = 0.005, 40


@dataclass(frozen=True)
class Missing:
    """The share of valid orders without a value: `shares` has a row a field, a column a month."""

    fields: tuple[str, ...]
    months: tuple[str, ...]
    shares: Floats


@dataclass(frozen=True)
class Features:
    """One row a customer in a segment, one column a feature, NaN where not known.

    `values` are in the client's units, except `spend`, which is log(1 + spend) as it is clustered.
    `segments` are places in `segment_ids`, or NO_SEGMENT; `constant` are the features left out
    because nobody differs in them, or nobody is known.
    """

    names: tuple[str, ...]
    values: Floats
    segments: npt.NDArray[np.int16]
    segment_ids: tuple[str, ...]
    constant: tuple[str, ...]

    def complete(self) -> Ints:
        """Return the rows with every feature known."""
        return np.flatnonzero(~np.isnan(self.values).any(axis=1)).astype(np.int64)

    def known(self, name: str) -> Floats:
        """Return the values of a feature of those who have one."""
        column: Floats = self.values[:, self.names.index(name)]
        return column[~np.isnan(column)]


@dataclass(frozen=True)
class Histogram:
    """How many customers have which value of a feature.

    `counts` has one entry a bar, between two of the `edges`, the upper edge left out but of the
    last; `beyond` is how many lie outside of all bars. Units are those of Features.
    """

    name: str
    edges: Floats
    counts: Ints
    beyond: int


@dataclass(frozen=True)
class FeatureSummary:
    """A feature over its customers: quartiles, skewness (0 is symmetric), share not known."""

    name: str
    quartiles: f.Quartiles
    skewness: float
    missing_share: float


@dataclass(frozen=True)
class Correlations:
    """Spearman's rank correlation of each pair of features, over the `rows` that know all."""

    names: tuple[str, ...]
    values: Floats
    rows: int


@dataclass(frozen=True)
class Projection:
    """The same customers on two planes, a row each: principal components, and neighbours (t-SNE).

    `explained` are the shares of the variance on the two components; `loadings` has a row a
    feature, a column a component. `rows` were drawn at random of `complete`.
    """

    names: tuple[str, ...]
    principal: Floats
    explained: tuple[float, float]
    loadings: Floats
    neighbours: Floats
    segments: npt.NDArray[np.int16]
    segment_ids: tuple[str, ...]
    complete: int

    @property
    def rows(self) -> int:
        """How many customers are drawn."""
        return len(self.principal)


@dataclass(frozen=True)
class SilhouetteProfile:
    """Silhouettes of customers drawn at random, by clustered segment, each descending."""

    segment_ids: tuple[str, ...]
    values: tuple[Floats, ...]
    mean: float
    rows: int
    customers: int


@dataclass(frozen=True)
class Contrast:
    """Segments against everybody: (mean - mean of all) / deviation of all; a row a segment."""

    names: tuple[str, ...]
    segment_ids: tuple[str, ...]
    values: Floats


def count_missing(study: Study) -> Missing:
    """Return what share of the valid orders lacks a value, month by month."""
    orders = study.orders
    gaps = {**_gap_of_numbers(orders), **_gap_of_levels(orders)}
    last = int(orders.purchased_at[-1]) + DAY
    months = whole_months(study.findings.period.started_on, last)
    month = orders.purchased_at.astype("datetime64[s]").astype("datetime64[M]")
    inside = [orders.is_valid & (month == one) for one in months]
    shares = [
        [float(gap[rows].mean()) if rows.any() else np.nan for rows in inside]
        for gap in gaps.values()
    ]
    return Missing(tuple(gaps), tuple(str(one) for one in months), np.array(shares))


def _gap_of_numbers(orders: OrderFacts) -> dict[str, npt.NDArray[Any]]:
    return {str(name): np.isnan(values) for name, values in number_features(orders).items()}


def _gap_of_levels(orders: OrderFacts) -> dict[str, npt.NDArray[Any]]:
    return {str(name): values == ABSENT for name, values in level_features(orders).items()}


def describe_customers(study: Study) -> Features:
    """Return what is known of each customer in a segment; of orders, the last of the window."""
    orders, table = study.orders, study.table
    codes = table.members(ONE_TIME, REPEAT)
    last = _last_orders(orders, table)[codes]
    instalments = orders.instalments[last]
    numbers = number_features(orders)
    columns = {
        "spend": np.log1p(table.spend[codes]),
        "review": table.review[codes],
        "recency_days": table.recency_days[codes],
        "delivery_days": numbers["delivery_days"][last],
        "delay_days": numbers["delay_days"][last],
        "freight_share": numbers["freight_share"][last],
        "instalments": instalments,
    }
    constant = tuple(name for name, column in columns.items() if _is_constant(column))
    names = tuple(name for name in columns if name not in constant)
    segments = study.segments
    return Features(
        names=names,
        values=np.column_stack([columns[name] for name in names]),
        segments=np.full(len(codes), NO_SEGMENT, np.int16) if segments is None else segments[codes],
        segment_ids=() if study.model is None else study.model.segment_ids,
        constant=constant,
    )


def _last_orders(orders: OrderFacts, table: CustomerTable) -> Ints:
    """Return the last valid order of each customer code by the table's date, ABSENT without one."""
    last = np.full(len(orders.customer_ids), ABSENT, dtype=np.int64)
    rows = np.flatnonzero(orders.is_valid & (orders.purchased_at <= table.as_of))
    # Orders stand by date: the last one written stays.
    last[orders.customer[rows]] = rows
    return last


def _is_constant(column: Floats) -> bool:
    known = column[~np.isnan(column)]
    return len(known) == 0 or bool(np.ptp(known) == 0)


def count_values(study: Study) -> tuple[Histogram, ...]:
    """Return the histogram of each feature, over the customers of whom it is known."""
    features = describe_customers(study)
    return tuple(histogram(name, features.known(name)) for name in features.names)


def histogram(name: str, values: Floats) -> Histogram:
    """Count values in bars of one width, all but the tails; whole numbers have a bar each.

    Raises:
        ValueError: there are no values.
    """
    if not len(values):
        raise ValueError(f"no values of {name}")
    low, high = (float(end) for end in np.quantile(values, (TAIL, 1 - TAIL)))
    if (values == np.round(values)).all() and high - low < BARS:
        edges = np.arange(np.floor(low), np.ceil(high) + 2) - 0.5
    else:
        edges = np.linspace(low, high, BARS + 1)
    counts = np.histogram(values, edges)[0].astype(np.int64)
    return Histogram(name, edges, counts, beyond=len(values) - int(counts.sum()))


def summarise_features(study: Study) -> tuple[FeatureSummary, ...]:
    """Return the quartiles and the skewness of each feature (Fisher-Pearson, third moment)."""
    features = describe_customers(study)
    return tuple(_summary(features, name) for name in features.names)


def _summary(features: Features, name: str) -> FeatureSummary:
    from scipy.stats import skew

    known = features.known(name)
    q1, median, q3 = (float(value) for value in np.quantile(known, (0.25, 0.5, 0.75)))
    return FeatureSummary(
        name=name,
        quartiles=f.Quartiles(q1, median, q3, float(known.mean())),
        skewness=float(skew(known)),
        missing_share=1 - len(known) / len(features.values),
    )


def correlate_features(study: Study) -> Correlations | f.NotComputed:
    """Return the rank correlation of every pair (Spearman 1904), shape (features, features)."""
    from scipy.stats import rankdata

    features = describe_customers(study)
    rows = features.complete()
    if len(rows) < 2 or len(features.names) < 2:
        return f.NotComputed("too_few_customers", found=str(len(rows)), expected="2")
    ranks = rankdata(features.values[rows], axis=0)
    return Correlations(features.names, np.corrcoef(ranks.T), len(rows))


def project_customers(study: Study) -> Projection | f.NotComputed:
    """Draw customers on two planes: principal components, and t-SNE (van der Maaten, Hinton 2008).

    Both are of standardised features of the same customers, drawn at random.
    """
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    wanted, features = study.settings.notebooks, describe_customers(study)
    complete = features.complete()
    if len(complete) <= 3 * wanted.neighbours:
        return f.NotComputed(
            "too_few_customers", found=str(len(complete)), expected=str(3 * wanted.neighbours + 1)
        )
    values = features.values[complete]
    scaled = (values - values.mean(axis=0)) / _deviation(values)
    rng = np.random.default_rng(study.settings.seed)
    drawn = np.sort(rng.permutation(len(complete))[: wanted.projection_customers])
    principal = PCA(2, random_state=study.settings.seed).fit(scaled)
    # Coordinates are defined up to their sign: the largest loading is made positive.
    signs = np.sign([axis[np.abs(axis).argmax()] for axis in principal.components_])
    neighbours = TSNE(
        perplexity=wanted.neighbours, init="pca", random_state=study.settings.seed, n_jobs=1
    ).fit_transform(scaled[drawn])
    first, second = principal.explained_variance_ratio_
    return Projection(
        names=features.names,
        principal=principal.transform(scaled[drawn]) * signs,
        explained=(float(first), float(second)),
        loadings=(principal.components_.T * signs),
        neighbours=np.asarray(neighbours, dtype=np.float64),
        segments=features.segments[complete[drawn]],
        segment_ids=features.segment_ids,
        complete=len(complete),
    )


def _deviation(values: Floats) -> Floats:
    deviation: Floats = values.std(axis=0)
    return np.where(deviation > 0, deviation, 1.0)


def profile_silhouettes(study: Study) -> SilhouetteProfile | f.NotComputed:
    """Return silhouettes of customers drawn at random, in the model's scale (Rousseeuw 1987)."""
    model, segments, table = study.model, study.segments, study.table
    if model is None or segments is None:
        return NO_MODEL
    codes = clustered(table, model.preparation.features)
    rng = np.random.default_rng(study.settings.seed)
    drawn = codes[rng.permutation(len(codes))[: study.settings.notebooks.silhouette_customers]]
    raw = raw_matrix(table, drawn, model.preparation.features)
    values = silhouette_values(scale(raw, model.preparation), segments[drawn].astype(np.int32))
    places = range(int(model.has_repeat_segment), len(model.segment_ids))
    return SilhouetteProfile(
        segment_ids=tuple(model.segment_ids[place] for place in places),
        values=tuple(-np.sort(-values[segments[drawn] == place]) for place in places),
        mean=float(values.mean()),
        rows=len(drawn),
        customers=len(codes),
    )


def contrast_segments(study: Study) -> Contrast | f.NotComputed:
    """Return how far each segment's mean lies from everybody's, in deviations of everybody."""
    features = describe_customers(study)
    if not features.segment_ids:
        return NO_MODEL
    everybody = np.nanmean(features.values, axis=0)
    deviation = np.nanstd(features.values, axis=0)
    rows = [
        [
            _mean(features.values[features.segments == place, column])
            for column in range(len(deviation))
        ]
        for place in range(len(features.segment_ids))
    ]
    values = (np.array(rows) - everybody) / np.where(deviation > 0, deviation, 1.0)
    return Contrast(features.names, features.segment_ids, values)


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
