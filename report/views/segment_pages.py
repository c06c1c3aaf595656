"""One segment in words: the persona's texts, the figures, the stages, how to recognise it."""

from __future__ import annotations

from dataclasses import replace

from analysis.findings import (
    Condition,
    CrmRule,
    Findings,
    LifecycleCell,
    NotComputed,
    Profile,
    Segment,
    Segmentation,
    Share,
)
from analysis.gaps import gaps_of
from report.content import Content, Persona
from report.views.expected_values import tornado
from report.views.figures import Column, Table
from report.views.names import cut_name
from report.views.plans import action_views, plan_view, segment_name
from report.views.records import Card
from report.views.segment_comparison import comparison, comparison_rows, distinction, star_bars
from report.views.segment_records import LifecycleView, SegmentView
from report.views.stage_messages import stage_messages
from report.views.voices import voices_view
from report.wording import Wording, message

STAGES = {
    "active": message("Active"),
    "cooling": message("Cooling down"),
    "dormant": message("Dormant"),
}
CONDITIONS = {
    ("spend", ">"): message("paid more than %(threshold)s in the window (freight included)"),
    ("spend", "<="): message("paid at most %(threshold)s in the window (freight included)"),
    ("review", ">"): message("a mean review above %(threshold)s"),
    ("review", "<="): message("a mean review of %(threshold)s at most"),
    ("recency_days", ">"): message("last order more than %(threshold)s ago"),
    ("recency_days", "<="): message("last order at most %(threshold)s ago"),
}

# What the categories are told from.
CATEGORY = "products.product_category_name"

# Two bounds on one feature are one phrase.
BETWEEN = {
    "spend": message(
        "paid more than %(low)s and at most %(high)s in the window (freight included)"
    ),
    "review": message("a mean review above %(low)s and at most %(high)s"),
    "recency_days": message("last order more than %(low)s and at most %(high)s ago"),
}


def stage_days(stage: LifecycleCell, wording: Wording) -> str:
    """Return the days since the last order that a stage covers."""
    if not stage.from_days:
        return wording.gettext("up to %(days)s", days=wording.days(stage.to_days))
    return wording.gettext(
        "over %(low)s to %(high)s",
        low=wording.integer(stage.from_days),
        high=wording.days(stage.to_days),
    )


def segment_page(
    segment: Segment,
    found: Segmentation,
    findings: Findings,
    wording: Wording,
    content: Content,
) -> SegmentView:
    """Return a segment's page."""
    persona, profile = content.persona(segment.persona), segment.profile
    typographic = wording.typographic
    currency = findings.period.currency
    name = segment_name(segment, content)
    rows = comparison_rows(profile, found.everybody, currency, wording)
    stages = tuple(
        _lifecycle_view(cell, segment.plan.role, persona, currency, wording)
        for cell in segment.lifecycle
    )
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
        actions=action_views(persona, segment.plan, wording),
        message_recipients=typographic(persona.message.recipients),
        message_subject=typographic(persona.message.subject),
        message_body=typographic(persona.message.body),
        by_stage=stage_messages(segment, stages, found, wording, content),
        colour=segment.colour,
        customers=wording.integer(profile.customers),
        customer_share=wording.share(profile.customer_share),
        revenue_share=wording.share(profile.revenue_share),
        cards=_cards(profile, currency, wording),
        distinction=distinction(rows, wording),
        comparison=comparison(name, segment.colour, rows, wording),
        reviews=star_bars(name, segment.colour, profile, found.everybody, wording),
        lifecycle=stages,
        plan=plan_view(segment, found, currency, wording),
        tornado=tornado(segment, currency, wording, content),
        voices=voices_view(segment.voices, wording),
        rule=_rule(segment, findings, wording),
        rule_quality=_rule_quality(segment, findings.period.currency, wording),
        top_states=_top(
            profile.top_states,
            wording.gettext("States"),
            findings,
            "customers.customer_state",
            wording,
        ),
        top_categories=_top(
            tuple(
                replace(share, name=wording.category(share.name))
                for share in profile.top_categories
            ),
            wording.gettext("Categories"),
            findings,
            CATEGORY,
            wording,
        ),
    )


def _cards(profile: Profile, currency: str, wording: Wording) -> tuple[Card, ...]:
    _ = wording.gettext
    share = wording.share(profile.customer_share)
    return (
        Card(
            "customers",
            wording.integer(profile.customers),
            _("customers"),
            _("%(share)s of all in segments", share=share),
        ),
        Card(
            "revenue_share",
            wording.share(profile.revenue_share),
            _("of revenue"),
            _(
                "%(amount)s, without freight",
                amount=wording.cents(profile.revenue_cents, currency),
            ),
        ),
        Card(
            "spend",
            wording.money(profile.spend.median, currency),
            _("median spend"),
            _("freight included"),
        ),
        Card("mean_review", wording.cell(profile.mean_review, wording.stars), _("mean review")),
        Card("late_share", wording.cell(profile.late_share, wording.share), _("late deliveries")),
        Card("recency", wording.days(profile.recency_days.median), _("since the last order")),
    )


