"""Why these features, this transformation and this number of segments: slides for the sceptic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from report.deck.parts import OTHER_ROWS, Grid, Rows, Slide, Text, plain
from report.views import Absence, EvidenceView, ReportContext
from report.views.figures import Table
from report.wording import Wording

# Of the table on features: feature, role, why, then agreement and both variances if they fit.
SHOWN_OF_FEATURES = (0, 1, 9, 5, 6, 7)


def evidence_slides(context: ReportContext, wording: Wording) -> tuple[Slide, ...]:
    """Return the slides on the trials behind the model, where they were made."""
    evidence = context.evidence
    if isinstance(evidence, Absence):
        return ()
    numbers = () if isinstance(evidence.numbers, Absence) else (_numbers(evidence),)
    return (_features(evidence, wording), _transforms(evidence), *numbers)


def _features(evidence: EvidenceView, wording: Wording) -> Slide:
    _ = wording.gettext
    table = replace(_with_columns(evidence.features, SHOWN_OF_FEATURES), note="")
    return Slide(
        code="features",
        part="appendix",
        title=evidence.features.caption,
        block=Grid(
            table, largest=14, bold_column=0, optional_columns=3, rows_left_out=_(OTHER_ROWS)
        ),
        notes=(evidence.features.note, evidence.reviews),
        seconds=0,
    )


def _transforms(evidence: EvidenceView) -> Slide:
    """Return what a transformation of spend changes, and what filling in missing reviews does."""
    return Slide(
        code="transforms",
        part="appendix",
        title=evidence.transforms.caption,
        block=Rows((Grid(evidence.transforms), Text((plain(evidence.reviews),))), (70, 30)),
        notes=(evidence.transforms.note, evidence.reviews),
        seconds=0,
    )


def _numbers(evidence: EvidenceView) -> Slide:
    """Return what the data say of the number of segments."""
    if isinstance(evidence.numbers, Absence):
        raise TypeError("the number of segments was not looked into")
    table = evidence.numbers
    return Slide(
        code="numbers",
        part="appendix",
        title=evidence.number_title,
        block=Rows((Grid(table), Text((plain(evidence.number_sentence, bold=True),))), (75, 25)),
        notes=(evidence.number_sentence, table.note),
        seconds=0,
    )


def _with_columns(table: Table, places: Sequence[int]) -> Table:
    """Return a table of some of its columns."""
    return replace(
        table,
        columns=tuple(table.columns[place] for place in places),
        rows=tuple(tuple(row[place] for place in places) for row in table.rows),
    )
