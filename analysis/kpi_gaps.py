"""Which of the dashboard's figures cannot be known from a source that lacks columns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from analysis.findings import KpiRow, NotComputed
from analysis.gaps import Gaps

_DELIVERED = "orders.order_delivered_customer_date"
_PROMISED = "orders.order_estimated_delivery_date"
_REVIEWS = ("order_reviews",)
_NEEDED = {
    "late": (_DELIVERED, _PROMISED),
    "late_share": (_DELIVERED, _PROMISED),
    "late_interval": (_DELIVERED, _PROMISED),
    "on_time_share": (_DELIVERED, _PROMISED),
    "mean_delay_days": (_DELIVERED, _PROMISED),
    "q95_delay_days": (_DELIVERED, _PROMISED),
    "mean_delivery_days": (_DELIVERED,),
    "mean_promised_days": (_DELIVERED, _PROMISED),
    "reviews": _REVIEWS,
    "low_reviews": _REVIEWS,
    "mean_review": _REVIEWS,
    "low_review_share": _REVIEWS,
    "low_review_interval": _REVIEWS,
    "mean_answer_days": _REVIEWS,
    "freight_cents": ("order_items.freight_value",),
    "freight_share": ("order_items.freight_value",),
    "mean_instalments": ("order_payments", "order_payments.payment_installments"),
}
_KEYS = {
    "state": ("customers.customer_state",),
    "city": ("customers.customer_city",),
    "seller": ("order_items.seller_id",),
    "category": (*("order_items.product_id", "products", "products.product_category_name"),),
}


def without_unknown(row: KpiRow, gaps: Gaps) -> KpiRow:
    """Return a row with the reason in the place of each figure that cannot be known."""
    reasons = {name: gaps.why(*needed) for name, needed in _NEEDED.items()}
    unknown: dict[str, Any] = {name: why for name, why in reasons.items() if why is not None}
    return replace(row, **unknown)


def why_no_late(gaps: Gaps) -> NotComputed | None:
    """Return why lateness cannot be known, or None where it can."""
    return gaps.why(_DELIVERED, _PROMISED)


def why_no_rows(grain: str, gaps: Gaps) -> NotComputed | None:
    """Return why nothing can be told apart at a grain, or None where it can."""
    return gaps.why(*_KEYS[grain]) if grain in _KEYS else None
