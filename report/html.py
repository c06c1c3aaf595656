"""report.html: one file that opens from disk, asks nothing of the network, and holds everything.

The page is written from the context alone. Its policy allows one style and one script, both named
by their hash; when the dashboard is inside (a frame without access to the page), its own style and
script are allowed as well, because a frame written into a page is under the page's policy.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from html import unescape

from markupsafe import Markup

from report.brand import Brand
from report.charts import FOLLOWS_PAGE, Figure, draw
from report.page_fonts import font_rule
from report.views import ReportContext
from report.wording import Wording, make_environment, templates_folder

FACES = (("Regular", 400), ("SemiBold", 600), ("Bold", 700))
FIGURE_WIDTH = 620.0


@dataclass(frozen=True)
class Page:
    """What stands around the contents: the policy, the style and the script."""

    policy: str
    style: str
    script: str


def render_report(context: ReportContext, wording: Wording, dashboard_html: str | None) -> str:
    """Return the report as one HTML page, with the dashboard inside where one is given."""
    environment = make_environment(wording)
    environment.filters["drawing"] = _drawing
    folder = templates_folder()
    style = "".join(font_rule(name, weight, context.brand) for name, weight in FACES)
    style += (folder / "styles" / "report.css").read_text(encoding="utf-8")
    style += _brand_rules(context.brand)
    script = (folder / "scripts" / "report.js").read_text(encoding="utf-8")
    page = Page(_policy(style, script, dashboard_html or ""), style, script)
    return environment.get_template("pages/report.html").render(
        context=context, page=page, dashboard=dashboard_html
    )


def _drawing(figure: Figure) -> Markup:
    """Return a figure as inline SVG; all its texts were escaped when it was drawn."""
    return Markup(draw(figure, FOLLOWS_PAGE, FIGURE_WIDTH))  # noqa: S704


def _brand_rules(brand: Brand) -> str:
    """Return the rules that set the page in the brand's colours, by day and by night."""
    night = brand.accent_at_night
    return (
        f":root {{ --accent: {brand.accent} }}"
        f"@media screen {{ :root {{ --link: {brand.accent} }} }}"
        "@media screen and (prefers-color-scheme: dark) "
        f"{{ :root {{ --link: {night}; --accent: {night} }} }}"
        f".cover {{ background: {brand.cover} }}\n"
    )


def _policy(style: str, script: str, dashboard: str) -> str:
    """Return a policy that allows these styles and scripts, fonts in the page, and no request."""
    styles = [_hash(style), *_hashes_of("style-src", dashboard)]
    scripts = [_hash(script), *_hashes_of("script-src", dashboard)]
    return (
        f"default-src 'none'; style-src {' '.join(styles)}; script-src {' '.join(scripts)}; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _hashes_of(directive: str, page: str) -> list[str]:
    """Return the hashes that the policy of another page of ours names for a directive."""
    policy = re.search(r'"Content-Security-Policy" content="([^"]*)"', page)
    part = re.search(rf"{directive} ([^;]*)", unescape(policy.group(1))) if policy else None
    return re.findall(r"'sha256-[A-Za-z0-9+/]+=*'", part.group(1)) if part else []
