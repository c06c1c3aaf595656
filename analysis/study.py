"""A run opened again: what its notebooks look at beside the findings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from analysis.customers import CustomerTable, build_customers
from analysis.errors import ContentError
from analysis.findings import Findings
from analysis.known_features import settle_missing_reviews
from analysis.orders import OrderFacts, build_orders, to_seconds, until
from analysis.pipeline import fit_window
from analysis.segmentation import Model, SegmentIndex, assign_segments
from analysis.settings import Settings
from analysis.source import OpenSource, open_source, open_tables
from analysis.stage_dates import settle_stages

_DEMO = re.compile(r"demo-(\d+)-(\d+)")


@dataclass(frozen=True)
class Study:
    """The orders and customers that the findings were made of, and the segment of each customer.

    `model` and `segments` (a place in model.segment_ids a customer code, or NO_SEGMENT) are None
    where no segmentation could be made.
    """

    findings: Findings
    settings: Settings
    orders: OrderFacts
    table: CustomerTable
    model: Model | None
    segments: SegmentIndex | None


def open_study(
    findings: Findings, settings: Settings, model: Model | None, address: Path | str
) -> Study:
    """Read the source that the findings were made of once more; a made-up one is made again.

    Args:
        findings: of the earlier run.
        settings: of the earlier run.
        model: that it left, or None.
        address: of the source; not looked at when it was made up.

    Raises:
        SourceError: the source cannot be read.
        ContentError: it does not hold the data that the findings were made of.
    """
    with _open(findings, settings, address) as opened:
        found = opened.description.fingerprint
        if found != findings.source.fingerprint:
            raise ContentError(
                f"other data than the findings were made of: fingerprint {found}",
                where=findings.source.name,
                expected=f"fingerprint {findings.source.fingerprint}",
                todo="name the source of that build, or build again on this one",
            )
        everything = build_orders(opened)
    period = findings.period
    orders = until(everything, period.as_of)
    settings = fit_window(settings, period)
    table = build_customers(orders, to_seconds(period.complete_until), settings.customers)
    settings, table = settle_missing_reviews(orders, table, settings)
    settings, _ = settle_stages(orders, table.as_of, settings)
    segments = None if model is None else assign_segments(table, model)
    return Study(findings, settings, orders, table, model, segments)


def _open(findings: Findings, settings: Settings, address: Path | str) -> OpenSource:
    """Open the source of the findings."""
    from analysis.marketplace import make_marketplace

    name = findings.source.name
    made_up = _DEMO.fullmatch(name) if findings.source.kind == "demo" else None
    if made_up is None:
        return open_source(address, settings.source, settings.scale)
    customers, seed = (int(part) for part in made_up.groups())
    return open_tables(make_marketplace(customers, seed).tables, name=name)
