"""A shop of another shape, from its one flat table to every document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isnan
from pathlib import Path

import pytest
from click.testing import CliRunner
from flat_shop import write_flat_shop
from quick import QUICK, as_toml

from analysis.findings import Findings, NotComputed, read_findings
from report.cli import main
from report.dashboard import make_page
from report.wording import Wording

ROOT = Path(__file__).parent.parent
SHORT = {
    **{name: section for name, section in QUICK.items() if name != "contract"},
    "segmentation": {"k_max": 4, "starts": 4, "shuffles": 2, "silhouette_sample": 400},
    "stability": {
        **QUICK["stability"],
        "snapshot_days": 56,
        "origin_days": 56,
        "floor_resamples": 2,
    },
}


def build(folder: Path, only: str) -> Path:
    config = folder / "playbook.toml"
    example = ROOT / "templates" / "settings" / "online_retail.toml"
    config.write_text(example.read_text(encoding="utf-8") + as_toml(SHORT), encoding="utf-8")
    out = folder / "output"
    arguments = ["build", str(write_flat_shop(folder / "shop")), "--out", str(out)]
    arguments += ["--config", str(config), "--lang", "en", "--only", only, "--quiet"]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return out


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("flat"), "report")


@pytest.fixture(scope="module")
def findings(output: Path) -> Findings:
    return read_findings(output / "findings.json")


def values(value: object) -> Iterator[object]:
    """Yield every value that the findings hold, however deep."""
    if hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from values(getattr(value, name))
    elif isinstance(value, tuple):
        for part in value:
            yield from values(part)
    else:
        yield value


def test_no_zero_stands_for_what_is_not_known(findings: Findings) -> None:
    total = findings.kpis.total
    dates = NotComputed("missing_column", expected="orders.order_delivered_customer_date")
    assert total.late == total.late_share == total.mean_delivery_days == dates
    assert total.freight_cents == NotComputed("missing_column", "", "order_items.freight_value")
    assert total.reviews == NotComputed("missing_table", expected="order_reviews")
    assert findings.kpis.late_share_by_day == dates
    assert findings.kpis.by_seller.rows == findings.kpis.by_city.rows == ()
    assert findings.kpis.by_city.without is not None
    assert {row.key for row in findings.kpis.by_state.rows} >= {"UNITED KINGDOM", "GERMANY"}
    for question in findings.questions:
        assert question.reading.code in ("missing_table", "missing_column")
    assert not [value for value in values(findings) if isinstance(value, float) and isnan(value)]


def test_what_is_known_is_computed(findings: Findings) -> None:
    total = findings.kpis.total
    assert total.orders == total.delivered + total.canceled
    assert total.revenue_cents > 0
    segmentation = findings.segmentation
    assert not isinstance(segmentation, NotComputed)
    assert segmentation.features == ("spend",)
    assert sum(segment.profile.revenue_cents for segment in segmentation.segments) > 0
    for segment in segmentation.segments:
        profile = segment.profile
        for unknown in (profile.late_share, profile.delivery_days, profile.freight_share):
            assert isinstance(unknown, NotComputed)
            assert unknown.code == "missing_column"
        assert segment.persona == "loyal" or segment.persona.startswith("spend_")


def test_the_report_says_it_in_words(output: Path) -> None:
    page = (output / "en" / "report.html").read_text(encoding="utf-8")
    text = re.sub(r"(?s)<(script|style).*?</\1>|<[^>]+>", " ", page)
    for sentence in (
        "Not computed: the data do not hold the dates of delivery.",
        "Not computed: the data do not hold the sellers of the orders.",
        "Not computed: the data do not hold the customers’ reviews.",
        "Nobody can be listed as to be followed: lateness is not known.",
        "satisfaction is not known, so no gate asks for it.",
        "these segments tell customers apart by orders alone",
    ):
        assert sentence in text, sentence
    assert not re.search(r"\bnan\b|\bNone\b|\binf\b", text)
    assert "<tbody>\n</tbody>" not in page.split("<iframe")[0]


def test_each_panel_of_the_dashboard_that_stays_empty_says_why(findings: Findings) -> None:
    page = make_page(findings, Wording("en"))
    panels = {"late", "payments", "freight", "city", "seller", "category", "reviews", "follow"}
    assert set(page.missing) == panels
    assert "the dates of delivery" in page.gaps


@pytest.mark.slow
def test_every_document_is_made(tmp_path: Path) -> None:
    out = build(tmp_path, "playbook,proposal,deck,report,dashboard")
    names = {path.name for path in (out / "en").iterdir()}
    assert names >= {
        "report.html",
        "dashboard.html",
        "playbook.pdf",
        "deck.pptx",
        "proposal.pdf",
    }
