"""proposal.docx: the same contract, for a lawyer to edit: styles, numbered clauses, real tables."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from report.deck.shapes import clean
from report.docx_file import (
    TEXT_WIDTH_CM,
    add_page_numbers,
    number_headings,
    reproducible,
    set_properties,
    set_styles,
)
from report.views import Absence
from report.views.clauses import SIX_POINTS, TERMS
from report.views.figures import Column, Table
from report.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from report.views import ClauseView, ContractLineView, ReportContext, TierView

SHADE = "E8ECF6"
LOGO_HEIGHT_CM, LOGO_WIDTH_CM = 1.2, 5.0
TO_TICK = "[    ]"


def render_contract(context: ReportContext, wording: Wording) -> bytes:
    """Return proposal.docx, the same bytes for the same context.

    Headings of the first level are the parts, lettered; those of the second the clauses, numbered
    through by a definition that follows when a clause is moved, added or removed.
    """
    from docx import Document

    document = Document()
    set_styles(document, context, wording)
    number_headings(document)
    set_properties(document, context)
    _write_offer(document, context, wording)
    _write_prices(document, context, wording)
    _write_worth(document, context, wording)
    _write_plan(document, context, wording)
    _write_clauses(document, context, wording)
    _write_signatures(document, context, wording)
    _write_annex(document, context, wording)
    _write_remarks(document, context, wording)
    add_page_numbers(document, context)
    written = io.BytesIO()
    document.save(written)
    return reproducible(written.getvalue())


# ---------------------------------------------------------------- parts


def _write_offer(document: Any, context: ReportContext, wording: Wording) -> None:
    _, proposal = wording.gettext, context.proposal
    _add_logos(document, context)
    _say(document, f"{context.cover.proposal_title} {proposal.number}", style="Title")
    _say(document, proposal.sentence, style="Subtitle")
    if proposal.budget:
        _say(document, proposal.budget)
    _say(document, context.cover.basis)
    _head(document, _("The parties"), 1)
    _add_table(document, proposal.parties, title=False)
    for name, text in (
        (_("Date of the offer"), proposal.issued_on),
        (_("Valid until"), proposal.valid_until),
    ):
        _say(document, _("%(name)s: %(said)s", name=name, said=text))
    _head(document, _("The offers, or doing nothing"), 1)
    if not isinstance(context.refresh, Absence):
        _say(document, f"{context.refresh.recommendation} {context.refresh.reason}")
    if not isinstance(context.stability, Absence):
        _say(document, f"{context.stability.agreement} {context.stability.uncertainty}")
    if isinstance(proposal.tiers, Absence):
        _say(document, proposal.tiers.reason)
        return
    for tier in proposal.tiers:
        price = _("%(name)s: %(said)s", name=tier.fixed, said=tier.range)
        _add_offer(document, tier.name, f"{price}. {tier.promise}", tier.features)
    _add_offer(
        document,
        _("Doing nothing"),
        _("The segments stay as they are while the customers change."),
        proposal.nothing,
    )
    if not isinstance(proposal.table, Absence):
        _add_table(document, proposal.table)


def _add_offer(document: Any, name: str, said: str, points: Sequence[str]) -> None:
    """Write an offer as the PDF has it: its price and promise, what it holds as a list."""
    _caption(document, name)
    _say(document, said).paragraph_format.keep_with_next = True
    for text in points:
        _say(document, text, style="List Bullet")


def _add_logos(document: Any, context: ReportContext) -> None:
    """Put the logos above the title, as pictures with a text for who cannot see them."""
    from docx.shared import Cm

    brand, cover = context.brand, context.cover
    names = {"client-logo": cover.client, "consultant-logo": cover.consultant}
    pictures = [(names[key], logo) for key, logo in brand.logos]
    if not pictures:
        return
    run = document.add_paragraph().add_run()
    for name, logo in pictures:
        height = min(LOGO_HEIGHT_CM, LOGO_WIDTH_CM / logo.ratio)
        picture = run.add_picture(io.BytesIO(logo.picture), height=Cm(height))
        picture._inline.docPr.set("descr", clean(name))
        run.add_text("    ")


def _write_prices(document: Any, context: ReportContext, wording: Wording) -> None:
    _, proposal = wording.gettext, context.proposal
    _head(document, _("Price"), 1)
    if not isinstance(proposal.tiers, Absence):
        for tier in proposal.tiers:
            _caption(document, tier.name)
            _add_lines(document, tier, context, wording)
    for text in (*proposal.assumptions, proposal.rounding):
        _say(document, text, style="List Bullet")
    if not isinstance(proposal.risks, Absence):
        _add_table(document, proposal.risks)
    _say(document, proposal.contingency)


def _write_plan(document: Any, context: ReportContext, wording: Wording) -> None:
    """Write the calendar and the service levels under a heading of their own."""
    _, proposal = wording.gettext, context.proposal
    _head(document, _("Calendar and service levels"), 1)
    for table in (proposal.calendar, proposal.service_levels):
        if isinstance(table, Absence):
            _say(document, table.reason)
        else:
            _add_table(document, table)


def _write_worth(document: Any, context: ReportContext, wording: Wording) -> None:
    _, staleness = wording.gettext, context.staleness
    _head(document, _("What it is worth, and what may happen"), 1)
    if isinstance(staleness, Absence):
        _say(document, staleness.reason)
    else:
        said = (
            context.proposal.pays,
            staleness.sentence,
            context.proposal.worth,
            staleness.misplaced,
            staleness.flat,
        )
        for text in said:
            if text:
                _say(document, text)
        _add_table(document, staleness.table)
        if not isinstance(staleness.figure, Absence):
            _add_table(document, staleness.figure.table)
        for text in staleness.inputs:
            _say(document, text, style="List Bullet")
    if not isinstance(context.proposal.sensitivity, Absence):
        _add_table(document, context.proposal.sensitivity)


def _write_clauses(document: Any, context: ReportContext, wording: Wording) -> None:
    _, clauses = wording.gettext, context.proposal.clauses
    _head(document, _("Your six points"), 1)
    for key in SIX_POINTS:
        _add_clause(document, clauses[key])
    _head(document, _("Scope and terms"), 1)
    for key in TERMS:
        _add_clause(document, clauses[key])


def _write_annex(document: Any, context: ReportContext, wording: Wording) -> None:
    """Write the agreement on personal data on a page of its own, with its blanks."""
    from docx.enum.text import WD_BREAK

    _, agreement = wording.gettext, context.proposal.clauses["data_agreement"]
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    _head(document, agreement.heading, 1)
    for text in agreement.paragraphs:
        _say(document, text)
    for text in agreement.points:
        _say(document, text, style="List Bullet")
    _add_table(document, context.proposal.annex)
    _add_table(
        document,
        Table(
            caption=_("Annex"),
            columns=(
                Column(_("For the client"), is_number=False),
                Column(_("For the consultant"), is_number=False),
            ),
            rows=((context.proposal.client, context.proposal.consultant), ("\n\n", "\n\n")),
        ),
        title=False,
    )


def _write_remarks(document: Any, context: ReportContext, wording: Wording) -> None:
    """Write what is to be settled before signing, on a page to take away."""
    from docx.enum.text import WD_BREAK

    _ = wording.gettext
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    _head(document, _("To settle before signing"), 1)
    _say(
        document,
        _(
            "This sheet is taken away before the contract is signed: it lists, clause by clause, "
            "what a lawyer and an accountant are to check, and what the parties have still to "
            "settle. The values of the law are dated. This document is not legal advice."
        ),
    )
    _add_table(document, context.proposal.remarks)


def _write_signatures(document: Any, context: ReportContext, wording: Wording) -> None:
    """Write the two blocks to sign, in a table of which no row is parted by a page."""
    _ = wording.gettext
    table = Table(
        caption=_("Signatures"),
        columns=(
            Column(_("For the client"), is_number=False),
            Column(_("For the consultant"), is_number=False),
        ),
        rows=(
            (context.proposal.client, context.proposal.consultant),
            *((text, "") for text in _choices(context, wording)),
            (
                _("Tick the offer chosen; date, name, role, signature"),
                _("Date, name, role, signature"),
            ),
            ("\n\n", "\n\n"),
        ),
    )
    _add_table(document, table)


def _choices(context: ReportContext, wording: Wording) -> list[str]:
    """Return a line to tick for each offer, with its price."""
    tiers = context.proposal.tiers
    if isinstance(tiers, Absence):
        return []
    lines = []
    for tier in tiers:
        price = f"{tier.fixed} – {tier.short_range}" if tier.short_range else tier.fixed
        lines.append(f"{TO_TICK} {wording.labelled(tier.name, price)}")
    return lines


def _add_clause(document: Any, clause: ClauseView) -> None:
    _head(document, clause.heading, 2)
    for place, text in enumerate(clause.paragraphs):
        said = _say(document, text)
        if clause.is_apparent and not place:
            said.runs[0].bold = True
    for text in clause.points:
        _say(document, text, style="List Bullet")


def _add_lines(document: Any, tier: TierView, context: ReportContext, wording: Wording) -> None:
    """Write the lines of an offer with its totals."""
    _ = wording.gettext
    labels = (_("Service"), _("Quantity"), _("Days each"), _("Days"), _("Amount"))
    rows = [_cells(line) for line in tier.lines]
    rows.append((_("Fixed price, before tax"), "", "", tier.fixed_days, tier.fixed))
    if tier.early is not None:
        with_early = _("With the early refits provided for, before tax")
        rows += [_cells(tier.early), (with_early, "", "", tier.days, tier.total)]
    if tier.tax:
        taxed = _("With the early refits provided for, with tax")
        rows += [(_("Tax"), "", "", "", tier.tax), (taxed, "", "", "", tier.total_with_tax)]
    columns = tuple(Column(label, is_number=place > 0) for place, label in enumerate(labels))
    total = (_("Price cap, before tax"), "", "", "", tier.cap)
    _add_table(
        document, Table(tier.name, columns, tuple(rows), total, context.proposal.tax), title=False
    )


def _cells(line: ContractLineView) -> tuple[str, ...]:
    return (line.name, line.quantity, line.days_each, line.days, line.amount)


# ---------------------------------------------------------------- tables


def _say(document: Any, text: str, style: str | None = None) -> Any:
    """Write a paragraph; what a name in the data may hold is not all allowed in XML."""
    paragraph = document.add_paragraph(clean(text))
    if style is not None:
        _dress(paragraph, style)
    return paragraph


def _dress(paragraph: Any, style: str) -> None:
    """Give a paragraph a style by its identifier: by its name, all styles are read each time."""
    paragraph._p.style = style.replace(" ", "")


def _head(document: Any, text: str, level: int) -> None:
    _say(document, text, style=f"Heading {level}")


def _caption(document: Any, text: str) -> None:
    _say(document, text, style="Caption").paragraph_format.keep_with_next = True


def _add_table(document: Any, table: Table, title: bool = True) -> None:
    """Write a table with a header row that repeats on every page."""
    if title:
        _caption(document, table.caption)
    made = document.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    made.autofit = False
    widths = _widths(len(table.columns))
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    for cell, column in zip(made.rows[0].cells, table.columns, strict=True):
        _write_cell(cell, column.label, column.is_number, bold=True, shade=SHADE)
    _mark_row(made.rows[0], header=True)
    for row in (*table.rows, *((table.total,) if table.total else ())):
        added = made.add_row()
        _mark_row(added)
        is_total = bool(table.total) and row is table.total
        for cell, text, column in zip(added.cells, row, table.columns, strict=True):
            _write_cell(cell, text, column.is_number, bold=is_total)
    for row in made.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    _say(document, table.note, style="Note")


def _widths(columns: int) -> list[int]:
    """Return the widths of columns, the first twice as wide where there are more than two."""
    from docx.shared import Cm

    room = int(Cm(TEXT_WIDTH_CM))
    first = room // 2 if columns == 2 else 2 * room // (columns + 1)
    return [first, *[(room - first) // (columns - 1)] * (columns - 1)]


def _write_cell(
    cell: Any, text: str, is_number: bool, *, bold: bool = False, shade: str = ""
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    paragraph = cell.paragraphs[0]
    _dress(paragraph, "Cell")
    paragraph.add_run(clean(text)).bold = bold
    if is_number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if shade:
        fill = f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{shade}"/>'
        cell._tc.get_or_add_tcPr().append(parse_xml(fill))


def _mark_row(row: Any, header: bool = False) -> None:
    """Keep a row whole, and repeat it on every page where it is the header."""
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if header:
        properties.append(OxmlElement("w:tblHeader"))
