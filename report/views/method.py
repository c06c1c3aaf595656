"""What was read, how it was worked out, where it ends: sentences for the last section."""

from __future__ import annotations

from analysis.findings import Findings, NotComputed, Pause, Subset
from report.content import Content
from report.views.figures import Column, Table
from report.views.records import SubsetView, TermView
from report.views.segments import feature_list
from report.views.values import content_values, fill_if_known
from report.wording import GAP_NAMES, Wording

# Seasons and trend cannot be told apart on less than two years of regular activity.
TWO_YEARS_DAYS = 730


def method(findings: Findings, subset: SubsetView | None, wording: Wording) -> tuple[str, ...]:
    """Return how the figures were worked out, in the order of the work."""
    _ = wording.gettext
    period, counts = findings.period, findings.customers
    sentences = [
        _(
            "The source holds %(orders)s orders, bought from %(first)s to %(last)s.",
            orders=wording.integer(period.orders),
            first=wording.date(period.first_purchase),
            last=wording.date(period.last_purchase),
        ),
        _(
            "Everything is described as of %(as_of)s; nothing after it is used. Customers are "
            "described as of %(complete)s, the last purchase that was delivered by then, because "
            "nothing that was bought later has been delivered (%(later)s orders).",
            as_of=wording.date(period.as_of),
            complete=wording.date(period.complete_until),
            later=wording.integer(period.orders_after_complete),
        ),
        _(
            "Customers are described over the %(window)s before that day, one row per person, not "
            "per customer number of an order; two orders close together are one purchase.",
            window=wording.days(counts.window_days),
        ),
    ]
    if not isinstance(findings.segmentation, NotComputed):
        sentences.append(
            _(
                "Segments are made by K-Means on %(features)s, put on one scale (amounts by their "
                "logarithm); several starts, the best is kept; random seed %(seed)s.",
                features=feature_list(findings.segmentation.features, wording),
                seed=str(findings.seed),
            )
        )
    if subset is not None:
        sentences += subset.sentences
    if not isinstance(findings.stability, NotComputed):
        sentences.append(
            _(
                "Stability compares a frozen model with its refit at later dates, by the adjusted "
                "Rand index (ARI) and by the share of customers who keep their segment.",
            )
        )
    return tuple(sentences)


def subset_view(findings: Findings, wording: Wording) -> SubsetView | None:
    """Return on how many customers what was measured, and what that leaves open."""
    subset = findings.subset
    if subset is None:
        return None
    _ = wording.gettext
    sentences = _subset_sentences(subset, wording)
    if isinstance(subset.error, NotComputed):
        return SubsetView(
            _("Sizes and amounts are those of all customers, the rest was measured on a part"),
            sentences,
        )
    title = _(
        "Measured on a part of the customers: with others, %(agreement)s of all have the same "
        "segment",
        agreement=wording.share(subset.error.agreement),
    )
    return SubsetView(title, sentences)


def _subset_sentences(subset: Subset, wording: Wording) -> tuple[str, ...]:
    _ = wording.gettext
    if subset.read is not None:
        return (_of_those_read(subset, subset.read, wording),)
    measured = _(
        "Candidates were tried, customers drawn again, the timeline followed, new orders held "
        "against old ones and comments read on %(subset)s of %(total)s customers, drawn by a hash "
        "of the customer's id; then every customer was given a segment: sizes, amounts and shares "
        "are those of all.",
        subset=wording.integer(subset.customers),
        total=wording.integer(subset.total),
    )
    error = subset.error
    if isinstance(error, NotComputed):
        return (measured,)
    left_open = _(
        "What this leaves open was measured: the model of other customers, as many and drawn "
        "likewise, puts %(agreement)s of all into the same segment (ARI %(ari)s); no segment's "
        "share of these customers is farther than %(gap)s from its share of all.",
        agreement=wording.share(error.agreement),
        ari=wording.index(error.ari),
        gap=wording.points(error.share_gap),
    )
    return (measured, left_open)


