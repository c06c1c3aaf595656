"""What changed since an earlier edition, in words: basis, headline, moves, promise."""

from __future__ import annotations

from analysis.findings import Changes, Findings, NotComputed, Promise, SegmentChange
from report.content import Content
from report.views.ageing import migration_table
from report.views.change_records import ChangesView
from report.views.change_tables import (
    at_a_glance,
    flow_table,
    kpi_table,
    offer_table,
    segment_label,
    segments_table,
)
from report.views.figures import CONFIDENCE, Table
from report.views.proposal import LINES
from report.views.records import Absence, Card
from report.views.refresh import refresh_reason
from report.wording import Wording, message

MATCHED_BY = {
    "both_maps": message(
        "Segments are matched by their customers: %(customers)s customers of today were placed by "
        "the earlier map and by the new one, and a segment keeps the colour and the number of the "
        "one that it shares most customers with."
    ),
    "common_customers": message(
        "Segments are matched by their customers: %(customers)s customers have a segment in both "
        "editions, and a segment keeps the colour and the number of the one that it shares most "
        "customers with."
    ),
    "profiles": message(
        "Segments are matched by their median spend and their mean review alone: neither the model "
        "nor the customers of the earlier edition could decide."
    ),
}
PROMISES = {
    "held": message("what was promised then holds so far"),
    "held_beyond": message("what was promised then was kept, and the model held beyond it"),
    "broken": message("what was promised then did not hold"),
    "broken_beyond": message(
        "the model no longer holds, and the time that was promised was over before"
    ),
}


def changes_view(findings: Findings, wording: Wording, content: Content) -> ChangesView | None:
    """Return what changed since an earlier edition; None where none was given."""
    found = findings.changes
    if found is None:
        return None
    currency = findings.period.currency
    _ = wording.gettext
    return ChangesView(
        title=_("Since the last edition"),
        headline=_headline(found, wording),
        basis=_basis(found, wording),
        notes=tuple(_notes(found, wording)),
        cards=_cards(found, wording),
        matching=_matching(found, wording),
        names=_names(found, wording, content),
        every_figure=segments_table(found, currency, wording, content),
        at_a_glance=at_a_glance(found, currency, wording, content),
        rule=_rule(found, wording),
        moved=_moved(found, wording),
        flow=flow_table(found, wording),
        migration=_migration(found, wording, content),
        kpis=kpi_table(found.kpis, currency, wording),
        recommendation=tuple(_recommendation(found, wording)),
        offer=offer_table(found.recommendation, LINES, wording),
        promise=_promise(found.promise, wording),
    )


def _headline(found: Changes, wording: Wording) -> str:
    """Return how many customers moved and whether the promise held, as far as it is known."""
    since, flow, promise = wording.date(found.then.as_of), found.customers, found.promise
    moved = (
        None
        if isinstance(flow, NotComputed) or isinstance(flow.moved_share, NotComputed)
        else wording.gettext(
            "%(share)s of the customers of both editions have changed segment",
            share=wording.share(flow.moved_share),
        )
    )
    kept = None if isinstance(promise, NotComputed) else wording.gettext(PROMISES[promise.verdict])
    parts = [part for part in (moved, kept) if part]
    if not parts:
        return wording.gettext(
            "Since %(date)s: %(orders)s more orders",
            date=since,
            orders=wording.integer(found.kpis.since.orders),
        )
    return wording.gettext("Since %(date)s: %(said)s", date=since, said=wording.clauses(parts))


def _basis(found: Changes, wording: Wording) -> str:
    return wording.gettext(
        "The earlier edition describes %(then_orders)s orders up to %(then)s; this one goes on to "
        "%(now)s, with %(more)s orders bought since.",
        then_orders=wording.integer(found.then.orders),
        then=wording.date(found.then.as_of),
        now=wording.date(found.now.as_of),
        more=wording.integer(found.kpis.since.orders),
    )


def _notes(found: Changes, wording: Wording) -> list[str]:
    """Return what makes the two editions unlike in more than their date."""
    _, then, now = wording.gettext, found.then, found.now
    notes = []
    if then.window_days != now.window_days:
        notes.append(
            _(
                "Customers were described over %(then)s, and now over %(now)s: sizes, spends and "
                "moves between segments show that as well, not a change of behaviour alone.",
                then=wording.days(then.window_days),
                now=wording.days(now.window_days),
            )
        )
    if found.orders_then_now != then.orders:
        notes.append(
            _(
                "Of the %(then)s orders of then, the present extract holds %(now)s: the figures of "
                "then stand as they were stated.",
                then=wording.integer(then.orders),
                now=wording.integer(found.orders_then_now),
            )
        )
    return notes


