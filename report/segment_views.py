"""The segments in words: who is in none, all segments together, each one by itself."""

from __future__ import annotations

from dataclasses import fields
from math import log

from analysis.findings import (
    Condition,
    CrmRule,
    CustomerCounts,
    Findings,
    LifecycleCell,
    NotComputed,
    Profile,
    Segment,
    Segmentation,
    Share,
)
from report.content import Content, Persona
from report.figures import (
    Column,
    Comparison,
    ComparisonRow,
    Dumbbell,
    DumbbellRow,
    GroupedBars,
    HeatCell,
    HeatGrid,
    HeatRow,
    Mark,
    Series,
    Table,
    palette_colour,
    round_axis,
)
from report.views import (
    Absence,
    ActionView,
    Card,
    LifecycleView,
    SegmentationView,
    SegmentView,
)
from report.wording import Wording, message

FEATURES = {
    "spend": message("amount spent"),
    "review": message("mean review"),
    "recency_days": message("days since the last order"),
    "occasions": message("number of purchases"),
}
STAGES = {
    "active": message("Active"),
    "cooling": message("Cooling down"),
    "dormant": message("Dormant"),
}
DISTINCTIONS = {
    "spend": message("a median spend of %(group)s, against %(everybody)s"),
    "occasions": message("%(group)s purchases on average, against %(everybody)s"),
    "recency": message("a last order %(group)s ago, against %(everybody)s"),
    "low_reviews": message("%(group)s of low reviews, against %(everybody)s"),
    "late": message("%(group)s of late deliveries, against %(everybody)s"),
}
# A figure sets a segment apart from this ratio on, in either direction.
DISTINCT_RATIO = 1.25
NAMED_DISTINCTIONS = 2


def segment_name(segment: Segment, content: Content) -> str:
    """Return the persona's name, with a number where two segments share it."""
    name = content.persona(segment.persona).name
    return f"{name} {segment.persona_number}" if segment.persona_number else name


def segmentation_view(
    findings: Findings, wording: Wording, content: Content
) -> SegmentationView | Absence:
    """Return the section on the segments."""
    found = findings.segmentation
    if isinstance(found, NotComputed):
        return Absence(wording.not_computed(found))
    currency = findings.period.currency
    segments = tuple(
        _segment_view(segment, found, findings, wording, content) for segment in found.segments
    )
    return SegmentationView(
        sentence=_sentence(found, findings.customers, wording),
        method=_method(found, wording),
        structure=_structure(found, wording),
        fidelity=_fidelity(found, wording),
        shares=_shares(found, wording, content),
        overview=_overview(found, currency, wording, content),
        grid=_grid(found, wording, content),
        segments=segments,
    )


def feature_list(features: tuple[str, ...], wording: Wording) -> str:
    """Return the features of a segmentation as a list in a sentence."""
    return wording.listing(wording.gettext(FEATURES[name]) for name in features)


# ---------------------------------------------------------------- all segments together


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
            "(%(shuffles)s shuffles; a difference of at least %(minimum)s was asked).",
            **figures,
        )
    return wording.gettext(
        "A useful and reproducible partition, not groups that nature drew: its silhouette is "
        "%(silhouette)s, against %(mean)s on average (%(range)s) when each column is shuffled on "
        "its own (%(shuffles)s shuffles; a difference of at least %(minimum)s was asked). The "
        "number of segments is therefore a business choice, made inside statistical limits.",
        **figures,
    )


