"""What a page may say: frozen views of the findings, in one language, every figure written.

A field that is a text is shown as it stands. A part that could not be computed is an `Absence`,
with the sentence that says why; templates ask `{% if part is absent %}`, code asks
`isinstance(part, Absence)`. Numbers stand beside texts only where a figure is drawn from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from report.views.figures import GroupedBars, IntervalBars, MonthlyLine, Table, TileMap

if TYPE_CHECKING:
    from report.brand import Brand
    from report.views.change_records import ChangesView
    from report.views.contract_records import ProposalView, StalenessView
    from report.views.segment_records import (
        CandidatesView,
        CustomerMessages,
        EvidenceView,
        HandOver,
        SegmentationView,
    )
    from report.views.time_records import DriftView, RefreshView, StabilityView


@dataclass(frozen=True)
class Absence:
    """Stands where a part could not be computed: the sentence that says why."""

    reason: str


@dataclass(frozen=True)
class Card:
    """One figure to read at a glance: its code, its text, its label, and a line that explains."""

    key: str
    value: str
    label: str
    detail: str = ""


@dataclass(frozen=True)
class Headline:
    """What a section says in one sentence, and one or two that support it.

    `key` is one of `delivery`, `reviews`, `follow_up`, `segments`, `unhappy`, `stability`,
    `refresh`, `price`; a headline whose figures were not computed is not there.
    """

    key: str
    text: str
    detail: str = ""


@dataclass(frozen=True)
class Cover:
    """The first page: titles by document, for whom, by whom, over which period, from what.

    `basis` says in one sentence what the study looked at.
    """

    report_title: str
    playbook_title: str
    deck_title: str
    proposal_title: str
    dashboard_title: str
    client: str
    consultant: str
    period: str
    as_of: str
    source: str
    basis: str
    version: str


@dataclass(frozen=True)
class KpiView:
    """The Customer Experience figures: who needs follow-up, and everything by grain.

    `states_figure` holds every state that has enough orders; `rule` says when a row is listed,
    `movement` which quarters are compared, `present` how all orders of the recent one did and when
    a row stands out in it. `figures` are every measure by month, state, category.
    A figure that needs a table that is missing is an Absence. The bars leave out what hardly any
    order uses.
    """

    states_table: Table
    states_figure: IntervalBars | Absence
    cities_table: Table
    sellers_table: Table
    categories_table: Table
    figures: tuple[Table, ...]
    payments: Table | Absence
    payments_figure: GroupedBars | Absence
    instalments: Table | Absence
    instalments_figure: GroupedBars | Absence
    rule: str
    movement: str
    present: str
    definitions: tuple[str, ...]


@dataclass(frozen=True)
class SnapshotView:
    """The dashboard before any filter, with the period it covers.

    `states` is a map of tiles for the states of Brazil, bars for any others; `followed` holds the
    states, cities and sellers that stand out by now, the surest first, and how each moved;
    `followed_title` says how many, and whether chance alone would list some;
    `by_day` says what the late share is by the day instead of by the hour, `recovered`
    which of the states listed over the period no longer stand out.
    """

    title: str
    period: str
    cards: tuple[Card, ...]
    by_day: str
    states: TileMap | IntervalBars | Absence
    months: MonthlyLine | Absence
    followed: Table
    followed_title: str
    recovered: str


@dataclass(frozen=True)
class ReadingView:
    """Another reading of a question in words, how many rows it gives, and which.

    `difference` says how the rows differ from those of the chosen reading. `table` holds them all
    when they are few, else those that the chosen reading does not have.
    """

    text: str
    rows: str
    difference: str
    table: Table


@dataclass(frozen=True)
class QuestionView:
    """One of the client's questions.

    `table` holds the first rows of the answer, `answer` says in one sentence how many there are,
    `counted` the same without saying which are shown; `why` says why it was read like that.
    `is_current` tells the questions as they stand from an earlier form of one of them.
    """

    question_id: str
    number: str
    is_current: bool
    title: str
    answer: str
    counted: str
    reading: str
    why: str
    table: Table
    other_readings: tuple[ReadingView, ...]
    sql: str


@dataclass(frozen=True)
class GroupView:
    """Customers by what the rules say of them; `key` is one of the fields of CustomerCounts.

    `why` they are described or not, and what there is `todo` for those in no segment.
    """

    key: str
    name: str
    customers: str
    share: str
    why: str
    todo: str


@dataclass(frozen=True)
class CustomersView:
    """Who is described, who is not, and why; the groups add up to `total`.

    `in_segments` can be described, `in_groups` are all the others.
    """

    total: str
    in_segments: str
    in_groups: str
    described_on: str
    window: str
    sentence: str
    imputed: str
    later: str
    groups: tuple[GroupView, ...]
    table: Table


@dataclass(frozen=True)
class TermView:
    """An entry of the glossary."""

    key: str
    term: str
    explanation: str


@dataclass(frozen=True)
class SubsetView:
    """What was measured on some customers only, as a title, and what that leaves open."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class ReportContext:
    """All that the documents may say, in one language.

    `brand` is what the documents wear; `key_figures` are the figures of the first page;
    `headlines` one sentence a section; `snapshot` is the dashboard as it opens; `method`
    and `limits` are sentences; `source` describes what was read, table by table; `glossary` the
    terms; `queries` the SQL behind the figures: (name, text); `changes` is what moved since an
    earlier edition, None where none was given; `subset` stands in `method` too, None where
    everything was measured on everybody. `as_of` dates the files themselves.
    """

    language: str
    as_of: datetime
    brand: Brand
    cover: Cover
    key_figures: tuple[Card, ...]
    headlines: tuple[Headline, ...]
    snapshot: SnapshotView
    kpis: KpiView
    questions: tuple[QuestionView, ...]
    customers: CustomersView
    candidates: CandidatesView | Absence
    evidence: EvidenceView | Absence
    segmentation: SegmentationView | Absence
    hand_over: HandOver | Absence
    messages: CustomerMessages | None
    stability: StabilityView | Absence
    changes: ChangesView | None
    drift: DriftView | Absence
    refresh: RefreshView | Absence
    staleness: StalenessView | Absence
    proposal: ProposalView
    method: tuple[str, ...]
    subset: SubsetView | None
    limits: tuple[str, ...]
    source: Table
    glossary: tuple[TermView, ...]
    queries: tuple[tuple[str, str], ...]

    def headline(self, key: str) -> Headline | None:
        """Return the headline of this key, or None where there is nothing to say."""
        return next((headline for headline in self.headlines if headline.key == key), None)
