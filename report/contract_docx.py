"""proposal.docx: the same contract, for a lawyer to edit: styles, numbered clauses, real tables."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from report.deck.shapes import clean
from report.views import Absence
from report.views.clauses import SIX_POINTS, TERMS
from report.views.figures import Column, Table
from report.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from report.views import ClauseView, ContractLineView, ReportContext, TierView

SOFT, SHADE, FONT = "4A5366", "E8ECF6", "Calibri"
LANGUAGE_TAGS = {"fr": "fr-FR", "en": "en-GB", "pt-BR": "pt-BR"}
CLAUSES_NUMBER = 41
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
POINTS_SIZE, HEADING_SIZES = 10.5, (22, 14, 11.5)
MARGIN_CM = 2.2
LOGO_HEIGHT_CM, LOGO_WIDTH_CM = 1.2, 5.0
TO_TICK = "[    ]"
TERMS_SPACE = "http://purl.org/dc/terms/"
# The longest text that a property of an Office file may hold.
MOST = 255
TEXT_WIDTH_CM = 21 - 2 * MARGIN_CM


def render_contract(context: ReportContext, wording: Wording) -> bytes:
    """Return proposal.docx, the same bytes for the same context.

    Headings of the first level are the parts, lettered; those of the second the clauses, numbered
    through by a definition that follows when a clause is moved, added or removed.
    """
    from docx import Document

    document = Document()
    _set_styles(document, context, wording)
    _number_headings(document)
    _set_properties(document, context)
    _write_offer(document, context, wording)
    _write_prices(document, context, wording)
    _write_worth(document, context, wording)
    _write_plan(document, context, wording)
    _write_clauses(document, context, wording)
    _write_signatures(document, context, wording)
    _write_annex(document, context, wording)
    _write_remarks(document, context, wording)
    _add_page_numbers(document, context)
    written = io.BytesIO()
    document.save(written)
    return _reproducible(written.getvalue())


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
        said = (staleness.sentence, context.proposal.worth, staleness.misplaced, staleness.flat)
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


# ---------------------------------------------------------------- the document


def _set_styles(document: Any, context: ReportContext, wording: Wording) -> None:
    """Set fonts, sizes, the brand's colour and the language; margins of the page, A4."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    styles, brand = document.styles, context.brand
    family = brand.family or FONT
    if brand.family:
        _name_fallback(document, family)
    normal = styles["Normal"]
    normal.font.name, normal.font.size = family, Pt(POINTS_SIZE)
    normal.paragraph_format.space_after = Pt(5)
    for name, size, space in (("Cell", 9, 1), ("Note", 8.5, 8)):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.font.size = Pt(size)
        style.paragraph_format.space_after = Pt(space)
    headings = zip(("Title", "Heading 1", "Heading 2"), HEADING_SIZES, strict=True)
    for name, size in (*headings, ("Subtitle", 12), ("Caption", 10)):
        font = styles[name].font
        font.name, font.size, font.italic = family, Pt(size), False
        font.bold = name != "Subtitle"
        font.color.rgb = RGBColor.from_string(SOFT if name == "Subtitle" else brand.cover[1:])
        _drop_theme_fonts(styles[name])
    styles["Heading 1"].paragraph_format.space_before = Pt(16)
    defaults = styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    language = defaults.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        defaults.append(language)
    language.set(qn("w:val"), LANGUAGE_TAGS[wording.language])
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(MARGIN_CM)
    section.top_margin = section.bottom_margin = Cm(MARGIN_CM)


def _name_fallback(document: Any, family: str) -> None:
    """Say in the table of fonts what stands in for the client's on a machine without it."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    table = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    entry = f'<w:font w:name={quoteattr(family)}><w:altName w:val="{FONT}"/></w:font>'
    table._blob = table.blob.replace(b"</w:fonts>", f"{entry}</w:fonts>".encode())


def _drop_theme_fonts(style: Any) -> None:
    """Let the named font count: the template names fonts of its theme as well."""
    from docx.oxml.ns import qn

    fonts = style.element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)


def _number_headings(document: Any) -> None:
    """Number the headings: A. for a part, 1. on for the clauses of all parts.

    Each level has a definition of its own: in one of several levels a new part would have some
    programs count its clauses from one again.
    """
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn

    numbering = document.part.numbering_part.element
    for level, (form, indent) in enumerate((("upperLetter", 480), ("decimal", 620)), start=1):
        number = CLAUSES_NUMBER + level
        abstract = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">'
            '<w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            f'<w:numFmt w:val="{form}"/><w:pStyle w:val="Heading{level}"/><w:suff w:val="tab"/>'
            '<w:lvlText w:val="%1."/><w:lvlJc w:val="left"/>'
            f'<w:pPr><w:tabs><w:tab w:val="num" w:pos="{indent}"/></w:tabs>'
            f'<w:ind w:left="{indent}" w:hanging="{indent}"/></w:pPr></w:lvl></w:abstractNum>'
        )
        # The schema wants every definition before the first number.
        numbering.insert(len(numbering.findall(qn("w:abstractNum"))), abstract)
        numbering.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{number}">'
                f'<w:abstractNumId w:val="{number}"/></w:num>'
            )
        )
        properties = document.styles[f"Heading {level}"].element.get_or_add_pPr()
        reference = properties.get_or_add_numPr()
        reference.get_or_add_ilvl().val = 0
        reference.get_or_add_numId().val = number


def _add_page_numbers(document: Any, context: ReportContext) -> None:
    """Write the number of the proposal and fields that count the pages into the footer."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import Cm

    footer = document.sections[0].footer.paragraphs[0]
    footer.paragraph_format.tab_stops.add_tab_stop(Cm(TEXT_WIDTH_CM), WD_TAB_ALIGNMENT.RIGHT)
    footer.style = document.styles["Note"]
    footer.add_run(clean(f"{context.cover.proposal_title} {context.proposal.number}") + "\t")
    for place, field in enumerate(("PAGE", "NUMPAGES")):
        if place:
            footer.add_run(" / ")
        footer._p.append(
            parse_xml(
                f'<w:fldSimple {nsdecls("w")} w:instr="{field}"><w:r><w:t>1</w:t></w:r>'
                "</w:fldSimple>"
            )
        )


def _set_properties(document: Any, context: ReportContext) -> None:
    """Name the document, without a day: that of its data is none of its own."""
    properties = document.core_properties
    properties.title = clean(f"{context.cover.proposal_title} {context.proposal.number}")[:MOST]
    properties.author = clean(context.proposal.consultant)[:MOST]
    properties.last_modified_by = ""
    properties.comments = ""
    properties.keywords = ""
    properties.language = LANGUAGE_TAGS[context.language]
    properties.revision = 1
    for stamp in ("created", "modified"):
        for element in properties._element.findall(f"{{{TERMS_SPACE}}}{stamp}"):
            properties._element.remove(element)


def _reproducible(content: bytes) -> bytes:
    """Return the archive with fixed dates, so that equal documents are equal bytes."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return written.getvalue()
