"""What a page may say of the segments: each one, what was tried, and what speaks for it."""

from __future__ import annotations

from dataclasses import dataclass

from report.views.figures import Comparison, Dumbbell, GroupedBars, HeatGrid, Table
from report.views.map_figure import SegmentMap
from report.views.records import Absence, Card


@dataclass(frozen=True)
class LifecycleView:
    """One stage of a segment: its name, days since the last order, how many, what to do.

    `low` says how many of them are owed a repair, where the segment is one to repair.
    """

    stage: str
    name: str
    days: str
    customers: str
    share: str
    revenue: str
    todo: str
    low: str


@dataclass(frozen=True)
class StageMessage:
    """What customers of a segment are sent in one stage: the document's text, and in theirs.

    `todo` is the advice of the stage. `said` tells why there is no text of its own, which is then
    empty: that of the stage before serves, or the advice is not to send any.
    """

    stage: str
    days: str
    customers: str
    todo: str
    said: str
    subject: str
    body: str
    their_subject: str
    their_body: str


@dataclass(frozen=True)
class StageMessages:
    """A segment's messages by stage, and the `language` of its customers, empty: the document's."""

    language: str
    messages: tuple[StageMessage, ...]


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
    not known, `control` whether to keep a control group, empty where nobody is left out;
    `sentences` say the same with what they rest on.
    """

    priority: str
    role: str
    why: str
    cards: tuple[Card, ...]
    proof: str
    control: str
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
    palette (`figures.palette_colour`). `by_stage` holds the messages of every stage. `distinction`
    says in one sentence what sets the segment apart from everybody. `rule` holds the conditions,
    one sentence each, all to be true; `rule_quality` says how well they recognise the segment, or
    why there is no rule.
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
    by_stage: StageMessages
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
    tornado: Dumbbell | Absence
    voices: VoicesView | Absence
    rule: tuple[str, ...]
    rule_quality: str
    top_states: Table
    top_categories: Table


@dataclass(frozen=True)
class CandidateView:
    """One partition that was tried: what it is, its verdict, and the sentence that says why.

    `points` are those of the scorecard, a dash where it did not come so far.
    """

    family: str
    algorithm: str
    k: str
    points: str
    verdict: str
    reason: str
    chosen: bool
    passed: bool


@dataclass(frozen=True)
class CandidatesView:
    """What was tried, on which features, and why each partition was kept or refused.

    `table` and `rows` are the best of each algorithm and the one with the most points, `everything`
    is all; `gates` how many each gate refused, `scorecard` those that met the gates, `verdicts` how
    sure the choice is, `sureness` the two of them that every document says (who else would win, how
    near plain cuts come), `checks` what the chosen one reaches.
    """

    headline: str
    sentence: str
    rule: str
    table: Table
    rows: tuple[CandidateView, ...]
    everything: Table
    gates: Table
    scorecard: Table | Absence
    verdicts: tuple[str, ...]
    sureness: tuple[str, ...]
    checks: Table


@dataclass(frozen=True)
class EvidenceView:
    """Which features cluster and why, what transformations and missing reviews change.

    `numbers` holds what the data say of each number of segments, `number_sentence` both answers
    side by side, `number_title` the same as a title.
    """

    features: Table
    transforms: Table
    reviews: str
    numbers: Table | Absence
    number_sentence: str
    number_title: str


@dataclass(frozen=True)
class MiddleView:
    """What to do for whoever gave three stars: why, the counts by segment, the message.

    `their_subject` and `their_body` are the message in the customers' language, `language`; empty
    where that is the document's.
    """

    title: str
    why: str
    todo: str
    table: Table
    recipients: str
    subject: str
    body: str
    language: str
    their_subject: str
    their_body: str


@dataclass(frozen=True)
class Tomorrow:
    """What to do tomorrow morning: whom to select and how many they are; `colours` of its rows."""

    table: Table
    colours: tuple[int, ...]


@dataclass(frozen=True)
class SegmentationView:
    """The chosen segments, together and one by one.

    `baskets` tells the amounts of names that share a word for a basket, empty where none does.
    `values` says what a mailing to each may bring, and `tornado` which input decides that of the
    first. `plans` ranks them, `plan_colours` are the places of its rows in the palette, `plan_rule`
    says how they are ranked, and `buying_again` how the repeat rates were measured. `stage_check`
    says whether the stages of `grid` agree with how soon customers were seen to come back.
    `tomorrow` says what can be done at once, None where nothing can.
    `middle` is for whoever gave three stars; None where nobody did, or no review is known.
    """

    sentence: str
    method: str
    structure: str
    fidelity: str
    map: SegmentMap | Absence
    variables: str
    logarithm: str
    new_customer: str
    shares: Dumbbell
    baskets: str
    overview: Table
    tomorrow: Tomorrow | None
    grid: HeatGrid
    stage_check: str
    plans: Table
    plan_colours: tuple[int, ...]
    plan_rule: str
    values: Table | Absence
    tornado: Dumbbell | Absence
    buying_again: tuple[str, ...]
    middle: MiddleView | None
    segments: tuple[SegmentView, ...]


@dataclass(frozen=True)
class Sending:
    """How a campaign leaves, and how its effect is read.

    `steps` come before it; `triggers` do not wait for a file; `undelivered` is for whoever has not
    received the order, empty where nobody is to be repaired. `test` says how the effect is counted;
    `success` from how many buyers on there is one, its rows in `colours` of the palette, None where
    no segment is sold to or no repeat rate is known.
    """

    lead: str
    steps: tuple[str, ...]
    triggers: tuple[str, ...]
    undelivered: tuple[str, ...]
    test: tuple[str, ...]
    success: Table | None
    colours: tuple[int, ...]


@dataclass(frozen=True)
class HandOver:
    """What marketing needs to load the segments and to run a campaign that can be measured.

    `codes` has a row a segment, in the order of priority, `colours` its place in the palette;
    `columns` says what stands in segments.csv, `brackets` what fills the fields of the messages,
    and `sending` what comes after.
    """

    lead: str
    codes: Table
    colours: tuple[int, ...]
    columns: Table
    brackets: Table
    sending: Sending


@dataclass(frozen=True)
class CustomerMessage:
    """The ready message of a segment: in the customers' language, and in the document's own."""

    segment: str
    colour: int
    recipients: str
    subject: str
    body: str
    own_subject: str
    own_body: str


@dataclass(frozen=True)
class CustomerMessages:
    """The messages in the customers' language, where that is not the document's."""

    language: str
    messages: tuple[CustomerMessage, ...]
