"""Everything that passes from the analysis to the documents: frozen dataclasses, to JSON and back.

Units stand in the names: `_days`, `_share` (0 to 1), `_cents` (integer hundredths of the shop's
currency); a plain amount such as `Quartiles.median` of a spend is in the shop's currency.
A value that could not be computed is `NotComputed`, with the reason; never a zero, a NaN or a
default. Texts in here are data (names of states, ids) or codes; sentences belong to the report.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from analysis.errors import FindingsError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FORMAT_VERSION = 2

NotComputedCode = Literal[
    "missing_table",  # the source has no such table: `expected` names it
    "missing_column",  # the source does not hold this column, `expected`: "table.column"
    "no_rows",  # nothing to compute it from
    "too_few_customers",  # found, expected
    "too_few_deliveries",  # found, expected: orders with a delivery and a promise
    "no_complete_month",  # no month has ended with an outcome for nearly all its orders
    "too_short_history",  # found days, expected days
    "no_variation",  # a feature is the same for everybody
    "no_candidate_passed",  # no partition met the client's minimum
    "not_observed",  # the event did not happen within what could be observed: `found` says how long
    "design_not_valid",  # the placebo failed
    "change_not_seen",  # a change made on purpose was not reported, or reported before it was made
    "breaks_early",  # it broke after `found` days, before the shortest interval on offer
    "no_decay",  # the agreement does not fall with age
    "no_day_rate",  # the consultant gave no day rate
    "no_action_inputs",  # the consultant did not say `expected`, the keys of [actions]
    "too_few_comments",  # found, expected
    "known_later",  # the segment is not yet known at a customer's first order
    "cannot_show",  # `found` customers cannot show a lift of any size
    "no_exchange_rate",  # `found` and `expected` are two currencies, and no rate was given
    "no_rise",  # customers are not more often misplaced by an older model
    "no_contact_value",  # what a misdirected contact costs was not given
    "no_refit_in_term",  # the offer holds no refit, so there is nothing to weigh
    "not_given",  # an input that the consultant may give, and did not
    "depends_on",  # `found` names the figure that was not computed
    "no_source",  # `found`, the source of the findings, is not where `expected` says it is
    "not_reached",  # refused before this was measured
]


@dataclass(frozen=True)
class NotComputed:
    """Stands where a value could not be computed, and says why."""

    code: NotComputedCode
    found: str = ""
    expected: str = ""


@dataclass(frozen=True)
class Interval:
    """A 95 % interval, both ends included, in the unit of the value it belongs to."""

    low: float
    high: float


@dataclass(frozen=True)
class Quartiles:
    """First quartile, median, third quartile and mean, in the unit of the feature."""

    q1: float
    median: float
    q3: float
    mean: float


@dataclass(frozen=True)
class Share:
    """One level of a categorical feature: its name in the data, its customers, its share."""

    name: str
    customers: int
    share: float
    everybody_share: float


# ---------------------------------------------------------------- the source


@dataclass(frozen=True)
class TableDescription:
    """One canonical table: its name in the source, its rows; absent when `rows` is None.

    `missing_columns` are the canonical ones that a mapping left out.
    """

    name: str
    source_name: str
    rows: int | None
    missing_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """What was read. Only this part may differ between two forms of the same data."""

    kind: Literal["archive", "folder", "sqlite", "postgresql", "demo"]
    name: str
    fingerprint: str
    tables: tuple[TableDescription, ...]

    @property
    def absent_tables(self) -> frozenset[str]:
        """The canonical tables that are not there."""
        return frozenset(table.name for table in self.tables if table.rows is None)


@dataclass(frozen=True)
class Period:
    """The dates that everything refers to.

    `as_of` closes the period: nothing after it is used. `complete_until` is the last purchase that
    was delivered by then: customers are described as of that moment, because what was bought later
    has no outcome yet. `started_on` is the first day of the first month in regular activity (see
    `orders.describe_period`): windows are full only a window's length after it.
    """

    first_purchase: datetime
    last_purchase: datetime
    as_of: datetime
    complete_until: datetime
    started_on: date
    orders: int
    orders_after_complete: int
    currency: str


# ---------------------------------------------------------------- the dashboard's figures


FollowUpReason = Literal["late", "reviews"]


@dataclass(frozen=True)
class Movement:
    """How the late share moved from one quarter to the next: `difference` with its interval.

    Positive when more orders come late. The interval is Newcombe's hybrid score (1998, method 10).
    """

    recent_late_share: float
    before_late_share: float
    difference: float
    interval: Interval


@dataclass(frozen=True)
class FollowUp:
    """Whether a row of the dashboard needs follow-up, why, how surely, and how it moves.

    Listed for a reason when the whole interval of its share lies above that of all orders. `ratio`
    is the largest, over the reasons, of the interval's lower end divided by the share of all
    orders: how many times as often, at least; the row is listed when it is above 1.
    """

    reasons: tuple[FollowUpReason, ...]
    ratio: float | NotComputed
    movement: Movement | NotComputed


@dataclass(frozen=True)
class KpiRow:
    """The figures of one month, state, city, seller, category or of everything ("all").

    Orders are counted once per (order, key); an order with two sellers counts for both. Canceled
    are those canceled or unavailable. Late means delivered after the promised date.
    `q95_delay_days` is the delay that at least 95 in 100 of the deliveries do not exceed (nearest
    rank). Low reviews are 1 and 2 stars; the answer time runs from the day on which the review was
    asked for. Returning orders are those of customers who had bought before. Revenue is the price
    of the items of delivered orders (sql/intermediate/order_facts.sql), without freight; the basket
    is revenue a delivered order, the freight's share is of price and freight. `follow_up` is None
    where rows are not compared: months, and everything.
    """

    key: str
    label: str
    state: str
    orders: int
    delivered: int
    canceled: int
    late: int | NotComputed
    reviews: int | NotComputed
    low_reviews: int | NotComputed
    first_orders: int
    returning_orders: int
    revenue_cents: int
    freight_cents: int | NotComputed
    delivered_share: float | NotComputed
    canceled_share: float | NotComputed
    late_share: float | NotComputed
    late_interval: Interval | NotComputed
    on_time_share: float | NotComputed
    mean_delay_days: float | NotComputed
    q95_delay_days: int | NotComputed
    mean_delivery_days: float | NotComputed
    mean_promised_days: float | NotComputed
    mean_review: float | NotComputed
    low_review_share: float | NotComputed
    low_review_interval: Interval | NotComputed
    mean_answer_days: float | NotComputed
    returning_share: float | NotComputed
    mean_basket_cents: float | NotComputed
    freight_share: float | NotComputed
    mean_instalments: float | NotComputed
    follow_up: FollowUp | None

    @property
    def needs_follow_up(self) -> bool:
        """Whether the row is listed, for whatever reason."""
        return self.follow_up is not None and bool(self.follow_up.reasons)

    def is_listed_for(self, reason: FollowUpReason) -> bool:
        """Return whether the row is listed for this reason."""
        return self.follow_up is not None and reason in self.follow_up.reasons


@dataclass(frozen=True)
class KpiTable:
    """One grain of the dashboard: rows with at least `minimum_orders`, and what was left out.

    Rows are ordered by `follow_up.ratio`, highest first; months by date. `listed_by_chance` is how
    many reasons would be given if every row had the shares of all orders: one interval in forty
    lies wholly above, the upper tail of 95 %. At most so many rows are then listed by chance.
    `without` says why there is no row at all, where the source does not hold what would tell rows
    apart.
    """

    grain: Literal["month", "state", "city", "seller", "category"]
    minimum_orders: int
    listed_by_chance: float
    rows: tuple[KpiRow, ...]
    left_out_keys: int
    left_out_orders: int
    without: NotComputed | None = None


@dataclass(frozen=True)
class Quarters:
    """The last three complete months and the three before them, written YYYY-MM.

    A month is complete when it has ended and nearly all its orders have an outcome.
    """

    before_from: str
    before_until: str
    recent_from: str
    recent_until: str


@dataclass(frozen=True)
class PaymentType:
    """Orders by their largest payment's type; shares are of the orders with a payment.

    Instalments are the mean over the orders; revenue is that of the whole orders.
    """

    name: str
    orders: int
    order_share: float
    revenue_cents: int
    mean_instalments: float | NotComputed


@dataclass(frozen=True)
class InstalmentCount:
    """Orders paid in so many instalments; shares are of the orders with a payment."""

    instalments: int
    orders: int
    order_share: float
    revenue_cents: int


@dataclass(frozen=True)
class PackedColumn:
    """A column of the dashboard's lines: little-endian integers, zlib, base64.

    `names` is the dictionary when the numbers are positions in it. `absent` stands for no value.
    """

    name: str
    kind: Literal["int8", "int16", "int32", "float64"]
    absent: int
    data: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class DashboardLines:
    """One row an order and seller (sql/marts/dashboard_lines.sql), for the dashboard's filters."""

    rows: int
    columns: tuple[PackedColumn, ...]
    city_names_merged: int


