"""proposal.docx, read back: styles, numbering, tables, the figures of the PDF, equal bytes."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx_reader import docx_words
from pdf_checker import plain, text_of
from sample import HOSTILE, sample_findings, sample_proposal

from report.context import build_context
from report.contract_docx import render_contract
from report.views import Absence
from report.views.clauses import SIX_POINTS, TERMS
from report.wording import LANGUAGES, Wording


def written(language: str = "en", **changes: object) -> bytes:
    wording = Wording(language)
    return render_contract(build_context(sample_findings(**changes), wording), wording)


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return request.param


def test_equal_contexts_give_equal_bytes() -> None:
    content = written()
    assert content == written()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert archive.namelist()[0] == "[Content_Types].xml"


def test_headings_are_styles_numbered_by_a_definition() -> None:
    document = Document(io.BytesIO(written()))
    clauses = [p.text for p in document.paragraphs if p.style.name == "Heading 2"]
    assert len(clauses) == len(SIX_POINTS) + len(TERMS)
    numbering = document.part.numbering_part.element
    numbers = {
        number.get(qn("w:numId")): number.find(qn("w:abstractNumId")).get(qn("w:val"))
        for number in numbering.findall(qn("w:num"))
    }
    for name, form in (("Heading 1", "upperLetter"), ("Heading 2", "decimal")):
        reference = document.styles[name].element.pPr.numPr
        assert reference.ilvl.val == 0
        definition = next(
            found
            for found in numbering.findall(qn("w:abstractNum"))
            if found.get(qn("w:abstractNumId")) == numbers[str(reference.numId.val)]
        )
        styles = [style.get(qn("w:val")) for style in definition.iter(qn("w:pStyle"))]
        assert styles == [name.replace(" ", "")]
        assert [each.get(qn("w:val")) for each in definition.iter(qn("w:numFmt"))] == [form]


def test_every_table_repeats_its_header_row() -> None:
    tables = Document(io.BytesIO(written())).tables
    assert len(tables) >= 9
    for table in tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:tblHeader")) is None for row in table.rows[1:])


def test_pages_are_counted_and_the_language_is_set(language: str) -> None:
    document = Document(io.BytesIO(written(language)))
    footer = document.sections[0].footer._element
    fields = [field.get(qn("w:instr")) for field in footer.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    tag = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert tag.get(qn("w:val")).split("-")[0] == language.split("-", maxsplit=1)[0]


def test_properties_say_nothing_of_a_machine() -> None:
    found = Document(io.BytesIO(written())).core_properties
    # The last day of the data is no date of the document.
    assert found.created is found.modified is None
    assert (found.last_modified_by, found.comments) == ("", "")
    assert "python" not in f"{found.author} {found.title} {found.keywords}".lower()


def test_it_holds_what_the_contract_says(language: str) -> None:
    wording = Wording(language)
    proposal = build_context(sample_findings(), wording).proposal
    text = docx_words(written(language))
    assert not isinstance(proposal.tiers, Absence)
    for tier in proposal.tiers:
        assert tier.total in text
        assert tier.range in text
        assert all(said in text for said in tier.features)
        assert all(line.amount in text for line in tier.lines)
    for clause in proposal.clauses.values():
        assert clause.heading in text
        assert all(said in text for said in (*clause.paragraphs, *clause.points))
    for row in (*proposal.annex.rows, *proposal.service_levels.rows):  # type: ignore[union-attr]
        assert all(cell in text for cell in row)
    for row in proposal.parties.rows:
        assert row[0] in text
    for row in proposal.remarks.rows:
        assert all(cell in text for cell in row)
    for said in (proposal.sentence, proposal.budget, proposal.worth, proposal.contingency):
        assert said
        assert said in text


def test_names_from_outside_are_text() -> None:
    proposal = replace(sample_proposal(), client=f"{HOSTILE}\x00\x0b", consultant="=cmd()")
    assert HOSTILE in docx_words(written(proposal=proposal))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice")
def test_libreoffice_numbers_the_clauses_as_the_pdf_does(tmp_path) -> None:
    path = tmp_path / "proposal.docx"
    path.write_bytes(written("fr"))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run([*command, profile], check=True, capture_output=True)  # noqa: S603
    text = plain(text_of((tmp_path / "proposal.pdf").read_bytes()))
    clauses = build_context(sample_findings(), Wording("fr")).proposal.clauses
    for key in (*SIX_POINTS, *TERMS):
        assert plain(f"{clauses[key].number}. {clauses[key].heading}") in text, key
