"""Settings that keep a whole run short: the same steps, on fewer rows and fewer draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TRIALS = {
    "sample": 1_000,
    "mixture_sample": 1_000,
    "spectral_sample": 400,
    "bootstraps": 100,
    "resamples": 6,
    "resample_rows": 2_000,
    "costly_resamples": 3,
    "chosen_resamples": 8,
    "costly_rows": 600,
    "refits": 4,
    "refit_rows": 2_000,
    "near_tie_starts": 6,
    "gap_references": 4,
    "halvings": 4,
    "index_customers": 1_000,
}
QUICK: Mapping[str, Mapping[str, Any]] = {
    "segmentation": {
        "k_min": 4,
        "k_max": 4,
        "starts": 8,
        "shuffles": 4,
        "shuffle_sample": 1_000,
        "silhouette_sample": 1_500,
    },
    "trials": TRIALS,
    "features": {"customers": 1_500, "starts": 4, "resamples": 2},
    "stability": {"snapshot_days": 28, "lifetime_resamples": 6, "lifetime_sample": 3_000},
    "drift": {"classifier_orders": 1_000, "resamples": 20},
    "contract": {"day_rate": "600"},
}


def as_toml(settings: Mapping[str, Mapping[str, Any]] = QUICK) -> str:
    """Write settings as a playbook.toml."""
    lines = []
    for section, entries in settings.items():
        lines.append(f"[{section}]")
        lines += [f"{name} = {_literal(value)}" for name, value in entries.items()]
    return "\n".join(lines) + "\n"


def _literal(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