def _cards(found: Changes, wording: Wording) -> tuple[Card, ...]:
    """Return what moved at a glance: customers, new ones, agreement, interval."""
    _, flow, promise, offer = wording.gettext, found.customers, found.promise, found.recommendation
    cards = []
    if not isinstance(flow, NotComputed):
        moved = wording.cell(flow.moved_share, wording.share)
        cards += [
            Card(
                "moved",
                moved,
                _("have changed segment, of those in both editions"),
                _(
                    "%(own)s of %(all)s under the earlier map as well",
                    own=wording.integer(flow.moved_by_customers),
                    all=wording.integer(flow.moved),
                ),
            ),
            Card("new", wording.integer(flow.new), _("new customers"), _("in a segment now")),
        ]
    if not isinstance(promise, NotComputed):
        detail = _("ARI %(ari)s", ari=wording.index(promise.ari))
        share = wording.share(promise.agreement_share)
        cards.append(Card("kept", share, _("placed by the earlier model as by a refit"), detail))
    cards.append(
        Card(
            "interval",
            _interval(offer.now, wording),
            _("between two refits"),
            _("then: %(months)s", months=_interval(offer.then, wording)),
        )
    )
    return tuple(cards)


def _interval(refresh: object, wording: Wording) -> str:
    """Return a recommended interval, a dash where there is none."""
    months = getattr(refresh, "months", None)
    return wording.months(months) if isinstance(months, int) else "–"


def _matching(found: Changes, wording: Wording) -> str:
    if isinstance(found.matched_by, NotComputed):
        return wording.not_computed(found.matched_by)
    customers = wording.integer(found.matched_customers)
    return wording.gettext(MATCHED_BY[found.matched_by], customers=customers)


def _names(found: Changes, wording: Wording, content: Content) -> tuple[str, ...]:
    """Return which segments are new, gone or called otherwise."""
    if isinstance(found.segments, NotComputed):
        return ()
    order = ("kept", "lost", "new")
    ranked = sorted(found.segments, key=lambda segment: order.index(segment.status))
    told = (_name(segment, wording, content) for segment in ranked)
    return tuple(text for text in told if text)


def _name(segment: SegmentChange, wording: Wording, content: Content) -> str:
    """Return what happened to a segment's name, nothing where it is the same."""
    _ = wording.gettext
    then, now = (
        segment_label(persona, number, content)
        for persona, number in (
            (segment.persona_then, segment.number_then),
            (segment.persona_now, segment.number_now),
        )
    )
    if segment.status == "new":
        return _("“%(name)s” is new: no earlier segment holds mostly the same customers.", name=now)
    if segment.status == "lost":
        return _("“%(name)s” is no longer a segment of its own.", name=then)
    if then == now:
        return ""
    return _(
        "“%(then)s” is now called “%(now)s”: the segment is matched, and what it is today earns "
        "another name.",
        then=then,
        now=now,
    )


def _rule(found: Changes, wording: Wording) -> str:
    """Return what is called a move, and how many would be without any change."""
    if not found.compared:
        return ""
    return wording.gettext(
        "A difference is pointed out when its interval leaves out zero and it is large enough to "
        "matter: %(points)s points of a share, %(spend)s of a median spend, %(stars)s of a star. "
        "Of %(compared)s intervals, about %(chance)s would leave out zero by chance. Customers of "
        "both editions make the intervals too wide, never too narrow.",
        points=wording.number(100 * found.share_difference, 1),
        spend=wording.tick_share(found.spend_difference),
        stars=wording.exact(found.review_difference),
        compared=wording.integer(found.compared),
        chance=wording.number(found.moved_by_chance, 1),
    )


def _moved(found: Changes, wording: Wording) -> str:
    """Return who moved and why, or why it is not known."""
    flow = found.customers
    if isinstance(flow, NotComputed):
        return wording.not_computed(flow)
    if isinstance(flow.moved_share, NotComputed) or isinstance(flow.moved_interval, NotComputed):
        return wording.gettext("No customer has a segment in both editions.")
    return wording.gettext(
        "Of %(both)s customers with a segment in both editions, %(share)s (%(interval)s at "
        "%(level)s) are in another one: %(own)s would be under the earlier map as well, %(map)s "
        "because the map was drawn anew. %(new)s customers bought for the first time since, "
        "%(gone)s have left every segment.",
        both=wording.integer(flow.stayed + flow.moved),
        share=wording.share_within(flow.moved_share, flow.moved_interval),
        interval=wording.interval(flow.moved_interval),
        level=wording.share(CONFIDENCE, 0),
        own=wording.integer(flow.moved_by_customers),
        map=wording.integer(flow.moved_by_map),
        new=wording.integer(flow.new),
        gone=wording.integer(flow.gone),
    )