@dataclass(frozen=True)
class Query:
    """A query as the client's analysts may paste it into the sqlite3 shell on their own tables."""

    name: str
    sql: str


@dataclass(frozen=True)
class Kpis:
    """The Customer Experience figures, and the queries behind them.

    A promised date is a day, kept as the moment at which it starts; `late_on_the_day` counts the
    late orders that still came on that day, `late_share_by_day` is the late share without them.
    `movement` is that of all orders between the `quarters`.
    """

    total: KpiRow
    late_on_the_day: int
    late_share_by_day: float | NotComputed
    quarters: Quarters | NotComputed
    movement: Movement | NotComputed
    by_month: KpiTable
    by_state: KpiTable
    by_city: KpiTable
    by_seller: KpiTable
    by_category: KpiTable
    payment_types: tuple[PaymentType, ...] | NotComputed
    instalments: tuple[InstalmentCount, ...] | NotComputed
    lines: DashboardLines
    queries: tuple[Query, ...]


AnswerRow = tuple[str | int | float | None, ...]


@dataclass(frozen=True)
class Reading:
    """One way to read a question: its code, its parameters as text, and the rows that it gives.

    Rows are known by their first column: `added_rows` are not among those of the chosen reading,
    `missing_rows` of the chosen reading are not here.
    """

    code: str
    parameters: tuple[tuple[str, str], ...]
    rows: tuple[AnswerRow, ...]
    added_rows: int = 0
    missing_rows: int = 0


@dataclass(frozen=True)
class Question:
    """One of the client's questions: the chosen reading, the other readings, the SQL.

    `columns` are those of the rows of every reading. The fourth question changed in May 2024:
    `worst_zips_by_orders` is how it stood before.
    """

    question_id: Literal[
        "late_orders", "large_sellers", "new_sellers", "worst_zips", "worst_zips_by_orders"
    ]
    reading: Reading
    columns: tuple[str, ...]
    other_readings: tuple[Reading, ...]
    sql: str

    @property
    def rows(self) -> tuple[AnswerRow, ...]:
        """The answer: the rows of the chosen reading."""
        return self.reading.rows


# ---------------------------------------------------------------- customers and segments


@dataclass(frozen=True)
class CustomerCounts:
    """Everybody, by what the rules say of them. The parts add up to `total`.

    `one_time` customers are clustered; `repeat` (two purchase occasions or more in the window) are
    a segment by rule; `waiting` have no outcome yet; `inactive` bought before the window;
    `no_valid_order` only have cancelled or unavailable orders. `reviews_imputed` counts customers
    of the window without a review whose score was filled in (methods, section 1.5). `outcome_days`
    is how long after a delivery, or its promised date, somebody without a review is waited for.
    """

    described_on: datetime
    window_days: int
    outcome_days: int
    total: int
    one_time: int
    repeat: int
    waiting: int
    inactive: int
    no_valid_order: int
    reviews_imputed: int


