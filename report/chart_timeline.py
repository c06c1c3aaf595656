"""The drawings over a model's age and over the calendar."""

from __future__ import annotations

from report.chart_parts import (
    BAND,
    SIZE,
    Frame,
    Stroke,
    draw_strokes,
    gutter,
    horizontal_grid,
    legend_height,
)
from report.ink import Ink
from report.svg import Drawing, Point, text_width
from report.views.time_figures import AgeLine, Calendar, CalendarCell, CalendarGrid, TimelineFigure

# ---------------------------------------------------------------- the timeline

LEGEND_TOP, CALENDAR_HEIGHT = 328, 62


def draw_timeline(figure: TimelineFigure, ink: Ink, width: float) -> str:
    """Return a timeline as SVG, with the calendar of its dates under it where there is one."""
    strokes = _timeline_strokes(figure, ink)
    under = LEGEND_TOP + legend_height(strokes, width) + 4
    drawing = Drawing(width, under + (CALENDAR_HEIGHT if figure.calendar else 0))
    frame = Frame(48, 30, width - 12, 268, figure.x_axis, figure.y_axis)
    _unobserved(drawing, frame, figure, ink)
    horizontal_grid(drawing, frame, figure.y_axis, ink)
    for tick in figure.x_axis.ticks:
        drawing.text(
            (frame.x(tick.value), frame.bottom + 17), tick.text, ink.soft, size=11, anchor="middle"
        )
    drawing.text((frame.left, 14), figure.y_axis.label, ink.soft, size=SIZE)
    drawing.text(
        (frame.right, frame.bottom + 34), figure.x_axis.label, ink.soft, size=SIZE, anchor="end"
    )
    _timeline_lines(drawing, frame, figure, ink)
    draw_strokes(drawing, LEGEND_TOP, strokes, ink)
    if figure.calendar:
        _dates(drawing, figure.calendar, under, ink)
    return drawing.to_svg(figure.title, figure.description)


def _dates(drawing: Drawing, calendar: Calendar, top: float, ink: Ink) -> None:
    """Draw which dates were used, as a bar over the months."""
    frame = Frame(0, top + 18, drawing.width, top + 34, calendar.axis)
    for span in calendar.spans:
        left, right = frame.x(span.start), frame.x(span.end)
        colour = ink.accent if span.used else ink.grey
        drawing.box((left, frame.top), right - left, 15, colour, opacity=1 if span.used else 0.3)
        if span.used:
            middle = ((left + right) / 2, frame.top + 11)
            drawing.text(middle, span.name, ink.paper, size=11, anchor="middle", bold=True)
        else:
            is_last = span is calendar.spans[-1]
            at = (right if is_last else left, frame.top - 6)
            drawing.text(at, span.name, ink.soft, size=11, anchor="end" if is_last else "start")
    for place, tick in enumerate(calendar.axis.ticks):
        ends = {0: "start", len(calendar.axis.ticks) - 1: "end"}
        x = frame.x(tick.value)
        drawing.line((x, frame.top + 14), (x, frame.top + 19), ink.soft)
        drawing.text(
            (x, frame.top + 31),
            tick.text,
            ink.soft,
            size=11,
            anchor=ends.get(place, "middle"),  # type: ignore[arg-type]  # the three anchors
        )


def _unobserved(drawing: Drawing, frame: Frame, figure: TimelineFigure, ink: Ink) -> None:
    """Shade the ages that too few origins reached."""
    start = frame.x(figure.observed_until.value)
    if start >= frame.right:
        return
    drawing.box(
        (start, frame.top), frame.right - start, frame.bottom - frame.top, ink.grey, opacity=0.12
    )
    needed = text_width(figure.observed_label, 11)
    fits = frame.right - start >= needed
    drawing.text(
        (start + 4 if fits else frame.right, frame.top - 6),
        figure.observed_label,
        ink.soft,
        size=11,
        anchor="start" if fits else "end",
    )


