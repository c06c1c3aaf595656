"""The model in SQL that people read: scaled features, the nearest centre, the draw of the held out.

Written for analysis/segment_sql.py; what a cluster runs stands in analysis/cluster_assignment.py.
"""

from __future__ import annotations

from sqlglot import exp

from analysis.experiments import DRAW_WEIGHTS, DRAWS, LETTERS, is_tested
from analysis.segmentation import Model

SCALED = "scaled_customers"
NEAREST = "nearest_customers"
PLACED = "placed_customers"
MEASURED = "measured_customers"
FACTS = "customer_facts"
# The features that a model may look at, under the names of customer_facts.
FEATURES = ("spend", "review", "recency_days")


def model_expressions(model: Model, held_out_share: float) -> dict[str, exp.Expression]:
    """Return what sql/marts/customer_segments.sql is asked with, beside its values and rules.

    Args:
        model: with its names (segmentation.with_names).
        held_out_share: of the customers of a tested segment, 0 to 1.
    """
    distances = [_distance(model, centre) for centre in model.centres]
    return {
        **{f"scaled_{feature}": _scaled(model, feature) for feature in FEATURES},
        "nearest_distance": _least(distances),
        "second_distance": _second(distances),
        "nearest_centre": _nearest(distances),
        "segment_name": _name(model, model.segment_ids),
        "persona_name": _name(model, model.personas),
        "repeat_confidence": number(1.0 if model.has_repeat_segment else None),
        "draw": draw_expression(),
        "is_drawn": is_drawn(held_out_share, MEASURED),
        "is_tested": tested_expression(model, MEASURED),
    }


def draw_expression(table: str = SCALED) -> exp.Expression:
    """Return the weighted sum of the letters of `spelled_id`, modulo (experiments.hold_out)."""
    spelled = exp.column("spelled_id", table=table)
    total: exp.Expression | None = None
    for place, weight in enumerate(DRAW_WEIGHTS, start=1):
        letter = exp.Substring(this=spelled.copy(), start=whole(place), length=whole(1))
        code = exp.Mod(this=exp.Unicode(this=letter), expression=whole(LETTERS))
        term = exp.Mul(this=code, expression=whole(weight))
        total = term if total is None else exp.Add(this=total, expression=term)
    return exp.Mod(this=exp.paren(total or whole(0)), expression=whole(DRAWS))


def is_drawn(share: float, table: str) -> exp.Expression:
    """Return whether the cube of `draw` lies below the share (experiments.hold_out)."""
    draw = exp.column("draw", table=table)
    square = exp.paren(exp.Mul(this=draw.copy(), expression=draw.copy()))
    rest = exp.paren(exp.Mod(this=square, expression=whole(DRAWS)))
    cube = exp.Mod(
        this=exp.paren(exp.Mul(this=rest, expression=draw.copy())), expression=whole(DRAWS)
    )
    return exp.LT(this=cube, expression=number(share * DRAWS))


def tested_expression(model: Model, table: str) -> exp.Expression:
    """Return whether a part of a customer's segment is held out of campaigns."""
    names = sorted({name for name in model.personas if is_tested(name)})
    listed = [exp.Literal.string(name) for name in names] or [exp.Literal.string("")]
    return exp.In(this=exp.column("persona", table=table), expressions=listed)


def number(value: float | None) -> exp.Expression:
    """Return a number as it is written, or a null that every engine takes for one."""
    if value is None:
        return exp.cast(exp.null(), "double")
    literal = exp.Literal.number(repr(abs(value)))
    return exp.paren(exp.Neg(this=literal)) if value < 0 else literal


def whole(value: int) -> exp.Expression:
    """Return a whole number."""
    return exp.Literal.number(value)


def _scaled(model: Model, feature: str) -> exp.Expression:
    """Return a feature in the model's own scale; null where the model does not look at it."""
    preparation = model.preparation
    if feature not in preparation.features:
        return number(None)
    place = preparation.features.index(feature)
    value: exp.Expression = exp.column(feature, table=FACTS)
    if preparation.transforms[place] == "log1p":
        value = exp.Ln(this=exp.Add(this=whole(1), expression=value))
    apart = exp.paren(exp.Sub(this=value, expression=number(preparation.mean[place])))
    return exp.Div(this=apart, expression=number(preparation.deviation[place]))


def _distance(model: Model, centre: tuple[float, ...]) -> exp.Expression:
    """Return the squared distance to a centre, by the features that are known."""
    terms = []
    for feature, middle in zip(model.preparation.features, centre, strict=True):
        scaled = exp.column(f"scaled_{feature}", table=SCALED)
        apart = exp.paren(exp.Sub(this=scaled, expression=number(middle)))
        square = exp.Mul(this=apart, expression=apart.copy())
        terms.append(exp.Coalesce(this=square, expressions=[whole(0)]))
    total: exp.Expression = terms[0]
    for term in terms[1:]:
        total = exp.Add(this=total, expression=term)
    return total


def _least(distances: list[exp.Expression]) -> exp.Expression:
    first, *others = [distance.copy() for distance in distances]
    return exp.Least(this=first, expressions=others) if others else first


def _second(distances: list[exp.Expression]) -> exp.Expression:
    """Return the least distance to another centre than the nearest; null where there is one."""
    if len(distances) == 1:
        return number(None)
    case = exp.Case()
    for place in range(len(distances)):
        others = [*distances[:place], *distances[place + 1 :]]
        case = case.when(_is_centre(place, PLACED), _of(_least(others), PLACED))
    return case


def _nearest(distances: list[exp.Expression]) -> exp.Expression:
    """Return the place of the nearest centre, the first of those that tie."""
    case = exp.Case()
    nearest = exp.column("nearest_distance", table=NEAREST)
    for place, distance in enumerate(distances):
        same = exp.EQ(this=_of(distance, NEAREST), expression=nearest.copy())
        case = case.when(same, whole(place))
    return case


def _of(expression: exp.Expression, table: str) -> exp.Expression:
    """Return an expression on the same columns of another table."""
    moved = expression.copy()
    for column in moved.find_all(exp.Column):
        column.set("table", exp.to_identifier(table))
    return moved


def _name(model: Model, names: tuple[str, ...]) -> exp.Expression:
    """Return a segment's name: of repeat buyers by their standing, of the others by their place."""
    case, first = exp.Case(), int(model.has_repeat_segment)
    standing = exp.column("standing", table=PLACED)
    if first:
        repeat = exp.EQ(this=standing, expression=exp.Literal.string("repeat"))
        case = case.when(repeat, exp.Literal.string(names[0]))
    for place, name in enumerate(names[first:]):
        case = case.when(_is_centre(place, PLACED), exp.Literal.string(name))
    return case


def _is_centre(place: int, table: str) -> exp.Expression:
    return exp.EQ(this=exp.column("centre", table=table), expression=whole(place))
