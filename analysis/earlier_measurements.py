"""What was measured before on partial data, beside what the same partitions reach on all of it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.findings import Algorithm, Candidate, Family, Findings, NotComputed

FILE = Path(__file__).with_name("partial_measurements.toml")
MEASURES = ("eta_squared_spend", "eta_squared_review", "silhouette", "shuffled_silhouette")


@dataclass(frozen=True)
class Comparison:
    """One figure of one partition: `before` on partial data, `now` on the data of the findings."""

    family: Family
    algorithm: Algorithm
    k: int
    measure: str
    before: float
    now: float | NotComputed


def compare_with_partial(findings: Findings) -> tuple[Comparison, ...] | NotComputed:
    """Return each figure published on the partial data beside that of the same partition here.

    NotComputed where the findings are of other data than those that were measured in part.
    """
    published = tomllib.loads(FILE.read_text(encoding="utf-8"))
    if findings.period.orders != published["orders"]:
        return NotComputed("other_data")
    if isinstance(findings.candidates, NotComputed):
        return findings.candidates
    found = {(one.family, one.algorithm, one.k): one for one in findings.candidates}
    return tuple(
        Comparison(
            family=entry["family"],
            algorithm=entry["algorithm"],
            k=entry["k"],
            measure=measure,
            before=entry[measure],
            now=_value(found.get((entry["family"], entry["algorithm"], entry["k"])), measure),
        )
        for entry in published["measurement"]
        for measure in MEASURES
        if measure in entry
    )


def _value(candidate: Candidate | None, measure: str) -> float | NotComputed:
    """Return a figure of a candidate; one that was not tried has none."""
    if candidate is None:
        return NotComputed("not_reached")
    value: Any = getattr(candidate, measure)
    known: float | NotComputed = value
    return known
