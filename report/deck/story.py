"""The deck's story: twenty minutes, slide by slide, from the context.

Five minutes on the problem and the data, ten on the model and the segments, five on how long they
hold and what keeping them costs; then an appendix for the questions. Titles are what each slide
says; where something could not be computed, the slide says so and why.
"""

from __future__ import annotations

from collections.abc import Iterator

from report.deck.fit import Paragraph
from report.deck.parts import (
    Columns,
    Grid,
    PartCode,
    Rows,
    Slide,
    Text,
    Tile,
    Tiles,
    bullet,
    plain,
)
from report.deck.spoken import with_spoken_notes
from report.deck.story_appendix import agenda_slide, appendix_slides
from report.deck.story_contract import contract_slides
from report.deck.story_experience import questions_slide
from report.deck.story_segments import segment_slides
from report.deck.story_since import with_changes
from report.deck.theme import MUTED, accent_of, colour_of
from report.views import Absence, Card, ReportContext, TierView
from report.views.figures import Table
from report.wording import BLANK, Wording, message

PARTS: dict[PartCode, str] = {
    "question": message("The question"),
    "data": message("The data"),
    "model": message("The model"),
    "segments": message("The segments"),
    "time": message("How long it holds"),
    "contract": message("The contract"),
    "appendix": message("Appendix"),
}

# The five minutes on the problem and the data: the questions are urgent, so that they have theirs.
SECONDS_FOR_ANSWER, SECONDS_FOR_DATA = 75, 75
SECONDS_FOR_DASHBOARD, SECONDS_FOR_QUESTIONS = 90, 60
# The key figures of the second slide, by their code, before the interval and the price.
ANSWER_CARDS = ("late_share", "low_review_share")


def tell(context: ReportContext, wording: Wording) -> tuple[Slide, ...]:
    """Return the slides in order."""
    told = with_changes(_told(context, wording), context, wording)
    told = with_spoken_notes(told, wording)
    for_questions = appendix_slides(context, wording)
    return (*told, agenda_slide(for_questions, len(told) + 1, wording), *for_questions)


def _told(context: ReportContext, wording: Wording) -> tuple[Slide, ...]:
    """Return the slides of the twenty minutes."""
    return (
        _cover(context, wording),
        _answer(context, wording),
        _data(context, wording),
        _dashboard(context, wording),
        questions_slide(context, wording, SECONDS_FOR_QUESTIONS),
        *segment_slides(context, wording),
        *contract_slides(context, wording),
    )


def part_name(part: PartCode, wording: Wording) -> str:
    """Return the name of a part of the story."""
    return wording.gettext(PARTS[part])


def _cover(context: ReportContext, wording: Wording) -> Slide:
    _, cover = wording.gettext, context.cover
    lines = [plain(f"{cover.client} – {cover.period}", bold=True)]
    if cover.consultant != BLANK:
        lines.append(plain(cover.consultant))
    lines.append(plain(_("Data up to %(day)s", day=cover.as_of)))
    return Slide(
        code="cover",
        part="question",
        title=cover.deck_title,
        block=Text(tuple(lines)),
        notes=(
            _("The plan: the problem and the data first, then the model and its segments, finally, "
              "how long they hold and what keeping them in service costs."),
            _("The appendix is there for the questions."),
        ),
        seconds=0,
        kind="cover",
    )  # fmt: skip


def _answer(context: ReportContext, wording: Wording) -> Slide:
    """Return the question and the answer on one slide."""
    _ = wording.gettext
    asked = Text(
        (
            plain(_("What was asked"), bold=True),
            bullet(
                _("Which states, cities and sellers need close follow-up?"),
                _("Customer Experience:"),
            ),
            bullet(
                _("Whom to write to, what to say, and how often must the segments be renewed?"),
                _("Marketing:"),
            ),
        )
    )
    found = (plain(_("What was found"), bold=True), *(bullet(text) for text in _found(context)))
    return Slide(
        code="answer",
        part="question",
        title=_answer_title(context, wording),
        block=Rows((asked, Tiles(_answer_tiles(context, wording)), Text(found)), (26, 36, 34)),
        notes=(
            _("Say the question as it was asked, then the four figures, from left to right."),
            *(f"{headline.text}." for headline in context.headlines),
        ),
        seconds=SECONDS_FOR_ANSWER,
    )


def _found(context: ReportContext) -> Iterator[str]:
    """Yield what was found in a sentence each; where nothing could be, why."""
    is_segmented = not isinstance(context.segmentation, Absence)
    for key in ("segments", "unhappy", "stability") if is_segmented else ("follow_up", "delivery"):
        headline = context.headline(key)
        if headline is not None:
            yield f"{headline.text}."
    for part in (context.segmentation, context.stability):
        if isinstance(part, Absence):
            yield part.reason
            return