@dataclass(frozen=True)
class Profile:
    """What a group of customers is, in the client's units, over the window.

    Spend is the sum paid, freight included; revenue is the price of the items of delivered orders.
    Shares of low reviews are of the reviews, shares of late ones of the orders delivered.
    """

    customers: int
    customer_share: float
    revenue_cents: int
    revenue_share: float
    spend: Quartiles
    occasions_mean: float
    recency_days: Quartiles
    mean_review: float | NotComputed
    review_counts: tuple[int, int, int, int, int] | NotComputed
    low_review_share: float | NotComputed
    low_review_interval: Interval | NotComputed
    late_share: float | NotComputed
    late_interval: Interval | NotComputed
    delivery_days: Quartiles | NotComputed
    freight_share: float | NotComputed
    instalments_mean: float | NotComputed
    top_states: tuple[Share, ...]
    top_categories: tuple[Share, ...]


@dataclass(frozen=True)
class Condition:
    """`feature` (`spend` or `review` or `recency_days`) compared with a threshold in its unit."""

    feature: str
    comparison: Literal["<=", ">"]
    threshold: float


@dataclass(frozen=True)
class CrmRule:
    """How to recognise a segment: all conditions hold. Shares measured on held-out customers."""

    conditions: tuple[Condition, ...]
    recall: float
    precision: float


@dataclass(frozen=True)
class LifecycleCell:
    """Customers of a segment in one stage of the lifecycle: a rule on days since the last order.

    A cell `matters` when it holds enough customers for an action of its own
    (settings.Lifecycle.cell_customers).
    """

    stage: Literal["active", "cooling", "dormant"]
    from_days: int
    to_days: int
    customers: int
    share_of_segment: float
    revenue_cents: int
    matters: bool


@dataclass(frozen=True)
class Repurchase:
    """How many customers of a segment, as of an origin, bought again within the horizon.

    `observed_share` is returned over customers; `share` is drawn towards everybody's
    (repurchase.shrunk_rates), and `low` to `high` is the interval of BuyingAgain.interval_share
    around it.
    """

    customers: int
    returned: int
    observed_share: float
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Incidence:
    """The share of customers with a next order at an age, by Kaplan-Meier."""

    age_days: int
    share: float | NotComputed


@dataclass(frozen=True)
class TimeQuantile:
    """The days after which a share of the customers has a next order, where it was reached."""

    share: float
    days: float | NotComputed


@dataclass(frozen=True)
class NextOrder:
    """Time from the `after`-th purchase occasion to the following one, by Kaplan-Meier.

    `orders` of the `customers` had one; the others are censored at the end of the data. Of those
    who come back within `half_of_days`, half have by `half_way_days`.
    """

    after: Literal["first", "second"]
    customers: int
    orders: int
    by_age: tuple[Incidence, ...]
    quantiles: tuple[TimeQuantile, ...]
    half_of_days: int
    half_way_days: float | NotComputed


@dataclass(frozen=True)
class BuyingAgain:
    """Repeat purchase of all segments together, and why no model of purchase counts is fitted.

    Rates are measured over `horizon_days` from the origin. `prior_strength` is how many customers
    everybody's rate counts for in a segment's. `repeat_share` of all customers ever bought twice;
    below `count_model_share` a model such as BG/NBD has only the date of one order to go by. The
    check: `constant_rate_returned` customers would come back if all had bought at one constant
    rate, that of the time before the origin, against `everybody.returned` who did.
    """

    origin: date
    horizon_days: int
    interval_share: float
    prior_strength: float
    everybody: Repurchase
    repeat_share: float
    count_model_share: float
    constant_rate_returned: float


@dataclass(frozen=True)
class ExpectedValue:
    """What writing once to a whole segment brings at a lift, in the shop's currency."""

    lift: float
    amount: float


@dataclass(frozen=True)
class HoldOut:
    """What a group left without an action shows, or must hold.

    With `customers` of the segment left out, a relative lift of its repeat rate is found from
    `detectable_lift` on. `needed` is how many must be left out to find the target lift of the
    repeat rate, `needed_for_response` of the share who answer or visit.
    """

    customers: int
    detectable_lift: float | NotComputed
    needed: int | NotComputed
    needed_for_response: int | NotComputed


@dataclass(frozen=True)
class ActionPlan:
    """What acting on a segment takes, may bring, and can be shown to have brought.

    `role` and `priority` (1 first) follow actions.rank_plans; `stake` is the amount that ranks the
    segment within its role, in the shop's currency: the revenue at risk for `repair`, else the
    expected value at the central lift where it is known, else `point_value`. `basket` is the mean
    amount of a purchase; `point_value` what one more customer in a hundred would pay. Lifts of the
    break-even and of the expected values are in customers more, of those reached; `gain_share` is
    the probability that the lift exceeds the break-even.
    """

    role: Literal["repair", "sell", "wait", "serve", "understand"]
    priority: int
    stake: float
    stake_kind: Literal["revenue_at_risk", "expected_value", "point_value"]
    basket: float
    point_value: float
    break_even_lift: float | NotComputed
    expected_values: tuple[ExpectedValue, ...] | NotComputed
    gain_share: float | NotComputed
    hold_out: HoldOut


@dataclass(frozen=True)
class ActionBasis:
    """The rules of the test that every plan is made by; see settings.Actions."""

    alpha: float
    power: float
    held_out_share: float
    target_lift: float
    plausible_lift: float


@dataclass(frozen=True)
class Term:
    """A word, or two that follow each other, and the shares of the comments that mention it."""

    text: str
    share: float
    others_share: float


