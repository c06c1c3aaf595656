"""The appendix: for the questions of the room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

from report.deck.fit import SMALLEST_BODY, Paragraph, Run
from report.deck.parts import OTHER_ROWS, Columns, Grid, Rows, Slide, Text, bullet, plain
from report.deck.story_evidence import evidence_slides
from report.deck.story_experience import customer_experience_slides
from report.deck.story_segments import lifecycle_slide
from report.deck.story_since import change_slides
from report.views import Absence, DesignsView, DriftView, ReportContext, StabilityView, SubsetView
from report.wording import Wording

MOST_CHECKS_A_SLIDE = 13
# The terms that a room asks about, by their code in the glossary.
TERMS = (
    "segment",
    "window",
    "lifecycle",
    "low_review",
    "ari",
    "agreement",
    "noise_floor",
    "silhouette",
    "wilson_interval",
    "rescoring",
    "refit",
    "gap_size",
    "psi",
)


def appendix_slides(context: ReportContext, wording: Wording) -> tuple[Slide, ...]:
    """Return the slides after the twenty minutes."""
    slides = [*change_slides(context, wording), *customer_experience_slides(context, wording)]
    if not isinstance(context.segmentation, Absence):
        slides.append(lifecycle_slide(context.segmentation, wording))
    slides.append(_method(context, wording))
    if context.subset is not None:
        slides.append(_subset(context.subset))
    slides += evidence_slides(context, wording)
    slides.append(_limits(context, wording))
    stability = context.stability
    if not isinstance(stability, Absence) and not isinstance(stability.other, Absence):
        slides.append(_other_family(context, wording))
    if not isinstance(stability, Absence):
        if not isinstance(stability.designs, Absence):
            slides.append(_designs(stability.designs, wording))
        slides += [_migration(stability, wording), _sizes_or_map(stability, wording)]
    if not isinstance(context.drift, Absence):
        slides.append(_drift(context.drift))
    if not isinstance(context.candidates, Absence) and context.candidates.checks.rows:
        slides += _minimum(context, wording)
    return (*slides, _definitions(context, wording))


def agenda_slide(slides: Sequence[Slide], before: int, wording: Wording) -> Slide:
    """Return what the appendix holds, with the number of each slide; `before` stand before it."""
    lines = [
        Paragraph((Run(f"{wording.integer(number)} ", bold=True), Run(slide.title)), space=0.35)
        for number, slide in enumerate(slides, start=before + 1)
    ]
    half = (len(lines) + 1) // 2
    return Slide(
        code="appendix",
        part="appendix",
        title=wording.gettext("For your questions: what the appendix holds"),
        block=Columns((Text(tuple(lines[:half])), Text(tuple(lines[half:]))), (50, 50)),
        notes=(wording.gettext("Type the number of a slide, then Enter, to jump to it."),),
        seconds=0,
    )


def _method(context: ReportContext, wording: Wording) -> Slide:
    _, stability = wording.gettext, context.stability
    elsewhere = () if context.subset is None else context.subset.sentences
    steps = [text for text in context.method if text not in elsewhere]
    made = Text((plain(_("Data and segments"), bold=True), *_bullets(steps)))
    if isinstance(stability, Absence):
        measured = Text((plain(_("Stability"), bold=True), plain(stability.reason)))
    else:
        measured = Text((plain(_("Stability"), bold=True), *_bullets(stability.design)))
    return Slide(
        code="method",
        part="appendix",
        title=_("Method: one row a customer, as of a date, and the same steps at each date"),
        block=Columns((made, measured), (50, 50)),
        notes=context.method,
        seconds=0,
    )


def _subset(subset: SubsetView) -> Slide:
    return Slide(
        code="subset",
        part="appendix",
        title=subset.title,
        block=Text(_bullets(subset.sentences)),
        notes=subset.sentences,
        seconds=0,
    )


def _limits(context: ReportContext, wording: Wording) -> Slide:
    _, stability = wording.gettext, context.stability
    doubts = [] if isinstance(stability, Absence) else [stability.placebo, stability.uncertainty]
    found = context.segmentation
    structure = () if isinstance(found, Absence) else (found.structure,)
    known = Text((plain(_("Limits"), bold=True), *_bullets((*context.limits, *structure))))
    checked = Text((plain(_("How sure it is"), bold=True), *_bullets(doubts)))
    return Slide(
        code="limits",
        part="appendix",
        title=_("Limits: what these data do not prove"),
        block=Columns((known, checked), (50, 50)) if doubts else known,
        notes=context.limits,
        seconds=0,
    )


def _other_family(context: ReportContext, wording: Wording) -> Slide:
    stability = context.stability
    if isinstance(stability, Absence) or isinstance(stability.other, Absence):
        raise TypeError("the other family was not measured")
    return Slide(
        code="other_family",
        part="appendix",
        title=wording.gettext("The other family of segments, and how long it holds"),
        # A legend of six lines takes the height of a narrow chart.
        block=Rows(
            (
                stability.other,
                Text((plain(stability.other_sentence),), optional=True),
                Grid(stability.families, largest=14, optional_lines=True, optional_columns=3),
            ),
            (66, 12, 22),
        ),
        notes=(stability.other_sentence,),
        seconds=0,
    )


def _designs(designs: DesignsView, wording: Wording) -> Slide:
    """Return what other ways to draw the timeline would have said."""
    said = (*(bullet(text) for text in designs.faults),)
    return Slide(
        code="designs",
        part="appendix",
        title=wording.gettext("Same data, other designs, other answers"),
        block=Columns(
            (designs.figure, Text((plain(designs.sentence, bold=True), *said), at_least=2)),
            (62, 38),
        ),
        notes=tuple(text for text in (designs.sentence, *designs.faults, designs.cost) if text),
        seconds=0,
    )


def _migration(stability: StabilityView, wording: Wording) -> Slide:
    """Return who moves where."""
    ageing = stability.ageing
    return Slide(
        code="migration",
        part="appendix",
        title=wording.gettext("Who moves where under the unchanged model"),
        block=Rows(
            (
                Grid(
                    ageing.migration,
                    largest=14,
                    optional_lines=True,
                    rows_left_out=wording.gettext(OTHER_ROWS),
                ),
                Text(
                    tuple(
                        plain(text, bold=place == 0)
                        for place, text in enumerate(
                            (ageing.migration_sentence, ageing.leavers_sentence)
                        )
                        if text
                    ),
                    at_least=1,
                    optional=True,
                ),
            ),
            (80, 20),
        ),
        notes=tuple(
            text
            for text in (
                ageing.migration_sentence,
                ageing.leavers_sentence,
                ageing.segments_sentence,
            )
            if text
        ),
        seconds=0,
    )


def _sizes_or_map(stability: StabilityView, wording: Wording) -> Slide:
    """Return whether the sizes of the segments moved, or what they mean."""
    ageing = stability.ageing
    said = (plain(ageing.changes_sentence, bold=True), bullet(ageing.segments_sentence))
    return Slide(
        code="sizes_or_map",
        part="appendix",
        title=wording.gettext("What moves: the sizes of the segments, or what they mean"),
        block=Columns((ageing.changes, Text(said, at_least=1)), (62, 38)),
        notes=(ageing.changes_sentence, ageing.segments_sentence),
        seconds=0,
    )


def _drift(drift: DriftView) -> Slide:
    """Return what customers buy and live through against the reference."""
    said = (plain(drift.sentence, bold=True), *(bullet(text) for text in drift.changes))
    return Slide(
        code="drift",
        part="appendix",
        title=drift.headline,
        block=Rows(
            (Text(said, at_least=1), Grid(drift.summary, largest=14, optional_columns=2)), (30, 70)
        ),
        notes=(
            drift.verdict,
            *(text for text in (drift.levels, drift.events) if text),
            drift.classifier,
            *drift.change_points,
            *drift.definitions,
        ),
        seconds=0,
    )


def _minimum(context: ReportContext, wording: Wording) -> list[Slide]:
    """Return what is asked and reached, on as many slides as the rows need."""
    if isinstance(context.candidates, Absence):
        raise TypeError("no candidate was tried")
    table = context.candidates.checks
    size = ceil(len(table.rows) / ceil(len(table.rows) / MOST_CHECKS_A_SLIDE))
    starts = range(0, len(table.rows), size)
    titles = [
        wording.gettext(
            "%(caption)s (%(place)s of %(count)s)",
            caption=table.caption,
            place=wording.integer(place),
            count=wording.integer(len(starts)),
        )
        for place in range(1, len(starts) + 1)
    ]
    return [
        Slide(
            code=f"minimum{place or ''}",
            part="appendix",
            title=table.caption if len(starts) == 1 else titles[place],
            block=Grid(
                replace(table, rows=table.rows[start : start + size]),
                rows_left_out=wording.gettext(OTHER_ROWS),
            ),
            notes=(context.candidates.rule,),
            seconds=0,
        )
        for place, start in enumerate(starts)
    ]


def _definitions(context: ReportContext, wording: Wording) -> Slide:
    terms = {term.key: term for term in context.glossary}
    lines = [_definition(terms[key].term, terms[key].explanation) for key in TERMS if key in terms]
    half = (len(lines) + 1) // 2
    return Slide(
        code="definitions",
        part="appendix",
        title=wording.gettext("Definitions"),
        block=Columns(
            (
                Text(tuple(lines[:half]), at_least=3, comfortable=SMALLEST_BODY),
                Text(tuple(lines[half:]), at_least=3, comfortable=SMALLEST_BODY),
            ),
            (50, 50),
        ),
        notes=context.kpis.definitions,
        seconds=0,
    )


def _definition(term: str, explanation: str) -> Paragraph:
    return Paragraph((Run(f"{term}. ", bold=True), Run(explanation)), space=0.35)


def _bullets(texts: Sequence[str]) -> tuple[Paragraph, ...]:
    return tuple(bullet(text) for text in texts)
