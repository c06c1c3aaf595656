"""Five minutes on time and money: how long the segments hold, the two clocks, the offers."""

from __future__ import annotations

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
    plain,
)
from report.deck.story_absent import absent_slide
from report.deck.theme import accent_of
from report.views import Absence, RefreshView, ReportContext, StabilityView
from report.views.figures import Column, Table
from report.wording import Wording, message

# Of the table of offers, the last: what is fixed, each early refit, with those provided for.
PRICE_ROWS = 3
ASSUMED = message("Source: the consultant's assumptions, to be confirmed.")


def contract_slides(context: ReportContext, wording: Wording) -> tuple[Slide, ...]:
    """Return the slides on stability, refresh, contract and the decision."""
    stability, refresh = context.stability, context.refresh
    slides = []
    if not isinstance(stability, Absence):
        slides.append(_stability(context, stability, wording))
    elif isinstance(refresh, Absence):
        slides.append(_not_measured(context, stability, wording))
    if not isinstance(refresh, Absence):
        slides.append(_refresh(context, refresh, wording))
    elif not isinstance(stability, Absence):
        slides.append(_no_interval(context, refresh, wording))
    slides += _worth(context, wording)
    return (*slides, _contract(context, wording), _decision(context, wording))


def _not_measured(context: ReportContext, absence: Absence, wording: Wording) -> Slide:
    title = wording.gettext("How long the segments hold could not be measured")
    return absent_slide(
        "stability", "time", title, absence.reason, _without_interval(wording), context, wording
    )


def _no_interval(context: ReportContext, absence: Absence, wording: Wording) -> Slide:
    title = wording.gettext("No interval between refits can be recommended yet")
    return absent_slide(
        "refresh", "time", title, absence.reason, _without_interval(wording), context, wording
    )


def _without_interval(wording: Wording) -> tuple[str, ...]:
    _ = wording.gettext
    return (
        _("Nothing is extrapolated: without a measure, no interval is promised."),
        _("The monitoring of the contract stands: it says when a measure becomes possible."),
    )


def _stability(context: ReportContext, stability: StabilityView, wording: Wording) -> Slide:
    _, headline = wording.gettext, context.headline("stability")
    said = (
        plain(stability.agreement, bold=True),
        bullet(stability.controls),
        bullet(stability.uncertainty),
        *([bullet(context.proposal.breaks)] if context.proposal.breaks else []),
    )
    return Slide(
        code="stability",
        part="time",
        title=headline.text if headline else stability.sentence.rstrip("."),
        block=Columns((stability.keeping, Text(said, at_least=2)), (62, 38)),
        notes=(
            stability.sentence,
            *([stability.translation] if stability.translation else []),
            *stability.design,
            _("The thin dashed lines are the lowest and the highest of the starting dates."),
            stability.placebo,
            stability.uncertainty,
            stability.other_sentence,
        ),
        seconds=60 if _worth(context, wording) else 120,
    )


def _refresh(context: ReportContext, refresh: RefreshView, wording: Wording) -> Slide:
    """Return the recommendation: two clocks, and the limit that bound the slower one."""
    stability, headline = context.stability, context.headline("refresh")
    if isinstance(refresh.months, Absence):
        return _no_interval(context, refresh.months, wording)
    colour = accent_of(context.brand)
    tiles = tuple(Tile(card.value, card.label, card.detail, colour) for card in refresh.cards)
    said = [plain(refresh.clocks, bold=True), bullet(refresh.reason), bullet(refresh.grid)]
    below: Block = Text(tuple(said))
    if not isinstance(stability, Absence) and not isinstance(stability.rescoring, Absence):
        below = Columns((Text(tuple(said)), Grid(stability.rescoring)), (44, 56))
    return Slide(
        code="refresh",
        part="time",
        title=headline.text if headline else refresh.recommendation.rstrip("."),
        block=Rows((Tiles(tiles), below), (34, 66)) if tiles else below,
        notes=(refresh.recommendation, refresh.reason, refresh.clocks, *_moves(stability)),
        seconds=60,
    )


def _worth(context: ReportContext, wording: Wording) -> list[Slide]:
    """Return what an old model costs, where a cost curve could be drawn."""
    staleness = context.staleness
    if isinstance(staleness, Absence) or isinstance(staleness.figure, Absence):
        return []
    pays = [bullet(context.proposal.pays)] if context.proposal.pays else []
    said = (plain(staleness.misplaced, bold=True), *pays, bullet(staleness.flat))
    inputs = tuple(bullet(text) for text in staleness.inputs)
    return [
        Slide(
            code="worth",
            part="time",
            title=staleness.title,
            block=Columns((staleness.figure, Text((*said, *inputs), at_least=2)), (60, 40)),
            notes=(
                staleness.sentence,
                staleness.misplaced,
                staleness.flat,
                wording.gettext(
                    "The dotted part of the curve is extrapolated: neither the price nor the "
                    "interval comes from it. The break-even holds the share of misplaced customers "
                    "beyond the oldest age observed at its last value."
                ),
            ),
            seconds=60,
        )
    ]


