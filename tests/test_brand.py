"""The client's brand: made harmless, corrected where it cannot be read, in every document."""

from __future__ import annotations

import io
import zipfile
from base64 import b64encode
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from pdf_checker import structure_elements
from PIL import Image
from sample import sample_findings

from analysis.errors import SettingsError
from analysis.findings import NotComputed
from analysis.looks import Agreement, Monitoring, SegmentSize
from analysis.settings import Brand as BrandSettings
from report.brand import COVER_TEXT, GROUND, HOUSE, NIGHT, Brand, load_brand
from report.colours import READABLE, contrast, luminance, readable
from report.context import build_context
from report.contract_docx import render_contract
from report.dashboard import render_dashboard
from report.deck import render_deck
from report.html import render_report
from report.monitoring import Dress, render_monitoring
from report.pdf.assets import set_font
from report.proposal import render_proposal
from report.wording import Wording, templates_folder

PLAIN = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><style>.a{fill:#b00}</style>'
    '<path class="a" d="M0 0h9v9z"/>%s</svg>'
)
HOSTILE = {
    '<image href="http://example.org/x.png"/>': "<image>",
    '<image href="file:///etc/passwd"/>': "<image>",
    '<use href="http://example.org/x.svg#a"/>': "loads",
    '<script>alert(1)</script>': "<script>",
    '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>': "foreignObject",
    '<g onload="alert(1)"/>': "onload",
    '<style>@import "http://example.org/x.css"</style>': "outside",
    '<path d="M0 0" fill="url(http://example.org/x)"/>': "outside",
    '<path d="M0 0" style="fill: url(file:///x)"/>': "outside",
    '<animate attributeName="x"/>': "<animate>",
}  # fmt: skip


def draw_png(path: Path, size: tuple[int, int] = (60, 20)) -> None:
    Image.new("RGBA", size, (200, 30, 60, 255)).save(path)


def load(folder: Path, **values: str) -> Brand:
    return load_brand(BrandSettings(**values), folder)


@pytest.fixture(scope="module")
def brand(tmp_path_factory: pytest.TempPathFactory) -> Brand:
    """Both logos, a colour too pale to be read, a cover too pale for white text."""
    folder = tmp_path_factory.mktemp("brand")
    draw_png(folder / "client.png")
    (folder / "maker.svg").write_text(PLAIN % "")
    return load(
        folder,
        client_logo="client.png",
        consultant_logo="maker.svg",
        accent="#FFB000",
        cover="#E0A0C0",
    )


def test_contrast_is_that_of_wcag() -> None:
    assert luminance("#FFFFFF") == pytest.approx(1)
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    # #767676 is the palest grey of level AA on white, #777777 fails.
    assert contrast("#767676", "#FFFFFF") > READABLE > contrast("#777777", "#FFFFFF")


@pytest.mark.parametrize("against", ["#FFFFFF", GROUND, NIGHT, "#000000"])
@pytest.mark.parametrize("colour", ["#FFB000", "#00FFFF", "#123456", "#808080", "#FFFFFF"])
def test_a_colour_is_changed_until_it_can_be_read(colour: str, against: str) -> None:
    found = readable(colour, against)
    assert contrast(found, against) >= READABLE
    if contrast(colour, against) >= READABLE:
        assert found == colour


def test_the_house_colours_can_be_read() -> None:
    assert load(Path()) == HOUSE


def test_what_is_changed_is_said(brand: Brand) -> None:
    assert [asked for asked, _, _ in brand.corrections] == ["#FFB000", "#E0A0C0"]
    assert contrast(brand.accent, GROUND) >= READABLE
    assert contrast(brand.cover, COVER_TEXT) >= READABLE
    assert contrast(brand.accent_at_night, NIGHT) >= READABLE


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_logo_that_does_more_than_draw_is_refused(hostile: str, tmp_path: Path) -> None:
    (tmp_path / "x.svg").write_text(PLAIN % hostile)
    with pytest.raises(SettingsError, match=HOSTILE[hostile]):
        load(tmp_path, client_logo="x.svg")


def test_an_entity_is_not_read(tmp_path: Path) -> None:
    entity = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    (tmp_path / "x.svg").write_text(entity + PLAIN % "<text>&x;</text>")
    with pytest.raises(SettingsError, match="entity"):
        load(tmp_path, client_logo="x.svg")


SVG = '<svg xmlns="http://www.w3.org/2000/svg" %s>%s</svg>'
SQUARE = '<rect width="10" height="10" fill="#b00"/>'


