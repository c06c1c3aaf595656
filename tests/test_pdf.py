"""The PDF machinery: what it refuses, what it promises, what it leaves in the file."""

from __future__ import annotations

import io
import re
from collections import Counter
from datetime import datetime

import pikepdf
import pytest
from pdf_checker import faults, lowest_text, text_of

from analysis.errors import RenderError
from report.pdf.assets import UNKNOWN, replace_unknown_characters, shipped_characters
from report.pdf.document import AttachedFile, render_pdf
from report.pdf.layout import (
    HEIGHT,
    LARGEST_GAP,
    SMALLEST_GAP,
    TEXT_SIZES,
    added_gap,
    looser,
    tighter,
)
from report.pdf.lean_html import default_style
from report.wording import templates_folder

A4_POINTS = 841.89
AS_OF = datetime(2030, 6, 30, 18, 0)
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
TALL = SQUARE.replace('0 0 9 9"', '0 0 9 90"')
PAGE = """<!doctype html><html lang="fr"><head><title>Essai</title>
<link rel="stylesheet" href="asset:styles/print.css"></head><body>
<section class="sheet" id="one" data-title="Un"><h1>Un</h1><p>{first}</p><p>fin</p></section>
<section class="sheet" id="two" data-title="Deux"><h1>Deux</h1>{second}
<p><a href="#one">retour</a></p></section></body></html>"""
TABLE = (
    '<table><thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>'
    '<tbody><tr><th scope="row">c</th><td>1</td></tr></tbody></table>'
)


def make(first: str = "mot", second: str = TABLE, **options: object) -> bytes:
    return render_pdf(PAGE.format(first=first, second=second), as_of=AS_OF, **options)  # type: ignore[arg-type]


def pages(written: bytes) -> int:
    with pikepdf.open(io.BytesIO(written)) as pdf:
        return len(pdf.pages)


def test_a_page_meets_what_the_checker_asks() -> None:
    written = make(
        second=f'{TABLE}<img src="mem:square" alt="Un carré">', images={"square": SQUARE}
    )
    assert faults(written) == []
    assert pages(written) == 2


def test_the_same_page_gives_the_same_bytes() -> None:
    assert make() == make()


def test_the_date_is_that_of_the_findings() -> None:
    with pikepdf.open(io.BytesIO(make())) as pdf:
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20300630180000")


def test_running_headers_and_footers_are_there_and_outside_the_tags() -> None:
    text = text_of(make()).split("\f")
    assert "Un" in text[0] and "1 / 2" in text[0]
    assert "2 / 2" in text[1]


def test_header_cells_say_what_they_head() -> None:
    with pikepdf.open(io.BytesIO(make())) as pdf:
        scopes = [
            str(item.A.Scope)
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/TH"
        ]
    assert sorted(scopes) == ["/Column", "/Column", "/Row"]


@pytest.mark.parametrize(
    "hostile",
    [
        '<img alt="x" src="file:///etc/hostname">',
        '<img alt="x" src="http://localhost/x.png">',
        '<img alt="x" src="asset:../pyproject.toml">',
        '<img alt="x" src="asset:fonts/../../pyproject.toml">',
        '<img alt="x" src="mem:unknown">',
        '<object data="file:///etc/hostname"></object>',
        '<link rel="attachment" href="file:///etc/hostname">',
        '<style>@import "file:///etc/hostname";</style>',
        '<p style="background: url(file:///etc/hostname)">x</p>',
        '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title>'
        '<image width="9" height="9" href="file:///etc/hostname"/></svg>',
    ],
)
def test_an_address_outside_the_package_is_refused(hostile: str) -> None:
    with pytest.raises(RenderError, match="refused"):
        make(second=hostile + TABLE)


def test_a_picture_without_a_text_is_a_failure() -> None:
    with pytest.raises(RenderError, match="alt"):
        make(second='<img src="mem:square">', images={"square": SQUARE})


def test_a_property_that_is_not_understood_is_a_failure() -> None:
    with pytest.raises(RenderError, match="faults"):
        make(second='<p style="colour: red">x</p>')


def test_a_long_sheet_is_tightened_to_its_page() -> None:
    assert pages(make(first="mot " * 1_560)) == 2


@pytest.mark.parametrize("first", ["mot " * 4_000, "</p>" + "<h2>Un</h2><p>mot</p>" * 60 + "<p>"])
def test_a_sheet_that_cannot_fit_runs_over_and_the_pages_are_counted(first: str) -> None:
    remarks: list[str] = []
    written = make(first=first, remarks=remarks)
    assert remarks == ["page 'one' goes on on another page"]
    assert faults(written) == []
    text = text_of(written).split("\f")
    count = pages(written)
    assert count >= 3
    for number, said in enumerate(text[:count], start=1):
        assert f"{number} / {count}" in said
    assert "fin" in text[count - 2]
    assert "Deux" in text[count - 1]


def test_columns_run_over_to_the_next_page() -> None:
    column = "<div>" + '<div class="clause"><h2>Titre</h2><p>mot mot mot</p></div>' * 28 + "</div>"
    written = make(second=f'<div class="columns">{column}{column}</div>')
    assert faults(written) == []
    assert text_of(written).count("Titre") == 56
    assert pages(written) == 3


def test_the_contents_give_the_pages_after_a_sheet_that_runs_over() -> None:
    contents = (
        '</p><ol class="contents"><li><p><a href="#two">Deux</a></p><p class="page">2</p></li></ol>'
    )
    written = make(first=contents + "<p>" + "mot " * 4_000)
    lines = text_of(written).split("\f")[0].split()
    assert lines[lines.index("Deux") + 1] == str(pages(written))


