"""A segment against everybody: the figures side by side, what sets it apart, the stars given."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import log

from analysis.findings import NotComputed, Profile
from report.views.figures import (
    Column,
    Comparison,
    ComparisonRow,
    GroupedBars,
    Mark,
    Series,
    Table,
    round_axis,
)
from report.views.records import Absence
from report.wording import Wording, message

DISTINCTIONS = {
    "spend": message("a median spend of %(group)s, against %(everybody)s"),
    "occasions": message("%(group)s purchases on average, against %(everybody)s"),
    "recency": message("a last order %(group)s ago, against %(everybody)s"),
    "low_reviews": message("%(group)s low reviews, against %(everybody)s"),
    "late": message("%(group)s late deliveries, against %(everybody)s"),
}
# Figures that tell the same thing: the one that lies further is named before any other.
SAME_SUBJECT = {"late": "low_reviews"}
# A figure sets a segment apart from this ratio on, in either direction.
DISTINCT_RATIO = 1.25
NAMED_DISTINCTIONS = 2
# Nothing at all against something counts as this ratio.
SMALLEST_RATIO = 0.001

Write = Callable[[float], str]


def comparison_rows(
    profile: Profile, everybody: Profile, currency: str, wording: Wording
) -> tuple[tuple[str, ComparisonRow], ...]:
    """Return the figures of a segment beside everybody's, each with its code."""
    return tuple(
        (code, _row(label, read(profile), read(everybody), write, wording))
        for code, label, read, write in _figures(currency, wording)
    )


def _figures(
    currency: str, wording: Wording
) -> tuple[tuple[str, str, Callable[[Profile], float | NotComputed], Write], ...]:
    """Return what is compared: its code, its label, how it is read and how it is written."""
    _, share = wording.gettext, wording.share
    money: Write = partial(wording.money, currency=currency)
    hundredths: Write = partial(wording.number, decimals=2)
    tenths: Write = partial(wording.number, decimals=1)
    return (
        ("spend", _("Median spend"), lambda one: one.spend.median, money),
        ("occasions", _("Purchases"), lambda one: one.occasions_mean, hundredths),
        (
            "recency",
            _("Days since the last order"),
            lambda one: one.recency_days.median,
            wording.days,
        ),
        ("mean_review", _("Mean review"), lambda one: one.mean_review, wording.stars),
        ("low_reviews", _("Low reviews"), lambda one: one.low_review_share, share),
        ("late", _("Late deliveries"), lambda one: one.late_share, share),
        ("freight", _("Freight in the price"), lambda one: one.freight_share, share),
        ("instalments", _("Instalments"), lambda one: one.instalments_mean, tenths),
    )


def _row(
    label: str,
    mine: float | NotComputed,
    theirs: float | NotComputed,
    write: Write,
    wording: Wording,
) -> ComparisonRow:
    return ComparisonRow(
        label=label,
        group=Mark(_value(mine), wording.cell(mine, write)),
        everybody=Mark(_value(theirs), wording.cell(theirs, write)),
        ratio=_ratio(mine, theirs),
    )


def _value(value: float | NotComputed) -> float:
    return 0.0 if isinstance(value, NotComputed) else value


def _ratio(mine: float | NotComputed, theirs: float | NotComputed) -> float | None:
    if isinstance(mine, NotComputed) or isinstance(theirs, NotComputed) or theirs <= 0:
        return None
    return mine / theirs


def distinction(rows: tuple[tuple[str, ComparisonRow], ...], wording: Wording) -> str:
    """Return the figures that lie furthest from everybody's, if any lies far enough."""
    distances = {
        code: abs(log(max(row.ratio, SMALLEST_RATIO)))
        for code, row in rows
        if code in DISTINCTIONS and row.ratio is not None
    }
    far = [code for code in distances if distances[code] >= log(DISTINCT_RATIO)]
    if not far:
        return wording.gettext("Close to everybody on every figure measured here.")
    shown = dict(rows)
    furthest: dict[str, str] = {}
    for code in sorted(far, key=lambda code: -distances[code]):
        furthest.setdefault(SAME_SUBJECT.get(code, code), code)
    named = [*furthest.values(), *(code for code in far if code not in furthest.values())]
    return wording.gettext(
        "What sets them apart: %(figures)s.",
        figures=wording.clauses(
            wording.gettext(
                DISTINCTIONS[code],
                group=shown[code].group.text,
                everybody=shown[code].everybody.text,
            )
            for code in named[:NAMED_DISTINCTIONS]
        ),
    )


def comparison(
    name: str, colour: int, rows: tuple[tuple[str, ComparisonRow], ...], wording: Wording
) -> Comparison:
    """Return the figures of a segment beside everybody's as a picture and as a table."""
    _ = wording.gettext
    heading = _("Against all segments")
    shown = tuple(row for _code, row in rows)
    return Comparison(
        title=heading,
        description=wording.clauses(
            wording.labelled(row.label, f"{row.group.text} / {row.everybody.text}") for row in shown
        ),
        group_name=name,
        everybody_name=_("Everyone"),
        colour=colour,
        rows=shown,
        table=Table(
            caption=heading,
            columns=(
                Column(_("Figure"), is_number=False),
                Column(name),
                Column(_("Everyone")),
            ),
            rows=tuple((row.label, row.group.text, row.everybody.text) for row in shown),
        ),
    )


def star_bars(
    name: str, colour: int, profile: Profile, everybody: Profile, wording: Wording
) -> GroupedBars | Absence:
    """Return the stars that the segment gave, beside everybody's."""
    _ = wording.gettext
    mine, theirs = profile.review_counts, everybody.review_counts
    if isinstance(mine, NotComputed):
        return Absence(wording.not_computed(mine))
    if isinstance(theirs, NotComputed):
        return Absence(wording.not_computed(theirs))
    if not sum(mine) or not sum(theirs):
        return Absence(wording.not_computed(NotComputed("no_rows")))
    series = (
        Series(name, colour, _star_shares(mine, wording)),
        Series(_("All segments"), None, _star_shares(theirs, wording)),
    )
    stars = tuple(f"{count} ★" for count in range(1, 6))
    heading = _("Reviews given")
    return GroupedBars(
        title=heading,
        description=wording.clauses(
            wording.labelled(star, f"{own.text} / {other.text}")
            for star, own, other in zip(stars, series[0].marks, series[1].marks, strict=True)
        ),
        categories=stars,
        series=series,
        axis=round_axis(
            _("Share of reviews"),
            0.0,
            max(mark.value for line in series for mark in line.marks),
            wording.tick_share,
        ),
        table=Table(
            caption=heading,
            columns=(Column(_("Stars"), is_number=False), *(Column(line.name) for line in series)),
            rows=tuple(
                (star, own.text, other.text)
                for star, own, other in zip(stars, series[0].marks, series[1].marks, strict=True)
            ),
        ),
    )


def _star_shares(counts: tuple[int, ...], wording: Wording) -> tuple[Mark, ...]:
    return tuple(Mark(count / sum(counts), wording.share(count / sum(counts))) for count in counts)
