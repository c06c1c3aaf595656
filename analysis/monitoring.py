"""The contract at work: does a stored model still hold on later data (methods, 3.2 and 3.4)?

Cohort drift is the early warning; the agreement with a warm refit is the confirmation, and the
reason to pay for a refit. An alarm counts when it holds on looks in a row, as in the timeline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from analysis.agreement import measure_agreement
from analysis.customers import NOT_YET, ONE_TIME, CustomerTable, Ints
from analysis.drift import measure_drift
from analysis.errors import ContentError, FindingsError, SchemaError, SettingsError, StateError
from analysis.findings import Drift, Findings, NotComputed, Period, Source
from analysis.looks import (
    CALLS_FOR_REFIT,
    Check,
    Deadline,
    DriftWarning,
    Look,
    Monitoring,
    NewCustomers,
    Reason,
    SegmentSize,
    State,
    Verdict,
    is_confirmed,
)
from analysis.measures import difference_interval
from analysis.minimum import check_later
from analysis.orders import OrderFacts, build_orders, describe_period, to_seconds, until
from analysis.refresh import months_to_days
from analysis.segmentation import (
    NO_SEGMENT,
    Model,
    assign_segments,
    content_checksum,
    customers_of,
    model_customers,
)
from analysis.settings import Settings
from analysis.source import OpenSource


@dataclass(frozen=True)
class Stored:
    """What was handed over: the model, and the findings that it was written with."""

    model: Model
    findings: Findings


def model_checksum(model: Model) -> str:
    """Return what a state file knows its model by."""
    return content_checksum(asdict(model))


def monitor(source: OpenSource, stored: Stored, state: State, settings: Settings) -> Monitoring:
    """Look at a stored model on a later extract of its shop.

    Raises:
        SchemaError: the extract lacks a table or a column that the first one had.
        ContentError: it has fewer orders of the same period, ends before the model's date, or has
            too few customers to be clustered.
        SettingsError: the settings name another currency than the build's.
        FindingsError: findings and model are not of one build.
        ModelError: the extract lacks a feature of the model.
        StateError: a look at later data is remembered.
    """
    model = stored.model
    _check_same_build(stored)
    _check_currency(stored.findings.period, settings)
    _check_columns(stored.findings.source, source.description)
    everything = build_orders(source)
    period = describe_period(everything, settings.as_of, settings)
    _check_later(everything, period, stored)
    _check_looks(state, period.complete_until.date())
    settings = settings.model_copy(update={"customers": model_customers(model, settings.customers)})
    orders = until(everything, period.as_of)
    before = customers_of(model, orders, model.as_of, settings.customers)
    now = customers_of(model, orders, to_seconds(period.complete_until), settings.customers)
    _check_enough(now, settings)
    features = model.preparation.features
    drift = _warnings(measure_drift(orders, model.as_of, period, settings), features)
    return _judge(stored, source.description.name, before, now, drift, state, settings)


def _judge(
    stored: Stored,
    source: str,
    before: CustomerTable,
    now: CustomerTable,
    drift: tuple[DriftWarning, ...] | NotComputed,
    state: State,
    settings: Settings,
) -> Monitoring:
    """Measure each check, weigh it with the looks before, and give the verdict."""
    model, seen_on = stored.model, _day(now.as_of)
    agreement = measure_agreement(model, before, now, settings)
    limit = settings.contract.terms.fallback_share_moved
    sizes = _sizes(model, before, now, limit)
    new = _new_customers(model, before, now, settings)
    deadline = _deadline(stored, seen_on)
    raised: dict[Check, bool] = {
        "agreement": agreement.alarm,
        "sizes": any(size.alarm for size in sizes),
        "minimum": isinstance(new, NewCustomers) and new.alarm,
    }
    alarms = [check for check, alarm in raised.items() if alarm]
    reasons = _reasons(alarms, drift, deadline, seen_on, state.looks, settings)
    earlier = [look for look in state.looks if look.seen_on < seen_on]
    return Monitoring(
        source=source,
        currency=settings.client.currency,
        model_on=_day(model.as_of),
        seen_on=seen_on,
        age_days=(seen_on - _day(model.as_of)).days,
        verdict=_verdict(reasons),
        reasons=reasons,
        consecutive=settings.stability.consecutive,
        snapshot_days=settings.stability.snapshot_days,
        agreement=agreement,
        size_limit_share=limit,
        sizes=sizes,
        new_customers=new,
        drift=drift,
        deadline=deadline,
        previous=earlier[-1] if earlier else None,
    )


def _sizes(
    model: Model, before: CustomerTable, now: CustomerTable, limit: float
) -> tuple[SegmentSize, ...]:
    """Compare the segments' shares under the stored model, at its date and now."""
    counts = []
    for table in (before, now):
        places = assign_segments(table, model)
        places = places[places != NO_SEGMENT]
        counts.append(np.bincount(places, minlength=len(model.segment_ids)))
    shares = [count / max(int(count.sum()), 1) for count in counts]
    sizes = []
    for place, segment_id in enumerate(model.segment_ids):
        first, second = (float(share[place]) for share in shares)
        moved = abs(second / first - 1) if first else NotComputed("no_rows")
        sizes.append(
            SegmentSize(
                segment_id=segment_id,
                persona=model.personas[place],
                customers_before=int(counts[0][place]),
                share_before=first,
                customers=int(counts[1][place]),
                share=second,
                moved_share=moved,
                alarm=_has_moved(counts, place, limit),
            )
        )
    return tuple(sizes)


