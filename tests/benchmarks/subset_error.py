"""What a subset leaves open: its verdicts and figures against those of everybody, a JSON line each.

python tests/benchmarks/subset_error.py SOURCE --customers 24000 32000 --draws 2

The first line is the whole. Of each subset: what was chosen, how long it holds, the refresh, the
smallest Jaccard coefficient, the segments of all customers by its model, their agreement (ARI) with
those by the model of the whole and the largest difference of a share, and the processor's seconds.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from analysis.findings import NotComputed, Timeline
from analysis.measures import adjusted_rand, matched_agreement
from analysis.pipeline import Analysis, analyse
from analysis.segmentation import NO_SEGMENT
from analysis.settings import Scale, Settings
from analysis.source import open_source
from analysis.steps import processor_seconds


def main() -> None:
    """Measure the whole, then each subset."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("--customers", type=int, nargs="+", required=True)
    parser.add_argument("--draws", type=int, default=1)
    parser.add_argument("--whole", type=int, default=10_000_000, help="customers of the first line")
    options = parser.parse_args()
    whole, seconds = _run(options.source, Scale(fit_customers=options.whole))
    _say({"customers": options.whole, "draw": 0, **_figures(whole, whole), "cpu_seconds": seconds})
    for customers in options.customers:
        for draw in range(options.draws):
            scale = Scale(fit_customers=customers, draw=draw)
            found, seconds = _run(options.source, scale)
            figures = _figures(found, whole)
            _say({"customers": customers, "draw": draw, **figures, "cpu_seconds": seconds})


def _run(source: Path, scale: Scale) -> tuple[Analysis, float]:
    settings = Settings(scale=scale)
    start = processor_seconds()
    with open_source(source, settings.source) as opened:
        found = analyse(opened, settings)
    return found, round(processor_seconds() - start, 1)


def _figures(found: Analysis, whole: Analysis) -> dict[str, Any]:
    """Return what a reader would notice."""
    findings = found.findings
    segmentation, refresh = findings.segmentation, findings.refresh
    if isinstance(segmentation, NotComputed) or found.segments is None or whole.segments is None:
        return {"segmentation": "none"}
    chosen = next(one for one in findings.candidates if one.chosen)
    timeline = findings.stability.chosen
    known = (found.segments != NO_SEGMENT) & (whole.segments != NO_SEGMENT)
    ours, theirs = found.segments[known], whole.segments[known]
    figures = {
        "family": chosen.family,
        "algorithm": chosen.algorithm,
        "k": chosen.k,
        "passed": sum(one.passed for one in findings.candidates),
        "personas": [one.persona for one in segmentation.segments],
        "shares": [round(one.profile.customer_share, 4) for one in segmentation.segments],
        "jaccard": round(min(chosen.jaccards), 4),
        "silhouette": round(chosen.silhouette, 4),
        "months": None if isinstance(refresh, NotComputed) else refresh.months,
        "ari_with_whole": round(adjusted_rand(ours, theirs), 4),
        "agreement_with_whole": round(matched_agreement(ours, theirs), 4),
        **(_held(timeline) if isinstance(timeline, Timeline) else {}),
    }
    if len(np.unique(ours)) == len(np.unique(theirs)):
        counts = [np.bincount(one) / len(one) for one in (ours, theirs)]
        figures["share_apart"] = round(float(np.abs(counts[0] - counts[1]).max()), 4)
    if findings.subset is not None and not isinstance(findings.subset.error, NotComputed):
        error = findings.subset.error
        figures["stated"] = {
            "agreement": round(error.agreement, 4),
            "ari": round(error.ari, 4),
            "share_gap": round(error.share_gap, 4),
        }
    return figures


def _held(timeline: Timeline) -> dict[str, Any]:
    return {
        "lowest_ari": round(timeline.lowest_ari, 4),
        "lowest_kept_share": round(timeline.lowest_agreement, 4),
        "confirmable_days": timeline.longest_confirmable_days,
        "placebo_ari": round(timeline.placebo_lowest_ari, 4),
    }


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
