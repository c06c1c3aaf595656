"""All segments together in words: shares, figures at a glance, lifecycle, what may be claimed."""

from __future__ import annotations

from analysis.findings import (
    CustomerCounts,
    Findings,
    NotComputed,
    Profile,
    Segmentation,
)
from report.content import Content
from report.views.baskets import baskets_note
from report.views.expected_values import first_tornado, value_table
from report.views.figures import (
    Column,
    Dumbbell,
    DumbbellRow,
    HeatCell,
    HeatGrid,
    HeatRow,
    Mark,
    Table,
    round_axis,
)
from report.views.middle_reviews import middle_view
from report.views.plans import (
    buying_again,
    by_priority,
    plan_rule,
    plan_table,
    segment_name,
    valued,
)
from report.views.records import Absence
from report.views.segment_map import (
    FEATURES,
    logarithm_sentence,
    new_customer_sentence,
    segment_map,
    variables_sentence,
)
from report.views.segment_pages import STAGES, segment_page, stage_days
from report.views.segment_records import SegmentationView
from report.views.stages import stage_check
from report.views.tomorrow import tomorrow_view
from report.wording import Wording


def segmentation_view(
    findings: Findings, wording: Wording, content: Content
) -> SegmentationView | Absence:
    """Return the section on the segments."""
    found = findings.segmentation
    if isinstance(found, NotComputed):
        return Absence(wording.not_computed(found))
    currency = findings.period.currency
    segments = tuple(
        segment_page(segment, found, findings, wording, content) for segment in found.segments
    )
    return SegmentationView(
        sentence=_sentence(found, findings.customers, wording),
        method=_method(found, wording),
        structure=_structure(found, wording),
        fidelity=_fidelity(found, wording, content),
        map=segment_map(found, currency, wording, content),
        variables=variables_sentence(found, wording),
        logarithm=logarithm_sentence(found, wording),
        new_customer=new_customer_sentence(found, wording),
        shares=_shares(found, wording, content),
        baskets=baskets_note(found, currency, wording, content),
        overview=_overview(found, currency, wording, content),
        tomorrow=tomorrow_view(found, wording, content),
        grid=_grid(found, wording, content),
        stage_check=stage_check(found, wording, content),
        plans=plan_table(found, currency, wording, content),
        plan_colours=tuple(segment.colour for segment in by_priority(found)),
        plan_rule=plan_rule(found, wording),
        values=value_table(found, currency, wording, content),
        tornado=first_tornado(found, currency, wording, content),
        buying_again=(*buying_again(found.buying_again, wording), *valued(found, wording)),
        middle=middle_view(found, wording, content),
        segments=segments,
    )


def feature_list(features: tuple[str, ...], wording: Wording) -> str:
    """Return the features of a segmentation as a list in a sentence."""
    return wording.listing(wording.gettext(FEATURES[name]) for name in features)


def _sentence(found: Segmentation, counts: CustomerCounts, wording: Wording) -> str:
    return wording.gettext(
        "%(segments)s segments describe the %(customers)s customers of the last %(window)s.",
        segments=wording.spelled(len(found.segments)).capitalize(),
        customers=wording.integer(found.everybody.customers),
        window=wording.days(counts.window_days),
    )


def _method(found: Segmentation, wording: Wording) -> str:
    text = wording.gettext(
        "The customers who bought once are grouped by K-Means on %(features)s, into %(count)s "
        "segments.",
        features=feature_list(found.features, wording),
        count=wording.spelled(found.k),
    )
    if any(segment.kind == "repeat_rule" for segment in found.segments):
        text += " " + wording.gettext(
            "Those who came back are a segment of their own, by rule, because they are too few "
            "and too different for the grouping to treat them fairly."
        )
    return text


def _structure(found: Segmentation, wording: Wording) -> str:
    """Return what may be claimed of the groups; never more than the shuffles allow."""
    check = found.structure
    if isinstance(check, NotComputed):
        return wording.not_computed(check)
    figures = {
        "silhouette": wording.index(check.silhouette),
        "mean": wording.index(check.shuffled_mean),
        "range": wording.between(
            wording.index(check.shuffled_low), wording.index(check.shuffled_high)
        ),
        "shuffles": wording.integer(check.shuffles),
        "minimum": wording.index(check.minimum_difference),
    }
    if check.structure:
        return wording.gettext(
            "The groups stand out from chance: their silhouette is %(silhouette)s, against "
            "%(mean)s on average (%(range)s) when each column is shuffled on its own "
            "(%(shuffles)s shuffles; a difference of at least %(minimum)s was wished for).",
            **figures,
        )
    return wording.gettext(
        "A useful and reproducible partition, not groups that nature drew: its silhouette is "
        "%(silhouette)s, against %(mean)s on average (%(range)s) when each column is shuffled on "
        "its own (%(shuffles)s shuffles; a difference of at least %(minimum)s was wished for, "
        "which excludes no candidate). The number of segments is therefore a business choice, made "
        "inside statistical limits.",
        **figures,
    )


