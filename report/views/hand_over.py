"""From the file to the campaign: codes, columns, steps; and the messages as customers read them."""

from __future__ import annotations

from analysis.findings import Findings, NotComputed, Segmentation, Voices
from report.content import Content, load_content
from report.views.figures import Column, Table
from report.views.plans import by_priority, segment_name
from report.views.records import Absence
from report.views.segment_records import CustomerMessage, CustomerMessages, HandOver
from report.wording import LANGUAGES, Wording, typographic


def hand_over_view(findings: Findings, wording: Wording, content: Content) -> HandOver | Absence:
    """Return how the segments get into the CRM, and a campaign out of it."""
    found = findings.segmentation
    if isinstance(found, NotComputed):
        return Absence(wording.not_computed(found))
    return HandOver(
        lead=wording.gettext(
            "The file segments.csv has one row a customer and is loaded by customer_unique_id. It "
            "describes everybody as of %(day)s.",
            day=wording.date(findings.customers.described_on),
        ),
        codes=_codes(found, wording, content),
        colours=tuple(segment.colour for segment in by_priority(found)),
        columns=_columns(found, wording),
        steps=_steps(findings, wording),
        test=_test(found, wording),
    )


def customer_messages(
    findings: Findings, wording: Wording, content: Content
) -> CustomerMessages | None:
    """Return the ready messages in the customers' language; None where it is the document's.

    The language is that of the comments (client.language in the settings), where there are texts
    in it.
    """
    found = findings.segmentation
    language = "" if isinstance(found, NotComputed) else customers_language(found, wording)
    if isinstance(found, NotComputed) or not language:
        return None
    texts = load_content(language)
    return CustomerMessages(
        language=language,
        messages=tuple(
            CustomerMessage(
                segment=segment_name(segment, content),
                colour=segment.colour,
                recipients=wording.typographic(content.persona(segment.persona).message.recipients),
                subject=typographic(texts.persona(segment.persona).message.subject, language),
                body=typographic(texts.persona(segment.persona).message.body, language),
                own_subject=wording.typographic(content.persona(segment.persona).message.subject),
                own_body=wording.typographic(content.persona(segment.persona).message.body),
            )
            for segment in by_priority(found)
        ),
    )


def customers_language(found: Segmentation, wording: Wording) -> str:
    """Return the language of the comments where there are texts in it; none: the document's."""
    spoken = {one.voices.language for one in found.segments if isinstance(one.voices, Voices)}
    return min(spoken & set(LANGUAGES) - {wording.language}, default="")


def _codes(found: Segmentation, wording: Wording, content: Content) -> Table:
    """Return what each segment is called in the file."""
    _ = wording.gettext
    return Table(
        caption=_("The codes of the file"),
        columns=(
            Column(_("Segment"), is_number=False),
            Column("segment_id", is_number=False),
            Column("persona", is_number=False),
            Column(_("Customers")),
            Column(_("Priority")),
        ),
        rows=tuple(
            (
                segment_name(segment, content),
                segment.segment_id,
                segment.persona,
                wording.integer(segment.profile.customers),
                wording.integer(segment.plan.priority),
            )
            for segment in by_priority(found)
        ),
    )


def _columns(found: Segmentation, wording: Wording) -> Table:
    """Return what the columns say, those that a campaign needs first."""
    _ = wording.gettext
    says = (
        ("segment_id", _("The segment, by the model: what campaigns go by.")),
        ("segment_by_rule", _by_rule(found, wording)),
        ("stage", _("How long ago the last order was: active, cooling, dormant.")),
        ("held_out", _("One: receives nothing, so that the effect can be measured.")),
        (
            "review_known",
            _("Zero: left no review; the score in the column review is then a usual one."),
        ),
        ("lowest_review", _("The lowest score given in the window; review is the mean.")),
        (
            "last_order_on, last_order_id",
            _(
                "The day and the number of the last order in the window: product and category "
                "hang on it."
            ),
        ),
        ("confidence", _("From zero, between two segments, to one, in the middle of its own.")),
        (
            "standing, reason",
            _("Who is in no segment, and why: waiting, inactive, no_valid_order."),
        ),
    )
    return Table(
        caption=_("The columns that a campaign needs"),
        columns=(
            Column(_("Column"), is_number=False),
            Column(_("What it says"), is_number=False),
        ),
        rows=says,
    )


def _by_rule(found: Segmentation, wording: Wording) -> str:
    text = wording.gettext("The segment by the printed rule, for whoever has no file at hand.")
    if isinstance(found.rule_differences, NotComputed):
        return text
    return f"{text} " + wording.ngettext(
        "It is another one for %(number)s customer.",
        "It is another one for %(number)s customers.",
        found.rule_differences,
    )


def _steps(findings: Findings, wording: Wording) -> tuple[str, ...]:
    """Return what to do, from the file to the send-out."""
    _ = wording.gettext
    day = wording.date(findings.customers.described_on)
    steps = [
        _("Keep one segment and, where the plan says so, one stage."),
        _("Leave out the held out, and everybody who did not agree to be contacted."),
        _(
            "Before an offer, leave out whoever the model or the rule puts among the unhappy, and "
            "whoever once left one or two stars (lowest_review)."
        ),
        _(
            "A message that speaks of a review goes only to those who left one: at most two stars "
            "for a complaint, four or five for thanks; three stars are asked what was missing, and "
            "offered nothing."
        ),
        _(
            "The stages are those of %(day)s. For a later day, ask for a new file; or run "
            "segments.sql (SQLite) on your tables: the day stands once, at its top; it has the "
            "segment by the rule. Who is held out stands in segments.csv only: join it before an "
            "offer, and leave out whoever is not in it yet.",
            day=day,
        ),
    ]
    hours = findings.customers.occasion_hours
    if not isinstance(hours, NotComputed):
        steps.append(
            _(
                "A purchase is what was ordered within %(hours)s hours; cancelled orders do not "
                "count, in the file as in the rules.",
                hours=wording.integer(hours),
            )
        )
    return tuple(steps)


def _test(found: Segmentation, wording: Wording) -> tuple[str, ...]:
    """Return how the effect of a campaign is read."""
    _, again = wording.gettext, found.buying_again
    drawn = _(
        "%(share)s of each segment that is sold to are held out, by a draw that does not change "
        "from one file to the next: who is held out stays so. What is done for the loyal and the "
        "unhappy is for all of them.",
        share=wording.share(found.action_basis.held_out_share),
    )
    if isinstance(again, NotComputed):
        return (drawn,)
    horizon = wording.days(again.horizon_days)
    return (
        drawn,
        _(
            "Wait %(horizon)s, then compare two shares: who bought again among those contacted, "
            "and among the held out of the same segment and stage.",
            horizon=horizon,
        ),
        _(
            "The rises that show, on the pages of the segments, hold for a message to the whole "
            "segment. A send-out to one stage shows only larger ones: add several up before you "
            "conclude."
        ),
    )
