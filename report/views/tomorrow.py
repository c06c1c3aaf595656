"""What to do tomorrow morning: three lines of segments.csv, each a segment, a filter, a number.

One segment of each kind comes first, by priority: one to repair, one to sell to, one to serve. A
line stands only where somebody answers its filter; the customers are those of the first stage.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.customers import GOOD_REVIEW, LOW_REVIEW
from analysis.experiments import is_tested
from analysis.findings import LifecycleCell, NotComputed, Segment, Segmentation
from report.content import Content
from report.views.figures import Column, Table
from report.views.plans import by_priority, segment_name
from report.views.segment_records import Tomorrow
from report.wording import Wording

LINES = 3
# For whom something can be done at once: the others are to wait, or to be understood first.
ROLES = ("repair", "sell", "serve")


@dataclass(frozen=True)
class _Line:
    """A segment, its first stage, how to select whom it is about, and how many they are."""

    segment: Segment
    cell: LifecycleCell
    filters: tuple[str, ...]
    customers: int


def tomorrow_view(found: Segmentation, wording: Wording, content: Content) -> Tomorrow | None:
    """Return what to do tomorrow; None where the findings support no line."""
    lines = _chosen([line for line in map(_line, by_priority(found)) if line is not None])
    if not lines:
        return None
    _ = wording.gettext
    return Tomorrow(
        table=Table(
            caption=_("Tomorrow morning"),
            columns=(
                Column(_("Segment"), is_number=False),
                Column(_("What to do"), is_number=False),
                Column(_("Select in segments.csv"), is_number=False),
                Column(_("Customers")),
            ),
            rows=tuple(
                (
                    segment_name(line.segment, content),
                    wording.typographic(
                        getattr(content.persona(line.segment.persona).lifecycle, line.cell.stage)
                    ),
                    ", ".join(line.filters),
                    wording.integer(line.customers),
                )
                for line in lines
            ),
            note=_(
                "The message is on the page of the segment; only those who agreed to be contacted "
                "receive it."
            ),
        ),
        colours=tuple(line.segment.colour for line in lines),
    )


def _line(segment: Segment) -> _Line | None:
    """Return what to do for a segment's first stage; None where nobody, or nothing, is known."""
    cell, role = segment.lifecycle[0], segment.plan.role
    customers = cell.low_reviewers if role == "repair" else cell.reachable
    if role not in ROLES or not cell.matters or isinstance(customers, NotComputed):
        return None
    filters = [f"segment_id = {segment.segment_id}", f"stage = {cell.stage}"]
    if role == "repair":
        filters.append(f"lowest_review <= {LOW_REVIEW}")
    else:
        filters.append(f"lowest_review >= {GOOD_REVIEW}")
        filters += ["held_out = 0"] if is_tested(segment.persona) else []
    return _Line(segment, cell, tuple(filters), customers) if customers else None


def _chosen(lines: list[_Line]) -> list[_Line]:
    """Return one line of each role, then the next of any, in the order of priority."""
    first = [
        next((line for line in lines if line.segment.plan.role == role), None) for role in ROLES
    ]
    chosen = [line for line in first if line is not None]
    chosen += [line for line in lines if line not in chosen][: LINES - len(chosen)]
    return sorted(chosen, key=lambda line: line.segment.plan.priority)
