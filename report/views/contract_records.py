"""What a page may say of the contract: what an old model costs, offers, clauses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from report.views.figures import Table
from report.views.records import Absence
from report.views.time_figures import CostFigure


@dataclass(frozen=True)
class StalenessView:
    """What an old model costs.

    `sentence` is at which cost of a misdirected contact the recommended interval is the cheapest,
    `title` within which range its offer pays, `misplaced` how many customers an old model
    misplaces, as measured and as fitted, `flat` how little the exact interval matters; `inputs` are
    the assumptions, `figure` the cost of the intervals.
    """

    title: str
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

    `fixed` is the fixed price, of `fixed_days`, that `lines` add up to; `early` the line of the
    early refits that the offer provides for, None where it provides for none, with which it comes
    to `total`; `cap` what is paid at most. `range` says so in a sentence, `short_range` in few
    words. `tax` and `total_with_tax` are empty where no tax is added.
    """

    code: str
    name: str
    promise: str
    features: tuple[str, ...]
    lines: tuple[ContractLineView, ...]
    early: ContractLineView | None
    fixed: str
    fixed_days: str
    cap: str
    days: str
    total: str
    tax: str
    total_with_tax: str
    range: str
    short_range: str
    recommended: bool


@dataclass(frozen=True)
class ClauseView:
    """A clause of the contract: heading, paragraphs, points (there may be none).

    `number` counts through all clauses, and is empty for the annex; `is_apparent` asks for type
    that nobody can miss. `remarks` are to be settled before signing, and no part of the contract.
    """

    heading: str
    paragraphs: tuple[str, ...]
    points: tuple[str, ...]
    number: str = ""
    is_apparent: bool = False
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProposalView:
    """The maintenance contract. `priced` is False when the day rate is not given.

    `stands` is the date and the validity, or that it is a draft; `commitment` what is asked to be
    committed and reserved, `enough` how often the refits provided for are, `budget` both as a
    paragraph; `differences` is `table` without what is the same in all offers; `worth` which offer
    costs least, by what a misdirected contact costs; `breaks` how the probability of an early refit
    and the bound on any break go together; `pays` from when on the recommended offer pays against
    doing nothing, within which range, and what is not known of it, `rests` what that rests on;
    `rounding` the rule of the lines.

    `clauses` holds the client's six points (`frequency`, `performance_tools`, `model_update`,
    `new_data`, `resources`, `fallback`) and the terms, by the keys of the content files; `tax` is
    the one of the tax mode. `parties` identifies both sides, `calendar` dates the work,
    `service_levels` are delays by severity, `risks` what early refits cost and from when on an
    offer pays, `sensitivity` the recommended offer priced again. `remarks` are to be settled before
    anybody signs, clause by clause, and no part of the contract; `warnings`, those that its inputs
    call for; `annex` is what the agreement on personal data leaves to fill.
    """

    number: str
    client: str
    consultant: str
    term: str
    stands: str
    issued_on: str
    valid_until: str
    parties: Table
    calendar: Table | Absence
    service_levels: Table | Absence
    risks: Table | Absence
    contingency: str
    sensitivity: Table | Absence
    warnings: tuple[str, ...]
    remarks: Table
    budget: str
    commitment: str
    enough: str
    breaks: str
    worth: str
    pays: str
    rests: Table | Absence
    annex: Table
    nothing: tuple[str, ...]
    day_rate: str
    tax: str
    priced: bool
    sentence: str
    tiers: tuple[TierView, ...] | Absence
    table: Table | Absence
    differences: Table | Absence
    assumptions: tuple[str, ...]
    rounding: str
    clauses: Mapping[str, ClauseView]