def _has_moved(counts: Sequence[Ints], place: int, limit: float) -> bool:
    """Say whether a share moved by more than the limit, and by more than chance could."""
    now, before = int(counts[1][place]), int(counts[0][place])
    totals = int(counts[1].sum()), int(counts[0].sum())
    if not before or not all(totals):
        return False
    chance = difference_interval(now, totals[0], before, totals[1])
    moved = abs((now / totals[0]) / (before / totals[1]) - 1)
    return moved > limit and not chance.low <= 0 <= chance.high


def _new_customers(
    model: Model, before: CustomerTable, now: CustomerTable, settings: Settings
) -> NewCustomers | NotComputed:
    """Ask the client's minimum of those who bought for the first time after the model's date."""
    places = assign_segments(now, model)
    # Repeat buyers are told by rule: only what was clustered can stop telling customers apart.
    codes = np.flatnonzero((before.standing == NOT_YET) & (now.standing == ONE_TIME))
    needed = settings.customers.minimum_customers
    if len(codes) < needed:
        return NotComputed("too_few_customers", found=str(len(codes)), expected=str(needed))
    has_reviews = "review" in model.preparation.features
    checks = check_later(now, codes, places[codes], has_reviews, settings)
    return NewCustomers(len(codes), tuple(checks), alarm=not all(check.passed for check in checks))


def _warnings(
    drift: Drift | NotComputed, features: tuple[str, ...]
) -> tuple[DriftWarning, ...] | NotComputed:
    """Return the features whose last cohort differs, as the one before it did."""
    if isinstance(drift, NotComputed):
        return drift
    last = max((test.bought_until for test in drift.tests), default=None)
    return tuple(
        DriftWarning(
            feature=test.feature,
            bought_from=test.bought_from,
            bought_until=test.bought_until,
            orders=test.orders,
            size=test.size,
            psi=test.psi,
            in_model=test.feature in features,
        )
        for test in drift.tests
        if test.confirmed and test.bought_until == last
    )


def _deadline(stored: Stored, seen_on: date) -> Deadline | NotComputed:
    """Return when the recommended interval ends, or why none was recommended."""
    refresh = stored.findings.refresh
    months = refresh if isinstance(refresh, NotComputed) else refresh.months
    if isinstance(months, NotComputed):
        return months
    due_on = _day(stored.model.as_of) + timedelta(days=months_to_days(months))
    return Deadline(months, due_on, passed=seen_on >= due_on)