def _of_those_read(subset: Subset, read: int, wording: Wording) -> str:
    return wording.gettext(
        "The segments were made and described on %(read)s of %(total)s customers, drawn by a hash "
        "of the customer's id, candidates and the timeline on %(subset)s of these; then every "
        "customer was given a segment where the data are: the sizes of the segments and of their "
        "stages, their revenue, the dashboard's figures and the four answers are those of all.",
        read=wording.integer(read),
        total=wording.integer(subset.total),
        subset=wording.integer(subset.customers),
    )


def limits(findings: Findings, wording: Wording) -> tuple[str, ...]:
    """Return where the findings end."""
    _ = wording.gettext
    counts, period = findings.customers, findings.period
    outside = counts.waiting + counts.inactive + counts.no_valid_order
    sentences = [
        wording.ngettext(
            "%(number)s customer is in no segment (see the table of customers).",
            "%(number)s customers are in no segment (see the table of customers).",
            outside,
        ),
        _(
            "A late delivery and a low review go together; these data do not prove that the one "
            "causes the other."
        ),
        _(
            "The actions are practice to be tested: no effect of them was measured here, and none "
            "is promised."
        ),
    ]
    if period.pause is not None:
        sentences.append(_pause_sentence(findings, period.pause, wording))
    if (period.complete_until.date() - period.started_on).days < TWO_YEARS_DAYS:
        sentences.append(
            _(
                "Regular activity starts on %(start)s: with less than two full years, the season "
                "cannot be told from the trend.",
                start=wording.date(period.started_on),
            )
        )
    missing = gaps_sentence(findings, wording)
    return (*sentences, missing) if missing else tuple(sentences)


def _pause_sentence(findings: Findings, pause: Pause, wording: Wording) -> str:
    """Return when nothing was bought, and what that does to the history."""
    values = {
        "days": wording.days(pause.days),
        "last": wording.date(pause.last_before),
        "first": wording.date(pause.first_after),
    }
    start = findings.period.started_on
    if start > pause.last_before.date():
        return wording.gettext(
            "No order was bought for %(days)s, from %(last)s to %(first)s: what came before is "
            "counted in the figures of the shop, and the history of the customers starts anew on "
            "%(start)s.",
            start=wording.date(start),
            **values,
        )
    return wording.gettext(
        "No order was bought for %(days)s, from %(last)s to %(first)s: windows that hold this "
        "time describe fewer customers.",
        **values,
    )


def gaps_sentence(findings: Findings, wording: Wording) -> str:
    """Return what the data do not hold, in one sentence; nothing where all is there."""
    missing = _missing(findings)
    if not missing:
        return ""
    return wording.gettext(
        "The data do not hold %(gaps)s: what needs it is marked as not computed.",
        gaps=wording.listing(wording.gap(name) for name in missing),
    )


def _missing(findings: Findings) -> list[str]:
    """Return the tables and columns that the source lacks and something would be told from."""
    names: list[str] = []
    for table in findings.source.tables:
        if table.rows is None:
            names.append(table.name)
        names += [f"{table.name}.{column}" for column in table.missing_columns]
    return [name for name in names if name in GAP_NAMES]


def source_table(findings: Findings, wording: Wording) -> Table:
    """Return what was read, table by table."""
    _ = wording.gettext
    return Table(
        caption=_("Tables read"),
        columns=(
            Column(_("Table"), is_number=False),
            Column(_("In the source"), is_number=False),
            Column(_("Rows")),
        ),
        rows=tuple(
            (
                table.name,
                table.source_name,
                _("absent") if table.rows is None else wording.integer(table.rows),
            )
            for table in findings.source.tables
        ),
        note=_("Fingerprint of the data: %(fingerprint)s", fingerprint=findings.source.fingerprint),
    )


def glossary(findings: Findings, wording: Wording, content: Content) -> tuple[TermView, ...]:
    """Return the terms whose explanation the findings can fill."""
    values = content_values(findings, wording)
    return tuple(
        TermView(key, entry.term, explanation)
        for key, entry in content.glossary.items()
        if (explanation := fill_if_known(content, entry.explanation, values, wording))
    )
