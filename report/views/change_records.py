"""What a page may say of the changes since an earlier edition."""

from __future__ import annotations

from dataclasses import dataclass

from report.views.figures import Table
from report.views.records import Absence, Card


@dataclass(frozen=True)
class ChangesView:
    """What changed since an earlier edition.

    `basis` says which two editions are compared, `notes` what makes them unlike, `matching` how the
    segments were matched, `names` which are new, gone or called otherwise. `every_figure` holds all
    figures of the segments then and now, `at_a_glance` those that a sheet has room for; `rule` says
    what is called a move. `moved` and `flow` follow the customers, `migration` from segment to
    segment. `kpis` holds the orders since against those until then. `recommendation` says how
    interval and price changed and why, `offer` line by line. `promise` is whether what was promised
    then held.
    """

    title: str
    headline: str
    basis: str
    notes: tuple[str, ...]
    cards: tuple[Card, ...]
    matching: str
    names: tuple[str, ...]
    every_figure: Table | Absence
    at_a_glance: Table | Absence
    rule: str
    moved: str
    flow: Table | Absence
    migration: Table | Absence
    kpis: Table
    recommendation: tuple[str, ...]
    offer: Table
    promise: str
