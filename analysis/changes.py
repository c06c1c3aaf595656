"""What changed since an earlier edition: who moved, what moved, and whether the promise held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from analysis import findings as f
from analysis.ageing import migration_rows
from analysis.agreement import measure_agreement
from analysis.customers import DAY, ONE_TIME, CustomerTable, Flags
from analysis.editions import Edition, places_then, why_no_customers
from analysis.figure_changes import compare_profiles, compare_shares
from analysis.matching import Matching, is_assignable
from analysis.measures import wilson_interval
from analysis.orders import to_seconds
from analysis.refresh import months_to_days
from analysis.segmentation import NO_SEGMENT, Model, SegmentIndex, customers_of, model_customers
from analysis.settings import Editions, Settings

if TYPE_CHECKING:
    from analysis.orders import OrderFacts

# What an interval of 95 % leaves out where nothing changed.
LEFT_OUT = 0.05


@dataclass(frozen=True, eq=False)
class Present:
    """The present edition: `segments` is the segment of each customer code, None without any."""

    findings: f.Findings
    orders: OrderFacts
    table: CustomerTable
    segments: SegmentIndex | None


def measure_changes(
    edition: Edition,
    present: Present,
    matching: Matching | f.NotComputed,
    since: f.KpiRow,
    settings: Settings,
) -> f.Changes:
    """Compare the present edition with an earlier one, segments matched.

    `since` holds the figures of the orders bought after the earlier edition.
    """
    then, found, orders = edition.findings, present.findings, present.orders
    compared = compare_segments(then, found, matching, settings.editions)
    flow, migration = _moves(edition, present, matching)
    told = [] if isinstance(compared, f.NotComputed) else [c for s in compared for c in s.figures]
    known = [change for change in told if not isinstance(change.interval, f.NotComputed)]
    return f.Changes(
        then=_facts(then),
        now=_facts(found),
        orders_then_now=int((orders.purchased_at <= to_seconds(then.period.as_of)).sum()),
        matched_by=matching if isinstance(matching, f.NotComputed) else matching.matched_by,
        matched_customers=0 if isinstance(matching, f.NotComputed) else matching.customers,
        segments=compared,
        compared=len(known),
        moved_by_chance=LEFT_OUT * len(known),
        share_difference=settings.editions.share_difference,
        spend_difference=settings.editions.spend_difference,
        review_difference=settings.editions.review_difference,
        customers=flow,
        migration=migration,
        kpis=compare_kpis(then.kpis.total, since, settings),
        recommendation=compare_recommendations(then, found),
        promise=weigh_promise(edition, orders, present.table.as_of, settings),
    )


def _facts(found: f.Findings) -> f.EditionFacts:
    return f.EditionFacts(
        as_of=found.period.as_of,
        described_on=found.customers.described_on,
        window_days=found.customers.window_days,
        orders=found.period.orders,
        customers=found.customers.total,
        fingerprint=found.source.fingerprint,
        program_version=found.program_version,
    )


# ---------------------------------------------------------------- segments and figures


def compare_segments(
    then: f.Findings,
    now: f.Findings,
    matching: Matching | f.NotComputed,
    wanted: Editions,
) -> tuple[f.SegmentChange, ...] | f.NotComputed:
    """Return every segment of the two editions: those of now in their order, then the lost ones."""
    before, after = then.segmentation, now.segmentation
    if isinstance(matching, f.NotComputed):
        return matching
    if isinstance(before, f.NotComputed) or isinstance(after, f.NotComputed):
        return f.NotComputed("depends_on", found="segmentation")
    found = [
        _segment_change(None if pair is None else before.segments[pair], segment, overlap, wanted)
        for segment, pair, overlap in zip(
            after.segments, matching.pairs, matching.overlaps, strict=True
        )
    ]
    unmatched = f.NotComputed("no_rows")
    lost = [
        _segment_change(segment, None, unmatched, wanted)
        for place, segment in enumerate(before.segments)
        if place not in matching.pairs
    ]
    return (*found, *lost)


def _segment_change(
    then: f.Segment | None,
    now: f.Segment | None,
    overlap: float | f.NotComputed,
    wanted: Editions,
) -> f.SegmentChange:
    """Return a segment in both editions, or in one of them."""
    one = now or then
    if one is None:
        raise ValueError("a segment of neither edition")
    return f.SegmentChange(
        segment_id=one.segment_id,
        status="kept" if then and now else "new" if now else "lost",
        persona_then=then.persona if then else "",
        number_then=then.persona_number if then else 0,
        persona_now=now.persona if now else "",
        number_now=now.persona_number if now else 0,
        overlap=overlap,
        customers_then=then.profile.customers if then else 0,
        customers_now=now.profile.customers if now else 0,
        figures=compare_profiles(then.profile, now.profile, wanted) if then and now else (),
    )


def compare_kpis(then: f.KpiRow, since: f.KpiRow, settings: Settings) -> f.KpiChange:
    """Return the shop's figures of the earlier edition beside those of the orders since."""
    least = settings.editions.share_difference
    return f.KpiChange(
        then=then,
        since=since,
        late=compare_shares(
            "late_share",
            (then.late_share, then.late_interval),
            (since.late_share, since.late_interval),
            least,
        ),
        low_reviews=compare_shares(
            "low_review_share",
            (then.low_review_share, then.low_review_interval),
            (since.low_review_share, since.low_review_interval),
            least,
        ),
    )


