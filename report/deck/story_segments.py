"""Ten minutes on the model: how the segments were made, what they are, what to do with each."""

from __future__ import annotations

from dataclasses import replace

from report.deck.fit import SMALLEST_BODY
from report.deck.parts import (
    OTHER_ROWS,
    Block,
    Columns,
    Grid,
    Rows,
    Slide,
    Text,
    Tile,
    Tiles,
    bullet,
    heading,
    plain,
)
from report.deck.story_absent import absent_slide
from report.deck.theme import accent_of, colour_of
from report.views import Absence, CandidatesView, ReportContext, SegmentationView, SegmentView
from report.views.figures import Column, HeatRow, Table
from report.wording import BLANK, Wording

# The map takes its minute from the portraits and the profiles.
SECONDS_FOR_SEGMENTS, SECONDS_FOR_PROFILES, SECONDS_FOR_MAP = 150, 60, 60
SECONDS_FOR_PLANS = 120
# The figures of a segment's slide, by their code.
SEGMENT_CARDS = ("customers", "revenue_share", "spend", "mean_review", "late_share")
STRONGEST_TINT = 0.45


def segment_slides(context: ReportContext, wording: Wording) -> tuple[Slide, ...]:
    """Return the slides on the model and the segments."""
    segmentation, candidates = context.segmentation, context.candidates
    if isinstance(segmentation, Absence):
        absent = _no_segments(context, segmentation, wording)
        if isinstance(candidates, Absence):
            return (absent,)
        return (_candidates(context, candidates, wording), absent)
    tried = [] if isinstance(candidates, Absence) else [_candidates(context, candidates, wording)]
    return (
        *tried,
        *_map(segmentation),
        _shares(context, segmentation),
        _profiles(context, segmentation, wording),
        *(
            _segment(segment, seconds, wording)
            for segment, seconds in zip(segmentation.segments, _divided(segmentation), strict=True)
        ),
        _plans(segmentation, wording),
    )


def _no_segments(context: ReportContext, absence: Absence, wording: Wording) -> Slide:
    _ = wording.gettext
    return absent_slide(
        "no_segments",
        "segments",
        _("The customers could not be segmented from these data"),
        absence.reason,
        (
            _("No segment, no persona and no rule is handed over."),
            _(
                "Nothing is shown in its place: a segmentation that does not meet the minimum "
                "would send the wrong message to the wrong customers."
            ),
        ),
        context,
        wording,
    )


def _candidates(context: ReportContext, candidates: CandidatesView, wording: Wording) -> Slide:
    """Return what was tried: each partition, its verdict and the figure behind it."""
    _ = wording.gettext
    said = _("The report shows every partition that was tried.")
    table = Table(
        caption=candidates.table.caption,
        columns=(
            Column(_("Algorithm"), is_number=False),
            Column(_("Segments")),
            Column(_("Points")),
            Column(_("Verdict"), is_number=False),
            Column(_("Why"), is_number=False),
        ),
        rows=tuple(
            (row.algorithm, row.k, row.points, row.verdict, row.reason) for row in candidates.rows
        ),
        note=" ".join((*candidates.sureness[:1], said)),
    )
    chosen = tuple(place for place, row in enumerate(candidates.rows) if row.chosen)
    accent = accent_of(context.brand)
    return Slide(
        code="candidates",
        part="model",
        title=candidates.headline,
        block=Grid(
            table,
            largest=14,
            bold=chosen,
            colours=tuple(accent if row.chosen else "" for row in candidates.rows),
            rows_left_out=said,
        ),
        notes=(
            candidates.sentence,
            candidates.rule,
            *candidates.sureness,
            _(
                "Each refusal names the figure that failed: the client's minimum is tested, "
                "not the prettiest score."
            ),
        ),
        seconds=120,
    )


def _map(segmentation: SegmentationView) -> list[Slide]:
    """Return what makes the segments, where they stand, and how a new customer gets one."""
    if isinstance(segmentation.map, Absence):
        return []
    said = [text for text in (segmentation.logarithm, segmentation.new_customer) if text]
    return [
        Slide(
            code="map",
            part="model",
            title=segmentation.variables,
            block=Columns(
                (segmentation.map, Text(tuple(bullet(text) for text in said), at_least=1)),
                (68, 32),
            ),
            notes=(segmentation.map.description, *said),
            seconds=SECONDS_FOR_MAP,
        )
    ]


def _shares(context: ReportContext, segmentation: SegmentationView) -> Slide:
    headline = context.headline("segments")
    said = [plain(headline.detail, bold=True)] if headline else []
    said.append(plain(segmentation.sentence))
    return Slide(
        code="shares",
        part="segments",
        title=headline.text if headline else segmentation.sentence.rstrip("."),
        block=Columns((segmentation.shares, Text(tuple(said))), (62, 38)),
        notes=(segmentation.sentence, segmentation.structure, segmentation.method),
        seconds=90,
    )


def _profiles(context: ReportContext, segmentation: SegmentationView, wording: Wording) -> Slide:
    headline = context.headline("unhappy")
    said = [plain(headline.detail, bold=True)] if headline else []
    told = (segmentation.baskets, segmentation.method, segmentation.fidelity)
    said += [plain(text) for text in told if text]
    colours = tuple(colour_of(segment.colour) for segment in segmentation.segments)
    title = headline.text if headline else wording.gettext("What each segment is, in figures")
    return Slide(
        code="profiles",
        part="segments",
        title=title,
        block=Rows(
            (
                # The late deliveries stand on the slides of the segments too.
                Grid(segmentation.overview, colours=colours, bold_column=0, optional_columns=1),
                Text(tuple(said), at_least=1, optional=True, comfortable=SMALLEST_BODY),
            ),
            (68, 32),
        ),
        notes=(
            *(f"{segment.name}. {segment.distinction}" for segment in segmentation.segments),
            *([headline.detail] if headline else []),
            *(text for text in told if text),
        ),
        seconds=SECONDS_FOR_PROFILES,
    )