def _reasons(
    alarms: Sequence[Check],
    drift: tuple[DriftWarning, ...] | NotComputed,
    deadline: Deadline | NotComputed,
    seen_on: date,
    looks: Sequence[Look],
    settings: Settings,
) -> tuple[Reason, ...]:
    """Return what speaks against the model, the alarms with whether they hold in a row."""
    wanted = settings.stability
    reasons = [
        Reason(
            check,
            is_confirmed(check, seen_on, looks, wanted.consecutive, wanted.snapshot_days),
        )
        for check in alarms
    ]
    if not isinstance(drift, NotComputed) and any(warning.in_model for warning in drift):
        reasons.append(Reason("drift", confirmed=False))
    if not isinstance(deadline, NotComputed) and deadline.passed:
        reasons.append(Reason("interval", confirmed=True))
    return tuple(reasons)


def _verdict(reasons: Sequence[Reason]) -> Verdict:
    """Return what the reasons ask for; a change of the mix alone asks for no refit."""
    if any(reason.confirmed and reason.code in CALLS_FOR_REFIT for reason in reasons):
        return "refresh_due"
    return "watch" if reasons else "fresh"


def _day(seconds: int) -> date:
    return datetime.fromtimestamp(seconds, UTC).date()


# ---------------------------------------------------------------- what cannot be looked at


def _check_same_build(stored: Stored) -> None:
    """Refuse findings that another build wrote."""
    if stored.findings.source.fingerprint != stored.model.fingerprint:
        raise FindingsError(
            "the findings beside the model are of other data than the model",
            where="findings.json",
            expected=f"findings of the data {stored.model.fingerprint}",
            todo="keep model.json and findings.json of one build together",
        )


def _check_currency(first: Period, settings: Settings) -> None:
    """Refuse to compare amounts of two currencies."""
    if settings.client.currency != first.currency:
        raise SettingsError(
            f"client.currency = {settings.client.currency}",
            where="[client] in the settings",
            expected=f"{first.currency}, the currency of the build",
            todo="take the settings of the build, or build a new model",
        )


def _check_columns(first: Source, later: Source) -> None:
    """Refuse an extract that lacks what the first one had."""
    known = {table.name: table for table in later.tables}
    for table in first.tables:
        if table.rows is None:
            continue
        found = known.get(table.name)
        lost = sorted(set(found.missing_columns) - set(table.missing_columns)) if found else []
        if found is None or found.rows is None or lost:
            column = f".{lost[0]}" if lost else ""
            raise SchemaError(
                f"the later extract lacks {table.name}{column}, which the first one had",
                where=later.name,
                expected="every table and column of the extract that the model was made from",
                todo="extract it again, or build a new model from this source",
            )


def _check_later(orders: OrderFacts, period: Period, stored: Stored) -> None:
    """Refuse an extract that ends too early, or has lost orders of the first one's period."""
    first, model_on = stored.findings.period, stored.model.as_of
    if to_seconds(period.complete_until) < model_on:
        raise ContentError(
            f"the extract is complete until {period.complete_until:%Y-%m-%d} only",
            where="the source",
            expected=f"data after the model's date, {_day(model_on)}",
            todo="name a later extract, or a later --as-of",
        )
    kept = int(np.searchsorted(orders.purchased_at, to_seconds(first.as_of), side="right"))
    if kept < first.orders:
        raise ContentError(
            f"{kept} orders until {first.as_of:%Y-%m-%d}, {first.orders - kept} fewer than in the "
            "first extract",
            where="the source",
            expected=f"at least {first.orders} orders of that period",
            todo="extract the whole history again, or build a new model from this source",
        )


def _check_looks(state: State, seen_on: date) -> None:
    """Refuse to look back behind a look that is remembered."""
    last = max((look.seen_on for look in state.looks), default=seen_on)
    if last > seen_on:
        raise StateError(
            f"the state remembers a look at {last}, later than this extract of {seen_on}",
            where="the state file",
            expected="looks in the order of time",
            todo="name another file with --state",
        )


def _check_enough(now: CustomerTable, settings: Settings) -> None:
    """Refuse a window with too few customers to be refitted."""
    found, needed = len(now.members(ONE_TIME)), settings.customers.minimum_customers
    if found < needed:
        raise ContentError(
            f"{found} customers with one order in the last {now.window_days} days",
            where="the source",
            expected=f"at least {needed}",
            todo="check that the extract holds the whole window",
        )
