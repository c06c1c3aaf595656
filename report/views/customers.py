"""Who is described, who is not, and why."""

from __future__ import annotations

from analysis.findings import Findings
from report.content import Content
from report.views.figures import Column, Table
from report.views.records import CustomersView, GroupView
from report.views.values import Values, content_values, fill_if_known
from report.wording import Wording, message

IN_SEGMENTS = {
    "one_time": (
        message("Bought once in the window"),
        message("Grouped into segments by the model."),
    ),
    "repeat": (
        message("Came back in the window"),
        message("A segment by rule: at least two purchases."),
    ),
}
GROUPS = (*IN_SEGMENTS, "waiting", "inactive", "no_valid_order")
# Said in place of a content text that needs a value the findings do not hold.
OUTSIDE = {
    "waiting": message("Not delivered yet, or too recently for a review to have come."),
    "inactive": message("The last order came before the window."),
    "no_valid_order": message("Every order was cancelled or could not be served."),
}


def customers_view(findings: Findings, wording: Wording, content: Content) -> CustomersView:
    """Return who is in a segment and who is not, with the reason."""
    _, counts = wording.gettext, findings.customers
    values = content_values(findings, wording)
    groups = tuple(_group(key, findings, wording, content, values) for key in GROUPS)
    described = counts.one_time + counts.repeat
    return CustomersView(
        total=wording.integer(counts.total),
        in_segments=wording.integer(described),
        in_groups=wording.integer(counts.total - described),
        described_on=wording.date(counts.described_on),
        window=wording.days(counts.window_days),
        sentence=_(
            "Of %(total)s customers, %(described)s have a known outcome in the %(window)s before "
            "%(day)s and are in a segment; the others are kept and counted.",
            total=wording.integer(counts.total),
            described=wording.integer(described),
            window=wording.days(counts.window_days),
            day=wording.date(counts.described_on),
        ),
        imputed=wording.ngettext(
            "%(number)s customer of the window left no review, and is placed by what else is known "
            "of them.",
            "%(number)s customers of the window left no review: too many for a usual score to "
            "stand in its place, so they are placed by what else is known.",
            counts.reviews_absent,
        )
        if counts.reviews_absent
        else wording.ngettext(
            "%(number)s customer of the window left no review: the usual score of customers "
            "delivered as they were stands in its place.",
            "%(number)s customers of the window left no review: the usual score of customers "
            "delivered as they were stands in its place.",
            counts.reviews_imputed,
        ),
        later=wording.ngettext(
            "%(number)s customer first ordered after %(day)s: listed in the file, in no group "
            "here.",
            "%(number)s customers first ordered after %(day)s: listed in the file, in no group "
            "here.",
            counts.bought_later,
            day=wording.date(counts.described_on),
        )
        if counts.bought_later
        else "",
        groups=groups,
        table=Table(
            caption=_("Every customer, by what the rules say"),
            columns=(
                Column(_("Group"), is_number=False),
                Column(_("Customers")),
                Column(_("Share")),
                Column(_("Why"), is_number=False),
            ),
            rows=tuple((group.name, group.customers, group.share, group.why) for group in groups),
            total=(_("Everybody"), wording.integer(counts.total), wording.share(1.0), ""),
        ),
    )


def _group(
    key: str, findings: Findings, wording: Wording, content: Content, values: Values
) -> GroupView:
    """Return one group; those in no segment are explained by the content files."""
    counts = findings.customers
    customers: int = getattr(counts, key)
    if key in IN_SEGMENTS:
        name, why = (wording.gettext(text) for text in IN_SEGMENTS[key])
        todo = ""
    else:
        group = content.group(key)
        name = group.name
        why = fill_if_known(content, group.what, values, wording) or wording.gettext(OUTSIDE[key])
        todo = fill_if_known(content, group.todo, values, wording)
    return GroupView(
        key=key,
        name=name,
        customers=wording.integer(customers),
        share=wording.share(customers / counts.total) if counts.total else "",
        why=why,
        todo=todo,
    )
