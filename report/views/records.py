"""What a page may say: frozen views of the findings, in one language, every figure written.

A field that is a text is shown as it stands. A part that could not be computed is an `Absence`,
with the sentence that says why; templates ask `{% if part is absent %}`, code asks
`isinstance(part, Absence)`. Numbers stand beside texts only where a figure is drawn from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from report.views.figures import (
    Comparison,
    CostFigure,
    Dumbbell,
    GroupedBars,
    HeatGrid,
    IntervalBars,
    MonthlyLine,
    Table,
    TileMap,
)

if TYPE_CHECKING:
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
    `movement` which quarters are compared. `figures` are every measure by month, state, category.
    A figure that needs a table that is missing is an Absence.
    """

    states_table: Table
    states_figure: IntervalBars | Absence
    cities_table: Table
    sellers_table: Table
    categories_table: Table
    figures: tuple[Table, ...]
    payments: Table | Absence
    instalments: Table | Absence
    rule: str
    movement: str
    definitions: tuple[str, ...]


@dataclass(frozen=True)
class SnapshotView:
    """The dashboard before any filter, with the period it covers.

    `states` is a map of tiles for the states of Brazil, bars for any others; `followed` holds the
    most urgent states, cities and sellers, why each is listed and how it moved.
    """

    title: str
    period: str
    cards: tuple[Card, ...]
    states: TileMap | IntervalBars | Absence
    months: MonthlyLine | Absence
    followed: Table


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
    """Who is described, who is not, and why; the groups add up to `total`."""

    total: str
    in_segments: str
    described_on: str
    window: str
    sentence: str
    imputed: str
    groups: tuple[GroupView, ...]
    table: Table


@dataclass(frozen=True)
class LifecycleView:
    """One stage of a segment: its name, days since the last order, how many, what to do."""

    stage: str
    name: str
    days: str
    customers: str
    share: str
    revenue: str
    todo: str


@dataclass(frozen=True)
class ActionView:
    """One action of a segment's plan, as marketing wrote it.

    `hold_out` says how many customers must be left out to test it, or why none are; `measure` is
    the kind of test (content.Action).
    """

    name: str
    channel: str
    offer: str
    timing: str
    kpi: str
    guardrail: str
    measure: str
    hold_out: str


@dataclass(frozen=True)
class PlanView:
    """What acting on a segment takes, may bring, and can be shown to have brought.

    `priority` is its place, `role` what the segment is for in a word, `why` the amount that ranks
    it. `cards` hold the repeat rate, the time to the next order, the smallest lift that a test
    shows and the lift that pays; `proof` says what a hold-out group can show, empty where that is
    not known; `sentences` say the same with what they rest on.
    """

    priority: str
    role: str
    why: str
    cards: tuple[Card, ...]
    proof: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class MentionView:
    """A term that is typical of a segment's comments, and how often it and the others use it."""

    text: str
    share: str
    others: str


@dataclass(frozen=True)
class QuoteView:
    """A comment as its customer wrote it, and the stars that came with it."""

    text: str
    stars: str


@dataclass(frozen=True)
class VoicesView:
    """What the customers of a segment write, in the `language` of the shop (empty: not known).

    `sentence` says how many comments there are, `note` that quotes are as written, `method` how
    terms and quotes were chosen.
    """

    language: str
    sentence: str
    terms: tuple[MentionView, ...]
    quotes: tuple[QuoteView, ...]
    note: str
    method: str


@dataclass(frozen=True)
class SegmentView:
    """One segment: the persona's texts, the figures, and how to recognise it.

    `name` tells two segments of one persona apart by a number. `colour` is the place in the
    palette (`figures.palette_colour`). `distinction` says in one sentence what sets the
    segment apart from everybody. `rule` holds the conditions, one sentence each, all to be true;
    `rule_quality` says how well they recognise the segment, or why there is no rule.
    """

    segment_id: str
    persona: str
    kind: str
    name: str
    tagline: str
    who: str
    objective: str
    priority: str
    do: tuple[str, ...]
    dont: tuple[str, ...]
    actions: tuple[ActionView, ...]
    message_recipients: str
    message_subject: str
    message_body: str
    colour: int
    customers: str
    customer_share: str
    revenue_share: str
    cards: tuple[Card, ...]
    distinction: str
    comparison: Comparison
    reviews: GroupedBars | Absence
    lifecycle: tuple[LifecycleView, ...]
    plan: PlanView
    voices: VoicesView | Absence
    rule: tuple[str, ...]
    rule_quality: str
    top_states: Table
    top_categories: Table


@dataclass(frozen=True)
class CandidateView:
    """One partition that was tried: what it is, its verdict, and the sentence that says why."""

    family: str
    algorithm: str
    k: str
    verdict: str
    reason: str
    chosen: bool
    passed: bool


