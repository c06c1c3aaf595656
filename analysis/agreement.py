"""How far an earlier model and a refit of today agree: the check that `monitor` is about."""

from __future__ import annotations

import numpy as np

from analysis import kmeans
from analysis.customers import CustomerTable
from analysis.features import raw_matrix, scale
from analysis.known_features import clustered
from analysis.looks import Agreement
from analysis.segmentation import Model
from analysis.settings import Settings
from analysis.snapshots import Snapshot, compare, make_snapshot
from analysis.stability import measure_floor


def measure_agreement(
    model: Model, before: CustomerTable, now: CustomerTable, settings: Settings
) -> Agreement:
    """Compare a stored model with a warm refit on the window that ends now.

    `before` is the window of the model's own date, both tables are over the model's window.
    """
    features, k = model.preparation.features, len(model.centres)
    later = make_snapshot(now, model.family, k, "review" in features, settings)
    tolerance = settings.stability.warm_tolerance
    found = compare([_as_stored(before, model)], later, tolerance)[0]
    floor = measure_floor(later, k, settings).q05
    threshold = settings.stability.threshold_ari
    return Agreement(
        customers=len(later.raw),
        ari_warm=found.ari_warm,
        agreement_warm=found.agreement_warm,
        threshold_ari=threshold,
        floor_ari=floor,
        sizes_moved_share=found.sizes_moved_share,
        old_agreement=found.old_agreement,
        alarm=found.ari_warm < threshold and found.ari_warm < floor,
    )


def _as_stored(table: CustomerTable, model: Model) -> Snapshot:
    """Return the snapshot that the stored model is, on the customers of its own date."""
    prepared = model.preparation
    codes = clustered(table, prepared.features)
    raw = raw_matrix(table, codes, prepared.features, prepared.transforms)
    matrix, centres = scale(raw, model.preparation), np.array(model.centres)
    labels = kmeans.assign(matrix, centres)
    inertia = float(((matrix - centres[labels]) ** 2).sum())
    fit = kmeans.Fit(centres, labels, inertia)
    return Snapshot(table.as_of, raw, model.preparation, matrix, fit)
