"""What changed since an earlier edition: one slide of the story, two of the appendix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from report.deck.parts import OTHER_ROWS, Grid, Rows, Slide, Text, Tile, Tiles, bullet, plain
from report.deck.theme import accent_of
from report.views import Absence, ReportContext
from report.wording import Wording

# What is new is told in the time of what the room has heard before.
SECONDS = 60
SHORTER = {"answer": 30, "data": 30}
# With more segments their rows go before the figures at a glance.
BESIDE_TILES, MOST_ROWS = 5, 7


def with_changes(
    told: Sequence[Slide], context: ReportContext, wording: Wording
) -> tuple[Slide, ...]:
    """Return the story with what changed after the answer, in the same time; as it is without."""
    if context.changes is None:
        return tuple(told)
    slides = [replace(slide, seconds=slide.seconds - SHORTER.get(slide.code, 0)) for slide in told]
    after = next(place for place, slide in enumerate(slides) if slide.code == "answer") + 1
    return (*slides[:after], _since(context, wording), *slides[after:])


def change_slides(context: ReportContext, wording: Wording) -> list[Slide]:
    """Return the slides of the appendix on what changed, none without an earlier edition."""
    changes = context.changes
    if changes is None:
        return []
    _ = wording.gettext
    said = Text(tuple(bullet(text) for text in changes.recommendation), at_least=1)
    slides = [
        Slide(
            code="since_shop",
            part="appendix",
            title=_("The shop and the offer since the last edition"),
            block=Rows((Grid(changes.kpis, largest=14), said), (66, 34)),
            notes=(changes.kpis.note, *changes.recommendation),
            seconds=0,
        )
    ]
    if not isinstance(changes.migration, Absence):
        moved = Text((plain(changes.moved, bold=True), *(bullet(text) for text in changes.notes)),
                     at_least=1)  # fmt: skip
        slides.append(
            Slide(
                code="since_moves",
                part="appendix",
                title=_("Who moved since the last edition"),
                block=Rows(
                    (
                        Grid(
                            changes.migration,
                            largest=14,
                            optional_lines=True,
                            rows_left_out=_(OTHER_ROWS),
                        ),
                        moved,
                    ),
                    (66, 34),
                ),
                notes=(changes.moved, changes.matching, *changes.notes),
                seconds=0,
            )
        )
    return slides


def _since(context: ReportContext, wording: Wording) -> Slide:
    """Return what moved at a glance: the figures, the segments, the names."""
    changes = context.changes
    if changes is None:
        raise TypeError("no earlier edition was given")
    colour = accent_of(context.brand)
    cards = tuple(Tile(c.value, c.label, c.detail, colour) for c in changes.cards)
    names = Text(tuple(bullet(text) for text in (*changes.names, *changes.notes)), optional=True)
    table = changes.at_a_glance
    rest = wording.gettext("The other segments are in the report.")
    many = not isinstance(table, Absence) and len(table.rows) > BESIDE_TILES
    below = (
        Text((plain(table.reason),))
        if isinstance(table, Absence)
        else Grid(
            replace(
                table, rows=table.rows[:MOST_ROWS], note=rest if len(table.rows) > MOST_ROWS else ""
            ),
            largest=14,
            optional_columns=1,
            optional_lines=True,
        )
    )
    tiles = Tiles(cards, optional=many)
    return Slide(
        code="since",
        part="question",
        title=changes.headline,
        block=Rows((tiles, below, names), (24, 56, 20)),
        notes=(
            changes.basis,
            *changes.notes,
            changes.moved,
            changes.promise,
            *changes.names,
            changes.rule,
        ),
        seconds=SECONDS,
    )
