"""What a page may say of time: how long the segments hold, what moves, when to refresh."""

from __future__ import annotations

from dataclasses import dataclass

from report.views.figures import LineChart, Ranges, SmallMultiples, Table
from report.views.records import Absence, Card
from report.views.time_figures import CalendarGrid, TimelineFigure


@dataclass(frozen=True)
class AgeingView:
    """How the segmentation ages: segment by segment, sizes against map, who moves where.

    `migration_sentence` says how many stay, `leavers_sentence` where the others are.
    """

    segments_sentence: str
    segments: SmallMultiples
    changes_sentence: str
    changes: LineChart
    migration_sentence: str
    leavers_sentence: str
    migration: Table


@dataclass(frozen=True)
class DesignsView:
    """Other ways to draw the timeline on the same data.

    `faults` says in a sentence each what is wrong with them, `cost` what the family that lost would
    have asked for in refits.
    """

    sentence: str
    figure: LineChart
    table: Table
    faults: tuple[str, ...]
    cost: str


@dataclass(frozen=True)
class LifetimeView:
    """The age at which the agreement is expected to cross the threshold: shown, never priced.

    `sentence` says whether it was observed, `layers` what each of the two intervals allows for.
    """

    sentence: str
    layers: tuple[str, ...]
    figure: Ranges


@dataclass(frozen=True)
class StabilityView:
    """The stability timeline: the design, the chosen family, the other one beside it.

    `controls` says in a line that the controls passed, `placebo` what each of them found. `keeping`
    is the client's picture, the share of customers who keep their segment, `chosen` the
    same in ARI; `translation` says what the alarm threshold means in customers, empty where no
    point tells. `unused` says which dates could not be used, and why, `noisy` at which of
    them a refit disagreed with another of the same date, empty without one; `grid` is the chosen
    family's timeline by starting date and calendar.
    """

    sentence: str
    agreement: str
    design: tuple[str, ...]
    unused: str
    noisy: str
    controls: str
    placebo: str
    uncertainty: str
    translation: str
    keeping: TimelineFigure
    chosen: TimelineFigure
    other: TimelineFigure | Absence
    other_sentence: str
    families: Table
    rescoring: Table | Absence
    rescoring_sentence: str
    grid: CalendarGrid
    grid_sentence: str
    ageing: AgeingView
    designs: DesignsView | Absence
    lifetime: LifetimeView | Absence


@dataclass(frozen=True)
class DriftView:
    """Whether what customers buy and live through has changed.

    `headline` says it as a title, `sentence` in one sentence, `verdict` what that means for the map
    of segments, `changes` one sentence a feature that moved. `levels` says which ask to act and not
    only to watch, `events` what is other without known events; both may be empty. `summary` holds
    the worst cohort of each feature, `tests` all of them; `change_points` are sentences with a date
    each.
    """

    headline: str
    sentence: str
    verdict: str
    changes: tuple[str, ...]
    levels: str
    events: str
    summary: Table
    tests: Table
    figure: SmallMultiples | Absence
    classifier: str
    change_points: tuple[str, ...]
    definitions: tuple[str, ...]


@dataclass(frozen=True)
class RefreshView:
    """The recommended interval between refits.

    `months` is the interval written with its unit, or an Absence; `recommendation` and `reason`
    are sentences; `clocks` says the two rhythms (re-scoring and refit) in one. `every` is the
    interval as a rhythm, empty where there is none.
    """

    months: str | Absence
    every: str
    recommendation: str
    reason: str
    clocks: str
    grid: str
    cards: tuple[Card, ...]
