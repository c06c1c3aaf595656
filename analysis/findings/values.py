"""What the figures are made of: intervals, quartiles, and what could not be computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NotComputedCode = Literal[
    "missing_table",  # the source has no such table: `expected` names it
    "missing_column",  # the source does not hold this column, `expected`: "table.column"
    "no_rows",  # nothing to compute it from
    "too_few_customers",  # found, expected
    "all_repeat",  # nearly all bought twice: `found` of them; `expected` one-time customers needed
    "too_few_reviews",  # found, expected: customers of the window who left one
    "too_many_orders",  # found; expected: customers up to which every order is brought together
    "too_few_deliveries",  # found, expected: orders with a delivery and a promise
    "no_complete_month",  # no month has ended with an outcome for nearly all its orders
    "too_short_history",  # found days, expected days
    "no_variation",  # a feature is the same for everybody
    "no_candidate_passed",  # no partition passed every gate
    "stopped_at_gate",  # none did: `found` names the gate where the farthest of `expected` stopped
    "not_observed",  # the event did not happen within what could be observed: `found` says how long
    "not_known_beyond",  # of an age beyond `found` days, the oldest observed, nothing is known
    "design_not_valid",  # the placebo failed
    "change_not_seen",  # a change made on purpose was not reported, or reported before it was made
    "breaks_early",  # it broke after `found` days, before the shortest interval on offer
    "no_decay",  # the agreement does not fall with age
    "no_day_rate",  # the consultant gave no day rate
    "no_action_inputs",  # the consultant did not say `expected`, the keys of [actions]
    "too_few_comments",  # found, expected
    "known_later",  # the segment is not yet known at a customer's first order
    "cannot_show",  # `found` customers cannot show a lift of any size
    "nobody_left_out",  # what is done for these customers is for all of them
    "no_exchange_rate",  # `found` and `expected` are two currencies, and no rate was given
    "no_rise",  # customers are not more often misplaced by an older model
    "no_contact_value",  # what a misdirected contact costs was not given
    "no_refit_in_term",  # the offer holds no refit, so there is nothing to weigh
    "not_given",  # an input that the consultant may give, and did not
    "depends_on",  # `found` names the figure that was not computed
    "no_source",  # `found`, the source of the findings, is not where `expected` says it is
    "no_earlier_file",  # `expected`, a file of the earlier edition, is not beside its findings
    "no_earlier_interval",  # the earlier edition recommended no interval
    "no_earlier_segments",  # the earlier edition has no segments
    "not_measured_then",  # the version that wrote these findings did not measure it
    "other_data",  # it was published of another shop's data
    "other_segments",  # a fit on another subset gave another number of segments
    "not_reached",  # refused before this was measured
]


@dataclass(frozen=True)
class NotComputed:
    """Stands where a value could not be computed, and says why."""

    code: NotComputedCode
    found: str = ""
    expected: str = ""


NOT_REACHED = NotComputed("not_reached")
NOT_MEASURED = NotComputed("not_measured_then")


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
