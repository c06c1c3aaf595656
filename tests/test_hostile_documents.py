"""Texts that would run, load or swell stay texts, in every document of a language."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser

import pikepdf
import pytest
from dashboard_sample import make_lines, pack_lines
from docx_reader import docx_words
from pdf_checker import faults, text_of
from sample import sample_findings, sample_proposal

from analysis.findings import Findings, Segmentation, Share, Voices
from report.documents import DOCUMENTS, render_documents

SCRIPT, TEMPLATE, FORMULA = "<script>alert(1)</script>", "{{7*7}}", "=cmd|' /C calc'!A0"
LONG_CITY = "Llanfair" * 625  # 5,000 letters without a space
NAMES = (FORMULA, TEMPLATE, SCRIPT, "@SUM(1)", LONG_CITY)
# What a PDF may do when it is opened or read: none of it stands in ours.
ACTIONS = {"/JavaScript", "/JS", "/Launch", "/OpenAction", "/AA", "/SubmitForm", "/URI"}


class Reader(HTMLParser):
    """Collects the elements of a page, and its text outside of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002  HTMLParser's
        """Keep the element's name."""
        self.elements.append(tag)

    def handle_data(self, data: str) -> None:
        """Keep what is read."""
        if self.elements and self.elements[-1] not in ("script", "style"):
            self.texts.append(data)


def hostile_findings() -> Findings:
    """The sample, where shop, places, sellers, categories and comments are called such things."""
    found = sample_findings()
    rows = tuple(
        replace(found.kpis.by_state.rows[0], key=f"h{place}", label=name, state="")
        for place, name in enumerate(NAMES)
    )
    tables = {
        name: replace(getattr(found.kpis, name), rows=rows)
        for name in ("by_state", "by_city", "by_seller", "by_category")
    }
    lines = make_lines(orders=200).assign(city=f"{LONG_CITY}|BA", category=SCRIPT)
    assert isinstance(found.segmentation, Segmentation)
    shares = tuple(Share(name, 10, 0.1, 0.1) for name in NAMES)
    segments = tuple(
        replace(
            segment,
            profile=replace(segment.profile, top_states=shares, top_categories=shares),
            voices=replace(
                segment.voices,
                quotes=tuple(
                    replace(quote, text=text)
                    for quote, text in zip(segment.voices.quotes, NAMES, strict=False)
                ),
            )
            if isinstance(segment.voices, Voices)
            else segment.voices,
        )
        for segment in found.segmentation.segments
    )
    return replace(
        found,
        source=replace(found.source, name=SCRIPT),
        kpis=replace(found.kpis, **tables, lines=pack_lines(lines)),
        segmentation=replace(found.segmentation, segments=segments),
        proposal=replace(sample_proposal(), client=FORMULA, consultant=TEMPLATE),
    )


@pytest.fixture(scope="module")
def documents() -> dict[str, bytes]:
    files: Mapping[str, bytes] = render_documents(hostile_findings(), ("en",))
    return {name: files[f"en/{file}"] for name, file in DOCUMENTS.items()}


@pytest.mark.parametrize("name", ["report", "dashboard"])
def test_a_page_shows_them_and_runs_nothing(name: str, documents: dict[str, bytes]) -> None:
    page = documents[name].decode()
    plain = render_documents(sample_findings(), ("en",), (name,)).popitem()[1].decode()
    assert SCRIPT not in page
    reader, known = Reader(page), Reader(plain)
    assert reader.elements.count("script") == known.elements.count("script")
    assert set(reader.elements) <= set(known.elements)
    said = "".join(reader.texts)
    for text in (SCRIPT, FORMULA) if name == "dashboard" else (SCRIPT, FORMULA, TEMPLATE):
        assert text in said
    assert LONG_CITY not in said


@pytest.mark.parametrize("name", ["playbook", "proposal"])
def test_a_pdf_shows_them_and_does_nothing(name: str, documents: dict[str, bytes]) -> None:
    assert not faults(documents[name])
    with pikepdf.open(io.BytesIO(documents[name])) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary):
                assert not ACTIONS & set(item.keys())
        for attached in pdf.attachments.values():
            table = attached.get_file().read_bytes().decode("utf-8-sig")
            for row in csv.reader(io.StringIO(table)):
                assert not [cell for cell in row if re.match(r"[=@+]\D", cell)]
    said = text_of(documents[name])
    assert FORMULA in said
    assert TEMPLATE in said


def test_a_word_file_shows_them_and_holds_no_field_of_theirs(documents: dict[str, bytes]) -> None:
    said = docx_words(documents["contract"])
    assert FORMULA in said
    assert TEMPLATE in said
    with zipfile.ZipFile(io.BytesIO(documents["contract"])) as package:
        parts = b"".join(package.read(n) for n in package.namelist() if n.endswith(".xml"))
    assert set(re.findall(rb'w:instr="([^"]*)"', parts)) == {b"PAGE", b"NUMPAGES"}
    assert b"instrText" not in parts


def test_slides_show_them_and_calculate_nothing(documents: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(documents["deck"])) as package:
        slides = b"".join(package.read(n) for n in package.namelist() if "slides/slide" in n)
        books = [package.read(n) for n in package.namelist() if n.endswith(".xlsx")]
    assert TEMPLATE.encode() in slides
    assert LONG_CITY.encode() not in slides
    assert books
    for book in books:
        with zipfile.ZipFile(io.BytesIO(book)) as package:
            sheets = [package.read(n) for n in package.namelist() if "sheet1" in n]
        assert not [sheet for sheet in sheets if b"<f>" in sheet or b"<hyperlink" in sheet]
