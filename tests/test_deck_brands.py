"""The deck in five presentations of different build: what is said before, and what comes out."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from deck_reader import faults_of_place, open_deck, shapes_of, sizes_of
from deck_templates import BRANDS, SAMPLE, save_brand
from sample import sample_findings

from report.context import build_context
from report.deck import check_template, render_deck
from report.deck.fit import SMALLEST_BODY, SMALLEST_TITLE
from report.deck.footer import SMALLEST_FOOTER
from report.deck.layouts import box_of
from report.deck.story import PARTS, part_name, tell
from report.deck.template import client_design
from report.deck.theme import WHITE
from report.wording import Wording

# What check-template says of each before the run, beside what fits.
SAID = {
    "narrow": {"slides"},
    "renamed": {"layout twoObj", "layout titleOnly", "footer"},
    "dark": {"colours"},
    "with_pictures": {"picture"},
    "small_body": {"content", "layout twoObj", "footer"},
}
# The language that runs longest, and the others once each.
LANGUAGE = {"narrow": "pt-BR", "renamed": "fr", "dark": "en"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("brands")


@pytest.fixture(scope="module", params=BRANDS)
def brand(request, folder) -> tuple[str, Path, bytes]:
    return request.param, *_poured(request.param, folder)


@pytest.fixture(scope="module")
def dark(folder) -> bytes:
    return _poured("dark", folder)[1]


def _poured(name: str, folder: Path) -> tuple[Path, bytes]:
    path = save_brand(name, folder)
    wording = Wording(LANGUAGE.get(name, "pt-BR"))
    return path, render_deck(build_context(sample_findings(), wording), wording, path)


@pytest.mark.parametrize("name", BRANDS)
def test_what_does_not_fit_is_said_before_the_run(name, folder):
    findings = check_template(save_brand(name, folder))
    missing = {finding.what for finding in findings if not finding.fits}
    assert missing == SAID[name]
    assert all(finding.todo for finding in findings if not finding.fits)


def test_the_whole_story_is_told(brand):
    _name, _path, deck = brand
    wording = Wording("en")
    story = tell(build_context(sample_findings(), wording), wording)
    assert len(open_deck(deck).slides) == len(story)


def test_the_cover_holds_the_agenda(brand):
    name, _path, deck = brand
    parts = [part_name(part, Wording(LANGUAGE.get(name, "pt-BR"))) for part in PARTS]
    cover = " ".join(shape.text_frame.text for shape in open_deck(deck).slides[0].placeholders)
    assert all(part in cover for part in parts[:-1])


def test_nothing_leaves_its_slide_or_covers_another_text(brand):
    _name, _path, deck = brand
    assert faults_of_place(deck) == []


def test_texts_can_be_read(brand):
    _name, _path, deck = brand
    for slide in open_deck(deck).slides:
        for shape in shapes_of(slide):
            least = SMALLEST_TITLE if shape == slide.shapes.title else SMALLEST_BODY
            if shape.is_placeholder and shape._element.ph.get("type") == "ftr":
                least = SMALLEST_FOOTER
            assert all(size >= least for size in sizes_of(shape)), shape.name


def test_nothing_of_the_sample_slides_is_left(brand):
    _name, _path, deck = brand
    with zipfile.ZipFile(io.BytesIO(deck)) as file:
        for name in file.namelist():
            assert SAMPLE.encode() not in file.read(name), name
        assert "docProps/thumbnail.jpeg" not in file.namelist()
        assert "docProps/app.xml" not in file.namelist()


def test_no_placeholder_stays_empty(brand):
    _name, _path, deck = brand
    for slide in open_deck(deck).slides:
        for shape in slide.placeholders:
            if shape.has_text_frame and shape._element.ph.get("type") != "sldNum":
                assert shape.text_frame.text, (slide.slide_id, shape.name)


def test_the_source_is_told_with_every_slide(brand):
    _name, _path, deck = brand
    for slide in open_deck(deck).slides:
        notes = slide.notes_slide.notes_text_frame.text
        assert notes.rsplit("\n", 1)[-1].startswith(("Source", "Fonte"))


def test_content_stands_under_the_title_where_its_zone_is_too_small(folder):
    design = client_design(save_brand("small_body", folder))
    layout = design.layouts["obj"]
    title = next(p for p in layout.placeholders if p._element.ph.get("type") == "title")
    assert design.body.left == box_of(title).left
    assert design.body.top > box_of(title).bottom
    assert design.body.width > 10


def test_uneven_margins_are_kept_free(folder):
    design = client_design(save_brand("renamed", folder))
    assert design.margins == pytest.approx((0.75, 0.3))


def test_a_line_under_the_title_is_not_taken_for_the_content(folder):
    design = client_design(save_brand("with_pictures", folder))
    assert design.body.height > 4


def test_capitals_are_measured_as_capitals(folder):
    dark = client_design(save_brand("dark", folder)).title_face
    plain = client_design(save_brand("small_body", folder)).title_face
    assert dark.width("abc", 20) == plain.width("ABC", 20) > plain.width("abc", 20)


def test_on_a_dark_design_charts_and_tables_stand_on_white(dark):
    for slide in open_deck(dark).slides:
        for shape in slide.shapes:
            if shape.has_chart:
                fill = shape.chart._chartSpace.find("{*}spPr").find("{*}solidFill")
                assert fill[0].get("val") == WHITE
            if shape.has_table:
                for cell in shape._element.iter("{*}tcPr"):
                    assert cell.find("{*}solidFill") is not None


def test_on_a_dark_design_our_own_texts_are_light(dark):
    own = [
        shape
        for slide in open_deck(dark).slides
        for shape in slide.shapes
        if shape.has_text_frame and not shape.is_placeholder and not _is_filled(shape)
    ]
    assert own
    for shape in own:
        colours = {fill.get("val") for fill in shape._element.iter("{*}srgbClr")}
        assert colours <= {WHITE}, shape.text_frame.text


def _is_filled(shape: Any) -> bool:
    return shape._element.spPr.find("{*}solidFill") is not None
