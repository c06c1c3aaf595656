"""HTML to PDF: one file that is both PDF/A-3a and PDF/UA-1, without any request to the outside.

The pages are laid out by WeasyPrint (`layout`), then finished for the standards
(`standards`). Whatever WeasyPrint complains of, and every address that it was refused, is a
RenderError: a document with a missing figure is not handed over.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from analysis.errors import RenderError
from report.brand import HOUSE, Brand
from report.exports import to_csv

if TYPE_CHECKING:
    from weasyprint import Attachment

    from report.pdf.assets import AssetFetcher
    from report.views.figures import Table


@dataclass(frozen=True)
class AttachedFile:
    """A text file that travels inside the PDF: its name, what it is, its content."""

    name: str
    description: str
    text: str


def attach_table(name: str, table: Table) -> AttachedFile:
    """Return a table as a CSV file, its cells guarded against being run as formulas."""
    columns = tuple(column.label for column in table.columns)
    return AttachedFile(f"{name}.csv", table.caption, to_csv(columns, table.rows).decode())


def render_pdf(
    html: str,
    *,
    as_of: datetime,
    images: Mapping[str, str] | None = None,
    attachments: tuple[AttachedFile, ...] = (),
    brand: Brand = HOUSE,
    remarks: list[str] | None = None,
) -> bytes:
    """Return the PDF of an HTML page, the same bytes for the same page.

    Every `<section class="sheet" id=...>` becomes exactly one page: it is spread over the page's
    height, or tightened within limits.

    Args:
        html: a whole document with lang, title and links to `asset:` styles.
        as_of: printed as the date of creation, so that two runs agree.
        images: SVG texts by name, for `<img src="mem:name">`.
        attachments: files embedded as data of the document.
        brand: the logos, colours and faces that the page wears.
        remarks: takes what was done for sheets that would have spilled.

    Raises:
        RenderError: a sheet does not fit its page, an address was refused, or WeasyPrint
            reported a problem.
    """
    from report.pdf.assets import AssetFetcher, replace_unknown_characters, set_font
    from report.pdf.layout import Fonts, lay_out
    from report.pdf.standards import compress, declare_standards, mark

    fetcher = AssetFetcher(
        {name: set_font(svg, brand) for name, svg in (images or {}).items()}, brand
    )
    with _no_complaints(fetcher), Fonts() as fonts:
        document = lay_out(replace_unknown_characters(html), fetcher, fonts, remarks)
        declare_standards(document, as_of)
        with warnings.catch_warnings():
            # WeasyPrint leaves its colour profile open (pdf/__init__.py, output_intent).
            warnings.simplefilter("ignore", ResourceWarning)
            written = document.write_pdf(
                pdf_variant="pdf/a-3a",
                finisher=mark,
                # Packed and named once it is whole: WeasyPrint would pack it twice for its name.
                uncompressed_pdf=True,
                pdf_identifier=False,
                attachments=[_attach(file, as_of) for file in attachments],
            )
    return compress(written)


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