@dataclass(frozen=True)
class CandidatesView:
    """What was tried, on which features, and why each partition was kept or refused.

    `table` and `rows` are the best of each algorithm, `everything` is all; `gates` how many each
    gate refused, `scorecard` those that met the gates, `verdicts` how sure the choice is, `checks`
    what the chosen one reaches.
    """

    sentence: str
    rule: str
    table: Table
    rows: tuple[CandidateView, ...]
    everything: Table
    gates: Table
    scorecard: Table | Absence
    verdicts: tuple[str, ...]
    checks: Table


@dataclass(frozen=True)
class EvidenceView:
    """Which features cluster and why, what transformations and missing reviews change.

    `numbers` holds what the data say of each number of segments, `number_sentence` both answers
    side by side.
    """

    features: Table
    transforms: Table
    reviews: str
    numbers: Table | Absence
    number_sentence: str


@dataclass(frozen=True)
class SegmentationView:
    """The chosen segments, together and one by one.

    `plans` ranks them, `plan_colours` are the places of its rows in the palette, `plan_rule` says
    how they are ranked, and `buying_again` how the repeat rates were measured.
    """

    sentence: str
    method: str
    structure: str
    fidelity: str
    shares: Dumbbell
    overview: Table
    grid: HeatGrid
    plans: Table
    plan_colours: tuple[int, ...]
    plan_rule: str
    buying_again: tuple[str, ...]
    segments: tuple[SegmentView, ...]


@dataclass(frozen=True)
class StalenessView:
    """What an old model costs.

    `sentence` is from which cost of a misdirected contact on the recommended interval pays,
    `misplaced` how many customers an old model misplaces, `flat` how little the exact interval
    matters; `inputs` are the assumptions, `figure` the cost of the intervals.
    """

    sentence: str
    misplaced: str
    flat: str
    inputs: tuple[str, ...]
    table: Table
    figure: CostFigure | Absence


@dataclass(frozen=True)
class ContractLineView:
    """One line of an offer; amounts not computed are a blank to fill."""

    code: str
    name: str
    quantity: str
    days_each: str
    days: str
    amount: str


@dataclass(frozen=True)
class TierView:
    """One offer: what it holds, its lines, its price or the blank to fill.

    `cap` is the price that is never exceeded.
    """

    code: str
    name: str
    promise: str
    features: tuple[str, ...]
    lines: tuple[ContractLineView, ...]
    days: str
    total: str
    tax: str
    total_with_tax: str
    cap: str
    recommended: bool


@dataclass(frozen=True)
class ClauseView:
    """A clause of the contract: heading, paragraphs, points (there may be none)."""

    heading: str
    paragraphs: tuple[str, ...]
    points: tuple[str, ...]


@dataclass(frozen=True)
class ProposalView:
    """The maintenance contract. `priced` is False when the day rate is not given.

    `clauses` holds the client's six points (`frequency`, `performance_tools`, `model_update`,
    `new_data`, `resources`, `fallback`) and the terms, by the keys of the content files; `tax` is
    the one of the tax mode. `parties` identifies both sides, `calendar` dates the work,
    `service_levels` are delays by severity, `risks` what early refits cost and from when on an
    offer pays, `sensitivity` the recommended offer priced again.
    """

    number: str
    client: str
    consultant: str
    term: str
    validity: str
    issued_on: str
    valid_until: str
    parties: Table
    calendar: Table | Absence
    service_levels: Table | Absence
    risks: Table | Absence
    contingency: str
    sensitivity: Table | Absence
    nothing: tuple[str, ...]
    day_rate: str
    tax: str
    priced: bool
    sentence: str
    tiers: tuple[TierView, ...] | Absence
    table: Table | Absence
    assumptions: tuple[str, ...]
    clauses: Mapping[str, ClauseView]


@dataclass(frozen=True)
class TermView:
    """An entry of the glossary."""

    key: str
    term: str
    explanation: str


@dataclass(frozen=True)
class ReportContext:
    """All that the documents may say, in one language.

    `key_figures` are the figures of the first page; `headlines` one sentence a section; `snapshot`
    is the dashboard as it opens; `method`
    and `limits` are sentences; `source` describes what was read, table by table; `glossary` the
    terms; `queries` the SQL behind the figures: (name, text). `as_of` dates the files themselves.
    """

    language: str
    as_of: datetime
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
    stability: StabilityView | Absence
    drift: DriftView | Absence
    refresh: RefreshView | Absence
    staleness: StalenessView | Absence
    proposal: ProposalView
    method: tuple[str, ...]
    limits: tuple[str, ...]
    source: Table
    glossary: tuple[TermView, ...]
    queries: tuple[tuple[str, str], ...]

    def headline(self, key: str) -> Headline | None:
        """Return the headline of this key, or None where there is nothing to say."""
        return next((headline for headline in self.headlines if headline.key == key), None)
