"""The chosen model: ordered segments, assignment, and its form as JSON. No pickle anywhere."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from analysis.customers import (
    ONE_TIME,
    REPEAT,
    REVIEWS,
    CustomerTable,
    Floats,
    Ints,
    MissingScores,
    build_customers,
)
from analysis.errors import ModelError
from analysis.features import KNOWN_TRANSFORMS, TRANSFORMS, Preparation, raw_matrix, scale
from analysis.findings import Family, Segmentation
from analysis.known_features import clustered, distances_by_known, nearest_by_known
from analysis.settings import Customers, Lifecycle
from analysis.trials import Trial

if TYPE_CHECKING:
    from analysis.orders import OrderFacts

MODEL_FORMAT = 2
NO_SEGMENT = -1

SegmentIndex = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Model:
    """All that is needed to give a customer a segment, later and elsewhere.

    `centres` stand in the order of the clustered segments; `segment_ids` names every segment in
    the documents' order, the repeat buyers (by rule) first where there are some. `missing_scores`
    stand for the reviews that customers have not left, so that who else is in a source changes
    nobody's segment; without such scores, who left no review is placed by the other features.
    `active_days` and `cooling_days` end the stages of the lifecycle; 0 of a model made before they
    were kept.
    """

    format_version: int
    family: Family
    preparation: Preparation
    centres: tuple[tuple[float, ...], ...]
    segment_ids: tuple[str, ...]
    personas: tuple[str, ...]
    has_repeat_segment: bool
    as_of: int
    window_days: int
    same_occasion_hours: int
    outcome_days: int
    missing_scores: MissingScores
    seed: int
    fingerprint: str
    active_days: int = 0
    cooling_days: int = 0

    @property
    def places_by_known(self) -> bool:
        """Return whether who left no review is placed by what else is known."""
        return "review" in self.preparation.features and self.missing_scores.on_time is None


def make_model(
    trial: Trial, table: CustomerTable, settings: Customers, *, seed: int, fingerprint: str
) -> Model:
    """Return the model of a trial, its clusters in an order that the fit's numbers do not decide.

    Clusters are ordered by median spend, then by mean review, highest first.
    """
    order = sorted(range(trial.k), key=lambda label: _rank(trial, table, label), reverse=True)
    has_repeat = bool((table.standing == REPEAT).any())
    segments = trial.k + int(has_repeat)
    all_scored = len(clustered(table, trial.preparation.features)) == len(table.members(ONE_TIME))
    return Model(
        format_version=MODEL_FORMAT,
        family=trial.family,
        preparation=trial.preparation,
        centres=tuple(tuple(float(value) for value in trial.fit.centres[label]) for label in order),
        segment_ids=tuple(f"s{number}" for number in range(1, segments + 1)),
        personas=(),
        has_repeat_segment=has_repeat,
        as_of=table.as_of,
        window_days=table.window_days,
        same_occasion_hours=settings.same_occasion_hours,
        outcome_days=settings.outcome_days,
        missing_scores=table.missing_scores() if all_scored else MissingScores(None, None),
        seed=seed,
        fingerprint=fingerprint,
    )


def assign_segments(table: CustomerTable, model: Model) -> SegmentIndex:
    """Return the segment of every customer code: a place in model.segment_ids, or NO_SEGMENT.

    Repeat buyers by rule; one-time buyers by the nearest centre, with the preparation stored in
    the model; whoever is waiting, inactive or without a valid order has none.

    Raises:
        ModelError: the table lacks a feature that the model needs.
    """
    index = np.full(len(table.standing), NO_SEGMENT, dtype=np.int16)
    first = int(model.has_repeat_segment)
    codes = table.members(ONE_TIME)
    if len(codes):
        index[codes] = first + nearest_by_known(
            _scaled(table, codes, model), np.array(model.centres)
        )
    if model.has_repeat_segment:
        index[table.members(REPEAT)] = 0
    return index


def measure_confidence(table: CustomerTable, model: Model) -> Floats:
    """Return how clear the segment of every customer code is: 1 - d1 / d2, NaN without one.

    d1 and d2 are the Euclidean distances to the nearest and to the second nearest centre, in the
    model's own scale: 0 half way between two segments, 1 at a centre. Segments by rule are certain.

    Raises:
        ModelError: the table lacks a feature that the model needs.
    """
    confidence = np.full(len(table.standing), np.nan)
    codes = table.members(ONE_TIME)
    if len(codes) and len(model.centres) > 1:
        distances = distances_by_known(_scaled(table, codes, model), np.array(model.centres))
        nearest = np.partition(distances, 1, axis=1)
        confidence[codes] = 1 - np.divide(
            nearest[:, 0], nearest[:, 1], out=np.ones(len(codes)), where=nearest[:, 1] > 0
        )
    if model.has_repeat_segment:
        confidence[table.members(REPEAT)] = 1.0
    return confidence


def _scaled(table: CustomerTable, codes: Ints, model: Model) -> Floats:
    """Return the model's matrix of one-time customers, shape (codes, features).

    Raises:
        ModelError: the table lacks a feature that the model needs.
    """
    features = model.preparation.features
    raw = raw_matrix(table, codes, features, model.preparation.transforms)
    absent = np.isnan(raw).any(axis=0)
    if absent.any() and not model.places_by_known:
        raise _unknown(features[int(absent.argmax())], model)
    return scale(raw, model.preparation)


def _unknown(feature: str, model: Model) -> ModelError:
    """Return the error for a feature of the model that the source does not hold."""
    return ModelError(
        f"the source does not say the {feature} of every customer",
        where="the source",
        expected=f"all that the model was made of: {', '.join(model.preparation.features)}",
        todo="add the missing table, or build a new model from this source",
    )


def model_customers(model: Model, settings: Customers) -> Customers:
    """Return the settings on customers with those that the model was made with."""
    names = ("window_days", "same_occasion_hours", "outcome_days")
    update: dict[str, object] = {name: getattr(model, name) for name in names}
    return settings.model_copy(update={**update, "fill_reviews": not model.places_by_known})


def lacks_reviews(orders: OrderFacts, model: Model) -> bool:
    """Return whether a source holds no reviews at all, and the model was made of them."""
    return "review" in model.preparation.features and bool(orders.gaps.why(*REVIEWS))


def customers_of(
    model: Model, orders: OrderFacts, as_of: int, settings: Customers
) -> CustomerTable:
    """Describe the customers as of a moment (epoch seconds) as they were when the model was made.

    Window, occasions, patience and the scores for missing reviews are the model's.

    Raises:
        ModelError: the source holds no reviews, and the model was made of them.
    """
    if lacks_reviews(orders, model):
        raise _unknown("review", model)
    return build_customers(orders, as_of, model_customers(model, settings), model.missing_scores)


def with_names(model: Model, segmentation: Segmentation) -> Model:
    """Return the model with the ids and the personas that its segments were given."""
    return replace(
        model,
        segment_ids=tuple(segment.segment_id for segment in segmentation.segments),
        personas=tuple(segment.persona for segment in segmentation.segments),
    )


def with_scores(model: Model, table: CustomerTable) -> Model:
    """Return the model with the scores that stood for missing reviews in a table, where some do."""
    if model.missing_scores.on_time is None:
        return model
    return replace(model, missing_scores=table.missing_scores())


def with_stages(model: Model, lifecycle: Lifecycle) -> Model:
    """Return the model with the ends of the stages that its customers were given."""
    return replace(model, active_days=lifecycle.active_days, cooling_days=lifecycle.cooling_days)


def stages_of(model: Model | None, lifecycle: Lifecycle) -> Lifecycle:
    """Return the rule on the stages that a model keeps, else that of the settings."""
    if model is None or not model.active_days:
        return lifecycle
    days = {"active_days": model.active_days, "cooling_days": model.cooling_days}
    return lifecycle.model_copy(update=days)


def model_to_json(model: Model) -> str:
    """Return the model as JSON, closed by a checksum of its contents."""
    content = asdict(model)
    return json.dumps({**content, "checksum": content_checksum(content)}, indent=1) + "\n"


def model_from_json(text: str, where: str = "model.json") -> Model:
    """Read a model back.

    Raises:
        ModelError: not a model, of another version, or changed since it was written.
    """
    todo = "take the model.json of a build, unchanged, or build again"
    try:
        content: dict[str, Any] = json.loads(text)
        checksum = content.pop("checksum")
        version = content["format_version"]
    except (json.JSONDecodeError, KeyError, AttributeError, TypeError) as error:
        raise ModelError(
            "the file does not hold a model", where=where, expected="a model.json", todo=todo
        ) from error
    if version != MODEL_FORMAT:
        raise ModelError(
            f"a model of format {version}",
            where=where,
            expected=f"format {MODEL_FORMAT}",
            todo=todo,
        )
    if checksum != content_checksum(content):
        raise ModelError(
            "the model was changed after it was written",
            where=where,
            expected=f"checksum {checksum}",
            todo=todo,
        )
    try:
        model = _model(content)
        shape = (len(model.centres), len(model.preparation.features))
        well_made = np.array(model.centres, dtype=np.float64).shape == shape
        well_made &= set(model.preparation.features) <= set(TRANSFORMS)
        well_made &= set(model.preparation.transforms) <= set(KNOWN_TRANSFORMS)
        well_made &= len(model.preparation.transforms) == shape[1]
        well_made &= len(model.segment_ids) == shape[0] + int(model.has_repeat_segment)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(
            f"the model is not as it was written: {error}",
            where=where,
            expected="every part of a model, each of its kind",
            todo=todo,
        ) from error
    if not well_made:
        raise ModelError(
            "the parts of the model do not fit each other",
            where=where,
            expected="a number a feature in every centre, and an id a segment",
            todo=todo,
        )
    return model


def read_model(path: Path) -> Model:
    """Read a model.json.

    Raises:
        ModelError: it cannot be read, or does not hold a model.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(
            f"the model cannot be read: {error}",
            where=str(path),
            expected="the model.json of a build",
            todo="check the path",
        ) from error
    return model_from_json(text, where=str(path))


def _model(content: dict[str, Any]) -> Model:
    """Return the model that the checked contents of a file hold: JSON's lists become tuples."""
    parts = dict(content)
    parts["preparation"] = Preparation(
        **{name: tuple(values) for name, values in content["preparation"].items()}
    )
    parts["centres"] = tuple(tuple(centre) for centre in content["centres"])
    parts["missing_scores"] = MissingScores(**content["missing_scores"])
    parts["segment_ids"] = tuple(content["segment_ids"])
    parts["personas"] = tuple(content["personas"])
    return Model(**parts)


def _rank(trial: Trial, table: CustomerTable, label: int) -> tuple[float, float]:
    """Return what a cluster is ordered by: median spend, then mean review."""
    codes: Ints = trial.codes[trial.fit.labels == label]
    review = float(np.nan_to_num(table.review[codes]).mean())
    return float(np.median(table.spend[codes])), review


def content_checksum(content: dict[str, Any]) -> str:
    """Return the SHA-256 of the contents in canonical JSON."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
