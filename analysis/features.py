"""Customers -> named, scaled matrix; the preparation that is stored with the model.

Spend enters as log(1 + spend): its raw skew makes K-Means cut off outliers (methods, 1.3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.customers import CustomerTable, Floats, Ints
from analysis.findings import Family

# Below it a deviation is what rounding leaves of a column that is the same for all.
CONSTANT = 1e-9
KNOWN_TRANSFORMS = ("log1p", "identity")
TRANSFORMS = {"spend": "log1p", "review": "identity", "recency_days": "identity"}


@dataclass(frozen=True)
class Preparation:
    """How a matrix is made: feature names in column order, their transforms, mean and deviation."""

    features: tuple[str, ...]
    transforms: tuple[str, ...]
    mean: tuple[float, ...]
    deviation: tuple[float, ...]


def feature_names(family: Family, has_reviews: bool) -> tuple[str, ...]:
    """Return the features that a family clusters on; satisfaction only where it is known."""
    lasting = ("spend", "review") if has_reviews else ("spend",)
    return lasting if family == "traits" else (*lasting, "recency_days")


def raw_matrix(
    table: CustomerTable,
    codes: Ints,
    features: tuple[str, ...],
    transforms: tuple[str, ...] | None = None,
) -> Floats:
    """Return the transformed, unscaled matrix: one row a customer code, one column a feature.

    `transforms` are those of a preparation that was stored; by default those of a new one.
    """
    columns = [getattr(table, name)[codes] for name in features]
    chosen = transforms or tuple(TRANSFORMS[name] for name in features)
    transformed = [
        np.log1p(column) if transform == "log1p" else column
        for transform, column in zip(chosen, columns, strict=True)
    ]
    return np.ascontiguousarray(np.column_stack(transformed), dtype=np.float64)


def fit_preparation(raw: Floats, features: tuple[str, ...]) -> Preparation:
    """Measure mean and standard deviation of each column; a constant column keeps deviation 1."""
    deviation = raw.std(axis=0)
    return Preparation(
        features=features,
        transforms=tuple(TRANSFORMS[name] for name in features),
        mean=tuple(float(value) for value in raw.mean(axis=0)),
        deviation=tuple(
            float(value) if value > CONSTANT * max(1.0, abs(mean)) else 1.0
            for value, mean in zip(deviation, raw.mean(axis=0), strict=True)
        ),
    )


def scale(raw: Floats, preparation: Preparation) -> Floats:
    """Return the standardised matrix: (raw - mean) / deviation, the same at training and later."""
    scaled: Floats = np.empty_like(raw)
    # Column by column: along the few columns of a row it takes several times as long.
    for place, (mean, deviation) in enumerate(
        zip(preparation.mean, preparation.deviation, strict=True)
    ):
        scaled[:, place] = (raw[:, place] - mean) / deviation
    return scaled


def unscale(scaled: Floats, preparation: Preparation) -> Floats:
    """Return transformed values from standardised ones: the inverse of `scale`."""
    raw: Floats = scaled * np.array(preparation.deviation) + np.array(preparation.mean)
    return raw