@pytest.mark.parametrize(
    "size", ['viewBox="0 0 20 10"', 'width="20" height="10"', 'width="2cm" height="1cm"']
)
def test_an_svg_logo_is_a_picture_too(size: str, tmp_path: Path) -> None:
    (tmp_path / "x.svg").write_text(SVG % (size, SQUARE))
    first, second = (load(tmp_path, client_logo="x.svg").client_logo for _ in range(2))
    assert first is not None
    assert first == second  # to the byte
    with Image.open(io.BytesIO(first.picture)) as picture:
        # 1,200 by 600 pixels, and an edge of a fifth of the height all around.
        assert picture.size == (1440, 840)
        assert picture.getpixel((130, 130)) == (0xBB, 0, 0)
        assert picture.getpixel((1300, 400)) == picture.getpixel((20, 20)) == (255, 255, 255)


def test_an_svg_logo_of_any_size_makes_a_small_picture(tmp_path: Path) -> None:
    (tmp_path / "x.svg").write_text(SVG % ('width="9e9" height="9e8"', SQUARE.replace("10", "9e9")))
    logo = load(tmp_path, client_logo="x.svg").client_logo
    assert logo is not None
    with Image.open(io.BytesIO(logo.picture)) as picture:
        assert picture.size == (1248, 168)


@pytest.mark.parametrize(
    ("size", "drawn", "found"),
    [
        ('viewBox="0 0 20 10"', "", "draws nothing"),
        ('width="100%" height="100%"', SQUARE, "no size"),
        ('viewBox="0 0 0 10"', SQUARE, "no size"),
    ],
)
def test_an_svg_logo_that_shows_nothing_is_refused(
    size: str, drawn: str, found: str, tmp_path: Path
) -> None:
    (tmp_path / "x.svg").write_text(SVG % (size, drawn))
    with pytest.raises(SettingsError, match=found):
        load(tmp_path, client_logo="x.svg")


def test_what_only_an_editor_reads_is_dropped(tmp_path: Path) -> None:
    editor = '<metadata>me</metadata><x:view xmlns:x="urn:x" href="http://example.org"/>'
    (tmp_path / "x.svg").write_text(PLAIN % editor)
    logo = load(tmp_path, client_logo="x.svg").client_logo
    assert logo is not None
    assert b"example" not in logo.content
    assert b"<path" in logo.content


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<html/>", b"\x89PNG\r\n\x1a\n"])
@pytest.mark.parametrize("name", ["x.png", "x.svg", "x.jpg"])
def test_what_is_no_logo_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SettingsError):
        load(tmp_path, client_logo=name)


def test_a_missing_or_huge_logo_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path, client_logo="none.png")
    Image.new("1", (30_000, 2_000)).save(tmp_path / "huge.png")
    with pytest.raises(SettingsError, match="pixels"):
        load(tmp_path, client_logo="huge.png")


def test_a_face_is_read_and_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    face = str(templates_folder() / "fonts" / "Inter-Bold.ttf")
    found = load(tmp_path, font_regular=face)
    assert [name for name, _ in found.faces] == ["Regular"]
    assert 0.9 < found.size < 1  # a bold face is a little wider than the regular one
    (tmp_path / "x.ttf").write_text("no font")
    with pytest.raises(SettingsError, match="font cannot be read"):
        load(tmp_path, font_regular="x.ttf")


def test_every_document_wears_it(brand: Brand) -> None:
    wording = Wording("en")
    findings = sample_findings()
    context = build_context(findings, wording, brand)
    dashboard = render_dashboard(findings, wording, brand)
    page = render_report(context, wording, dashboard)
    for text in (page, dashboard):
        assert brand.accent in text
        assert b64encode(brand.client_logo.content).decode() in text  # type: ignore[union-attr]
    assert page.count('<div class="logos"><img') == 1
    for office, folder in (
        (render_deck(context, wording), "ppt"),
        (render_contract(context, wording), "word"),
    ):
        with zipfile.ZipFile(io.BytesIO(office)) as package:
            pictures = [name for name in package.namelist() if name.startswith(f"{folder}/media")]
            assert len(pictures) == 2
    with pikepdf.open(io.BytesIO(render_proposal(context, wording))) as pdf:
        assert "/Image" in {
            str(item.get("/Subtype")) for item in pdf.objects if isinstance(item, pikepdf.Stream)
        }


def test_a_face_of_the_clients_sets_the_pages(tmp_path: Path) -> None:
    face = str(templates_folder() / "fonts" / "Inter-Bold.ttf")
    dressed = replace(load(tmp_path, font_regular=face), size=1.0)
    wording = Wording("en")
    written = render_proposal(build_context(sample_findings(), wording, dressed), wording)
    with pikepdf.open(io.BytesIO(written)) as pdf:
        fonts = {
            str(item.get("/BaseFont"))
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary)
        }
    assert not [name for name in fonts if "Inter-Regular" in name]


