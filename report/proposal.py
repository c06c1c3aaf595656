"""proposal.pdf: the priced maintenance contract, from the offer to the signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from report.charts import draw
from report.ink import printed
from report.pdf.document import AttachedFile, attach_table, render_pdf
from report.views import Absence
from report.views.figures import Column, Table

# A figure in one of two columns, in the units of its texts.
COLUMN = 420.0

if TYPE_CHECKING:
    from report.views import ReportContext
    from report.wording import Wording


def render_proposal(
    context: ReportContext, wording: Wording, remarks: list[str] | None = None
) -> bytes:
    """Return proposal.pdf: offers, prices or blanks, the client's six points, terms, signatures.

    `remarks` takes what was done for pages that would have spilled.

    Raises:
        RenderError: a page could not be made fit to hand over.
    """
    from report.wording import make_environment

    page = make_environment(wording).get_template("pages/proposal.html")
    return render_pdf(
        page.render(context=context),
        as_of=context.as_of,
        images=_images(context),
        attachments=_lines(context, wording),
        brand=context.brand,
        remarks=remarks,
    )


def _images(context: ReportContext) -> dict[str, str]:
    """Return the drawings of the pages, by the name that they have there."""
    staleness = context.staleness
    if isinstance(staleness, Absence) or isinstance(staleness.figure, Absence):
        return {}
    return {"cost": draw(staleness.figure, printed(context.brand), COLUMN)}


def _lines(context: ReportContext, wording: Wording) -> tuple[AttachedFile, ...]:
    """Return the printed lines of every offer as a file, so that they can be added up."""
    tiers = context.proposal.tiers
    if isinstance(tiers, Absence):
        return ()
    _ = wording.gettext
    rows: list[tuple[str, ...]] = []
    for tier in tiers:
        rows += [
            (tier.name, line.name, line.quantity, line.days_each, line.days, line.amount)
            for line in (*tier.lines, *([tier.early] if tier.early else []))
        ]
        total = _("With the early refits provided for, before tax")
        rows.append((tier.name, total, "", "", tier.days, tier.total))
    labels = (_("Offer"), _("Service"), _("Quantity"), _("Days each"), _("Days"), _("Amount"))
    table = Table(
        caption=_("The lines of the offers"),
        columns=tuple(Column(label) for label in labels),
        rows=tuple(rows),
    )
    return (attach_table("lines", table),)
