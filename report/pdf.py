"""HTML to PDF: one file that is both PDF/A-3a and PDF/UA-1, without any request to the outside.

The pages are laid out by WeasyPrint (`pdf_layout`), then finished for the standards
(`pdf_standards`). Whatever WeasyPrint complains of, and every address that it was refused, is a
RenderError: a document with a missing figure is not handed over.
"""

from __future__ import annotations

import csv
import io
import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from analysis.errors import RenderError
from report.views import Absence

if TYPE_CHECKING:
    from weasyprint import Attachment

    from report.pdf_assets import AssetFetcher
    from report.figures import Figure, Table
    from report.views import ReportContext
    from report.wording import Wording


@dataclass(frozen=True)
class AttachedFile:
    """A text file that travels inside the PDF: its name, what it is, its content."""

    name: str
    description: str
    text: str


def render_pdf(
    html: str,
    *,
    as_of: datetime,
    images: Mapping[str, str] | None = None,
    attachments: tuple[AttachedFile, ...] = (),
) -> bytes:
    """Return the PDF of an HTML page, the same bytes for the same page.

    Every `<section class="sheet" id=...>` becomes exactly one page: it is spread over the page's
    height, or tightened within limits.

    Args:
        html: a whole document with lang, title and links to `asset:` styles.
        as_of: printed as the date of creation, so that two runs agree.
        images: SVG texts by name, for `<img src="mem:name">`.
        attachments: files embedded as data of the document.

    Raises:
        RenderError: a sheet does not fit its page, an address was refused, or WeasyPrint
            reported a problem.
    """
    from report.pdf_assets import AssetFetcher, replace_unknown_characters
    from report.pdf_layout import lay_out
    from report.pdf_standards import declare_standards, finish

    fetcher = AssetFetcher(images or {})
    with _no_complaints(fetcher):
        document = lay_out(replace_unknown_characters(html), fetcher)
        declare_standards(document, as_of)
        with warnings.catch_warnings():
            # WeasyPrint leaves its colour profile open (pdf/__init__.py, output_intent).
            warnings.simplefilter("ignore", ResourceWarning)
            written = document.write_pdf(
                pdf_variant="pdf/a-3a",
                attachments=[_attach(file, as_of) for file in attachments],
            )
    return finish(written)


def _attach(file: AttachedFile, as_of: datetime) -> Attachment:
    """Return the attachment, dated so that two runs agree."""
    from weasyprint import Attachment

    return Attachment(
        string=file.text,
        name=file.name,
        description=file.description,
        relationship="Data",
        created=as_of,
        modified=as_of,
    )


@contextmanager
def _no_complaints(fetcher: AssetFetcher) -> Iterator[None]:
    """Turn a refused address, and what WeasyPrint logs as a warning or an error, into a failure.

    Raises:
        RenderError: there was one.
    """
    records: list[logging.LogRecord] = []
    handler = _Collector(records)
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
    if fetcher.refused:
        raise RenderError(
            f"{len(fetcher.refused)} addresses were refused, the first {fetcher.refused[0]!r}",
            expected="only the program's own styles, fonts and figures",
            todo="remove the address from the text or the template that names it",
        )
    if records:
        raise RenderError(
            f"the page has {len(records)} faults, the first: {records[0].getMessage()}",
            expected="a page that WeasyPrint lays out without a complaint",
            todo="this is a fault of the program: please report it",
        )


class _Collector(logging.Handler):
    """Keeps what is logged as a warning or worse."""

    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__(logging.WARNING)
        self.records = records

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@dataclass(frozen=True)
class Entry:
    """A line of the contents: where it leads, its title, its place in the palette."""

    anchor: str
    title: str
    colour: int | None = None


def render_playbook(context: ReportContext, wording: Wording) -> bytes:
    """Return playbook.pdf: one page that says it all, one a segment, the refresh, the method.

    Raises:
        RenderError: a page could not be made fit to hand over.
    """
    from report.charts import draw
    from report.wording import make_environment

    page = make_environment(wording).get_template("pages/playbook.html")
    return render_pdf(
        page.render(context=context, contents=list_contents(context, wording)),
        as_of=context.as_of,
        images={name: draw(figure) for name, figure in figures_of(context).items()},
        attachments=tables_of(context),
    )


def list_contents(context: ReportContext, wording: Wording) -> tuple[Entry, ...]:
    """Return the contents of the playbook, in the order of its sheets."""
    _ = wording.gettext
    segments = () if isinstance(context.segmentation, Absence) else context.segmentation.segments
    return (
        Entry("essential", _("The essential on one page")),
        Entry("reading", _("How to read this playbook")),
        *(
            Entry(f"segment-{place}", segment.name, segment.colour)
            for place, segment in enumerate(segments, start=1)
        ),
        Entry("refresh", _("When to refresh the segments")),
        Entry("trials", _("For the sceptic: what was tried")),
        Entry("method", _("For the sceptic: what can be known")),
        Entry("terms", _("Glossary and source")),
    )


def figures_of(context: ReportContext) -> dict[str, Figure]:
    """Return the figures of the playbook by the names its pages give them."""
    figures: dict[str, Figure | Absence] = {}
    if not isinstance(context.segmentation, Absence):
        figures["shares"] = context.segmentation.shares
        figures["grid"] = context.segmentation.grid
        for place, segment in enumerate(context.segmentation.segments, start=1):
            figures[f"comparison-{place}"] = segment.comparison
            figures[f"reviews-{place}"] = segment.reviews
    if not isinstance(context.stability, Absence):
        figures["timeline"] = context.stability.chosen
        figures["other-timeline"] = context.stability.other
    return {name: figure for name, figure in figures.items() if not isinstance(figure, Absence)}


def tables_of(context: ReportContext) -> tuple[AttachedFile, ...]:
    """Return the tables behind the playbook's figures, as CSV files."""
    return tuple(
        AttachedFile(f"{name}.csv", figure.table.caption, to_csv(figure.table))
        for name, figure in figures_of(context).items()
    )


def to_csv(table: Table) -> str:
    """Return a table as CSV; a text that a spreadsheet would run as a formula is quoted."""
    output = io.StringIO()
    rows = csv.writer(output, lineterminator="\n")
    rows.writerow(column.label for column in table.columns)
    rows.writerows([inert(text) for text in row] for row in table.rows)
    return output.getvalue()


def inert(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "@", "\t", "\r")) else text
