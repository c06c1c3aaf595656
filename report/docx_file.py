"""The file of a Word document: styles, numbered headings, the foot, properties, same bytes."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from report.deck.shapes import clean
from report.wording import Wording

if TYPE_CHECKING:
    from report.views import ReportContext

SOFT, FONT = "4A5366", "Calibri"
LANGUAGE_TAGS = {"fr": "fr-FR", "en": "en-GB", "pt-BR": "pt-BR"}
CLAUSES_NUMBER = 41
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
POINTS_SIZE, HEADING_SIZES = 10.5, (22, 14, 11.5)
MARGIN_CM = 2.2
TEXT_WIDTH_CM = 21 - 2 * MARGIN_CM
TERMS_SPACE = "http://purl.org/dc/terms/"
# The longest text that a property of an Office file may hold.
MOST = 255


def set_styles(document: Any, context: ReportContext, wording: Wording) -> None:
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


def number_headings(document: Any) -> None:
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


def add_page_numbers(document: Any, context: ReportContext) -> None:
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


def set_properties(document: Any, context: ReportContext) -> None:
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


def reproducible(content: bytes) -> bytes:
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