# ---------------------------------------------------------------- who moved


def _moves(
    edition: Edition, present: Present, matching: Matching | f.NotComputed
) -> tuple[f.CustomerFlow | f.NotComputed, f.Migration | f.NotComputed]:
    """Follow each customer from one edition to the other, or say why it cannot be done."""
    why = why_no_customers(edition)
    if isinstance(matching, f.NotComputed):
        return matching, matching
    if why is not None:
        return why, why
    orders, segments, found = present.orders, present.segments, present.findings.segmentation
    if segments is None or isinstance(found, f.NotComputed):
        none = f.NotComputed("depends_on", found="segmentation")
        return none, none
    names_now = tuple(segment.segment_id for segment in found.segments)
    first = places_then(edition, orders, matching.names)
    flow = count_flow(
        first, segments, matching, _known_then(edition, orders), _not_in_extract(edition, orders)
    )
    days = (present.table.as_of - to_seconds(edition.findings.customers.described_on)) // DAY
    rows = migration_rows(first, segments, matching.names, names_now)
    return flow, f.Migration(days=days, rows=rows)


def _known_then(edition: Edition, orders: OrderFacts) -> Flags:
    """Return which customer codes the earlier edition knew."""
    known = edition.segments or {}
    return np.array([str(name) in known for name in orders.customer_ids], dtype=bool)


def _not_in_extract(edition: Edition, orders: OrderFacts) -> int:
    """Count the customers with a segment then whom the present extract does not hold at all."""
    here = {str(name) for name in orders.customer_ids}
    then = edition.segments or {}
    return sum(1 for name, segment in then.items() if segment and name not in here)


def count_flow(
    first: SegmentIndex,
    second: SegmentIndex,
    matching: Matching,
    known_then: Flags,
    not_in_extract: int,
) -> f.CustomerFlow:
    """Count customers by whether they have a segment in the two editions, and which.

    `first` holds places of the earlier segments a customer code, `second` of the present ones.
    """
    now = _as_then(second, matching.pairs, len(matching.names))
    had, has = first != NO_SEGMENT, second != NO_SEGMENT
    both = had & has
    moved = both & (now != first)
    # Under the earlier map, unchanged, they would be in another segment today as well.
    frozen = matching.frozen
    by_customers = np.zeros_like(moved)
    if frozen is not None:
        by_customers = moved & (frozen != first) & (frozen != NO_SEGMENT)
    stayed, count = int((both & ~moved).sum()), int(both.sum())
    return f.CustomerFlow(
        then=int(had.sum()) + not_in_extract,
        now=int(has.sum()),
        stayed=stayed,
        moved=count - stayed,
        moved_by_customers=int(by_customers.sum()),
        moved_by_map=count - stayed - int(by_customers.sum()),
        gone=int((had & ~has).sum()) + not_in_extract,
        new=int((has & ~known_then).sum()),
        joined=int((has & ~had & known_then).sum()),
        moved_share=(count - stayed) / count if count else f.NotComputed("no_rows"),
        moved_interval=wilson_interval(count - stayed, count)
        if count
        else f.NotComputed("no_rows"),
    )


