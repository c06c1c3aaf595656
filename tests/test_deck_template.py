"""A client's presentation: read by what its layouts are for, checked, refused with a reason."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from deck_reader import open_deck, words
from pptx import Presentation
from pptx.util import Inches
from sample import sample_findings

from analysis.errors import RenderError
from report.context import build_context
from report.deck import check_template, render_deck
from report.deck.template import client_design, own_design
from report.wording import Wording


@pytest.fixture(scope="module")
def default_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """python-pptx's default: 4:3, large titles, English names, and a sample slide."""
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.shapes.title.text = "SAMPLE SLIDE OF THE CLIENT"
    path = tmp_path_factory.mktemp("template") / "default.pptx"
    presentation.save(path)
    return path


@pytest.fixture(scope="module")
def poured(default_template: Path) -> bytes:
    return _poured(default_template)


def _poured(template: Path) -> bytes:
    wording = Wording("fr")
    return render_deck(build_context(sample_findings(), wording), wording, template)


def test_our_own_layouts_are_all_found():
    design = own_design()
    assert set(design.layouts) == {"title", "obj", "twoObj", "titleOnly"}
    assert design.width == pytest.approx(13.333, abs=0.001)


def test_the_clients_slides_are_left_out_and_its_size_kept(poured, default_template):
    assert "SAMPLE SLIDE" not in words(poured)
    deck = open_deck(poured)
    assert deck.slide_width == Presentation(default_template).slide_width
    assert {slide.slide_layout.name for slide in deck.slides} >= {"Title Slide", "Two Content"}


def test_the_story_is_told_in_the_clients_footer(poured):
    footers = [
        shape.text_frame.text
        for slide in open_deck(poured).slides
        for shape in slide.placeholders
        if shape._element.ph.get("type") == "ftr"
    ]
    assert footers
    assert any(text.startswith("Les segments") for text in footers)


def test_layouts_are_found_by_type_in_any_language(tmp_path):
    presentation = Presentation()
    for number, layout in enumerate(presentation.slide_layouts):
        layout._element.cSld.set("name", f"Mise en page {number}")
    presentation.save(tmp_path / "renamed.pptx")
    layouts = client_design(tmp_path / "renamed.pptx").layouts
    assert layouts["obj"].name == "Mise en page 1"


def test_layouts_without_a_type_are_found_by_their_placeholders(tmp_path):
    presentation = Presentation()
    for layout in presentation.slide_layouts:
        layout._element.attrib.pop("type", None)
    presentation.save(tmp_path / "untyped.pptx")
    layouts = client_design(tmp_path / "untyped.pptx").layouts
    assert layouts["title"].name == "Title Slide"
    assert layouts["obj"].name == "Title and Content"
    assert layouts["titleOnly"].name == "Title Only"


def test_one_zone_is_divided_for_a_chart_and_its_text(tmp_path):
    design = client_design(_with_layouts(tmp_path, "title", "obj", "titleOnly"))
    left, right = design.halves
    assert left.left == design.body.left
    assert right.right == pytest.approx(design.body.right)
    assert left.right < right.left
    assert left.width > right.width


def test_a_template_with_titles_only_still_carries_the_deck(tmp_path):
    path = _with_layouts(tmp_path, "titleOnly")
    missing = {finding.what for finding in check_template(path) if not finding.fits}
    assert missing == {"slides", "layout title", "layout obj", "layout twoObj"}
    assert len(open_deck(_poured(path)).slides) > 20


def test_a_finding_reads_as_a_line(tmp_path):
    lines = [str(finding) for finding in check_template(_with_layouts(tmp_path, "titleOnly"))]
    assert "look  layout title: missing (the cover will use another layout)" in lines
    assert "ok    footer: there" in lines


def test_a_template_without_titles_is_refused(tmp_path):
    with pytest.raises(RenderError, match="no layout has a title and a content"):
        check_template(_with_layouts(tmp_path, "blank"))


def test_a_potx_is_read_as_a_presentation(tmp_path, default_template):
    path = tmp_path / "brand.potx"
    with zipfile.ZipFile(default_template) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "[Content_Types].xml":
                data = data.replace(b"presentation.main+xml", b"template.main+xml")
            target.writestr(name, data)
    assert {finding.what for finding in check_template(path)} >= {"title", "content", "footer"}


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_presentation_is_refused(tmp_path, content):
    path = tmp_path / "brand.pptx"
    path.write_bytes(content)
    with pytest.raises(RenderError, match="cannot be opened") as caught:
        check_template(path)
    assert str(path) in caught.value.where


def test_a_missing_template_is_refused(tmp_path):
    with pytest.raises(RenderError, match="cannot be opened"):
        client_design(tmp_path / "none.pptx")


def test_a_template_with_macros_is_refused(tmp_path, default_template):
    path = tmp_path / "brand.pptm"
    with zipfile.ZipFile(default_template) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "[Content_Types].xml":
                old, new = (
                    b"application/vnd.openxmlformats-officedocument.presentationml.presentation.",
                    b"application/vnd.ms-powerpoint.presentation.macroEnabled.",
                )
                assert old in data
                data = data.replace(old, new)
            target.writestr(name, data)
    with pytest.raises(RenderError, match="macros"):
        check_template(path)


def test_no_room_at_all_is_said_and_then_refused(tmp_path):
    presentation = Presentation()
    for holder in (presentation.slide_master, *presentation.slide_layouts):
        for placeholder in holder.placeholders:
            kind = placeholder._element.ph.get("type")
            if kind in ("title", "ctrTitle"):
                placeholder.left, placeholder.top = Inches(0.5), Inches(5.0)
                placeholder.width, placeholder.height = Inches(9), Inches(1.2)
            elif kind in ("body", None):
                placeholder.left, placeholder.top = Inches(0.5), Inches(0.5)
                placeholder.width, placeholder.height = Inches(9), Inches(1.0)
    path = tmp_path / "small.pptx"
    presentation.save(path)
    found = {finding.what: finding for finding in check_template(path) if not finding.fits}
    assert set(found) == {"slides", "content"}
    assert "tables at 12 points need" in found["content"].todo
    with pytest.raises(RenderError, match="slide"):
        _poured(path)


def _with_layouts(folder: Path, *kinds: str) -> Path:
    """Save the default presentation with some of its layouts alone."""
    presentation = Presentation()
    for layout in list(presentation.slide_layouts):
        if layout._element.get("type") not in kinds:
            presentation.slide_layouts.remove(layout)
    content = io.BytesIO()
    presentation.save(content)
    path = folder / "layouts.pptx"
    path.write_bytes(content.getvalue())
    return path
