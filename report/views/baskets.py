"""What the word for a basket means in each name: the amounts that the printed rules ask for.

A name compares a segment with everybody; a rule cuts it from its neighbours. So "large" may start
at one amount among the satisfied and at another among the unhappy, and the reader is told both.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.findings import Condition, CrmRule, Segment, Segmentation
from report.content import Content
from report.views.plans import segment_name
from report.wording import Wording

SPEND = "spend"


@dataclass(frozen=True)
class Bounds:
    """The amounts that a rule's customers paid more than, and at most; None where any will do."""

    above: float | None
    most: float | None


def bounds_of(segment: Segment) -> Bounds | None:
    """Return the amounts of a segment's rule; None without a rule, or where they depend."""
    if not isinstance(segment.rule, CrmRule):
        return None
    several = {_bounds(conditions) for conditions in segment.rule.alternatives}
    return several.pop() if len(several) == 1 else None


def paid_cell(segment: Segment, currency: str, wording: Wording) -> str:
    """Return the amounts of a segment's rule for a cell."""
    if not isinstance(segment.rule, CrmRule):
        return wording.gettext("no rule")
    bounds = bounds_of(segment)
    if bounds is None:
        return wording.gettext("see its rule")
    return _written(bounds, currency, wording) or wording.gettext("any amount")


def baskets_note(found: Segmentation, currency: str, wording: Wording, content: Content) -> str:
    """Return the amounts of the names that share a word; empty where each word has one meaning."""
    told = [
        wording.gettext(
            "“%(name)s”: %(paid)s",
            name=segment_name(segment, content),
            paid=_written(bounds, currency, wording),
        )
        for segment, bounds in _ambiguous(found)
    ]
    if not told:
        return ""
    return wording.gettext(
        "The same word for a basket, other amounts paid, by the printed rules: %(segments)s.",
        segments=wording.clauses(told),
    )


def _ambiguous(found: Segmentation) -> list[tuple[Segment, Bounds]]:
    """Return the segments whose word for a basket has other amounts in another name."""
    by_word: dict[str, list[tuple[Segment, Bounds]]] = {}
    for segment in found.segments:
        bounds = bounds_of(segment)
        if bounds is not None and bounds != Bounds(None, None):
            by_word.setdefault(_word(segment), []).append((segment, bounds))
    return [
        each
        for group in by_word.values()
        if len({bounds for _, bounds in group}) > 1
        for each in group
    ]


def _word(segment: Segment) -> str:
    """Return the part of a persona that speaks of the basket: large, medium or small."""
    return segment.persona.rpartition("_")[2]


def _bounds(conditions: tuple[Condition, ...]) -> Bounds:
    asked = {one.comparison: one.threshold for one in conditions if one.feature == SPEND}
    return Bounds(asked.get(">"), asked.get("<="))


def _written(bounds: Bounds, currency: str, wording: Wording) -> str:
    """Return the amounts in words; empty where any will do."""
    _ = wording.gettext
    above = None if bounds.above is None else wording.money(bounds.above, currency)
    most = None if bounds.most is None else wording.money(bounds.most, currency)
    if above and most:
        return _("over %(least)s to %(most)s", least=above, most=most)
    if above:
        return _("over %(amount)s", amount=above)
    return _("at most %(amount)s", amount=most) if most else ""