def named_face(path: Path, family: str, wider: float = 1.0) -> str:
    """Write a face of ours under another name, as a client's; its letters so many times as wide."""
    from fontTools.ttLib import TTFont

    font = TTFont(templates_folder() / "fonts" / "Inter-Regular.ttf")
    metrics = font["hmtx"].metrics
    for glyph, (advance, bearing) in metrics.items():
        metrics[glyph] = (round(advance * wider), bearing)
    for number in (1, 16):
        font["name"].setName(family, number, 3, 1, 0x409)
    font.save(path)
    return path.name


@pytest.fixture
def dressed(tmp_path: Path) -> Brand:
    """A typeface of the client's and a red; a logo that is an SVG alone."""
    (tmp_path / "client.svg").write_text(PLAIN % "")
    face = named_face(tmp_path / "face.ttf", "Fonte & Cia")
    return load(tmp_path, font_regular=face, accent="#A01030", client_logo="client.svg")


def test_what_slides_and_word_cannot_hold_is_said(dressed: Brand) -> None:
    (font,) = dressed.notes
    assert "'Fonte & Cia'" in font
    assert HOUSE.notes == ()


def test_slides_and_word_name_the_typeface(dressed: Brand) -> None:
    context = build_context(sample_findings(), Wording("en"), dressed)
    with zipfile.ZipFile(io.BytesIO(render_deck(context, Wording("en")))) as deck:
        theme = deck.read("ppt/theme/theme1.xml").decode()
        charts = "".join(
            deck.read(name).decode() for name in deck.namelist() if name.startswith("ppt/charts/ch")
        )
    assert theme.count('typeface="Fonte &amp; Cia"') == 2
    assert '<a:accent1><a:srgbClr val="A01030"/>' in theme
    assert 'val="A01030"' in charts
    with zipfile.ZipFile(io.BytesIO(render_contract(context, Wording("en")))) as word:
        styles, fonts = (word.read(f"word/{n}.xml").decode() for n in ("styles", "fontTable"))
    assert 'w:ascii="Fonte &amp; Cia"' in styles
    assert '<w:font w:name="Fonte &amp; Cia"><w:altName w:val="Calibri"/></w:font>' in fonts


def test_slides_go_without_a_typeface_that_is_too_wide(tmp_path: Path) -> None:
    face = named_face(tmp_path / "wide.ttf", "Larga", wider=1.6)
    context = build_context(sample_findings(), Wording("en"), load(tmp_path, font_regular=face))
    with zipfile.ZipFile(io.BytesIO(render_deck(context, Wording("en")))) as deck:
        assert b"Larga" not in deck.read("ppt/theme/theme1.xml")


def test_drawings_wear_the_typeface_and_the_colour(dressed: Brand) -> None:
    dressed = replace(dressed, size=0.95)
    svg = '<svg font-family="Inter, system-ui, sans-serif"><text font-size="10">x</text></svg>'
    assert set_font(svg, dressed) == (
        f'<svg font-family="Inter Print, Inter Fallback"><text font-size="{dressed.size * 10:.2f}">'
        "x</text></svg>"
    )
    context = build_context(sample_findings(), Wording("en"), dressed)
    page = render_report(context, Wording("en"), None)
    assert page.count(f"size-adjust:{dressed.size:.1%}") == 1  # the one face given
    assert ":root { --accent: #A01030 }" in page
    assert 'stroke="var(--accent)"' in page


def make_look() -> Monitoring:
    """A look at a model of one segment that holds."""
    return Monitoring(
        source="shop.db",
        currency="BRL",
        model_on=date(2018, 1, 31),
        seen_on=date(2018, 5, 1),
        age_days=90,
        verdict="fresh",
        reasons=(),
        consecutive=2,
        snapshot_days=30,
        agreement=Agreement(1000, 0.95, 0.98, 0.8, 0.9, 0.01, 0.97, alarm=False),
        size_limit_share=0.2,
        sizes=(SegmentSize("s1", "loyal", 500, 600, 1.0, 1.0, 0.0, alarm=False),),
        new_customers=NotComputed("no_rows"),
        drift=NotComputed("no_rows"),
        deadline=NotComputed("no_rows"),
        previous=None,
    )


def test_the_page_of_the_monitoring_wears_the_brand(dressed: Brand) -> None:
    dress = Dress(dressed, "Loja & Filhos", "Nós")
    with pikepdf.open(io.BytesIO(render_monitoring(make_look(), "fr", dress))) as pdf:
        texts = [str(kid.get("/Alt", "")) for kid in structure_elements(pdf)]
        names = "".join(
            str(item.get("/BaseFont"))
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary)
        )
    assert "Loja & Filhos" in texts
    assert "Inter-Regular" not in names
