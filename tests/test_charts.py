"""Figures drawn as SVG: well formed, with a title, every text escaped, values where they belong."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from sample import sample_findings

from report.charts import FOLLOWS_PAGE, Figure, draw
from report.context import Absence, build_context
from report.views.figures import Mark, palette_colour, round_axis
from report.wording import Wording

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script>"


def read_svg(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314 - what we drew ourselves


def figures() -> dict[str, Figure]:
    """Every figure of the made-up findings, one a kind at least."""
    context = build_context(sample_findings(), Wording("en"))
    assert not isinstance(context.segmentation, Absence)
    assert not isinstance(context.stability, Absence)
    assert not isinstance(context.stability.designs, Absence)
    assert not isinstance(context.stability.lifetime, Absence)
    assert not isinstance(context.drift, Absence)
    segment = context.segmentation.segments[1]
    found = {
        "shares": context.segmentation.shares,
        "grid": context.segmentation.grid,
        "comparison": segment.comparison,
        "reviews": segment.reviews,
        "states": context.kpis.states_figure,
        "months": context.snapshot.months,
        "map": context.snapshot.states,
        "timeline": context.stability.chosen,
        "other_timeline": context.stability.other,
        "calendar": context.stability.grid,
        "segments_ageing": context.stability.ageing.segments,
        "changes": context.stability.ageing.changes,
        "designs": context.stability.designs.figure,
        "lifetime": context.stability.lifetime.figure,
        "drift": context.drift.figure,
    }
    return {name: figure for name, figure in found.items() if not isinstance(figure, Absence)}


FIGURES = figures()


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_well_formed_and_says_what_it_shows(name: str) -> None:
    figure = FIGURES[name]
    root = read_svg(draw(figure))
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == figure.title
    assert root.findtext(f"{SVG}desc") == figure.description
    assert figure.description


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_asks_for_nothing_and_styles_nothing(name: str) -> None:
    text = draw(FIGURES[name], FOLLOWS_PAGE)
    for forbidden in ("href", "style=", "<style", "<script", "<image", "<use", "url("):
        assert forbidden not in text


@pytest.mark.parametrize("name", FIGURES)
def test_a_hostile_title_stays_text(name: str) -> None:
    text = draw(replace(FIGURES[name], title=HOSTILE))
    assert HOSTILE not in text
    assert read_svg(text).findtext(f"{SVG}title") == HOSTILE


@pytest.mark.parametrize("name", FIGURES)
def test_shapes_stay_within_the_drawing(name: str) -> None:
    root = read_svg(draw(FIGURES[name]))
    width, height = (float(root.get(side) or 0) for side in ("width", "height"))
    for element in root.iter():
        for names, limit in ((("x", "x1", "x2", "cx"), width), (("y", "y1", "y2", "cy"), height)):
            for key in names:
                value = element.get(key)
                assert value is None or -1 <= float(value) <= limit + 1, (element.tag, key, value)


@pytest.mark.parametrize("name", FIGURES)
def test_every_row_of_the_table_has_one_text_a_column(name: str) -> None:
    table = FIGURES[name].table
    assert table.rows
    assert all(len(row) == len(table.columns) for row in table.rows)


def test_a_bar_is_as_long_for_twice_as_for_half() -> None:
    comparison = FIGURES["comparison"]
    row = comparison.rows[0]  # type: ignore[union-attr]

    def width_of(ratio: float | None) -> float:
        one = replace(comparison, rows=(replace(row, ratio=ratio),))
        boxes = read_svg(draw(one)).findall(f"{SVG}rect")
        return float(boxes[0].get("width") or 0) if boxes else 0.0

    assert width_of(2.0) == width_of(0.5) > 0
    assert width_of(4.0) == width_of(400.0) == width_of(0.0)
    assert width_of(None) == 0.0


def test_axes_are_round_and_hold_their_values() -> None:
    axis = round_axis("", 0.0, 0.217, lambda value: f"{value:g}")
    assert [tick.text for tick in axis.ticks] == ["0", "0.05", "0.1", "0.15", "0.2", "0.25"]
    axis = round_axis("", 0.74, 1.0, lambda value: f"{value:g}")
    assert (axis.low, axis.high) == (0.7, 1.0)
    flat = round_axis("", 3.0, 3.0, str)
    assert flat.low <= 3.0 <= flat.high
    assert flat.low < flat.high
    assert round_axis("", 0.0, 0.0, str).high > 0


def test_a_value_off_the_axis_is_drawn_at_its_end() -> None:
    timeline = FIGURES["timeline"]
    drawn = draw(replace(timeline, placebo=Mark(-5.0, "off")))
    assert "off" in drawn
    read_svg(drawn)


def test_the_palette_is_fixed_and_grey_is_for_comparison() -> None:
    assert palette_colour(0) == "#3B51BC"
    assert palette_colour(6) == "#737C8F"
    assert palette_colour(None) == "#737C8F"


def test_what_is_not_a_figure_is_refused() -> None:
    with pytest.raises(TypeError, match="no drawing of str"):
        draw("figure")  # type: ignore[arg-type]
