"""The segments on a map of what they are made of: what is spent, on a logarithm, by the rating."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor, log10

from analysis.findings import NotComputed, Segment, Segmentation
from report.content import Content
from report.views.figures import Axis, Column, Mark, Table
from report.views.map_figure import MapPoint, SegmentMap
from report.views.plans import segment_name
from report.views.records import Absence
from report.wording import Wording, message

STARS = range(1, 6)
FEATURES = {
    "spend": message("the amount spent"),
    "review": message("the mean review"),
    "recency_days": message("the days since the last order"),
}


def segment_map(
    found: Segmentation, currency: str, wording: Wording, content: Content
) -> SegmentMap | Absence:
    """Return the map, or why a segment cannot be placed on it."""
    _ = wording.gettext
    points = tuple(_points(found, currency, wording, content))
    if len(points) < len(found.segments):
        rating = next(segment.profile.mean_review for segment in found.segments)
        why = rating if isinstance(rating, NotComputed) else NotComputed("no_rows")
        return Absence(wording.not_computed(why))
    return SegmentMap(
        title=_("The segments by spend and by rating"),
        description=_(
            "Each mark is a segment at its median spend and its mean review, with its share of "
            "the customers; the line spans the middle half of its customers."
        ),
        x_axis=_money_axis(points, currency, wording),
        y_axis=Axis(
            _("Mean review"), tuple(Mark(float(star), wording.integer(star)) for star in STARS)
        ),
        points=points,
        table=Table(
            caption=_("The segments by spend and by rating"),
            columns=(
                Column(_("Segment"), is_number=False),
                Column(_("Median spend")),
                Column(_("Mean review")),
                Column(_("Customers")),
            ),
            rows=tuple((p.label, p.x.text, p.y.text, p.share.text) for p in points),
        ),
    )


def variables_sentence(found: Segmentation, wording: Wording) -> str:
    """Return which variables make the segments."""
    names = [wording.gettext(FEATURES[name]) for name in found.features]
    return wording.gettext("What makes the segments: %(names)s", names=wording.listing(names))


def logarithm_sentence(found: Segmentation, wording: Wording) -> str:
    """Return why spend enters by its logarithm; nothing where it does not enter."""
    if "spend" not in found.features:
        return ""
    return wording.gettext(
        "Spend enters by its logarithm: what counts is how many times as much, so that a few very "
        "large orders do not draw the centres."
    )


def new_customer_sentence(found: Segmentation, wording: Wording) -> str:
    """Return how a new customer gets a segment."""
    day = (
        wording.gettext("A new customer gets a segment on the day the review is known.")
        if "review" in found.features
        else wording.gettext("A new customer gets a segment with the first delivered order.")
    )
    how = wording.gettext(
        "The stored model brings the figures to the same scale and takes the nearest centre; the "
        "rule of the CRM says it without the model."
    )
    return f"{day} {how}"


def _points(
    found: Segmentation, currency: str, wording: Wording, content: Content
) -> Iterator[MapPoint]:
    """Yield the segments that have a rating and a spend above nothing."""
    for segment in found.segments:
        rating, spend = segment.profile.mean_review, segment.profile.spend
        if isinstance(rating, NotComputed) or spend.q1 <= 0:
            continue
        yield MapPoint(
            label=segment_name(segment, content),
            colour=segment.colour,
            x=Mark(spend.median, wording.money(spend.median, currency)),
            x_low=spend.q1,
            x_high=spend.q3,
            y=Mark(rating, wording.review(rating)),
            share=_share(segment, wording),
        )


def _share(segment: Segment, wording: Wording) -> Mark:
    share = segment.profile.customer_share
    return Mark(share, wording.share(share))


def _money_axis(points: tuple[MapPoint, ...], currency: str, wording: Wording) -> Axis:
    """Return the powers of ten around what the segments spend."""
    low = floor(log10(min(point.x_low for point in points)))
    high = max(ceil(log10(max(point.x_high for point in points))), low + 1)
    ticks = (10.0**power for power in range(low, high + 1))
    return Axis(
        wording.gettext("Spend, on a logarithmic scale"),
        tuple(Mark(tick, wording.money(tick, currency)) for tick in ticks),
    )
