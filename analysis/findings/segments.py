"""The segments, and the partition that they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.findings.actions import ActionBasis, ActionPlan
from analysis.findings.buying import BuyingAgain, NextOrder, Repurchase
from analysis.findings.customers import Profile
from analysis.findings.trials import Algorithm, Family
from analysis.findings.values import NOT_MEASURED, NotComputed
from analysis.findings.voices import Voices


@dataclass(frozen=True)
class Condition:
    """`feature` (`spend` or `review` or `recency_days`) compared with a threshold in its unit."""

    feature: str
    comparison: Literal["<=", ">"]
    threshold: float


@dataclass(frozen=True)
class CrmRule:
    """How to recognise a segment: all conditions of at least one of the alternatives hold.

    Recall and precision (0 to 1) are measured on customers that did not serve to write the rule.
    """

    alternatives: tuple[tuple[Condition, ...], ...]
    recall: float
    precision: float


@dataclass(frozen=True)
class LifecycleCell:
    """Customers of a segment in one stage of the lifecycle: a rule on days since the last order.

    A cell `matters` when it holds enough customers for an action of its own
    (settings.Lifecycle.cell_customers). `low_reviewers` gave a low review at least once;
    `reachable` gave only good ones, one at least, and are not held out of campaigns.
    """

    stage: Literal["active", "cooling", "dormant"]
    from_days: int
    to_days: int
    customers: int
    share_of_segment: float
    revenue_cents: int
    matters: bool
    low_reviewers: int | NotComputed = NOT_MEASURED
    reachable: int | NotComputed = NOT_MEASURED


@dataclass(frozen=True)
class ReturnDays:
    """By which days two parts of those who come back within the window are back (Kaplan-Meier).

    `returns` customers were seen to come back within it.
    """

    active_days: float
    cooling_days: float
    returns: int


@dataclass(frozen=True)
class StageDates:
    """Where the active and the cooling stage end, in days since the last order, and why there.

    `set_...` are those of the settings. What was `found` in the data, rounded, stands before them:
    the days by which `active_share` and `cooling_share` of those who come back within
    `window_days` are back.
    """

    active_days: int
    cooling_days: int
    set_active_days: int
    set_cooling_days: int
    active_share: float
    cooling_share: float
    window_days: int
    found: ReturnDays | NotComputed


@dataclass(frozen=True)
class Segment:
    """A segment as the documents know it; its order and name do not depend on the fit's numbers.

    `persona` names an entry of the content files; `persona_number` tells two segments of one
    persona apart (0 when alone). `colour` is the place in the palette. `rule_without_review` is
    that of customers who left no review, where they are placed by what else is known of them;
    NotComputed where a score is filled in.
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
    rule_without_review: CrmRule | NotComputed = NOT_MEASURED

    @property
    def half_way_days(self) -> float | NotComputed:
        """Return the days after which half of those seen to come back had come back."""
        order = self.next_order
        return order if isinstance(order, NotComputed) else order.half_way_days

    @property
    def half_way_stage(self) -> str:
        """Return the stage that the half-way day falls into, empty where there is none."""
        days = self.half_way_days
        if isinstance(days, NotComputed):
            return ""
        inside = (cell.stage for cell in self.lifecycle if cell.from_days < days <= cell.to_days)
        return next(inside, "")


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
    """The chosen partition of the customers of the window.

    `rule_fidelity` is the share of customers, held out, whom the rules for the CRM put where the
    model does; `rule_differences` how many of all those in a segment they put elsewhere.
    """

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
    stages: StageDates | NotComputed = NOT_MEASURED
    rule_differences: int | NotComputed = NOT_MEASURED