def _answer_title(context: ReportContext, wording: Wording) -> str:
    _ = wording.gettext
    if isinstance(context.segmentation, Absence):
        return _("What these data say of the customers, and what they cannot say")
    count = wording.spelled(len(context.segmentation.segments))
    every = "" if isinstance(context.refresh, Absence) else context.refresh.every
    if not every:
        return _(
            "The answer: %(count)s segments to act on; how long they hold is not known", count=count
        )
    offer = _recommended_offer(context)
    if offer is None:
        return _(
            "The answer: %(count)s segments to act on, refitted %(every)s",
            count=count,
            every=every,
        )
    return _(
        "The answer: %(count)s segments to act on, refitted %(every)s, for a fixed %(price)s over "
        "%(term)s",
        count=count,
        every=every,
        price=offer.fixed,
        term=context.proposal.term,
    )


def _recommended_offer(context: ReportContext) -> TierView | None:
    """Return the recommended offer, None where it has no price."""
    tiers = context.proposal.tiers
    if isinstance(tiers, Absence) or not context.proposal.priced:
        return None
    return next((tier for tier in tiers if tier.recommended), None)


def _answer_tiles(context: ReportContext, wording: Wording) -> tuple[Tile, ...]:
    """Return the shop's two figures, the interval and the price, present or not."""
    _, colour = wording.gettext, accent_of(context.brand)
    cards = {card.key: card for card in context.key_figures}
    tiles = [_tile(cards[key], colour) for key in ANSWER_CARDS if key in cards]
    refresh = context.refresh
    months = refresh if isinstance(refresh, Absence) else refresh.months
    label = _("between two refits")
    if isinstance(months, Absence):
        tiles.append(Tile("–", label, months.reason, colour_of(None)))
    else:
        detail = "" if isinstance(refresh, Absence) else refresh.cards[1].value
        scored = _("re-scoring: %(interval)s", interval=detail) if detail else ""
        tiles.append(Tile(months, label, scored, colour))
    offer = _recommended_offer(context)
    label = _("before tax, over %(term)s", term=context.proposal.term)
    if offer is None:
        tiers = context.proposal.tiers
        reason = tiers.reason if isinstance(tiers, Absence) else context.proposal.sentence
        tiles.append(Tile("–", label, reason, colour_of(None)))
    else:
        tiles.append(Tile(offer.fixed, label, offer.short_range, colour))
    return tuple(tiles)


def _tile(card: Card, colour: str) -> Tile:
    return Tile(card.value, card.label, card.detail, colour)


def _data(context: ReportContext, wording: Wording) -> Slide:
    _, customers = wording.gettext, context.customers
    rows = tuple(
        (group.name, group.customers, group.share, group.why) for group in customers.groups
    )
    table = Table(customers.table.caption, customers.table.columns, rows, customers.table.total)
    unknown = (plain(_("What cannot be known from it"), bold=True), *_bullets(context.limits[1:]))
    return Slide(
        code="data",
        part="data",
        title=_(
            "Each of %(total)s customers has a place: %(described)s can be described, %(others)s "
            "are in groups with an instruction of their own",
            total=customers.total,
            described=customers.in_segments,
            others=customers.in_groups,
        ),
        block=Rows((Grid(table, largest=14), Text(unknown, at_least=2)), (64, 36)),
        notes=(customers.sentence, *context.method[:3], customers.imputed, *context.limits),
        seconds=SECONDS_FOR_DATA,
    )


def _bullets(texts: tuple[str, ...]) -> tuple[Paragraph, ...]:
    return tuple(bullet(text) for text in texts if text)


def _dashboard(context: ReportContext, wording: Wording) -> Slide:
    """Return the dashboard as it opens: its cards, its states to follow, its months."""
    snapshot, headline = context.snapshot, context.headline("follow_up")
    figures = tuple(
        Text((plain(part.reason),)) if isinstance(part, Absence) else part
        for part in (snapshot.states, snapshot.months)
    )
    tiles = tuple(_tile(card, accent_of(context.brand)) for card in snapshot.cards)
    lines = (snapshot.by_day, snapshot.recovered)
    said = Text((plain(" ".join(filter(None, lines)), colour=MUTED),), optional=True)
    return Slide(
        code="dashboard",
        part="data",
        title=headline.text if headline else snapshot.title,
        block=Rows((Tiles(tiles), Columns(figures, (50, 50)), said), (18, 74, 8)),
        notes=(
            *((headline.detail,) if headline else ()),
            f"{snapshot.title}. {snapshot.period}",
            *_spoken(context, "delivery"),
            wording.gettext("The dashboard itself opens from disk: filter it by state or seller."),
            *(part.description for part in (snapshot.states, snapshot.months)
              if not isinstance(part, Absence)),
        ),
        seconds=SECONDS_FOR_DASHBOARD,
    )  # fmt: skip


def _spoken(context: ReportContext, key: str) -> tuple[str, ...]:
    """Return a headline as it is said aloud, where there is one."""
    headline = context.headline(key)
    return (f"{headline.text}. {headline.detail}",) if headline else ()
