"""From the file to the campaign: codes, columns, fields; and the messages as customers read."""

from __future__ import annotations

from analysis.findings import Findings, NotComputed, Segmentation, Voices
from report.content import Content, load_content
from report.views.baskets import paid_cell
from report.views.figures import Column, Table
from report.views.plans import by_priority, segment_name
from report.views.records import Absence
from report.views.segment_records import CustomerMessage, CustomerMessages, HandOver
from report.views.sending import sending_view
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
        codes=_codes(found, findings.period.currency, wording, content),
        colours=tuple(segment.colour for segment in by_priority(found)),
        columns=_columns(found, wording),
        brackets=_brackets(found, wording, content),
        sending=sending_view(findings, found, wording, content),
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


def _codes(found: Segmentation, currency: str, wording: Wording, content: Content) -> Table:
    """Return what each segment is called in the file, and what its customers paid."""
    _ = wording.gettext
    return Table(
        caption=_("The codes of the file"),
        columns=(
            Column(_("Segment"), is_number=False),
            Column("segment_id", is_number=False),
            Column("persona", is_number=False),
            Column(_("Paid, by the rule"), is_number=False),
            Column(_("Customers")),
            Column(_("Priority")),
        ),
        rows=tuple(
            (
                segment_name(segment, content),
                segment.segment_id,
                segment.persona,
                paid_cell(segment, currency, wording),
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
            _("Zero: left no review; review then holds the score usual after such a delivery."),
        ),
        ("lowest_review", _("The lowest score given in the window; review is the mean.")),
        (
            "lowest_review_order_id",
            _("The order that got it, the last one of several: a complaint speaks of that order."),
        ),
        (
            "last_order_on, last_order_id",
            _(
                "The day and the number of the last order in the window: product and category "
                "hang on it."
            ),
        ),
        (
            "last_order_delivered",
            _("Zero: that order had not arrived by the day of the file (described_on)."),
        ),
        (
            "confidence",
            _(
                "From zero, between two segments, to one, in the middle of its own: write to the "
                "highest first where you cannot write to all."
            ),
        ),
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


def _brackets(found: Segmentation, wording: Wording, content: Content) -> Table:
    """Return what fills each field of the messages, under its name in both languages."""
    _, language = wording.gettext, customers_language(found, wording)
    fields = [f"[{name}]" for name in content.merge_fields]
    if language:
        theirs = load_content(language).merge_fields
        pairs = zip(fields, (f"[{name}]" for name in theirs), strict=True)
        fields = [" ".join(dict.fromkeys(pair)) for pair in pairs]
    return Table(
        caption=_("What fills the square brackets"),
        columns=(
            Column(_("Field"), is_number=False),
            Column(_("What fills it, and what to do where that is empty"), is_number=False),
        ),
        rows=tuple(
            (field, wording.typographic(text))
            for field, text in zip(fields, content.merge_fields.values(), strict=True)
        ),
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