def _moves(stability: StabilityView | Absence) -> tuple[str, ...]:
    """Return how fast customers move, where it was measured."""
    if isinstance(stability, Absence) or isinstance(stability.rescoring, Absence):
        return ()
    return (stability.rescoring_sentence,)


def _contract(context: ReportContext, wording: Wording) -> Slide:
    """Return the three offers, and what happens without one."""
    _, proposal = wording.gettext, context.proposal
    headline = context.headline("price")
    alone = _("Nothing to pay, and nobody to say when the segments have aged.")
    if isinstance(proposal.differences, Absence):
        title, reason = _("No offer can be made yet"), proposal.differences.reason
        return absent_slide("contract", "contract", title, reason, (alone,), context, wording)
    nothing = Text(
        (
            plain(_("Without a contract"), bold=True),
            bullet(alone),
            *(bullet(text) for text in _moves(context.stability)),
        ),
        at_least=2,
        comfortable=SMALLEST_BODY,
    )
    assumed = Text(
        (
            plain(_("Assumed by the consultant"), bold=True),
            # The rate and the days; the notes hold the others.
            *(bullet(text) for text in proposal.assumptions[:2]),
        ),
        at_least=1,
        comfortable=SMALLEST_BODY,
    )
    title = headline.text if headline else proposal.sentence.rstrip(".")
    # What is paid stands in every design; a small one has fewer rows of work.
    rows = len(proposal.differences.rows)
    offers = Grid(
        proposal.differences,
        bold=tuple(range(rows - PRICE_ROWS, rows)),
        bold_column=_recommended_column(context),
        rows_left_out=_(OTHER_ROWS),
    )
    return Slide(
        code="contract",
        part="contract",
        title=title,
        block=Rows((offers, Columns((nothing, assumed), (50, 50))), (62, 38)),
        notes=(
            proposal.sentence,
            *([proposal.budget] if proposal.budget else []),
            proposal.tax,
            *proposal.assumptions,
        ),
        seconds=60,
        source=_(ASSUMED),
    )


def _recommended_column(context: ReportContext) -> int | None:
    """Return the place of the recommended offer's column in the table of offers."""
    tiers = context.proposal.tiers
    if isinstance(tiers, Absence):
        return None
    return next((place for place, tier in enumerate(tiers, start=1) if tier.recommended), None)


def _decision(context: ReportContext, wording: Wording) -> Slide:
    """Return what is asked of those in the room, what it rests on, and what it costs."""
    _, proposal = wording.gettext, context.proposal
    rows = [*_segment_decisions(context, wording), *_clock_decision(context, wording)]
    tiers = proposal.tiers
    offer = None
    if not isinstance(tiers, Absence):
        offer = next((tier for tier in tiers if tier.recommended), None)
    if offer is not None and proposal.priced:
        cost = _("%(price)s before tax over %(term)s", price=offer.fixed, term=proposal.term)
        cost = f"{cost} ({offer.range})"
        title = _("Decision asked: %(asked)s, for the offer “%(offer)s” over %(term)s",
                  asked=proposal.commitment, offer=offer.name, term=proposal.term)  # fmt: skip
        rests = " ".join(filter(None, (offer.promise, proposal.enough)))
        rows.append((_("Sign the offer “%(offer)s”", offer=offer.name), rests, cost))
    else:
        reason = tiers.reason if isinstance(tiers, Absence) else proposal.sentence
        title = _("Decision asked: put the segments in service, and complete the price")
        if isinstance(context.segmentation, Absence):
            title = _("Decision asked: what is needed before customers can be segmented")
        rows.append((_("Complete the price"), reason, "–"))
    table = Table(
        caption=_("What is asked today"),
        columns=(
            Column(_("Decision"), is_number=False),
            Column(_("What it rests on"), is_number=False),
            Column(_("Cost"), is_number=False),
        ),
        rows=tuple(rows),
        note=f"{proposal.stands}.",
    )
    return Slide(
        code="decision",
        part="contract",
        title=title,
        block=Grid(table, bold_column=0, largest=18),
        notes=(
            _("Ask for each decision in turn, and write down who does it and by when."),
            proposal.sentence,
            *([proposal.budget] if proposal.budget else []),
        ),
        seconds=60,
        source=_(ASSUMED),
    )


def _segment_decisions(context: ReportContext, wording: Wording) -> list[tuple[str, str, str]]:
    """Return the decisions on data and segments: states to follow, segments to use."""
    _ = wording.gettext
    rows = []
    included = _("none: delivered")
    in_the_crm = _("none, integration apart")
    follow_up = context.headline("follow_up")
    if follow_up is not None:
        rows.append((_("Follow up the states and sellers named"), follow_up.text, included))
    if isinstance(context.segmentation, Absence):
        rows.append((_("Gather what is missing"), context.segmentation.reason, "–"))
    else:
        fidelity = context.segmentation.fidelity
        rows.append((_("Put the rules of the segments in the CRM"), fidelity, in_the_crm))
    return rows


def _clock_decision(context: ReportContext, wording: Wording) -> list[tuple[str, str, str]]:
    _, refresh = wording.gettext, context.refresh
    if isinstance(refresh, Absence):
        return []
    return [(_("Adopt the two clocks"), refresh.clocks, _("in the offer"))]