def _timeline_lines(drawing: Drawing, frame: Frame, figure: TimelineFigure, ink: Ink) -> None:
    main = ink.accent
    upper = [(frame.x(age), frame.y(high)) for age, _low, high in figure.band]
    lower = [(frame.x(age), frame.y(low)) for age, low, _high in figure.band]
    drawing.area([*upper, *reversed(lower)], main, opacity=0.14)
    for line in figure.origins:
        drawing.path(places_of(line, frame), main, width=0.8, opacity=0.5)
    for mark, colour, dashes in (
        (figure.placebo, ink.grey, "1 3"),
        (figure.threshold, ink.alarm, "6 4"),
    ):
        y = frame.y(mark.value)
        drawing.line((frame.left, y), (frame.right, y), colour, width=1.5, dashes=dashes)
    drawing.path(places_of(figure.floor, frame), ink.soft, width=1.5, dashes="8 3 2 3")
    drawing.path(places_of(figure.median, frame), main, width=2.5)
    # Over the median: where both agree, the dashes are still seen.
    drawing.path(places_of(figure.cold, frame), ink.segment(1), width=1.5, dashes="5 3")
    if figure.alarm is not None:
        x = frame.x(figure.alarm.value)
        drawing.line((x, frame.top), (x, frame.bottom), ink.alarm, width=1.5)
        drawing.text(
            (x + 4, frame.bottom - 6),
            f"{figure.alarm_label} ({figure.alarm.text})",
            ink.alarm,
            size=11,
            bold=True,
        )


def places_of(line: AgeLine, frame: Frame) -> list[Point]:
    """Return where the points of a line stand."""
    return [(frame.x(age), frame.y(value)) for age, value in line.points]


def _timeline_strokes(figure: TimelineFigure, ink: Ink) -> tuple[Stroke, ...]:
    main = ink.accent
    return (
        Stroke(figure.median.name, main, 2.5),
        Stroke(figure.band_name, main, BAND),
        Stroke(figure.origins_name, main, 0.8),
        Stroke(figure.cold.name, ink.segment(1), 1.5, "5 3"),
        Stroke(figure.floor.name, ink.soft, 1.5, "8 3 2 3"),
        Stroke(f"{figure.threshold_name} ({figure.threshold.text})", ink.alarm, 1.5, "6 4"),
        Stroke(f"{figure.placebo_name} ({figure.placebo.text})", ink.grey, 1.5, "1 3"),
    )


# ---------------------------------------------------------------- starting dates by calendar

CELL_HEIGHT, CALENDAR_HEAD = 26.0, 78.0


def draw_calendar(figure: CalendarGrid, ink: Ink, width: float) -> str:
    """Return starting dates by calendar as SVG; what was not compared is left white."""
    drawing = Drawing(width, CALENDAR_HEAD + CELL_HEIGHT * len(figure.rows) + 30)
    room = gutter((figure.row_name, *(row.label for row in figure.rows)), width) + 8
    cell = (width - room) / len(figure.columns)
    drawing.text((0, CALENDAR_HEAD - 8), figure.row_name, ink.soft, size=11)
    for place, name in enumerate(figure.columns):
        _turned(drawing, (room + cell * (place + 0.5), CALENDAR_HEAD - 8), name, cell, ink)
    for number, row in enumerate(figure.rows):
        top = CALENDAR_HEAD + CELL_HEIGHT * number
        drawing.text((0, top + 17), row.label, ink.ink, size=11)
        for place, entry in enumerate(row.cells):
            if entry is not None:
                _calendar_cell(drawing, (room + cell * place, top), cell, entry, ink)
    _calendar_scale(drawing, figure, ink)
    return drawing.to_svg(figure.title, figure.description)


def _turned(drawing: Drawing, at: Point, name: str, cell: float, ink: Ink) -> None:
    """Write the name of a column, its words one above the other."""
    words = name.split(" ")
    size = min(11.0, cell / 3.1)
    for place, word in enumerate(words):
        y = at[1] - (len(words) - 1 - place) * 13
        drawing.text((at[0], y), word, ink.soft, size=size, anchor="middle")


def _calendar_cell(
    drawing: Drawing, corner: Point, cell: float, entry: CalendarCell, ink: Ink
) -> None:
    x, y = corner
    colour = ink.alarm if entry.alarm else ink.accent
    drawing.box(
        (x + 1, y + 1), cell - 2, CELL_HEIGHT - 2, colour, opacity=0.06 + 0.5 * entry.strength
    )
    drawing.text(
        (x + cell / 2, y + 17),
        entry.text,
        ink.ink,
        size=min(11.0, cell / 2.7),
        anchor="middle",
        bold=entry.alarm,
    )


def _calendar_scale(drawing: Drawing, figure: CalendarGrid, ink: Ink) -> None:
    """Say what pale, dark and an alarm are."""
    y = drawing.height - 8
    x = 0.0
    for name, colour, opacity in (
        (figure.scale[0], ink.accent, 0.06),
        (figure.scale[1], ink.accent, 0.56),
        (figure.alarm_name, ink.alarm, 0.56),
    ):
        drawing.box((x, y - 10), 18, 12, colour, opacity=opacity)
        drawing.text((x + 24, y), name, ink.ink, size=11)
        x += 24 + text_width(name, 11) + 18
