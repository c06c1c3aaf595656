"""dashboard.html: one file, offline, whose script filters the lines that the findings hold."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from analysis.findings import DashboardLines, Findings, Kpis, NotComputed
from analysis.gaps import gaps_of
from report.brand import HOUSE, Brand
from report.dashboard_texts import script_texts
from report.page_fonts import font_rule
from report.views.brazil import STATES
from report.views.kpis import late_definition
from report.views.method import gaps_sentence
from report.wording import Wording, make_environment, templates_folder

CONFIDENCE_LEVEL = 0.95
SCRIPTS = (
    "dashboard_lines.js",
    "dashboard_measures.js",
    "dashboard_present.js",
    "dashboard_words.js",
    "dashboard_elements.js",
    "dashboard_charts.js",
    "dashboard_map.js",
    "dashboard_tables.js",
    "dashboard_follow.js",
    "dashboard_filters.js",
    "dashboard_export.js",
    "dashboard_queries.js",
    "dashboard_panels.js",
    "dashboard.js",
)
# The query from which the script writes that of each figure.
LINES_QUERY = "dashboard_lines"
FACES = (("Regular", 400), ("SemiBold", 600))


@dataclass(frozen=True)
class EmptyPage:
    """What pages/dashboard_without_lines.html says: nothing can be filtered, and why."""

    client: str
    source: str
    why: str
    policy: str
    style: Markup


@dataclass(frozen=True)
class DashboardPage:
    """What pages/dashboard.html says. `missing` holds the sentences for what was not computed."""

    client: str
    logo: str
    source: str
    first: datetime
    last: datetime
    complete: datetime
    waiting: int
    cities_merged: int
    level: float
    late: str
    missing: Mapping[str, str]
    gaps: str
    has_queries: bool
    policy: str
    style: Markup
    script: Markup
    settings: Mapping[str, Any]
    texts: Mapping[str, Any]
    lines: Mapping[str, Any]


# What each panel is told from.
PANELS = {
    "late": ("orders.order_delivered_customer_date", "orders.order_estimated_delivery_date"),
    "payments": ("order_payments", "order_payments.payment_type"),
    "freight": ("order_items.freight_value",),
    "state": ("customers.customer_state",),
    "city": ("customers.customer_city",),
    "seller": ("order_items.seller_id",),
    "category": ("order_items.product_id", "products", "products.product_category_name"),
}


def render_dashboard(findings: Findings, wording: Wording, brand: Brand = HOUSE) -> str:
    """Return the dashboard as one HTML text that needs nothing else and asks nothing of a network.

    It may be opened from disk, or stand in an `<iframe srcdoc sandbox="allow-scripts
    allow-downloads">`; a policy of the page around it must then allow the same hashes.
    """
    environment = make_environment(wording)
    lines = findings.kpis.lines
    if isinstance(lines, NotComputed):
        template = environment.get_template("pages/dashboard_without_lines.html")
        return template.render(page=_empty_page(findings, lines, wording, brand))
    template = environment.get_template("pages/dashboard.html")
    return template.render(page=make_page(findings, wording, brand))


def make_page(findings: Findings, wording: Wording, brand: Brand = HOUSE) -> DashboardPage:
    """Return what the dashboard's template needs.

    Raises:
        ValueError: there are no lines to filter.
    """
    lines = findings.kpis.lines
    if isinstance(lines, NotComputed):
        raise ValueError(f"a page without lines: {lines.code}")
    style, script = read_style(brand), read_script()
    kpis, period = findings.kpis, findings.period
    missing = _missing(findings, wording)
    query = next((query.sql for query in kpis.queries if query.name == LINES_QUERY), "")
    return DashboardPage(
        client=findings.proposal.client,
        logo="" if brand.client_logo is None else brand.client_logo.address,
        source=findings.source.name,
        first=lines.since or period.first_purchase,
        last=period.last_purchase,
        complete=period.complete_until,
        waiting=period.orders_after_complete,
        cities_merged=lines.city_names_merged,
        level=CONFIDENCE_LEVEL,
        late=late_definition(findings, wording),
        missing=missing,
        gaps=" ".join(filter(None, (gaps_sentence(findings, wording), _since(lines, wording)))),
        has_queries=bool(query),
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own files
        settings={
            "locale": wording.locale.replace("_", "-"),
            "currency": period.currency,
            "minimum": max(1, kpis.by_state.minimum_orders),
            "completeMonth": _complete_month(kpis),
            "normalRatio": _normal_ratio(kpis),
            "missing": missing,
            "states": STATES,
            "categories": _categories(lines, wording),
            "linesQuery": query,
        },
        texts=script_texts(wording),
        # What the script unpacks; the day is told in words.
        lines={"rows": lines.rows, "columns": [asdict(column) for column in lines.columns]},
    )


def _empty_page(findings: Findings, why: NotComputed, wording: Wording, brand: Brand) -> EmptyPage:
    style = read_style(brand)
    return EmptyPage(
        client=findings.proposal.client,
        source=findings.source.name,
        why=wording.not_computed(why),
        policy=_policy(style, ""),
        style=Markup(style),  # noqa: S704 - our own file
    )


def read_script() -> str:
    """Return the script of the page: its files one after the other, in one strict scope."""
    folder = templates_folder() / "scripts"
    parts = ((folder / name).read_text(encoding="utf-8") for name in SCRIPTS)
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "})();\n"


def read_style(brand: Brand = HOUSE) -> str:
    """Return the style of the page in the brand's colours of day and night, its fonts inside."""
    sheet = (templates_folder() / "styles" / "dashboard.css").read_text(encoding="utf-8")
    faces = "".join(font_rule(name, weight, brand) for name, weight in FACES)
    night = f":root {{ --blue: {brand.accent_at_night} }}"
    return (
        f"{faces}{sheet}:root {{ --blue: {brand.accent} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ {night} }}\n"
    )


def _policy(style: str, script: str) -> str:
    """Return a content security policy that allows this style, this script and nothing else."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _since(lines: DashboardLines, wording: Wording) -> str:
    """Return from when on the page holds the orders; nothing where it holds all of them."""
    if lines.since is None:
        return ""
    return wording.gettext(
        "This page holds the orders bought since %(since)s, as many as a page can filter; the "
        "report tells of all of them.",
        since=wording.date(lines.since),
    )


def _complete_month(kpis: Kpis) -> str:
    """Return the last month of the recent quarter, or an empty text: no month is complete."""
    return "" if isinstance(kpis.quarters, NotComputed) else kpis.quarters.recent_until


def _categories(lines: DashboardLines, wording: Wording) -> dict[str, str]:
    """Return what each category is called, by its name in the data."""
    columns = (column for column in lines.columns if column.name == "category")
    return {name: wording.category(name) for column in columns for name in column.names}


def _normal_ratio(kpis: Kpis) -> float | None:
    """Return under how many times the network's shares a group no longer stands out."""
    return None if isinstance(kpis.present, NotComputed) else kpis.present.normal_ratio


def _missing(findings: Findings, wording: Wording) -> dict[str, str]:
    """Return the sentences for the panels that the data cannot fill."""
    gaps = gaps_of(findings.source)
    reasons = {panel: gaps.why(*needed) for panel, needed in PANELS.items()}
    reviews = findings.kpis.total.reviews
    reasons["reviews"] = reviews if isinstance(reviews, NotComputed) else None
    reasons["follow"] = reasons["late"] if reasons["reviews"] else None
    return {panel: wording.not_computed(why) for panel, why in reasons.items() if why}