def test_a_block_that_is_higher_than_a_page_fails() -> None:
    with pytest.raises(RenderError, match="'one' holds a block"):
        make(first='<img alt="a" src="mem:tall">', images={"tall": TALL})


def test_a_sheet_with_room_is_spread() -> None:
    assert added_gap(45.0, 3) == 15


def test_a_sheet_is_not_spread_without_end() -> None:
    assert added_gap(900.0, 3) == LARGEST_GAP - SMALLEST_GAP


def test_the_room_of_a_sheet_goes_between_its_blocks() -> None:
    """Three blocks: two gaps, each wider by all that is allowed; points are 3/4 of a px."""
    left_alone = PAGE.replace('id="two"', 'id="two" data-fixed').format(first="x", second=TABLE)
    before = lowest_text(render_pdf(left_alone, as_of=AS_OF))[1]
    after = lowest_text(make())[1]
    moved = (before - after) * A4_POINTS
    assert moved == pytest.approx(2 * (LARGEST_GAP - SMALLEST_GAP) * 0.75, abs=0.5)


def test_a_sheet_that_spills_more_gets_smaller_text_the_sooner() -> None:
    rungs = [tighter(0, HEIGHT * (1 + part / 100)) for part in range(1, 45)]
    assert rungs[0] == 1
    assert rungs == sorted(rungs)
    assert rungs[-1] == len(TEXT_SIZES) - 1


def test_a_sheet_with_little_to_say_gets_its_full_size_back() -> None:
    assert looser(4, 0.6 * HEIGHT) == 0
    assert looser(4, 0.97 * HEIGHT) == 4
    assert looser(0, 0.2 * HEIGHT) == 0
    assert 0 < looser(4, 0.8 * HEIGHT) < 4


@pytest.mark.parametrize(
    ("paragraphs", "left_out"), [(8, []), (10, ["last"]), (12, ["first", "last"])]
)
def test_what_a_sheet_can_spare_goes_one_after_the_other(
    paragraphs: int, left_out: list[str]
) -> None:
    """Eight paragraphs and both parts fill a page, ten and one, twelve and none."""
    long = "<p>" + "Twelve words that fill a line of the page from end to end. " * 7 + "</p>"
    spare = '<p class="spare">' + "Told elsewhere as well, here the {place}. " * 26 + "</p>"
    parts = "".join(spare.format(place=place) for place in ("first", "last"))
    remarks: list[str] = []
    written = make(first=long * paragraphs + parts, remarks=remarks)
    assert faults(written) == []
    assert pages(written) == 2
    text = " ".join(text_of(written).split())
    assert [place for place in ("first", "last") if f"here the {place}" not in text] == left_out
    said = "page 'one' leaves out “Told elsewhere as well, here the {place}. Told elsewhere as…”"
    assert sorted(remarks) == [said.format(place=place) for place in left_out]


def test_a_part_whose_loss_gains_nothing_stays() -> None:
    """The right column is the lower one: what it could spare makes no room."""
    long = "<p>" + "Some words that fill a line of it. " * 7 + "</p>"
    spare = '<p class="spare">Told elsewhere, on the {side}. Told elsewhere as well.</p>'
    left, right = (spare.format(side=side) for side in ("left", "right"))
    second = f'<div class="columns"><div>{long * 14}{left}</div><div>{right}</div></div>'
    written = make(second=second)
    text = " ".join(text_of(written).split())
    assert pages(written) == 2
    assert "on the left" not in text
    assert "on the right" in text


def test_no_style_is_prepared_for_every_element_that_few_have() -> None:
    """A new WeasyPrint may have more of them: six an element were a tenth of the memory."""
    pseudo_elements = [selector[3] for selector in default_style().matcher.other_selectors]
    assert [name for name in pseudo_elements if name is not None] == []


def test_items_and_footnotes_keep_their_marks() -> None:
    """The item's bullet, the call beside the word, and the number before the note."""
    written = make(second='<ul><li>item<span class="footnote">remark</span></li></ul>')
    text = text_of(written)
    assert [mark in text for mark in ("item1", "\u2022", "1. remark")] == [True, True, True]


def test_a_file_travels_inside() -> None:
    written = make(attachments=(AttachedFile("prices.csv", "Lines", "a,b\n1,2\n"),))
    assert faults(written) == []
    with pikepdf.open(io.BytesIO(written)) as pdf:
        assert pdf.attachments["prices.csv"].get_file().read_bytes() == b"a,b\n1,2\n"


def test_the_font_draws_what_the_three_languages_need() -> None:
    needed = "àâçéèêëîïôœùûüÿÀÇÉŒãõáíóú«»’“”–—…·€$£•★☆✓✗≥≤≈≠−×÷→←↑↓‰²³ᵉΔη\u00a0\u202f½"
    assert set(needed) <= shipped_characters()


def test_the_fonts_are_light_and_licensed() -> None:
    folder = templates_folder() / "fonts"
    assert sum(path.stat().st_size for path in folder.iterdir()) < 400_000
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text()


def test_what_the_font_lacks_is_shown_as_a_square() -> None:
    assert replace_unknown_characters("São \N{SNOWMAN}\n") == f"São {UNKNOWN}\n"


@pytest.mark.parametrize("name", ["print.css", "playbook.css", "proposal.css", "monitoring.css"])
def test_no_rule_of_a_style_stands_twice(name: str) -> None:
    """What a merge leaves behind: the later copy would win, and nobody would see which."""
    text = (templates_folder() / "styles" / name).read_text(encoding="utf-8")
    rules = [line.split("{")[0] for line in text.splitlines() if re.match(r"\S.*\{.*\}$", line)]
    twice = {rule for rule, times in Counter(rules).items() if times > 1}
    assert twice <= {"@font-face "}