def _lifecycle_view(
    cell: LifecycleCell, role: str, persona: Persona, currency: str, wording: Wording
) -> LifecycleView:
    low = cell.low_reviewers
    return LifecycleView(
        stage=cell.stage,
        name=wording.gettext(STAGES[cell.stage]),
        days=stage_days(cell, wording),
        customers=wording.integer(cell.customers),
        share=wording.share(cell.share_of_segment),
        revenue=wording.cents(cell.revenue_cents, currency),
        todo=wording.typographic(getattr(persona.lifecycle, cell.stage))
        if cell.matters
        else wording.gettext("Too few customers for an action of their own."),
        low=wording.ngettext(
            "%(number)s of them left a low review.", "%(number)s of them left a low review.", low
        )
        if role == "repair" and not isinstance(low, NotComputed)
        else "",
    )


def _top(
    shares: tuple[Share, ...], caption: str, findings: Findings, needed: str, wording: Wording
) -> Table:
    """Return the most frequent levels, or why there are none; `needed` is the column."""
    _ = wording.gettext
    gap = gaps_of(findings.source).why(needed)
    return Table(
        caption=caption,
        columns=(
            Column(caption, is_number=False),
            Column(_("Customers")),
            Column(_("Share")),
            Column(_("All segments")),
        ),
        rows=tuple(
            (
                cut_name(share.name),
                wording.integer(share.customers),
                wording.share(share.share),
                wording.share(share.everybody_share),
            )
            for share in shares
        ),
        note=wording.not_computed(gap) if gap else "",
    )


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
    currency = findings.period.currency
    alternatives = segment.rule.alternatives
    common = [one for one in alternatives[0] if all(one in other for other in alternatives)]
    choices = [
        _together([one for one in conditions if one not in common], currency, wording)
        for conditions in alternatives
        if len(alternatives) > 1
    ]
    return (
        wording.gettext("a single purchase in the window"),
        *_phrases(common, currency, wording),
        *([_either(choices, wording)] if choices else []),
    )


def _either(choices: list[str], wording: Wording) -> str:
    """Return that one of several is enough."""
    first, *others = choices
    return wording.clauses(
        [
            wording.gettext("either %(choice)s", choice=first),
            *(wording.gettext("or %(choice)s", choice=other) for other in others),
        ]
    )


def _together(conditions: list[Condition], currency: str, wording: Wording) -> str:
    """Return conditions that all hold in one phrase; spend, the longest to say, ends it."""
    ordered = sorted(conditions, key=lambda condition: condition.feature == "spend")
    return wording.listing(_phrases(ordered, currency, wording))


def _phrases(conditions: list[Condition], currency: str, wording: Wording) -> list[str]:
    """Return a phrase a feature, in the order of the conditions."""
    by_feature: dict[str, dict[str, Condition]] = {}
    for one in conditions:
        by_feature.setdefault(one.feature, {})[one.comparison] = one
    found = []
    for feature, bounds in by_feature.items():
        written = {side: _threshold(one, currency, wording) for side, one in bounds.items()}
        if len(bounds) > 1:
            phrase = wording.gettext(BETWEEN[feature], low=written[">"], high=written["<="])
            found.append(phrase)
            continue
        ((side, one),) = bounds.items()
        phrase = CONDITIONS[one.feature, one.comparison]
        found.append(wording.gettext(phrase, threshold=written[side]))
    return found


def _threshold(condition: Condition, currency: str, wording: Wording) -> str:
    threshold = condition.threshold
    return {
        "spend": lambda: wording.money(threshold, currency),
        "review": lambda: wording.exact(threshold),
        "recency_days": lambda: wording.days(threshold),
    }[condition.feature]()


def _rule_quality(segment: Segment, currency: str, wording: Wording) -> str:
    rule = segment.rule
    if isinstance(rule, NotComputed):
        return wording.not_computed(rule)
    if rule.recall == 1 and rule.precision == 1:
        return wording.gettext("This is the segment's definition: the rule is exact.")
    text = wording.gettext(
        "On customers kept apart, the rule finds %(recall)s of the segment; %(precision)s of those "
        "it points out are in it.",
        recall=wording.share(rule.recall),
        precision=wording.share(rule.precision),
    )
    if isinstance(segment.rule_without_review, NotComputed):
        return text
    return f"{text} {_without_review(segment.rule_without_review, currency, wording)}"


def _without_review(rule: CrmRule, currency: str, wording: Wording) -> str:
    """Return which of the customers who left no review are placed in a segment."""
    if not rule.alternatives:
        return wording.gettext("Nobody who left no review is placed here.")
    choices = [_together(list(one), currency, wording) for one in rule.alternatives]
    return wording.gettext(
        "Of those who left no review, the segment takes these: %(conditions)s.",
        conditions=_either(choices, wording) if len(choices) > 1 else choices[0],
    )