@dataclass(frozen=True)
class Quote:
    """A comment as it was written, on one line, masked where it may tell who somebody is.

    Of a segment's comments come first those that need no mask and name nobody, then those whose
    score is nearest to the median of the segment's, then those that mention most of its typical
    terms, then by the id of the review; each next one mentions a typical term that none before
    did, where there is one. Length within bounds, never in capitals throughout.
    """

    text: str
    score: int


@dataclass(frozen=True)
class Voices:
    """What the customers of a segment write about the orders of the window.

    `terms` set the segment apart from the other comments, most typical first (voices.log_odds).
    `language` is the one that the settings name for the shop's customers, empty where unknown.
    """

    language: str
    comments: int
    terms: tuple[Term, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Segment:
    """A segment as the documents know it; its order and name do not depend on the fit's numbers.

    `persona` names an entry of the content files; `persona_number` tells two segments of one
    persona apart (0 when alone). `colour` is the place in the palette.
    """

    segment_id: str
    persona: str
    persona_number: int
    kind: Literal["cluster", "repeat_rule"]
    colour: int
    profile: Profile
    lifecycle: tuple[LifecycleCell, ...]
    rule: CrmRule | NotComputed
    repurchase: Repurchase | NotComputed
    next_order: NextOrder | NotComputed
    plan: ActionPlan
    voices: Voices | NotComputed


Gate = Literal["G1", "G2", "G3", "G4", "G5", "G6"]


@dataclass(frozen=True)
class GateCheck:
    """One condition of a gate: its code, the figure, the threshold, the verdict.

    Gates, in order: G1 operable, G2 the client's minimum, G3 sizes that can be sold, G4 stable, G5
    explainable, G6 maintainable (methods, 2.4). Where there is a `lower_bound` (95 %, customers
    drawn again), it is what must reach the threshold; it is only worked out where the figure does.
    """

    code: str
    value: float
    threshold: float
    at_least: bool
    passed: bool
    gate: Gate = "G2"
    lower_bound: float | NotComputed = NotComputed("not_reached")


Family = Literal["traits", "traits_and_recency"]
Algorithm = Literal[
    "kmeans",
    "bisecting",
    "gaussian_mixture",
    "ward",
    "spectral",
    "dbscan",
    "hdbscan",
    "rfm",  # baseline: the predecessor's recency and amount as they are, without satisfaction
    "rule",  # baseline: every feature cut once, without a fit
]
ExtensionKind = Literal["none", "nearest_centre", "neighbours"]


@dataclass(frozen=True)
class Score:
    """The scorecard of a candidate that met gates G1 to G5: five marks from 0 to 1, and points.

    `actions`: segments that call for an action of their own, of the most that a team keeps in mind.
    `separation`: mean share of the variance of money and satisfaction explained. `stability`: the
    least stable segment's Jaccard coefficient. `explainability`: half the worst recall of a rule,
    half how few rules there are. `fit`: half the silhouette beyond shuffled columns, half the rank
    by Davies-Bouldin in its family. `points`: the marks by the weights, 0 to 100. `place`: 1 for
    the best; of those closer than the tie, the fewest segments go first.
    """

    actions: float
    separation: float
    stability: float
    explainability: float
    fit: float
    points: float
    place: int


@dataclass(frozen=True)
class Candidate:
    """One partition that was tried, what was measured of it, and where it stopped.

    `k` segments were found (repeat buyers not counted), `asked` is how many the algorithm was told
    to make, 0 where it decides. `customers` are those of the window; the algorithm saw
    `fitted_customers` of them, and their labels were carried on to the others by `extension`, right
    for `extension_accuracy` of those held out. `noise_share` has no segment. The silhouette is the
    mean of draws of `silhouette_sample` customers, or of all; `shuffled_silhouette` is the mean on
    independently shuffled columns. `compactness` and `elongation` are those of the least compact
    and the most elongated segment. `jaccards` are the mean Jaccard coefficients over resampled
    customers, a segment, largest segment first; `refit_floor` the 5 % quantile of the agreement
    (ARI) of refits on resampled customers, `seed_floor` that of single starts; `near_tie` the
    lowest agreement with the best of the starts that are as good. `gate` is the one where it
    failed, or the last it passed; `failed_check` names the check, or for one that passed what it
    lost to. What stands beyond the failed gate was not measured.
    """

    family: Family
    algorithm: Algorithm
    parameters: tuple[tuple[str, str], ...]
    asked: int
    k: int
    customers: int
    sizes: tuple[int, ...]
    fitted_customers: int
    extension: ExtensionKind
    extension_accuracy: float
    noise_share: float
    smallest_share: float
    service_segments: int
    inertia: float
    silhouette: float | NotComputed
    silhouette_interval: Interval | NotComputed
    silhouette_sample: int
    shuffled_silhouette: float | NotComputed
    davies_bouldin: float | NotComputed
    calinski_harabasz: float | NotComputed
    compactness: float | NotComputed
    elongation: float | NotComputed
    eta_squared_spend: float
    eta_squared_review: float | NotComputed
    jaccards: tuple[float, ...] | NotComputed
    refit_floor: float | NotComputed
    seed_floor: float | NotComputed
    near_tie: float | NotComputed
    checks: tuple[GateCheck, ...]
    gate: Gate
    passed: bool
    is_baseline: bool
    chosen: bool
    failed_check: str
    score: Score | NotComputed


@dataclass(frozen=True)
class Control:
    """A partition that must fail the client's minimum (A6), and the check that it fails first.

    When `failed` is NotComputed the control passed: the minimum tells nothing apart.
    """

    code: Literal["random_labels", "recency_and_amount"]
    failed: GateCheck | NotComputed


@dataclass(frozen=True)
class Choice:
    """How the chosen candidate was chosen among those that met the gates.

    `weights` are points of the scorecard, in the order of Score's marks. `wins_share` is the share
    of `draws` random weightings around them under which the chosen candidate still comes first;
    `runner_up_points` are those of the next best, `baseline_points` those of the best baseline that
    met gates G1 to G5. `tie` is the difference in points below which fewer segments win.
    `resamples` and `costly_resamples` are how often customers were drawn again for the Jaccard
    coefficients: of the fast algorithms, and of those fitted on `resample_customers` each time.
    """

    weights: tuple[float, ...]
    tie: float
    draws: int
    wins_share: float | NotComputed
    points: float | NotComputed
    runner_up_points: float | NotComputed
    baseline_points: float | NotComputed
    controls: tuple[Control, ...]
    resamples: int
    costly_resamples: int
    resample_customers: int


@dataclass(frozen=True)
class SizeEvidence:
    """What the data say of one number of clusters, K-Means on the features of the chosen family.

    Silhouette and its mean on shuffled columns, Davies-Bouldin (lower is better),
    Calinski-Harabasz, gap and prediction strength with their standard errors, and the Jaccard
    coefficient of the least stable segment where that gate was reached.
    """

    k: int
    silhouette: float | NotComputed
    shuffled_silhouette: float
    davies_bouldin: float | NotComputed
    calinski_harabasz: float | NotComputed
    gap: float | NotComputed
    gap_error: float | NotComputed
    prediction_strength: float
    prediction_error: float
    jaccard: float | NotComputed


@dataclass(frozen=True)
class NumberOfSegments:
    """The number of clusters that the data prefer, index by index, beside the one chosen.

    `by_gap` may be 1: no groups. `by_prediction` is the largest k whose prediction strength and
    its error together reach `strength_threshold`. `customers` were looked at for both.
    """

    customers: int
    sizes: tuple[SizeEvidence, ...]
    by_silhouette: int | NotComputed
    by_davies_bouldin: int | NotComputed
    by_calinski_harabasz: int | NotComputed
    by_gap: int | NotComputed
    by_prediction: int
    strength_threshold: float
    chosen: int


FeatureRole = Literal["clusters", "lifecycle", "describes"]
FeatureReason = Literal[
    "needed",  # without it the segments are blind to what the client asked for
    "unknown",  # the source does not say it
    "constant",  # the same for nearly everybody
    "repeats",  # says what a clustering feature says already
    "takes_over",  # takes the split that money or satisfaction needs
    "levels",  # levels without an order: they would part customers by place or by kind of goods
    "adds_little",  # neither hurts nor serves what the client asked for
]


@dataclass(frozen=True)
class FeatureEvidence:
    """Why a feature clusters, or only describes.

    `correlation` is Spearman's, the one farthest from 0 with a clustering feature. The effect is
    that of a partition with the same number of segments with the feature added, or for one that
    clusters without it: agreement (ARI) with the chosen one, shares of the variance of log spend
    and of reviews explained, smallest segment.
    """

    feature: str
    role: FeatureRole
    reason: FeatureReason
    known_share: float
    skew: float | NotComputed
    correlation: float | NotComputed
    correlated_with: str
    agreement: float | NotComputed
    eta_squared_spend: float | NotComputed
    eta_squared_review: float | NotComputed
    smallest_share: float | NotComputed


@dataclass(frozen=True)
class TransformEvidence:
    """What a transformation of spend does to the partition; agreement over resampled customers."""

    transform: str
    skew: float | NotComputed
    smallest_share: float
    eta_squared_spend: float
    agreement_mean: float
    agreement_low: float
    used: bool


@dataclass(frozen=True)
class ReviewEvidence:
    """What the filled-in reviews change.

    `agreement_without` is the agreement (ARI) of the customers who have a review, when the others
    are left out. Above `ceiling` filling in is not to be trusted.
    """

    missing_share: float
    ceiling: float
    agreement_without: float
    least_agreement: float


@dataclass(frozen=True)
class Features:
    """The evidence on features, measured on `customers` of those that are clustered."""

    customers: int
    features: tuple[FeatureEvidence, ...]
    transforms: tuple[TransformEvidence, ...]
    reviews: ReviewEvidence | NotComputed


@dataclass(frozen=True)
class StructureCheck:
    """Silhouette of the chosen partition against refits on independently shuffled columns.

    `structure` is claimed only if the difference to the mean is at least `minimum_difference` and
    the figure lies above the whole range of the shuffles (methods, section 2.2).
    """

    silhouette: float
    shuffled_mean: float
    shuffled_low: float
    shuffled_high: float
    shuffles: int
    minimum_difference: float
    structure: bool


@dataclass(frozen=True)
class Segmentation:
    """The chosen partition of the customers of the window."""

    family: Family
    algorithm: Algorithm
    k: int
    features: tuple[str, ...]
    structure: StructureCheck | NotComputed
    everybody: Profile
    segments: tuple[Segment, ...]
    rule_fidelity: float | NotComputed
    rule_order: tuple[str, ...]
    buying_again: BuyingAgain | NotComputed
    action_basis: ActionBasis


# ---------------------------------------------------------------- stability and contract


@dataclass(frozen=True)
class TimelinePoint:
    """A model of `origin` against the refit of `snapshot`, on the customers of the snapshot.

    `ari` and `agreement_share` (labels matched) for the warm start and for the cold one; the floor
    is the 5 % quantile and the mean of the ARI between refits on resampled customers.
    """

    origin: date
    snapshot: date
    age_days: int
    ari_warm: float
    ari_cold: float
    agreement_warm: float
    agreement_cold: float
    floor_mean: float
    floor_q05: float
    floor_agreement: float
    alarm: bool


@dataclass(frozen=True)
class AgePoint:
    """The timeline pooled by age: over the origins observed at that age."""

    age_days: int
    origins: int
    ari_median: float
    ari_low: float
    ari_high: float
    agreement_median: float
    agreement_low: float
    cold_ari_median: float


@dataclass(frozen=True)
class KnownChange:
    """A change made on purpose: from a day on, a share of the orders is of one high `amount`.

    `alarm_days` is how long after it the first alarm came that was confirmed; the design passes
    when there is one, and none before the change.
    """

    share: float
    amount: float
    changed_on: date
    followed_days: int
    alarm_days: int | NotComputed
    lowest_ari: float
    passed: bool


@dataclass(frozen=True)
class Timeline:
    """How one family of segmentation holds over time.

    `longest_confirmable_days` is the longest age at which enough origins were followed far enough
    to confirm an alarm; `origins_at_limit` is how many were, `effective_origins` what they are
    worth as independent ones, and `break_probability_bound` the 95 % upper bound, from those, of
    the probability of a break by that age when none was seen.
    """

    family: Family
    k: int
    points: tuple[TimelinePoint, ...]
    by_age: tuple[AgePoint, ...]
    first_alarm_days: int | NotComputed
    longest_observed_days: int
    longest_confirmable_days: int
    lowest_ari: float
    lowest_agreement: float
    origins: int
    origins_at_limit: int
    effective_origins: float
    break_probability_bound: float | NotComputed
    placebo_lowest_ari: float
    placebo_passed: bool
    known_change: KnownChange | NotComputed


@dataclass(frozen=True)
class ResampledLifetime:
    """The lifetime on resampled customers: 90 % of the histories lie between `low` and `high`.

    `alarm_share` is the share of them in which an alarm was confirmed within the time observed.
    """

    resamples: int
    customers: int
    low_days: float | NotComputed
    high_days: float | NotComputed
    alarm_share: float


@dataclass(frozen=True)
class Lifetime:
    """The age at which the expected ARI falls below the threshold, by ARI = exp(-(t / s)^b).

    `low_days` and `high_days` are over the origins: a 90 % interval that allows for their overlap,
    or the plain range where they are worth too few. `isotonic_days` and `median_days` are the same
    age without a formula. What is `extrapolated` lies beyond all that was seen.
    """

    threshold_ari: float
    shape: float
    days: float
    low_days: float
    high_days: float
    interval: Literal["range", "t_interval"]
    origins: int
    effective_origins: float
    isotonic_days: float | NotComputed
    median_days: float | NotComputed
    extrapolated: bool
    longest_observed_days: int


@dataclass(frozen=True)
class SegmentAgeing:
    """The matched Jaccard index of a segment with the refit's, by age, pooled over the origins."""

    segment_id: str
    ages_days: tuple[int, ...]
    jaccard_median: tuple[float, ...]
    jaccard_low: tuple[float, ...]


@dataclass(frozen=True)
class AgeChange:
    """What moved by an age, medians over the origins.

    `sizes_moved_share`: customers in other segments of the unchanged map (the mix).
    `map_moved_share`: customers of the origin that the refit's map would place elsewhere.
    """

    age_days: int
    sizes_moved_share: float
    map_moved_share: float


@dataclass(frozen=True)
class MigrationCell:
    """Customers that are in this segment later; an empty `segment_id` is outside the window."""

    segment_id: str
    customers: int
    share: float | NotComputed
    interval: Interval | NotComputed


@dataclass(frozen=True)
class MigrationRow:
    """Where the customers of a segment are later; an empty `segment_id` is those who were new."""

    segment_id: str
    customers: int
    cells: tuple[MigrationCell, ...]


@dataclass(frozen=True)
class Migration:
    """Who moves where within some days, under the frozen model, up to the last date."""

    days: int
    rows: tuple[MigrationRow, ...]


@dataclass(frozen=True)
class Ageing:
    """How the chosen segmentation ages: segment by segment, mix and map, and who moves where."""

    segments: tuple[SegmentAgeing, ...]
    changes: tuple[AgeChange, ...]
    migration: Migration


@dataclass(frozen=True)
class Design:
    """Another way to draw the timeline, as the client may have seen it, on the same data.

    ARI of the first origin's model with cold refits, by age. `first_below_days` is the first age
    below the threshold.
    """

    code: Literal["cumulative_absolute", "capped_recency", "window_recency", "window_traits"]
    k: int
    ages_days: tuple[int, ...]
    aris: tuple[float, ...]
    first_below_days: int | NotComputed


@dataclass(frozen=True)
class Rescoring:
    """How fast labels move under the frozen model: customers of both dates, over `days`."""

    days: int
    segment_changed_share: float
    stage_changed_share: float
    left_window_share: float
    new_share: float


@dataclass(frozen=True)
class Refresh:
    """The recommended interval between refits, and what bound it.

    `bound` says which of the limits was the smallest: `observed` (longest age at which enough
    origins could have confirmed an alarm), `alarm` (first confirmed alarm), `lifetime` (on
    resampled customers), `economic` (a refit costs less than the contacts that it corrects), `year`
    (never more than twelve months). `months` is the limit rounded down to the commercial grid.
    """

    months: int | NotComputed
    bound: Literal["observed", "alarm", "lifetime", "economic", "year"]
    limit_days: int | NotComputed
    grid_months: tuple[int, ...]
    rescoring_months: int


@dataclass(frozen=True)
class Stability:
    """The stability timeline: the design, the chosen family, and the other one beside it.

    An alarm is confirmed when it holds on `consecutive` snapshots of one origin in a row.
    `other_refresh` is what the rule of the refit gives on the other family's timeline.
    """

    threshold_ari: float
    window_days: int
    snapshot_days: int
    consecutive: int
    usable_from: date
    usable_until: date
    chosen: Timeline
    other: Timeline | NotComputed
    other_refresh: Refresh | NotComputed
    rescoring: tuple[Rescoring, ...]
    lifetime: Lifetime | NotComputed
    resampled: ResampledLifetime
    ageing: Ageing
    designs: tuple[Design, ...]


DriftFeature = Literal[
    "spend",
    "delivery_days",
    "delay_days",
    "freight_share",
    "review",
    "instalments",
    "payment_type",
    "state",
    "category",
]


@dataclass(frozen=True)
class DriftTest:
    """The orders of a cohort, bought from one day until another, against the reference.

    `size` is D of Kolmogorov and Smirnov for `kind` "numbers", Cramér's V for "levels".
    `p_adjusted` is corrected for all tests together (Benjamini and Hochberg), `p_dependent` without
    assuming that they are independent (Benjamini and Yekutieli). `shift` is the Wasserstein
    distance in deviations of the reference, None for levels. `alarm` needs both a small
    `p_adjusted` and a large difference; `confirmed` is one that the cohort before raised too.
    """

    feature: DriftFeature
    kind: Literal["numbers", "levels"]
    bought_from: date
    bought_until: date
    orders: int
    size: float
    p_value: float
    p_adjusted: float
    p_dependent: float
    psi: float
    psi_null: float
    shift: float | None
    alarm: bool
    confirmed: bool


@dataclass(frozen=True)
class DriftBaseline:
    """Two random samples of the reference, each of a cohort's size: what no change looks like."""

    feature: DriftFeature
    orders: int
    size: float
    psi: float
    shift: float | None


@dataclass(frozen=True)
class DriftSeries:
    """A feature cohort by cohort: quartiles of numbers, in their unit; of the orders known."""

    feature: DriftFeature
    reference: Quartiles
    bought_until: tuple[date, ...]
    cohorts: tuple[Quartiles, ...]


@dataclass(frozen=True)
class DomainClassifier:
    """How well a model tells the last cohort's orders from the reference's: 0.5 is not at all.

    Area under the ROC curve by cross-validation, `low` and `high` over the folds; `baseline` is the
    area for two random samples of the reference. `features` are those that it leans on most, with
    the area lost when each is shuffled.
    """

    orders: int
    area: float
    low: float
    high: float
    baseline: float
    threshold: float
    features: tuple[tuple[DriftFeature, float], ...]


@dataclass(frozen=True)
class ChangePoint:
    """A month from which on the monthly mean of a feature keeps another level.

    `resampled_share` is the share of resampled histories in which a change is found within one
    month of it.
    """

    feature: DriftFeature
    month: date
    mean_before: float
    mean_after: float
    resampled_share: float


@dataclass(frozen=True)
class Drift:
    """Whether what customers buy and live through has changed: cohorts against a reference year.

    Cohorts are of orders, by date of purchase; orders of the last `maturity_days` are not looked
    at, because the slow deliveries among them are not known yet.
    """

    reference_from: date
    reference_until: date
    reference_orders: int
    cohort_days: int
    maturity_days: int
    size_threshold: float
    index_threshold: float
    significance: float
    tests: tuple[DriftTest, ...]
    baseline: tuple[DriftBaseline, ...]
    series: tuple[DriftSeries, ...]
    classifier: DomainClassifier | NotComputed
    change_points: tuple[ChangePoint, ...] | NotComputed
    months: int


@dataclass(frozen=True)
class Misplacement:
    """How many customers an old model misplaces by an age: share = scale * months ** exponent.

    The share is of those to whom a refit gives another segment, less what two refits of the same
    day disagree on (`floor_share`, their mean). `shares` are the values by age that the curve was
    fitted to; nothing is known beyond `observed_until_days`.
    """

    scale: float
    exponent: float
    floor_share: float
    ages_days: tuple[int, ...]
    shares: tuple[float, ...]
    observed_until_days: int


@dataclass(frozen=True)
class IntervalBreakEven:
    """From which cost of a misdirected contact on (shop's currency) refits at an interval pay.

    `misplaced_share` of the customers are misplaced at the end of the interval.
    """

    months: int
    misplaced_share: float | NotComputed
    contact_cost: Decimal | NotComputed


@dataclass(frozen=True)
class CostCurve:
    """What an interval costs a month, refits and misdirected contacts, in the shop's currency.

    `is_assumed` tells a contact cost that was given from one that makes the recommended interval
    the cheapest. Intervals from `flat_from` to `flat_until` months cost at most `flat_share` more
    than the optimum.
    """

    contact_cost: Decimal
    is_assumed: bool
    optimum_months: float
    optimum_cost: float
    flat_share: float
    flat_from: float
    flat_until: float
    months: tuple[float, ...]
    costs: tuple[float, ...]


@dataclass(frozen=True)
class Staleness:
    """What an old model costs: misplaced customers times contacts times what one costs.

    `refit_cost` and every contact cost are in `currency`, the shop's.
    """

    currency: str
    customers: int
    campaigns_per_month: int
    misplacement: Misplacement
    refit_cost: Decimal | NotComputed
    contact_cost: Decimal | NotComputed
    break_even: tuple[IntervalBreakEven, ...]
    curve: CostCurve | NotComputed


@dataclass(frozen=True)
class ContractLine:
    """Days times rate. `amount` is rounded once, and totals add the rounded lines."""

    code: Literal["onboarding", "refit", "monitoring", "review", "early_refit", "infrastructure"]
    quantity: int
    days_each: Decimal
    days: Decimal
    amount: Decimal | NotComputed


@dataclass(frozen=True)
class Contingency:
    """How many refits a term takes when models may break early, over simulated terms.

    `early_share` is the probability that a model breaks before its planned refit, `mean_refits` the
    mean number of refits in the term, `covered_refits` the number that a share `quantile` of the
    terms does not exceed.
    """

    early_share: float
    mean_refits: float
    covered_refits: int
    quantile: float
    simulations: int


@dataclass(frozen=True)
class Delays:
    """Working days until a fault is answered, by severity."""

    blocking: int
    major: int
    minor: int


@dataclass(frozen=True)
class Tier:
    """One offer for the term of the contract.

    `beyond_observed` says that its interval is longer than what the data could show to hold.
    `price_cap` is the total with every early refit that may be invoiced besides; `other_total` is
    the total in the shop's currency, for information. `break_even` is the cost of a misdirected
    contact (shop's currency) from which on the offer pays.
    """

    code: Literal["essential", "recommended", "serenity"]
    refit_every_months: int
    beyond_observed: bool
    rescoring: Literal["weekly", "monthly"]
    response_working_days: int
    delays: Delays
    early_refits_included: int
    refit_dates: tuple[date, ...]
    review_dates: tuple[date, ...]
    contingency: Contingency | NotComputed
    lines: tuple[ContractLine, ...]
    days: Decimal
    total: Decimal | NotComputed
    tax: Decimal | NotComputed
    total_with_tax: Decimal | NotComputed
    price_cap: Decimal | NotComputed
    other_total: Decimal | NotComputed
    break_even: Decimal | NotComputed


SensitivityCode = Literal[
    "as_offered", "day_rate", "refit_days", "interval", "curve", "campaigns", "exchange_rate"
]


@dataclass(frozen=True)
class SensitivityRow:
    """The recommended offer priced again with one input changed.

    `value` is the input: an amount, days, months, a count; for `curve` "lower", "central" or
    "upper". `price` is in the quote's currency, `other_price` and `break_even` in the shop's.
    """

    code: SensitivityCode
    value: str
    price: Decimal | NotComputed
    other_price: Decimal | NotComputed
    break_even: Decimal | NotComputed


@dataclass(frozen=True)
class PartyIdentity:
    """A party of the contract; what is empty is a blank to fill."""

    name: str
    legal_form: str
    address: str
    city: str
    registration: str
    vat_number: str
    signatory: str
    email: str


@dataclass(frozen=True)
class ExchangeRate:
    """What one unit of the quote's currency is worth in the shop's, when, according to whom."""

    rate: Decimal
    quoted_on: date
    source: str


@dataclass(frozen=True)
class ContractTerms:
    """Values that the clauses name. Those of the law were noted on a day, and are to be checked."""

    payment_days: int
    deposit_share: float
    acceptance_working_days: int
    correction_working_days: int
    notice_days: int
    erasure_days: int
    breach_notice_hours: int
    fallback_share_moved: float
    fallback_late_days: int
    fallback_floor: float
    late_penalty_multiple: int
    recovery_indemnity: Decimal
    indemnity_currency: str
    payment_articles: str
    tax_article: str
    law_noted_on: date
    early_refits_a_year: int
    revision_index_base: Decimal | None
    revision_index_month: str


@dataclass(frozen=True)
class InternalWork:
    """The same work by the client's own team, as the client gave it."""

    days: Decimal
    day_cost: Decimal
    total: Decimal


@dataclass(frozen=True)
class Proposal:
    """The priced contract. Every input is the consultant's, from playbook.toml: assumed, marked."""

    client: str
    consultant: str
    client_identity: PartyIdentity
    consultant_identity: PartyIdentity
    number: str
    issued_on: date
    is_dated: bool
    valid_until: date
    starts_on: date
    ends_on: date
    currency: str
    shop_currency: str
    exchange: ExchangeRate | NotComputed
    term_months: int
    day_rate: Decimal | NotComputed
    infrastructure_per_month: Decimal
    tax_mode: str
    tax_rate: Decimal
    validity_days: int
    terms: ContractTerms
    internal: InternalWork | NotComputed
    survival: Literal["resampled", "bound"] | NotComputed
    tiers: tuple[Tier, ...] | NotComputed
    sensitivity: tuple[SensitivityRow, ...]


@dataclass(frozen=True)
class Findings:
    """All that was found. `segmentation` and what follows from it may be NotComputed."""

    format_version: int
    program_version: str
    seed: int
    source: Source
    period: Period
    kpis: Kpis
    questions: tuple[Question, ...]
    customers: CustomerCounts
    candidates: tuple[Candidate, ...] | NotComputed
    choice: Choice | NotComputed
    features: Features | NotComputed
    number_of_segments: NumberOfSegments | NotComputed
    segmentation: Segmentation | NotComputed
    stability: Stability | NotComputed
    drift: Drift | NotComputed
    refresh: Refresh | NotComputed
    staleness: Staleness | NotComputed
    proposal: Proposal


def to_json(findings: Findings) -> str:
    """Return findings as JSON text, the same for equal findings."""
    text = _adapter().dump_json(findings, indent=1).decode()
    return text + "\n"


def from_json(text: str, where: str = "findings.json") -> Findings:
    """Read findings back from JSON.

    Raises:
        FindingsError: not the findings of this version.
    """
    from pydantic import ValidationError

    try:
        version = json.loads(text).get("format_version")
    except (json.JSONDecodeError, AttributeError) as error:
        raise FindingsError(
            "the file does not hold findings",
            where=where,
            expected="the findings.json that `playbook build` writes",
            todo="build again, or name the file in the output folder of a build",
        ) from error
    if version != FORMAT_VERSION:
        raise FindingsError(
            f"findings of format {version}",
            where=where,
            expected=f"format {FORMAT_VERSION}",
            todo="build again with this version of playbook",
        )
    try:
        findings = _adapter().validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise FindingsError(
            f"{error.error_count()} values are not as written, the first at {place}: "
            f"{first['msg']}",
            where=where,
            expected="the findings.json that `playbook build` writes, unchanged",
            todo="build again",
        ) from error
    return findings


def read_findings(path: Path) -> Findings:
    """Read a findings.json.

    Raises:
        FindingsError: the file cannot be read, or does not hold findings.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FindingsError(
            f"the file cannot be read: {error}",
            where=str(path),
            expected="the findings.json that `playbook build` writes",
            todo="check the path",
        ) from error
    return from_json(text, where=str(path))


@cache
def _adapter() -> TypeAdapter[Findings]:
    """Return the reader and writer of Findings, made once; pydantic is imported where used."""
    from pydantic import TypeAdapter

    return TypeAdapter(Findings)
