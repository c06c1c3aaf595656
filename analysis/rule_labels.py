"""The segment that the rules for the CRM give each customer, beside the one of the model."""

from __future__ import annotations

import numpy as np

from analysis.customers import ONE_TIME, REPEAT, CustomerTable
from analysis.findings import CrmRule, Segmentation
from analysis.rule_sentences import holds
from analysis.segmentation import NO_SEGMENT, SegmentIndex


def label_by_rules(table: CustomerTable, segmentation: Segmentation) -> SegmentIndex:
    """Return the place in segmentation.segments a customer code, NO_SEGMENT where no rule holds.

    As segments.sql does: repeat buyers by their standing, one-time buyers by their rule, those
    without a review by the rule without one where there is such a rule.
    """
    labels = np.full(len(table.standing), NO_SEGMENT, dtype=np.int16)
    once = table.standing == ONE_TIME
    columns = {"spend": table.spend, "review": table.review, "recency_days": table.recency_days}
    rules_apart = [segment.rule_without_review for segment in segmentation.segments]
    silent = np.isnan(table.review) & any(isinstance(rule, CrmRule) for rule in rules_apart)
    for place, segment in enumerate(segmentation.segments):
        if segment.kind == "repeat_rule":
            labels[table.standing == REPEAT] = place
            continue
        if isinstance(segment.rule, CrmRule):
            labels[once & ~silent & holds(segment.rule.alternatives, columns)] = place
        if isinstance(segment.rule_without_review, CrmRule):
            alternatives = segment.rule_without_review.alternatives
            labels[once & silent & holds(alternatives, columns)] = place
    return labels


def count_differences(
    table: CustomerTable, segments: SegmentIndex, segmentation: Segmentation
) -> int:
    """Return how many customers in a segment have another one by the rules."""
    inside = segments != NO_SEGMENT
    return int((label_by_rules(table, segmentation)[inside] != segments[inside]).sum())
