"""Whether a text fits its box: widths, lines, sizes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.errors import RenderError
from report.deck.fit import (
    Box,
    Face,
    Paragraph,
    Run,
    count_lines,
    face,
    is_known,
    largest_size,
    text_height,
)
from report.deck.parts import Text
from report.wording import NO_BREAK, templates_folder

# Every character is half as wide as its size, in bold as wide; a line is as high as its size.
SQUARE = Face(
    line_height=1.0,
    regular=dict.fromkeys("abcdefghij " + NO_BREAK, 500),
    bold=dict.fromkeys("abcdefghij " + NO_BREAK, 1000),
    factor=1.0,
)
FONTS = {"calibri": "Carlito", "arial": "LiberationSans"}
FOLDER = Path("/usr/share/fonts")  # of a Linux machine; elsewhere the test is skipped


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("ab cd", 25, 1),  # five characters of 5 points
        ("ab cd", 24, 2),
        ("ab" + NO_BREAK + "cd", 24, 2),  # no break within: 25 points, broken anywhere
        ("abcdefghij", 24, 3),  # 50 points: two full lines, and the rest
        ("", 25, 1),
    ],
)
def test_lines_are_counted_as_they_break(text, width, lines):
    assert count_lines((Run(text),), SQUARE, 10, width) == lines


def test_a_word_may_hold_two_weights():
    # "ab" in bold 20 points, "cd" 10 points: one word of 30.
    assert count_lines((Run("ab", bold=True), Run("cd")), SQUARE, 10, 30) == 1


def test_a_character_that_no_font_has_is_taken_as_wide():
    assert SQUARE.width("★", 10) == 10


def test_heights_add_up():
    two = (Paragraph((Run("ab"),)), Paragraph((Run("cd"),), space=0.5))
    assert text_height(two, SQUARE, 10, 100) == 25
    large = (Paragraph((Run("ab"),), scale=2.0),)
    assert text_height(large, SQUARE, 10, 100) == 20


def test_a_bullet_is_narrower_by_its_indent():
    text = (Paragraph((Run("ab cd"),), bullet=True),)
    assert text_height(text, SQUARE, 10, 25) == 10
    assert text_height(text, SQUARE, 10, 25, indent=1) == 20


def test_the_size_steps_down_until_it_fits():
    box = Box(0, 0, 50 / 72, 20 / 72)
    text = (Paragraph((Run("abcd abcd"),)),)
    # 20 points: 90 wide in 50, two lines of 20 do not stand in 20; 11: 49.5 wide, one line.
    assert largest_size(text, SQUARE, box, (8, 20), "here") == 11


def test_what_does_not_fit_is_an_error_that_names_it():
    box = Box(0, 0, 50 / 72, 10 / 72)
    text = (Paragraph((Run("abcd " * 9),)),)
    with pytest.raises(RenderError, match="does not fit") as caught:
        largest_size(text, SQUARE, box, (8, 20), "the slide data")
    assert caught.value.where == "the slide data"
    assert "abcd abcd" in caught.value.found


def test_a_relaxed_text_keeps_its_beginning_and_sends_the_rest_to_the_notes():
    text = Text(tuple(Paragraph((Run(word),)) for word in "abc"), at_least=2)
    relaxed = text.relaxed()
    assert relaxed is not None
    assert [paragraph.text for paragraph in relaxed.least] == ["a"]
    assert relaxed.noted
    assert relaxed.relaxed() is None


def test_an_unknown_family_is_measured_wider_than_arial():
    assert is_known("Calibri")
    assert not is_known("Client Grotesk")
    assert face("Client Grotesk").width("Client", 20) > face("Arial").width("Client", 20)


@pytest.mark.parametrize("family", FONTS)
def test_the_stored_widths_are_those_of_the_fonts(family):
    fonts = pytest.importorskip("fontTools.ttLib")
    stored = json.loads((templates_folder() / "slides" / "widths.json").read_text("utf-8"))
    for weight, name in (("regular", "Regular"), ("bold", "Bold")):
        path = next(FOLDER.rglob(f"{FONTS[family]}-{name}.ttf"), None)
        if path is None:
            pytest.skip(f"no {FONTS[family]} on this machine")
        font = fonts.TTFont(path)
        table, names, units = font["hmtx"], font.getBestCmap(), font["head"].unitsPerEm
        widths = [
            round(table[names[ord(character)]][0] * 1000 / units)
            for character in stored["characters"]
        ]
        assert stored["families"][family][weight] == widths
