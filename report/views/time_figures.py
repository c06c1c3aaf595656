"""What a figure over time shows: how long segments hold, the dates compared, what ageing costs."""

from __future__ import annotations

from dataclasses import dataclass

from report.views.figures import Axis, Mark, Table


@dataclass(frozen=True)
class AgeLine:
    """A line over the age of a model: (age in days, value) in order of age."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Span:
    """A stretch of the calendar (days as ordinals), its name, and whether its dates were used."""

    start: float
    end: float
    name: str
    used: bool


@dataclass(frozen=True)
class Calendar:
    """Which dates a timeline could use: stretches one after the other on an axis of months."""

    axis: Axis
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class TimelineFigure:
    """How long a segmentation holds: agreement between a model and its refit, by the model's age.

    One thin line an origin, the pooled median with the range over the origins, the median of cold
    refits, the median of the noise between two refits of one date, the threshold, and the lowest
    value of the placebo. Ages above `observed_until` were
    observed on too few origins (`observed_label` says so); `alarm` is the first confirmed alarm;
    `calendar`, where it is shown, says which dates were used.
    """

    title: str
    description: str
    x_axis: Axis
    y_axis: Axis
    origins: tuple[AgeLine, ...]
    origins_name: str
    median: AgeLine
    band: tuple[tuple[float, float, float], ...]
    band_name: str
    cold: AgeLine
    floor: AgeLine
    threshold: Mark
    threshold_name: str
    placebo: Mark
    placebo_name: str
    observed_until: Mark
    observed_label: str
    alarm: Mark | None
    alarm_label: str
    calendar: Calendar | None
    table: Table


@dataclass(frozen=True)
class CalendarCell:
    """One comparison: its text, how far from agreement it is (0 to 1), whether it is an alarm."""

    text: str
    strength: float
    alarm: bool


@dataclass(frozen=True)
class CalendarRow:
    """A starting date with its comparisons, one a date; None where there is none."""

    label: str
    cells: tuple[CalendarCell | None, ...]


@dataclass(frozen=True)
class CalendarGrid:
    """Starting dates by the dates they were compared on.

    An event stands in a column, ageing along the rows. `scale` names what is pale and what is dark.
    """

    title: str
    description: str
    row_name: str
    columns: tuple[str, ...]
    rows: tuple[CalendarRow, ...]
    scale: tuple[str, str]
    alarm_name: str
    table: Table


@dataclass(frozen=True)
class CostFigure:
    """What an interval between refits costs a month: (months, cost) in order of the interval.

    `beyond` continues `observed` where no model so old was seen; `flat` are the ends of the zone in
    which the interval matters little, `optimum` its cheapest interval.
    """

    title: str
    description: str
    x_axis: Axis
    y_axis: Axis
    observed: AgeLine
    beyond: AgeLine
    flat: tuple[float, float]
    flat_name: str
    optimum: Mark
    optimum_name: str
    table: Table