def _migration(found: Changes, wording: Wording, content: Content) -> Table | Absence:
    """Return where the customers of each earlier segment are now."""
    migration = found.migration
    if isinstance(migration, NotComputed):
        return Absence(wording.not_computed(migration))
    if isinstance(found.segments, NotComputed):
        return Absence(wording.not_computed(found.segments))
    then = {
        segment.segment_id: segment_label(segment.persona_then, segment.number_then, content)
        for segment in found.segments
    }
    now = {
        segment.segment_id: segment_label(segment.persona_now, segment.number_now, content)
        for segment in found.segments
    }
    return migration_table(
        migration, wording.gettext("From the earlier edition to this one"), then, now, wording
    )


def _recommendation(found: Changes, wording: Wording) -> list[str]:
    """Return how the interval and the price changed, and why."""
    return [*_interval_change(found, wording), *_price_change(found, wording)]


def _interval_change(found: Changes, wording: Wording) -> list[str]:
    _, change = wording.gettext, found.recommendation
    then, now = change.then, change.now
    before, after = _interval(then, wording), _interval(now, wording)
    if before == after:
        texts = [_("The recommended interval between refits stays the same: %(months)s.",
                   months=after)]  # fmt: skip
    else:
        texts = [
            _(
                "The recommended interval between refits was %(then)s, and is now %(now)s.",
                then=before,
                now=after,
            )
        ]
    if isinstance(then, NotComputed) or isinstance(now, NotComputed):
        missing = now if isinstance(now, NotComputed) else then
        return (
            [*texts, wording.not_computed(missing)] if isinstance(missing, NotComputed) else texts
        )
    if (then.bound, then.limit_days) == (now.bound, now.limit_days):
        return texts
    if then.bound != now.bound:
        texts.append(_("What bound it then: %(reason)s", reason=refresh_reason(then, wording)))
    return [*texts, _("What binds it now: %(reason)s", reason=refresh_reason(now, wording))]


def _price_change(found: Changes, wording: Wording) -> list[str]:
    _, change = wording.gettext, found.recommendation
    then, now = change.total_then, change.total_now
    if isinstance(now, NotComputed):
        return [wording.not_computed(now)]
    price = wording.price(now, change.currency_now)
    if isinstance(then, NotComputed):
        return [
            _(
                "The recommended offer, with the early refits provided for, is %(now)s; none was "
                "priced then.",
                now=price,
            )
        ]
    before = wording.price(then, change.currency_then)
    if change.currency_then != change.currency_now:
        return [
            _(
                "The recommended offer, with the early refits provided for, was %(then)s, and is "
                "now %(now)s: two currencies, so they are not compared.",
                then=before,
                now=price,
            )
        ]
    if then == now:
        return [_("The price of the recommended offer stays the same: %(now)s.", now=price)]
    texts = [
        _(
            "The recommended offer, with the early refits provided for, was %(then)s, and is now "
            "%(now)s.",
            then=before,
            now=price,
        ),
    ]
    rates = change.day_rate_then, change.day_rate_now
    if not any(isinstance(rate, NotComputed) for rate in rates) and rates[0] != rates[1]:
        texts.append(_("The day rate has changed: it is the consultant's own input."))
    elif change.lines:
        lines = wording.listing(_(LINES[line.code]) for line in change.lines)
        texts.append(_("What changed in it: %(lines)s.", lines=lines))
    return texts


def _promise(promise: Promise | NotComputed, wording: Wording) -> str:
    """Return what was promised, what is measured, and whether it held."""
    if isinstance(promise, NotComputed):
        return wording.not_computed(promise)
    _, limit = wording.gettext, min(promise.threshold_ari, promise.floor_ari)
    return _(
        "Promised then: %(months)s between two refits, until %(due)s. After %(age)s the earlier "
        "model gives %(share)s of %(customers)s customers the segment that a refit of today would "
        "(ARI %(ari)s; an alarm is below %(limit)s): %(verdict)s.",
        months=wording.months(promise.months),
        due=wording.date(promise.due_on),
        age=wording.days(promise.age_days),
        share=wording.share(promise.agreement_share),
        customers=wording.integer(promise.customers),
        ari=wording.index_against(promise.ari, limit),
        limit=wording.index(limit),
        verdict=_(PROMISES[promise.verdict]),
    )
