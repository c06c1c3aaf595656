"""A sample of as many segments as may be sold, with the longest names."""

from __future__ import annotations

from dataclasses import replace

from sample import sample_findings

from analysis.findings import Interval, Migration, MigrationCell, MigrationRow

PERSONAS = (
    *("loyal", "satisfied_large", "satisfied_medium", "unhappy_medium"),
    *("mixed_medium", "satisfied_small", "mixed_small"),
)


def with_seven_segments():
    """Return the sample with seven segments, and customers who move between all of them."""
    findings = sample_findings()
    first = findings.segmentation.segments[1]
    segments = tuple(
        replace(first, segment_id=f"s{place}", persona=persona)
        for place, persona in enumerate(PERSONAS, 1)
    )
    names = (*(segment.segment_id for segment in segments), "")
    cells = tuple(MigrationCell(name, 250, 0.125, Interval(0.11, 0.14)) for name in names)
    migration = Migration(182, tuple(MigrationRow(name, 2_000, cells) for name in names))
    ageing = replace(findings.stability.ageing, migration=migration)
    return replace(
        findings,
        segmentation=replace(findings.segmentation, segments=segments),
        stability=replace(findings.stability, ageing=ageing),
    )
