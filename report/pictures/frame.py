"""What every picture of the notebooks shares: its frame, its type, grids, names and legends."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, wraps
from io import BytesIO
from math import isnan
from typing import TYPE_CHECKING, Any, TypeVar

from analysis.findings import NotComputed
from report.opened_run import OpenedRun
from report.shown import Shown, show_texts
from report.views import Absence
from report.views.figures import palette_colour
from report.wording import Wording, message, templates_folder

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FEATURES = {
    "spend": message("Spend"),
    "review": message("Review"),
    "recency_days": message("Days since the last order"),
    "delivery_days": message("Days to deliver"),
    "delay_days": message("Days after the promise"),
    "freight_share": message("Share of freight"),
    "instalments": message("Instalments"),
    "payment_type": message("Type of payment"),
    "state": message("State"),
    "category": message("Category"),
}
WIDTH, PANEL_HEIGHT, RESOLUTION = 10.0, 2.6, 100
SOFT, GRID, ALARM = "#5B6478", "#D9DDE7", "#B3261E"

Found = TypeVar("Found")
Draw = Callable[[Found, OpenedRun], Shown]


def unless_missing(draw: Draw[Found]) -> Callable[[Found | NotComputed, OpenedRun], Shown]:
    """Let a picture of what could not be computed be the sentence that says why."""

    @wraps(draw)
    def drawn(found: Found | NotComputed, run: OpenedRun) -> Shown:
        if isinstance(found, NotComputed):
            return show_texts(Absence(run.wording.not_computed(found)), run.wording)
        return draw(found, run)

    return drawn


@contextmanager
def drawing(height: float, width: float = WIDTH) -> Iterator[Figure]:
    """Give a figure in the typeface of the documents; a dollar sign is no formula."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    style: Any = {
        "font.family": _typeface(),
        "font.size": 9,
        "text.parse_math": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": SOFT,
        "axes.titlesize": 10,
        "legend.frameon": False,
    }
    with mpl.rc_context(style):
        yield Figure(figsize=(width, height), layout="constrained")


@cache
def _typeface() -> str:
    """Return the name of our typeface, once matplotlib knows it."""
    from matplotlib import font_manager

    for path in sorted((templates_folder() / "fonts").glob("Inter-*.ttf")):
        font_manager.fontManager.addfont(path)
    return "Inter"


def shown(figure: Figure, title: str) -> Shown:
    """Return the finished figure under its title, as the same bytes at every run."""
    figure.suptitle(title, fontweight="bold", fontsize=12)
    content = BytesIO()
    figure.savefig(content, format="png", dpi=RESOLUTION, metadata={"Software": None})
    return Shown(title, {"image/png": b64encode(content.getvalue()).decode()})


def panels(figure: Figure, count: int, columns: int) -> list[Axes]:
    """Return so many axes, row by row; the last row may be shorter."""
    rows = -(-count // columns)
    return [figure.add_subplot(rows, columns, place + 1) for place in range(count)]


def draw_heat(
    axes: Axes,
    values: Any,
    *,
    low: float,
    high: float,
    colours: str,
    text: Callable[[float], str],
) -> None:
    """Draw a grid of values, each written in its cell."""
    image = axes.imshow(values, vmin=low, vmax=high, cmap=colours, aspect="auto")
    axes.spines[:].set_visible(False)
    columns = len(values[0])
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            if not isnan(value):
                dark = sum(image.cmap(image.norm(value))[:3]) < 1.5
                axes.text(
                    column,
                    row,
                    text(float(value)),
                    ha="center",
                    va="center",
                    color="white" if dark else "black",
                    fontsize=8 if columns < 14 else 6,
                )


def write_names(axes: Axes, side: str, labels: Sequence[str], turned: bool = False) -> None:
    """Write names beside the rows, or below the columns."""
    setter = axes.set_xticks if side == "x" else axes.set_yticks
    if turned:
        setter(range(len(labels)), labels, rotation=45, ha="right", rotation_mode="anchor")
    else:
        setter(range(len(labels)), labels)
    axes.tick_params(length=0)


def write_legend(figure: Figure, segment_ids: Sequence[str], run: OpenedRun) -> None:
    """Write the names of the segments in their colours under a figure."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [],
            [],
            marker="o",
            linestyle="",
            label=run.segment_name(one),
            color=palette_colour(run.segment_colour(one)),
        )
        for one in segment_ids
    ]
    if handles:
        figure.legend(handles=handles, loc="outside lower center", ncols=3)


def short_number(wording: Wording) -> Callable[[float, float], str]:
    """Return how an axis writes its numbers: as they are, in the language."""
    return lambda value, _: wording.exact(round(float(value), 3))