def _as_then(places: SegmentIndex, pairs: Sequence[int | None], segments_then: int) -> SegmentIndex:
    """Return present places as the earlier ones they are matched to; a new segment is beyond."""
    named = np.array(
        [*(segments_then if pair is None else pair for pair in pairs), NO_SEGMENT], dtype=np.int16
    )
    return named[places]


# ---------------------------------------------------------------- recommendation and promise


def compare_recommendations(then: f.Findings, now: f.Findings) -> f.RecommendationChange:
    """Return interval and price of the recommended offer in both, and the lines that differ."""
    before, after = _recommended(then.proposal), _recommended(now.proposal)
    codes = list(dict.fromkeys([*before, *after]))
    empty = f.NotComputed("no_rows")
    lines = [
        f.LineChange(
            code=code,
            quantity_then=before[code].quantity if code in before else 0,
            quantity_now=after[code].quantity if code in after else 0,
            amount_then=before[code].amount if code in before else empty,
            amount_now=after[code].amount if code in after else empty,
        )
        for code in codes
    ]
    return f.RecommendationChange(
        then=then.refresh,
        now=now.refresh,
        currency_then=then.proposal.currency,
        currency_now=now.proposal.currency,
        total_then=_total(then.proposal),
        total_now=_total(now.proposal),
        day_rate_then=then.proposal.day_rate,
        day_rate_now=now.proposal.day_rate,
        lines=tuple(
            line
            for line in lines
            if (line.quantity_then, line.amount_then) != (line.quantity_now, line.amount_now)
        ),
    )


def weigh_promise(
    edition: Edition, orders: OrderFacts, as_of: int, settings: Settings
) -> f.Promise | f.NotComputed:
    """Say whether the earlier model held as long as its edition promised."""
    model, refresh = edition.model, edition.findings.refresh
    months = refresh if isinstance(refresh, f.NotComputed) else refresh.months
    if isinstance(months, f.NotComputed):
        return f.NotComputed("no_earlier_interval")
    if model is None:
        return f.NotComputed("no_earlier_file", expected="model.json")
    customers = model_customers(model, settings.customers)
    before = customers_of(model, orders, model.as_of, settings.customers)
    now = customers_of(model, orders, as_of, settings.customers)
    for table in (before, now):
        found = len(table.members(ONE_TIME))
        if found < customers.minimum_customers:
            needed = str(customers.minimum_customers)
            return f.NotComputed("too_few_customers", found=str(found), expected=needed)
        if not is_assignable(table, model):
            return f.NotComputed("missing_table", expected="order_reviews")
    return _promise(model, months, before, now, settings)


def _promise(
    model: Model, months: int, before: CustomerTable, now: CustomerTable, settings: Settings
) -> f.Promise:
    agreement = measure_agreement(model, before, now, settings)
    days, age = months_to_days(months), (now.as_of - model.as_of) // DAY
    verdict: f.PromiseVerdict = "broken" if agreement.alarm else "held"
    if age > days:
        verdict = "broken_beyond" if agreement.alarm else "held_beyond"
    return f.Promise(
        months=months,
        due_on=_day(model.as_of) + timedelta(days=days),
        age_days=age,
        customers=agreement.customers,
        ari=agreement.ari_warm,
        agreement_share=agreement.agreement_warm,
        threshold_ari=agreement.threshold_ari,
        floor_ari=agreement.floor_ari,
        verdict=verdict,
    )


def _recommended(proposal: f.Proposal) -> dict[str, f.ContractLine]:
    """Return the lines of the recommended offer by their code, none without offers."""
    if isinstance(proposal.tiers, f.NotComputed):
        return {}
    return {
        line.code: line
        for tier in proposal.tiers
        for line in tier.lines
        if tier.code == "recommended"
    }


def _total(proposal: f.Proposal) -> Decimal | f.NotComputed:
    """Return the price of the recommended offer, or why there is none."""
    if isinstance(proposal.tiers, f.NotComputed):
        return proposal.tiers
    return next(tier.total for tier in proposal.tiers if tier.code == "recommended")


def _day(seconds: int) -> date:
    return datetime.fromtimestamp(seconds, UTC).date()
