"""playbook.pdf: the cover, the essential, one page a segment, the refresh, the method."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from report.pdf.document import AttachedFile, attach_table, render_pdf
from report.views import Absence
from report.views.figures import Table

if TYPE_CHECKING:
    from report.charts import Figure
    from report.views import ReportContext
    from report.wording import Wording


FULL_WIDTH = 660.0
# With more, the plan and the grid of stages need a sheet each.
SEGMENTS_ON_ONE_PLAN = 5
# Of the value of a mailing: without the cautious lift, and without what the picture below shows.
VALUE_COLUMNS = (0, 1, 2, 4, 5, 6, 7, 8)
# With more, their shares stand in the table of the first sheet only, which tells them too.
SEGMENTS_WITH_SHARES = 4
# With more, what each input may be has no room under the picture of what it decides.
SEGMENTS_WITH_INPUTS = 4
# With more, their small charts stand in two rows, and leave no room for another chart.
SEGMENTS_IN_A_ROW = 3
# Of the figures of a segment, on the page that says how to read them.
EXAMPLE_ROWS = 5
# With more, the checks of the choice take the whole width, in two columns.
CHECKS_BESIDE_A_FIGURE = 12
# The columns of the checks: what, reached, bound, asked, verdict.
VERDICT = 4
NO_VERDICT = "\u2013"
# A drawing of half the page's width is drawn narrower, so that its texts stay readable.
WIDTHS = {"other-timeline": 360.0, "changes": 360.0}


@dataclass(frozen=True)
class Entry:
    """A line of the contents: where it leads, its title, its place in the palette, its sheets."""

    anchor: str
    title: str
    colour: int | None = None
    page: int = 0
    sheets: int = 1


def render_playbook(
    context: ReportContext, wording: Wording, remarks: list[str] | None = None
) -> bytes:
    """Return playbook.pdf: one page that says it all, one a segment, the refresh, the method.

    `remarks` takes what was done for pages that would have spilled.

    Raises:
        RenderError: a page could not be made fit to hand over.
    """
    from report.charts import bar_part, draw
    from report.ink import printed
    from report.wording import BLANK, make_environment

    page = make_environment(wording).get_template("pages/playbook.html")
    page.globals.update(bar_part=bar_part, blank=BLANK)
    return render_pdf(
        page.render(
            context=context,
            contents=list_contents(context, wording),
            plan_is_split=plan_is_split(context),
            shares_are_drawn=shares_are_drawn(context),
            values=narrow_values(context),
            inputs_are_listed=inputs_are_listed(context),
            checks=check_columns(context),
            changes_are_drawn=changes_are_drawn(context),
            since_is_split=since_is_split(context),
            moves_are_split=moves_are_split(context),
            messages_have_glosses=messages_have_glosses(context),
            example_rows=EXAMPLE_ROWS,
        ),
        as_of=context.as_of,
        images={
            name: draw(figure, printed(context.brand), WIDTHS.get(name, FULL_WIDTH))
            for name, figure in drawn_figures(context).items()
        },
        attachments=tables_of(context),
        brand=context.brand,
        remarks=remarks,
    )


def list_contents(context: ReportContext, wording: Wording) -> tuple[Entry, ...]:
    """Return the contents of the playbook, in the order of its sheets."""
    _ = wording.gettext
    segments = () if isinstance(context.segmentation, Absence) else context.segmentation.segments
    entries = (
        Entry("essential", _("The essential on one page")),
        *(
            (Entry("since", context.changes.title, sheets=1 + since_is_split(context)),)
            if context.changes
            else ()
        ),
        Entry("reading", _("How to read this playbook")),
        *((Entry("plan", _("Whom first, and when")),) if segments else ()),
        *((Entry("stages", _("What to do in each cell")),) if plan_is_split(context) else ()),
        *((Entry("value", _("What a mailing may bring")),) if values_are_known(context) else ()),
        *((Entry("crm", _("From the file to the campaign")),) if segments else ()),
        *((Entry("sending", _("From the send-out to its effect")),) if segments else ()),
        *(
            Entry(f"segment-{place}", segment.name, segment.colour)
            for place, segment in enumerate(segments, start=1)
        ),
        *(
            (Entry("messages", _("The messages as your customers read them")),)
            if context.messages
            else ()
        ),
        Entry("refresh", _("When to refresh the segments")),
        *(
            (Entry("moves", _("Who moves, and which segment first")),)
            if not isinstance(context.stability, Absence)
            else ()
        ),
        *((Entry("ageing", _("How long the segments hold")),) if moves_are_split(context) else ()),
        *(
            (Entry("watch", _("What we watch between two refits")),)
            if not isinstance(context.drift, Absence)
            else ()
        ),
        Entry("trials", _("For the sceptic: what was tried")),
        Entry("method", _("For the sceptic: what can be known")),
        Entry("terms", _("Glossary and source")),
    )
    # A sheet is a page, and the cover is the first.
    pages = accumulate((entry.sheets for entry in entries), initial=2)
    return tuple(replace(entry, page=page) for entry, page in zip(entries, pages, strict=False))


def plan_is_split(context: ReportContext) -> bool:
    """Return whether the plan and the grid of stages stand on two sheets."""
    found = context.segmentation
    return not isinstance(found, Absence) and len(found.segments) > SEGMENTS_ON_ONE_PLAN


def shares_are_drawn(context: ReportContext) -> bool:
    """Return whether the first sheet has room for a drawing of what each segment brings."""
    found = context.segmentation
    return not isinstance(found, Absence) and len(found.segments) <= SEGMENTS_WITH_SHARES


def values_are_known(context: ReportContext) -> bool:
    """Return whether what a mailing may bring has a sheet."""
    found = context.segmentation
    return not isinstance(found, Absence) and not isinstance(found.values, Absence)


def narrow_values(context: ReportContext) -> Table | None:
    """Return what a mailing may bring as wide as the sheet; the attached file has every column."""
    found = context.segmentation
    if isinstance(found, Absence) or isinstance(found.values, Absence):
        return None
    table = found.values
    return replace(
        table,
        columns=tuple(table.columns[place] for place in VALUE_COLUMNS),
        rows=tuple(tuple(row[place] for place in VALUE_COLUMNS) for row in table.rows),
    )


def inputs_are_listed(context: ReportContext) -> bool:
    """Return whether the sheet on a mailing has room for what each input may be."""
    found = context.segmentation
    return not isinstance(found, Absence) and len(found.segments) <= SEGMENTS_WITH_INPUTS


def check_columns(context: ReportContext) -> tuple[Table, ...]:
    """Return the checks of the choice: one table, two halves where it is long, none without.

    Where all that have a verdict have the same, it stands once over the table, not in every row;
    bounds are in the attached file.
    """
    if isinstance(context.candidates, Absence):
        return ()
    table = context.candidates.checks
    verdicts = sorted({row[VERDICT] for row in table.rows} - {NO_VERDICT})
    if len(verdicts) == 1:
        columns = (0, 1, 3)
        table = replace(
            table,
            caption=f"{table.caption} ({verdicts[0]})",
            columns=tuple(table.columns[place] for place in columns),
            rows=tuple(tuple(row[place] for place in columns) for row in table.rows),
        )
    if len(table.rows) <= CHECKS_BESIDE_A_FIGURE:
        return (table,)
    half = (len(table.rows) + 1) // 2
    return (
        replace(table, rows=table.rows[:half], note=""),
        replace(table, rows=table.rows[half:], note=""),
    )


def messages_have_glosses(context: ReportContext) -> bool:
    """Return whether the sheet of messages has room for both languages."""
    found = context.messages
    return found is not None and len(found.messages) <= SEGMENTS_ON_ONE_PLAN


def moves_are_split(context: ReportContext) -> bool:
    """Return whether who moves, and how long each segment holds, take two sheets."""
    found = context.stability
    return not isinstance(found, Absence) and (
        len(found.ageing.segments.panels) > SEGMENTS_ON_ONE_PLAN
    )


def changes_are_drawn(context: ReportContext) -> bool:
    """Return whether the sheet on who moves has room for the chart of what moves."""
    found = context.stability
    few = not isinstance(found, Absence) and (
        len(found.ageing.segments.panels) <= SEGMENTS_IN_A_ROW
    )
    return few or moves_are_split(context)


def since_is_split(context: ReportContext) -> bool:
    """Return whether what changed since an earlier edition takes two sheets."""
    table = None if context.changes is None else context.changes.at_a_glance
    return isinstance(table, Table) and len(table.rows) > SEGMENTS_ON_ONE_PLAN


def drawn_figures(context: ReportContext) -> dict[str, Figure]:
    """Return the figures that are drawings, by the names that the pages give them."""
    figures: dict[str, Figure | Absence] = {}
    if not isinstance(context.segmentation, Absence):
        if shares_are_drawn(context):
            figures["shares"] = context.segmentation.shares
        figures["tornado"] = context.segmentation.tornado
    if not isinstance(context.stability, Absence):
        figures["timeline"] = context.stability.keeping
        figures["other-timeline"] = context.stability.other
        figures["segments-ageing"] = context.stability.ageing.segments
        if changes_are_drawn(context):
            figures["changes"] = context.stability.ageing.changes
    if not isinstance(context.drift, Absence):
        figures["drift"] = context.drift.figure
    return {name: figure for name, figure in figures.items() if not isinstance(figure, Absence)}


def tables_of(context: ReportContext) -> tuple[AttachedFile, ...]:
    """Return the tables behind the playbook's figures, as CSV files."""
    tables = {name: figure.table for name, figure in drawn_figures(context).items()}
    if not isinstance(context.stability, Absence):
        tables["comparisons"] = context.stability.grid.table
        tables["migration"] = context.stability.ageing.migration
    if not isinstance(context.candidates, Absence):
        tables["checks"] = context.candidates.checks
    if not isinstance(context.drift, Absence):
        tables["drift-tests"] = context.drift.tests
    if not isinstance(context.segmentation, Absence):
        tables["segments"] = context.segmentation.overview
        tables["plan"] = context.segmentation.plans
        if not isinstance(context.segmentation.values, Absence):
            tables["values"] = context.segmentation.values
        tables["stages"] = context.segmentation.grid.table
        for place, segment in enumerate(context.segmentation.segments, start=1):
            tables[f"segment-{place}-figures"] = segment.comparison.table
            if not isinstance(segment.reviews, Absence):
                tables[f"segment-{place}-reviews"] = segment.reviews.table
    return tuple(attach_table(name, table) for name, table in tables.items())