def _fidelity(found: Segmentation, wording: Wording, content: Content) -> str:
    if isinstance(found.rule_fidelity, NotComputed):
        return wording.not_computed(found.rule_fidelity)
    named = {segment.segment_id: segment_name(segment, content) for segment in found.segments}
    return wording.gettext(
        "Applied in this order (%(order)s), the rules put %(share)s of the customers in the "
        "same segment as the model (measured on customers that did not serve to write them).",
        share=wording.share(found.rule_fidelity),
        order=wording.clauses(named[key] for key in found.rule_order if key in named),
    )


def _shares(found: Segmentation, wording: Wording, content: Content) -> Dumbbell:
    """Return what each segment weighs and what it brings."""
    _ = wording.gettext
    rows = tuple(
        DumbbellRow(
            label=segment_name(segment, content),
            colour=segment.colour,
            first=Mark(
                segment.profile.customer_share, wording.share(segment.profile.customer_share)
            ),
            second=Mark(
                segment.profile.revenue_share, wording.share(segment.profile.revenue_share)
            ),
        )
        for segment in found.segments
    )
    highest = max(max(row.first.value, row.second.value) for row in rows)
    heading = _("Share of customers and share of revenue by segment")
    return Dumbbell(
        title=heading,
        description=wording.clauses(
            _(
                "%(name)s: %(customers)s of customers, %(revenue)s of revenue",
                name=row.label,
                customers=row.first.text,
                revenue=row.second.text,
            )
            for row in rows
        ),
        first_name=_("Share of customers"),
        second_name=_("Share of revenue"),
        axis=round_axis("", 0.0, highest, wording.tick_share),
        rows=rows,
        table=Table(
            caption=heading,
            columns=(
                Column(_("Segment"), is_number=False),
                Column(_("Share of customers")),
                Column(_("Share of revenue")),
            ),
            rows=tuple((row.label, row.first.text, row.second.text) for row in rows),
        ),
    )


def _overview(found: Segmentation, currency: str, wording: Wording, content: Content) -> Table:
    _ = wording.gettext

    def cells(name: str, profile: Profile) -> tuple[str, ...]:
        return (
            name,
            wording.integer(profile.customers),
            wording.share(profile.customer_share),
            wording.share(profile.revenue_share),
            wording.money(profile.spend.median, currency),
            wording.cell(profile.mean_review, wording.review),
            wording.cell(profile.low_review_share, wording.share),
            wording.cell(profile.late_share, wording.share),
        )

    return Table(
        caption=_("The segments at a glance"),
        columns=(
            Column(_("Segment"), is_number=False),
            Column(_("Customers")),
            Column(_("Share of customers")),
            Column(_("Share of revenue")),
            Column(_("Median spend")),
            Column(_("Mean review")),
            Column(_("Low reviews")),
            Column(_("Late deliveries")),
        ),
        rows=tuple(
            cells(segment_name(segment, content), segment.profile) for segment in found.segments
        ),
        total=cells(_("All segments"), found.everybody),
        note=_("Revenue is the price of the items; spend is what was paid, freight included."),
    )


def _grid(found: Segmentation, wording: Wording, content: Content) -> HeatGrid:
    """Return segments by lifecycle stage: customers, and their share of the segment."""
    _ = wording.gettext
    stages = found.segments[0].lifecycle
    rows = tuple(
        HeatRow(
            label=segment_name(segment, content),
            colour=segment.colour,
            cells=tuple(
                HeatCell(
                    strength=cell.share_of_segment,
                    text=wording.integer(cell.customers),
                    detail=wording.share(cell.share_of_segment),
                )
                for cell in segment.lifecycle
            ),
        )
        for segment in found.segments
    )
    columns = tuple(_(STAGES[stage.stage]) for stage in stages)
    details = tuple(stage_days(stage, wording) for stage in stages)
    heading = _("Segments by lifecycle stage")
    return HeatGrid(
        title=heading,
        description=_(
            "Customers of each segment by days since their last order, and their share of the "
            "segment."
        ),
        columns=columns,
        column_details=details,
        rows=rows,
        table=Table(
            caption=heading,
            columns=(
                Column(_("Segment"), is_number=False),
                *(
                    Column(f"{name} ({detail})")
                    for name, detail in zip(columns, details, strict=True)
                ),
            ),
            rows=tuple(
                (row.label, *(f"{cell.text} ({cell.detail})" for cell in row.cells)) for row in rows
            ),
        ),
    )