def _divided(segmentation: SegmentationView) -> list[int]:
    """Return the seconds of each segment's slide: whole, and of the sum that the story gives."""
    count = len(segmentation.segments)
    without_map = isinstance(segmentation.map, Absence)
    share, rest = divmod(SECONDS_FOR_SEGMENTS + without_map * SECONDS_FOR_MAP, count)
    return [share + (place < rest) for place in range(count)]


def _segment(segment: SegmentView, seconds: int, wording: Wording) -> Slide:
    """Return one segment: its figures, its reviews, what to do, how to recognise it."""
    cards = {card.key: card for card in segment.cards}
    colour = colour_of(segment.colour)
    tiles = tuple(
        Tile(cards[key].value, cards[key].label, cards[key].detail, colour)
        for key in SEGMENT_CARDS
        if key in cards
    )
    picture: Block
    if isinstance(segment.reviews, Absence):
        picture = Grid(segment.comparison.table)
    else:
        picture = segment.reviews
    below = Columns((picture, _what_to_do(segment, wording)), (46, 54))
    distinction = Text((plain(segment.distinction, bold=True),), optional=True)
    return Slide(
        code=f"segment_{segment.segment_id}",
        part="segments",
        title=f"{segment.name}. {segment.tagline.rstrip('.')}",
        block=Rows((Tiles(tiles, optional=True), distinction, below), (25, 8, 67)),
        notes=(
            segment.who,
            segment.distinction,
            segment.objective,
            segment.priority,
            segment.rule_quality,
        ),
        seconds=seconds,
    )


def _what_to_do(segment: SegmentView, wording: Wording) -> Text:
    """Return what to do and not to do, and the conditions."""
    _, control = wording.gettext, segment.plan.control
    # A slide has room for as many lines; the playbook holds all of them.
    todo = (*segment.do[:-1], control) if control else segment.do
    lines = [
        plain(_("To do"), bold=True),
        *(bullet(text) for text in todo),
        heading(_("Not to do")),
        *(bullet(text) for text in segment.dont),
        heading(_("How to recognise it")),
    ]
    if segment.rule:
        lines.append(bullet(wording.listing(segment.rule)))
    return Text(tuple(lines))


def lifecycle_slide(segmentation: SegmentationView, wording: Wording) -> Slide:
    """Return segments by lifecycle stage, with what to do in each cell."""
    _, grid = wording.gettext, segmentation.grid
    rows = tuple(
        (
            segment.name,
            *(f"{stage.customers} ({stage.share})\n{stage.todo}" for stage in segment.lifecycle),
        )
        for segment in segmentation.segments
    )
    columns = (
        Column(_("Segment"), is_number=False),
        *(
            Column(f"{name} ({detail})", is_number=False)
            for name, detail in zip(grid.columns, grid.column_details, strict=True)
        ),
    )
    return Slide(
        code="grid",
        part="appendix",
        title=_("The segment says what to write, the time since the last order says when"),
        block=Grid(
            Table(grid.title, columns, rows),
            colours=tuple(colour_of(row.colour) for row in grid.rows),
            bold_column=0,
            fills=tuple(_tints(row) for row in grid.rows),
            optional_lines=True,
        ),
        notes=(
            grid.description,
            _("The darker the cell, the larger its share of the segment."),
            _("A customer changes stage by the calendar, not because the model is wrong."),
        ),
        seconds=0,
    )


def _plans(segmentation: SegmentationView, wording: Wording) -> Slide:
    """Return whom to act on first, and what a test can show."""
    _, plans = wording.gettext, _without_blanks(segmentation.plans)
    return Slide(
        code="plans",
        part="segments",
        title=_("Repair before selling, and claim only what a hold-out group can show"),
        block=Rows(
            (
                Grid(
                    plans,
                    colours=tuple(colour_of(colour) for colour in segmentation.plan_colours),
                    bold_column=0,
                    rows_left_out=_(OTHER_ROWS),
                ),
                Text((plain(segmentation.plan_rule),), optional=True),
            ),
            (80, 20),
        ),
        notes=(
            segmentation.plan_rule,
            *(
                f"{segment.name}. {wording.labelled(segment.plan.role, segment.plan.why)}."
                for segment in segmentation.segments
            ),
            *segmentation.buying_again,
        ),
        seconds=SECONDS_FOR_PLANS,
    )


def _without_blanks(table: Table) -> Table:
    """Return a table without its last column where nothing of it is known."""
    if any(row[-1] != BLANK for row in table.rows):
        return table
    return replace(table, columns=table.columns[:-1], rows=tuple(row[:-1] for row in table.rows))


def _tints(row: HeatRow) -> tuple[str, ...]:
    """Return the cells' shades: the segment's colour, the stronger the larger the share."""
    return ("", *(_tint(colour_of(row.colour), cell.strength) for cell in row.cells))


def _tint(colour: str, strength: float) -> str:
    """Return a colour mixed with white, light enough for dark text."""
    weight = STRONGEST_TINT * min(max(strength, 0.0), 1.0)
    channels = (int(colour[place : place + 2], 16) for place in (0, 2, 4))
    return "".join(f"{round(255 + (channel - 255) * weight):02X}" for channel in channels)
