"""What the Customer Experience team asks: who needs close follow-up, the urgent questions, pay."""

from __future__ import annotations

from report.deck.parts import OTHER_ROWS, Block, Columns, Grid, Rows, Slide, Text, plain
from report.deck.theme import MUTED
from report.views import Absence, QuestionView, ReportContext
from report.views.figures import Column, Table
from report.wording import Wording

# Of an answer, as many rows as a slide can show, and of a code of hexadecimal digits its start.
FIRST_ROWS = 3
LONGEST_CODE = 12
SHOWN_OF_CODE = 8


def customer_experience_slides(context: ReportContext, wording: Wording) -> tuple[Slide, ...]:
    """Return the slides behind the dashboard's slide of the story."""
    return (
        _follow_up(context, wording),
        *_states(context, wording),
        *_payments(context, wording),
    )


def _follow_up(context: ReportContext, wording: Wording) -> Slide:
    """Return the most urgent states, cities and sellers, why and how surely."""
    _, kpis, followed = wording.gettext, context.kpis, context.snapshot.followed
    title = _("No state delivers late beyond doubt")
    rule = plain(kpis.rule, colour=MUTED)
    block: Block = Text((plain(kpis.rule),))
    if followed.rows:
        title = context.snapshot.followed_title
        named = Grid(followed, bold_column=1, optional_columns=1, rows_left_out=_(OTHER_ROWS))
        block = Rows((named, Text((rule,), optional=True)), (86, 14))
    return Slide(
        code="follow_up",
        part="appendix",
        title=title,
        block=block,
        notes=(kpis.rule, kpis.movement),
        seconds=0,
    )


def _states(context: ReportContext, wording: Wording) -> list[Slide]:
    """Return every state with its interval, where the states could be compared."""
    figure, rule = context.kpis.states_figure, context.kpis.rule
    if isinstance(figure, Absence):
        return []
    headline = context.headline("delivery")
    note = wording.gettext(
        "Bars are late rates, thin lines their intervals; the dashed line is everybody."
    )
    return [
        Slide(
            code="states",
            part="appendix",
            title=headline.text if headline else figure.title,
            block=Rows((figure, Text((plain(figure.description), plain(rule)))), (78, 22)),
            notes=(note, rule),
            seconds=0,
        )
    ]


def _payments(context: ReportContext, wording: Wording) -> list[Slide]:
    """Return how customers pay, where the payments are known."""
    kpis = context.kpis
    if isinstance(kpis.payments_figure, Absence) or isinstance(kpis.payments, Absence):
        return []
    figures: list[Block] = [kpis.payments_figure]
    if not isinstance(kpis.instalments_figure, Absence):
        figures.append(kpis.instalments_figure)
    return [
        Slide(
            code="payments",
            part="appendix",
            title=kpis.payments_figure.description,
            block=Columns(tuple(figures), (50,) * len(figures)),
            notes=(kpis.payments.note, wording.gettext("The report holds every number.")),
            seconds=0,
        )
    ]


def questions_slide(context: ReportContext, wording: Wording, seconds: int) -> Slide:
    """Return the answers to the urgent questions, each with the reading that was chosen."""
    _ = wording.gettext
    table = Table(
        caption=_("The four urgent questions"),
        columns=(
            Column("", is_number=False),
            Column(_("Question"), is_number=False),
            Column(_("Answer"), is_number=False),
            Column(_("First of the list"), is_number=False),
            Column(_("Reading chosen"), is_number=False),
        ),
        rows=tuple(
            (
                question.number,
                question.title,
                question.counted.rstrip("."),
                _first_rows(question, wording),
                question.reading,
            )
            for question in context.questions
            if question.is_current
        ),
        note=_("The lists and the queries, to paste into your own tool, come with this deck."),
    )
    return Slide(
        code="questions",
        part="data",
        title=_("The four urgent questions have their answer, and each answer its reading"),
        block=Grid(table, bold_column=2, optional_columns=1),
        notes=(
            *(f"{question.title} {question.counted}" for question in context.questions),
            _("The report gives the other readings, each with its definition and its count."),
        ),
        seconds=seconds,
    )


def _first_rows(question: QuestionView, wording: Wording) -> str:
    """Return the first rows of an answer, behind the name of the figure that ranks them."""
    table = question.table
    named = ", ".join(f"{_shortened(row[0])} ({row[-1]})" for row in table.rows[:FIRST_ROWS])
    return wording.labelled(table.columns[-1].label, named) if named else ""


def _shortened(text: str) -> str:
    """Return the start of a long code: enough to find it in the list."""
    return text if len(text) <= LONGEST_CODE else f"{text[:SHOWN_OF_CODE]}…"
