"""segments.sql: the model and the rules for the CRM, on the client's own tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlglot import exp

from analysis.customers import DAY, HOUR, CustomerTable, MissingScores
from analysis.dialects import DialectName, render_query
from analysis.findings import Condition, CrmRule, NotComputed, Segmentation
from analysis.model_sql import MEASURED, NEAREST, SCALED, model_expressions
from analysis.settings import Settings
from analysis.tables import OLIST_DB_NAMES

if TYPE_CHECKING:
    from analysis.queries import Value
    from analysis.segmentation import Model

# Before the script for a shop whose tables have other names: they are derived by a mapping, so
# that no renaming of words would do.
MAPPED = """\
-- Your tables have other names and columns: this reads the tables of reference, which
-- [source.mapping] of playbook.toml derives from yours. Make a view of each of those expressions,
-- under the names used here, before you run it.
"""


def segments_script(
    segmentation: Segmentation,
    model: Model,
    table: CustomerTable,
    settings: Settings,
    *,
    dialect: DialectName = "sqlite",
    table_names: Mapping[str, str] = OLIST_DB_NAMES,
    absent: Collection[str] = (),
) -> str:
    """Return the query that gives each customer the row of segments.csv, nothing rounded.

    By default for the sqlite3 shell, on the tables as the client's own file spells them; `absent`
    names the canonical tables that the client does not have. What another day, or another model,
    would change stands once, at the top.
    """
    customers, scores = settings.customers, table.missing_scores()
    if any(isinstance(one.rule_without_review, CrmRule) for one in segmentation.segments):
        # Who left no review has rules without one.
        scores = MissingScores(None, None)
    named: dict[str, Value | exp.Expression] = {
        "as_of": datetime.fromtimestamp(table.as_of, UTC).replace(tzinfo=None),
        "window_seconds": table.window_days * DAY,
        "patience_seconds": customers.outcome_days * DAY,
        "occasion_seconds": customers.same_occasion_hours * HOUR,
        "review_on_time": _number(scores.on_time),
        "review_late": _number(scores.late),
    }
    rules = {
        "segment_rule": rule_expression(segmentation),
        "stage_rule": stage_expression(segmentation),
        **model_expressions(model, settings.actions.held_out_share),
    }
    script = render_query(
        "marts/customer_segments",
        dialect,
        {**named, **rules},
        table_names,
        absent,
        named,
        kept=(SCALED, NEAREST, MEASURED),
    )
    return (MAPPED if settings.source.mapping else "") + script


def rule_expression(segmentation: Segmentation) -> exp.Expression:
    """Return the CASE: repeat buyers by their standing, one-time buyers by their rule.

    Those without a review come first, where they have rules of their own: what compares nothing
    with a threshold holds of nobody.
    """
    case = exp.Case()
    for segment in segmentation.segments:
        if segment.kind == "repeat_rule":
            case = case.when(_equals("standing", "repeat"), exp.Literal.string(segment.segment_id))
    for segment in segmentation.segments:
        rule = segment.rule_without_review
        if isinstance(rule, CrmRule) and rule.alternatives:
            unknown = exp.Is(this=_column("review"), expression=exp.null())
            case = case.when(
                exp.and_(unknown, _holds(rule)), exp.Literal.string(segment.segment_id)
            )
    for segment in segmentation.segments:
        if segment.kind == "cluster" and not isinstance(segment.rule, NotComputed):
            case = case.when(_holds(segment.rule), exp.Literal.string(segment.segment_id))
    return case


def stage_expression(segmentation: Segmentation) -> exp.Expression:
    """Return the CASE: the stage by the days since the last order; null outside the window."""
    case = exp.Case()
    for cell in segmentation.segments[0].lifecycle:
        within = exp.LTE(this=_column("recency_days"), expression=exp.convert(cell.to_days))
        case = case.when(within, exp.Literal.string(cell.stage))
    return case


def _number(value: float | None) -> exp.Expression:
    """Return a number, or a null that every engine takes for one."""
    if value is None:
        return exp.Cast(this=exp.null(), to=exp.DataType.build("double"))
    return exp.Literal.number(value)


def _holds(rule: CrmRule) -> exp.Condition:
    """Return that the customer bought once and meets all conditions of an alternative."""
    alternatives = [
        exp.and_(*(_compared(condition) for condition in conditions))
        for conditions in rule.alternatives
    ]
    return exp.and_(_equals("standing", "one_time"), exp.or_(*alternatives))


def _compared(condition: Condition) -> exp.Expression:
    """Return a condition on a column of the customers."""
    comparison = exp.LTE if condition.comparison == "<=" else exp.GT
    value = exp.Literal.number(f"{condition.threshold:g}")
    return comparison(this=_column(condition.feature), expression=value)


def _equals(name: str, value: str) -> exp.Expression:
    return exp.EQ(this=_column(name), expression=exp.Literal.string(value))


def _column(name: str) -> exp.Column:
    return exp.column(name, table="customer_facts")
