"""Other ways to draw the timeline, as a client may have seen them, on the same data.

They are shown because they disagree, not because they are right (methods, sections 0 and 3.1): on
a history without any change, absolute recency over all customers so far reports decay.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis import findings as f
from analysis.asked_designs import DesignAsked, trace_design
from analysis.customers import DAY
from analysis.orders import OrderFacts
from analysis.settings import Settings

STARTS = 5


def trace_cumulative_designs(
    orders: OrderFacts, dates: Sequence[int], k: int, settings: Settings
) -> tuple[f.Design, ...]:
    """Follow the first date's model over customers that only accumulate, with recency clustered on.

    Two designs that are often met: recency as it is, and recency cut at the window's length. Cold
    refits with a preparation of their own, ARI on the customers of the later date. `dates` are
    epoch seconds, a fixed number of days apart.
    """
    lasting = ("log_spend", "review") if orders.has_reviews else ("log_spend",)
    found = []
    for code, cap in (
        ("cumulative_absolute", None),
        ("capped_recency", settings.customers.window_days),
    ):
        asked = DesignAsked(
            start=dates[0],
            until=dates[-1],
            step_days=(dates[1] - dates[0]) // DAY,
            features=(*lasting, "recency_days"),
            k=k,
            recency_cap_days=cap,
            starts=STARTS,
        )
        traced = trace_design(orders, asked, settings.seed)
        found.append(_design(code, k, traced.ages_days, traced.aris, settings))
    return tuple(found)


def window_designs(timelines: Sequence[f.Timeline], settings: Settings) -> tuple[f.Design, ...]:
    """Return the traced families as designs: the first origin's model against cold refits."""
    designs = []
    for timeline in timelines:
        first = min(point.origin for point in timeline.points)
        points = [
            point
            for point in timeline.points
            if point.origin == first and point.age_days % settings.stability.origin_days == 0
        ]
        designs.append(
            _design(
                "window_traits" if timeline.family == "traits" else "window_recency",
                timeline.k,
                [point.age_days for point in points],
                [point.ari_cold for point in points],
                settings,
            )
        )
    return tuple(designs)


def _design(
    code: str, k: int, ages: Sequence[int], aris: Sequence[float], settings: Settings
) -> f.Design:
    """Return a design with the first age below the threshold."""
    below = [
        age for age, ari in zip(ages, aris, strict=True) if ari < settings.stability.threshold_ari
    ]
    return f.Design(
        code=code,  # type: ignore[arg-type]  # the callers pass the literals
        k=k,
        ages_days=tuple(int(age) for age in ages),
        aris=tuple(float(ari) for ari in aris),
        first_below_days=int(min(below))
        if below
        else f.NotComputed("not_observed", str(int(max(ages, default=0)))),
    )
