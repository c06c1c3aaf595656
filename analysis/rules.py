"""The few conditions that a CRM needs to recognise each clustered segment, with their fidelity.

A small tree (analysis/rule_tree.py), its thresholds rounded to numbers a person can say, told as
alternatives of few conditions; the fidelity is measured after rounding, on customers that did not
place them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.customers import CustomerTable, Floats
from analysis.features import Preparation, raw_matrix, scale, unscale
from analysis.findings import Condition, CrmRule
from analysis.known_features import clustered, nearest_by_known
from analysis.rule_sentences import describe_centres
from analysis.rule_tree import Labels, Rows, classify, expand, grow, rounded
from analysis.segmentation import Model, SegmentIndex, assign_segments
from analysis.settings import Trials

HELD_OUT = 0.3
# Of all rows: those that judge whether one more leaf helps.
JUDGING = 0.2
REPEAT_RULE = CrmRule(((Condition("occasions", ">", 1.0),),), recall=1.0, precision=1.0)


@dataclass(frozen=True)
class CrmRules:
    """The rules of every clustered segment, and their common fidelity on held-out customers.

    `without_review` are those of the customers who left none, where they are placed by what else
    is known of them; empty where a score is filled in.
    """

    fidelity: float
    by_segment: tuple[tuple[str, CrmRule], ...]
    without_review: tuple[tuple[str, CrmRule], ...] = ()

    def of(self, segment_id: str) -> CrmRule:
        """Return the rule of a segment; the repeat buyers' rule is their definition."""
        return dict(self.by_segment).get(segment_id, REPEAT_RULE)


def find_rules(table: CustomerTable, model: Model, wanted: Trials, seed: int) -> CrmRules:
    """Find the rules on the clustered customers, measured on a held-out part of them."""
    features = model.preparation.features
    codes = clustered(table, features)
    index: SegmentIndex = assign_segments(table, model)[codes]
    first = int(model.has_repeat_segment)
    centres = in_units(np.array(model.centres), model.preparation)
    told = tell_apart(
        np.column_stack([getattr(table, name)[codes] for name in features]),
        index.astype(np.int64) - first,
        centres,
        features,
        wanted,
        seed,
    )
    return CrmRules(
        fidelity=told.fidelity,
        by_segment=_named(told, model),
        without_review=_named(_without_review(table, model, centres, wanted, seed), model)
        if model.places_by_known
        else (),
    )


def _named(told: ToldApart, model: Model) -> tuple[tuple[str, CrmRule], ...]:
    """Return the rules with the ids of their segments."""
    ids = model.segment_ids[int(model.has_repeat_segment) :]
    return tuple(zip(ids, told.rules, strict=True))


def _without_review(
    table: CustomerTable, model: Model, centres: Floats, wanted: Trials, seed: int
) -> ToldApart:
    """Find the rules of customers who left no review, on everybody as if nobody had.

    The segments that the other features alone would give stand for theirs: who lacks a review is
    too seldom for rules of their own.
    """
    features = model.preparation.features
    kept = [place for place, name in enumerate(features) if name != "review"]
    rest = tuple(features[place] for place in kept)
    codes = clustered(table, rest)
    raw = raw_matrix(table, codes, features, model.preparation.transforms)
    raw[:, features.index("review")] = np.nan
    labels = nearest_by_known(scale(raw, model.preparation), np.array(model.centres))
    return tell_apart(
        np.column_stack([getattr(table, name)[codes] for name in rest]),
        labels.astype(np.int64),
        centres[:, kept],
        rest,
        wanted,
        seed,
    )


@dataclass(frozen=True)
class ToldApart:
    """The rule of each centre, and the share of held-out rows that the rules label right."""

    fidelity: float
    rules: tuple[CrmRule, ...]


def tell_apart(
    matrix: Floats,
    labels: Labels,
    centres: Floats,
    features: tuple[str, ...],
    wanted: Trials,
    seed: int,
) -> ToldApart:
    """Find rounded rules for a partition, one a centre, measured on held-out rows.

    Three parts of the rows: one places the splits, one says when more leaves no longer help, and
    the figures are measured on the third.

    Args:
        matrix: rows in their own units, shape (rows, features).
        labels: the centre of each row, shape (rows,).
        centres: shape (centres, features), same units.
        features: names of the columns.
        wanted: how many leaves a centre may have, and what one more must bring.
        seed: of the rows held out.
    """
    drawn = np.random.default_rng(seed).random(len(matrix))
    rows, judges, held_out = (
        Rows(matrix[kept], labels[kept])
        for kept in (
            drawn >= HELD_OUT + JUDGING,
            (drawn >= HELD_OUT) & (drawn < HELD_OUT + JUDGING),
            drawn < HELD_OUT,
        )
    )
    grown = grow(rows.matrix, rows.labels, centres, np.arange(len(centres)))
    tree = rounded(grown, features)
    if not all(describe_centres(tree, features, len(centres))):
        tree = grown
    most = wanted.rule_leaves * len(centres)
    tree = expand(tree, rows, judges, features, most, wanted.rule_step)
    told, truth = classify(tree, held_out.matrix), held_out.labels
    return ToldApart(
        fidelity=_share(told == truth),
        rules=tuple(
            CrmRule(
                alternatives=alternatives,
                recall=_share(told[truth == centre] == centre),
                precision=_share(truth[told == centre] == centre),
            )
            for centre, alternatives in enumerate(describe_centres(tree, features, len(centres)))
        ),
    )


def in_units(centres: Floats, preparation: Preparation) -> Floats:
    """Return scaled centres in the units of the features (spend back from its logarithm)."""
    raw = unscale(centres, preparation)
    logged = np.array([name == "log1p" for name in preparation.transforms])
    units: Floats = np.where(logged[np.newaxis, :], np.expm1(raw), raw)
    return units


def _share(flags: npt.NDArray[np.bool_]) -> float:
    """Return the share of true values, 0 of nothing."""
    return float(flags.mean()) if len(flags) else 0.0