def _fidelity(found: Segmentation, wording: Wording) -> str:
    if isinstance(found.rule_fidelity, NotComputed):
        return wording.not_computed(found.rule_fidelity)
    return wording.gettext(
        "Applied in the order of this report, the rules put %(share)s of the customers in the "
        "same segment as the model (measured on customers that did not serve to write them).",
        share=wording.share(found.rule_fidelity),
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
        description="; ".join(
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
        total=cells(_("Everybody"), found.everybody),
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
    details = tuple(_stage_days(stage, wording) for stage in stages)
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


def _stage_days(stage: LifecycleCell, wording: Wording) -> str:
    if not stage.from_days:
        return wording.gettext("up to %(days)s", days=wording.days(stage.to_days))
    return wording.between(wording.integer(stage.from_days), wording.days(stage.to_days))


# ---------------------------------------------------------------- one segment


def _segment_view(
    segment: Segment,
    found: Segmentation,
    findings: Findings,
    wording: Wording,
    content: Content,
) -> SegmentView:
    persona, profile = content.persona(segment.persona), segment.profile
    typographic = wording.typographic
    currency = findings.period.currency
    name = segment_name(segment, content)
    rows = _comparison_rows(profile, found.everybody, currency, wording)
    return SegmentView(
        segment_id=segment.segment_id,
        persona=segment.persona,
        kind=segment.kind,
        name=name,
        tagline=typographic(persona.tagline),
        who=typographic(persona.who),
        objective=typographic(persona.objective),
        priority=typographic(persona.priority),
        do=tuple(map(typographic, persona.do)),
        dont=tuple(map(typographic, persona.dont)),
        actions=_actions(persona, wording),
        message_recipients=typographic(persona.message.recipients),
        message_subject=typographic(persona.message.subject),
        message_body=typographic(persona.message.body),
        colour=segment.colour,
        colour_hex=palette_colour(segment.colour),
        customers=wording.integer(profile.customers),
        customer_share=wording.share(profile.customer_share),
        revenue=wording.cents(profile.revenue_cents, currency),
        revenue_share=wording.share(profile.revenue_share),
        cards=_cards(profile, currency, wording),
        distinction=_distinction(rows, wording),
        comparison=_comparison(name, segment.colour, rows, wording),
        reviews=_reviews(name, segment.colour, profile, found.everybody, wording),
        lifecycle=tuple(
            _lifecycle_view(cell, persona, currency, wording) for cell in segment.lifecycle
        ),
        rule=_rule(segment, findings, wording),
        rule_quality=_rule_quality(segment.rule, wording),
        top_states=_top(profile.top_states, wording.gettext("States"), wording),
        top_categories=_top(profile.top_categories, wording.gettext("Categories"), wording),
    )


def _actions(persona: Persona, wording: Wording) -> tuple[ActionView, ...]:
    names = [field.name for field in fields(ActionView)]
    return tuple(
        ActionView(**{name: wording.typographic(getattr(action, name)) for name in names})
        for action in persona.actions
    )


def _cards(profile: Profile, currency: str, wording: Wording) -> tuple[Card, ...]:
    _ = wording.gettext
    share = wording.share(profile.customer_share)
    return (
        Card(
            "customers",
            wording.integer(profile.customers),
            _("customers"),
            _("%(share)s of all", share=share),
        ),
        Card(
            "revenue_share",
            wording.share(profile.revenue_share),
            _("of revenue"),
            wording.cents(profile.revenue_cents, currency),
        ),
        Card("spend", wording.money(profile.spend.median, currency), _("median spend")),
        Card("mean_review", wording.cell(profile.mean_review, wording.stars), _("mean review")),
        Card("late_share", wording.cell(profile.late_share, wording.share), _("late deliveries")),
        Card("recency", wording.days(profile.recency_days.median), _("since the last order")),
    )


def _comparison_rows(
    profile: Profile, everybody: Profile, currency: str, wording: Wording
) -> tuple[tuple[str, ComparisonRow], ...]:
    """Return the figures of a segment beside everybody's, each with its code."""
    _ = wording.gettext
    figures = (
        (
            "spend",
            _("Median spend"),
            profile.spend.median,
            everybody.spend.median,
            lambda value: wording.money(value, currency),
        ),
        (
            "occasions",
            _("Purchases"),
            profile.occasions_mean,
            everybody.occasions_mean,
            lambda value: wording.number(value, 2),
        ),
        (
            "recency",
            _("Days since the last order"),
            profile.recency_days.median,
            everybody.recency_days.median,
            wording.days,
        ),
        (
            "mean_review",
            _("Mean review"),
            profile.mean_review,
            everybody.mean_review,
            wording.stars,
        ),
        (
            "low_reviews",
            _("Low reviews"),
            profile.low_review_share,
            everybody.low_review_share,
            wording.share,
        ),
        ("late", _("Late deliveries"), profile.late_share, everybody.late_share, wording.share),
        (
            "freight",
            _("Freight in the price"),
            profile.freight_share,
            everybody.freight_share,
            wording.share,
        ),
        (
            "instalments",
            _("Instalments"),
            profile.instalments_mean,
            everybody.instalments_mean,
            lambda value: wording.number(value, 1),
        ),
    )
    return tuple(
        (
            code,
            ComparisonRow(
                label=label,
                group=Mark(_value(mine), wording.cell(mine, write)),
                everybody=Mark(_value(theirs), wording.cell(theirs, write)),
                ratio=_ratio(mine, theirs),
            ),
        )
        for code, label, mine, theirs, write in figures
    )


def _value(value: float | NotComputed) -> float:
    return 0.0 if isinstance(value, NotComputed) else value


def _ratio(mine: float | NotComputed, theirs: float | NotComputed) -> float | None:
    if isinstance(mine, NotComputed) or isinstance(theirs, NotComputed) or theirs <= 0:
        return None
    return mine / theirs


def _distinction(rows: tuple[tuple[str, ComparisonRow], ...], wording: Wording) -> str:
    """Return the figures that lie furthest from everybody's, if any lies far enough."""
    distances = {
        code: abs(log(row.ratio))
        for code, row in rows
        if code in DISTINCTIONS and row.ratio is not None and row.ratio > 0
    }
    far = [code for code in distances if distances[code] >= log(DISTINCT_RATIO)]
    if not far:
        return wording.gettext("Close to everybody on every figure measured here.")
    shown = dict(rows)
    named = sorted(far, key=lambda code: -distances[code])[:NAMED_DISTINCTIONS]
    return wording.gettext(
        "What sets them apart: %(figures)s.",
        figures="; ".join(
            wording.gettext(
                DISTINCTIONS[code],
                group=shown[code].group.text,
                everybody=shown[code].everybody.text,
            )
            for code in named
        ),
    )


def _comparison(
    name: str, colour: int, rows: tuple[tuple[str, ComparisonRow], ...], wording: Wording
) -> Comparison:
    _ = wording.gettext
    heading = _("Against everybody")
    shown = tuple(row for _code, row in rows)
    return Comparison(
        title=heading,
        description="; ".join(
            f"{row.label}: {row.group.text} / {row.everybody.text}" for row in shown
        ),
        group_name=name,
        everybody_name=_("Everybody"),
        colour=colour,
        rows=shown,
        table=Table(
            caption=heading,
            columns=(
                Column(_("Figure"), is_number=False),
                Column(name),
                Column(_("Everybody")),
            ),
            rows=tuple((row.label, row.group.text, row.everybody.text) for row in shown),
        ),
    )


def _reviews(
    name: str, colour: int, profile: Profile, everybody: Profile, wording: Wording
) -> GroupedBars | Absence:
    """Return the stars that the segment gave, beside everybody's."""
    _ = wording.gettext
    mine, theirs = profile.review_counts, everybody.review_counts
    for counts in (mine, theirs):
        if isinstance(counts, NotComputed):
            return Absence(wording.not_computed(counts))
    if isinstance(mine, NotComputed) or isinstance(theirs, NotComputed):
        raise TypeError
    if not sum(mine) or not sum(theirs):
        return Absence(wording.not_computed(NotComputed("no_rows")))
    series = (
        Series(name, colour, _star_shares(mine, wording)),
        Series(_("Everybody"), None, _star_shares(theirs, wording)),
    )
    stars = tuple(f"{count} ★" for count in range(1, 6))
    heading = _("Reviews given")
    return GroupedBars(
        title=heading,
        description="; ".join(
            f"{star}: {own.text} / {other.text}"
            for star, own, other in zip(stars, series[0].marks, series[1].marks, strict=True)
        ),
        categories=stars,
        series=series,
        axis=round_axis(
            _("Share of reviews"),
            0.0,
            max(mark.value for line in series for mark in line.marks),
            wording.tick_share,
        ),
        table=Table(
            caption=heading,
            columns=(Column(_("Stars"), is_number=False), *(Column(line.name) for line in series)),
            rows=tuple(
                (star, own.text, other.text)
                for star, own, other in zip(stars, series[0].marks, series[1].marks, strict=True)
            ),
        ),
    )


def _star_shares(counts: tuple[int, ...], wording: Wording) -> tuple[Mark, ...]:
    return tuple(Mark(count / sum(counts), wording.share(count / sum(counts))) for count in counts)


def _lifecycle_view(
    cell: LifecycleCell, persona: Persona, currency: str, wording: Wording
) -> LifecycleView:
    return LifecycleView(
        stage=cell.stage,
        name=wording.gettext(STAGES[cell.stage]),
        days=_stage_days(cell, wording),
        customers=wording.integer(cell.customers),
        share=wording.share(cell.share_of_segment),
        revenue=wording.cents(cell.revenue_cents, currency),
        todo=wording.typographic(getattr(persona.lifecycle, cell.stage)),
    )


def _top(shares: tuple[Share, ...], caption: str, wording: Wording) -> Table:
    _ = wording.gettext
    return Table(
        caption=caption,
        columns=(
            Column(caption, is_number=False),
            Column(_("Customers")),
            Column(_("Share")),
            Column(_("Everybody")),
        ),
        rows=tuple(
            (
                share.name,
                wording.integer(share.customers),
                wording.share(share.share),
                wording.share(share.everybody_share),
            )
            for share in shares
        ),
    )


# ---------------------------------------------------------------- how to recognise it


CONDITIONS = {
    ("spend", ">"): message("spent more than %(threshold)s in the window"),
    ("spend", "<="): message("spent at most %(threshold)s in the window"),
    ("review", ">"): message("a mean review above %(threshold)s"),
    ("review", "<="): message("a mean review of %(threshold)s at most"),
    ("recency_days", ">"): message("last order more than %(threshold)s ago"),
    ("recency_days", "<="): message("last order at most %(threshold)s ago"),
}


def _rule(segment: Segment, findings: Findings, wording: Wording) -> tuple[str, ...]:
    """Return the conditions that all hold; the repeat buyers are known by their definition."""
    if segment.kind == "repeat_rule":
        return (
            wording.gettext(
                "at least two separate purchases in the last %(window)s",
                window=wording.days(findings.customers.window_days),
            ),
        )
    if isinstance(segment.rule, NotComputed):
        return ()
    return tuple(
        _condition(condition, findings.period.currency, wording)
        for condition in segment.rule.conditions
    )


def _condition(condition: Condition, currency: str, wording: Wording) -> str:
    threshold = condition.threshold
    written = {
        "spend": lambda: wording.money(threshold, currency),
        "review": lambda: wording.exact(threshold),
        "recency_days": lambda: wording.days(threshold),
    }[condition.feature]()
    return wording.gettext(CONDITIONS[condition.feature, condition.comparison], threshold=written)


def _rule_quality(rule: CrmRule | NotComputed, wording: Wording) -> str:
    if isinstance(rule, NotComputed):
        return wording.not_computed(rule)
    if rule.recall == 1 and rule.precision == 1:
        return wording.gettext("This is the segment's definition: the rule is exact.")
    return wording.gettext(
        "The rule finds %(recall)s of the segment's customers; %(precision)s of those it points "
        "out are in the segment.",
        recall=wording.share(rule.recall),
        precision=wording.share(rule.precision),
    )
