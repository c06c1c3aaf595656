"""What each section says in one sentence, chosen and worded from the findings by rules.

A sentence changes with the findings and disappears when its figures were not computed.
"""

from __future__ import annotations

from collections.abc import Callable

from analysis.findings import Findings, NotComputed, Segment, Segmentation
from report.content import Content
from report.views.contract_prices import price_sentence
from report.views.plans import segment_name
from report.views.present import follow_up_headline
from report.views.records import Absence, Headline
from report.views.refresh import refresh_view
from report.views.timelines import alarm_sentence
from report.wording import Wording

# Segments are said to bring more than they weigh from this many times their share on.
HEAVY_RATIO = 1.25
# A segment is called unhappy from this many times everybody's share of low reviews on.
UNHAPPY_RATIO = 2.0
# and only where at least this share of its reviews is low: twice next to nothing is no unhappiness.
UNHAPPY_LEAST = 0.1


def build_headlines(findings: Findings, wording: Wording, content: Content) -> tuple[Headline, ...]:
    """Return the headlines that the findings support, in the order of the report."""
    builders: tuple[Callable[[Findings, Wording, Content], Headline | None], ...] = (
        _delivery,
        _reviews,
        _follow_up_now,
        _segments,
        _unhappy,
        _stability,
        _refresh,
        _price,
    )
    found = (build(findings, wording, content) for build in builders)
    return tuple(headline for headline in found if headline is not None)


def _delivery(findings: Findings, wording: Wording, _content: Content) -> Headline | None:
    total = findings.kpis.total
    if isinstance(total.late_share, NotComputed):
        return None
    detail = ""
    if not isinstance(total.mean_delivery_days, NotComputed) and not isinstance(
        total.mean_promised_days, NotComputed
    ):
        detail = wording.gettext(
            "On average an order takes %(real)s to arrive, against %(promised)s promised.",
            real=wording.days_one(total.mean_delivery_days),
            promised=wording.days_one(total.mean_promised_days),
        )
    if not isinstance(findings.kpis.late_share_by_day, NotComputed):
        detail = f"{detail} " + wording.gettext(
            "Counting what came on the promised day as on time, %(share)s.",
            share=wording.share(findings.kpis.late_share_by_day),
        )
    return Headline(
        "delivery",
        wording.gettext(
            "%(late)s of the orders delivered came after the promised moment",
            late=wording.share(total.late_share),
        ),
        detail,
    )


def _reviews(findings: Findings, wording: Wording, _content: Content) -> Headline | None:
    total = findings.kpis.total
    if isinstance(total.low_review_share, NotComputed) or isinstance(
        total.mean_review, NotComputed
    ):
        return None
    return Headline(
        "reviews",
        wording.gettext(
            "%(low)s of the reviews give one or two stars",
            low=wording.share(total.low_review_share),
        ),
        wording.gettext("The mean review is %(stars)s.", stars=wording.stars(total.mean_review)),
    )


def _follow_up_now(findings: Findings, wording: Wording, _content: Content) -> Headline | None:
    return follow_up_headline(findings, wording)


def _segments(findings: Findings, wording: Wording, content: Content) -> Headline | None:
    """Name the segments that bring more than they weigh, if together they bring much more."""
    found = findings.segmentation
    if isinstance(found, NotComputed):
        return None
    heavy = _heavier_than_their_number(found)
    customers = sum(segment.profile.customers for segment in heavy) / found.everybody.customers
    revenue = sum(segment.profile.revenue_share for segment in heavy)
    if not heavy or revenue < HEAVY_RATIO * customers:
        return None
    values = {"revenue": wording.share(revenue), "customers": wording.share(customers)}
    if len(heavy) == 1:
        text = wording.gettext(
            "One segment brings %(revenue)s of revenue with %(customers)s of the customers",
            **values,
        )
    else:
        text = wording.gettext(
            "%(count)s segments bring %(revenue)s of revenue with %(customers)s of the customers",
            count=wording.spelled(len(heavy)).capitalize(),
            **values,
        )
    names = wording.listing(
        wording.gettext("“%(name)s”", name=segment_name(segment, content)) for segment in heavy
    )
    base = wording.gettext(
        "Shares of the %(customers)s customers in segments and of the %(revenue)s that they "
        "brought in %(window)s.",
        customers=wording.integer(found.everybody.customers),
        revenue=wording.cents(found.everybody.revenue_cents, findings.period.currency),
        window=wording.days(findings.customers.window_days),
    )
    return Headline("segments", text, f"{names}. {base}")


def _heavier_than_their_number(found: Segmentation) -> list[Segment]:
    """Return the segments whose share of revenue exceeds that of customers, largest first."""
    heavy = [
        segment
        for segment in found.segments
        if segment.profile.revenue_share > segment.profile.customer_share
    ]
    return sorted(heavy, key=lambda segment: -segment.profile.revenue_cents)


def _unhappy(findings: Findings, wording: Wording, content: Content) -> Headline | None:
    """Name the segment with the most low reviews, and how often its orders came late."""
    found = findings.segmentation
    if isinstance(found, NotComputed) or isinstance(found.everybody.low_review_share, NotComputed):
        return None
    rated = [
        (segment.profile.low_review_share, place)
        for place, segment in enumerate(found.segments)
        if not isinstance(segment.profile.low_review_share, NotComputed)
    ]
    low, place = max(rated, default=(0.0, 0))
    if low < max(UNHAPPY_LEAST, UNHAPPY_RATIO * found.everybody.low_review_share):
        return None
    segment = found.segments[place]
    profile = segment.profile
    text = wording.gettext(
        "“%(name)s”: %(customers)s of the customers, and %(low)s of their reviews are low",
        name=segment_name(segment, content),
        customers=wording.share(profile.customer_share),
        low=wording.share(low),
    )
    detail = ""
    if not isinstance(profile.late_share, NotComputed) and not isinstance(
        found.everybody.late_share, NotComputed
    ):
        detail = wording.gettext(
            "%(late)s of their orders came late, against %(everybody)s for all customers of the "
            "segments, over %(window)s.",
            late=wording.share(profile.late_share),
            window=wording.days(findings.customers.window_days),
            everybody=wording.share(found.everybody.late_share),
        )
    return Headline("unhappy", text, detail)


def _stability(findings: Findings, wording: Wording, _content: Content) -> Headline | None:
    found = findings.stability
    if isinstance(found, NotComputed) or not found.chosen.is_valid:
        return None
    return Headline(
        "stability",
        wording.gettext(
            "At the worst moment observed, %(agreement)s of the customers get the same segment "
            "from an old model and a new one",
            agreement=wording.share(found.chosen.lowest_agreement),
        ),
        alarm_sentence(found.chosen, wording),
    )


def _refresh(findings: Findings, wording: Wording, _content: Content) -> Headline | None:
    view = refresh_view(findings, wording)
    if isinstance(view, Absence) or isinstance(view.months, Absence):
        return None
    text = view.recommendation.rstrip(".")
    found = findings.refresh
    if not isinstance(found, NotComputed) and found.bound == "observed":
        text = wording.gettext(
            "%(recommendation)s: as far as the history can verify, not an expiry date",
            recommendation=text,
        )
    return Headline("refresh", text, view.clocks)


def _price(findings: Findings, wording: Wording, _content: Content) -> Headline | None:
    if isinstance(findings.proposal.tiers, NotComputed):
        return None
    return Headline(
        "price",
        price_sentence(findings.proposal, wording).rstrip("."),
        wording.gettext("Every input of the price is an assumption of the consultant's."),
    )
