"""What a map of segments shows: each at its spend and its rating, with its share."""

from __future__ import annotations

from dataclasses import dataclass

from report.views.figures import Axis, Mark, Table


@dataclass(frozen=True)
class MapPoint:
    """A segment on the map: its median spend with the quartiles, its mean review, its share."""

    label: str
    colour: int
    x: Mark
    x_low: float
    x_high: float
    y: Mark
    share: Mark


@dataclass(frozen=True)
class SegmentMap:
    """Segments by spend, on a logarithmic axis of whole powers of ten, and by their mean review."""

    title: str
    description: str
    x_axis: Axis
    y_axis: Axis
    points: tuple[MapPoint, ...]
    table: Table
