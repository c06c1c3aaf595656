"""The dashboard as a reader meets it, in a real browser: opened from disk, filtered, exported."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from dashboard_reader import Reader, print_times, write_page
from dashboard_sample import MONTHS, expected_rows, findings_with, make_lines
from sample import sample_findings
from scipy.stats import binomtest

from analysis.findings import Findings, NotComputed
from analysis.kpis import measure_kpis
from analysis.marketplace import make_marketplace
from analysis.orders import build_orders, describe_period, until
from analysis.settings import Settings
from analysis.source import OpenSource, open_source, open_tables
from report.wording import LANGUAGES

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium to drive")

ROOT = Path(__file__).resolve().parent.parent
HOSTILE_CITIES = (
    '<img src=x onerror="document.title=1">|BA',
    "\"quoted\" & 'single'|BA",
    "\u202e\u200fright to left\u202c|BA",
    "=cmd|' /C calc'!A0|BA",
    "+1+1|BA",
    "-2|BA",
    "@SUM(A1)|BA",
    "\tindented|BA",
    "</script><script>document.title=2</script>|BA",
)
FILTERS: tuple[dict[str, str], ...] = (
    {},
    {"state": "SP"},
    {"state": "RR"},
    {"city": "Cidade 3|BA"},
    {"state": "AL", "city": "Cidade 1|AL"},
    {"seller": "0000seller"},
    {"seller": "0011seller"},
    {"category": "toys"},
    {"from": MONTHS[3]},
    {"to": MONTHS[8]},
    {"from": MONTHS[4], "to": MONTHS[4]},
    {"state": "BA", "category": "auto"},
    {"state": "BA", "seller": "0000seller"},
    {"state": "RJ", "from": MONTHS[2], "to": MONTHS[6]},
    {"seller": "0001seller", "category": "bed_bath_table"},
    {"seller": "0002seller", "from": MONTHS[7]},
    {"city": "Cidade 0|SP", "category": "toys", "to": MONTHS[9]},
    {"state": "MG", "seller": "0003seller", "category": "auto"},
    {"state": "SP", "city": "Cidade 5|SP", "seller": "0000seller", "from": MONTHS[1]},
    {"state": "RR", "seller": "0004seller", "from": MONTHS[12], "to": MONTHS[13]},
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def lines() -> pd.DataFrame:
    return make_lines()


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory, lines: pd.DataFrame) -> Path:
    return write_page(tmp_path_factory.mktemp("dashboard"), findings_with(lines))


@pytest.fixture
def reader(browser: Any, english: Path) -> Iterator[Reader]:
    opened = Reader(browser, english)
    yield opened
    opened.page.close()


def key_of(grain: str, row: list[str]) -> str:
    if grain == "city":
        return f"{row[0]}|{row[1]}"
    return row[0].replace(" ", "_") if grain == "category" else row[0]


def assert_same_rows(reader: Reader, grain: str, expected: pd.DataFrame) -> None:
    shown = {key_of(grain, row): row for row in reader.rows(grain)}
    assert sorted(shown) == sorted(expected.index)
    for key, row in shown.items():
        truth = expected.loc[key]
        _, _, orders, late, _, _, review, low, *_ = row
        assert int(orders.replace(",", "")) == truth["orders"]
        for text, part, whole in ((late, "is_late", "known"), (low, "low", "reviewed")):
            if truth[whole] == 0:
                assert text == "–"
            else:
                assert float(text.rstrip("%")) == pytest.approx(
                    100 * truth[part] / truth[whole], abs=0.0500001
                )
        if truth["reviewed"]:
            assert float(review) == pytest.approx(truth["stars"] / truth["reviewed"], abs=0.00501)


def test_asks_nothing_of_any_network_and_complains_of_nothing(reader: Reader) -> None:
    reader.filter({"state": "BA"})
    reader.page.wait_for_timeout(100)
    assert [url for url in reader.requests if not url.startswith("file:")] == []
    assert len(reader.requests) == 1
    assert reader.complaints == []


def test_rows_on_screen_equal_those_computed_by_pandas(reader: Reader, lines: pd.DataFrame) -> None:
    for filters in FILTERS:
        reader.filter(filters, minimum=5)
        for grain in ("state", "city", "seller", "category"):
            assert_same_rows(reader, grain, expected_rows(lines, grain, filters, 5))


def measured(source: OpenSource) -> Findings:
    """The sample's findings with the dashboard's figures of a source."""
    settings = Settings()
    with source:
        everything = build_orders(source)
        period = describe_period(everything, None, settings)
        kpis = measure_kpis(source, until(everything, period.as_of), period, settings)
        return replace(sample_findings(), kpis=kpis, period=period, source=source.description)


def assert_shows_the_tables(reader: Reader, findings: Findings) -> None:
    """Assert that the rows on screen, before any filter, are those that the SQL gave."""
    for table in (findings.kpis.by_state, findings.kpis.by_city, findings.kpis.by_seller):
        city = table.grain == "city"
        shown = {(row[0], row[1] if city else ""): row for row in reader.rows(table.grain)}
        assert len(shown) == len(table.rows)
        for row in table.rows:
            cells = shown[row.label, row.state if city else ""]
            assert int(cells[2].replace(",", "")) == row.orders
            for text, share in ((cells[3], row.late_share), (cells[7], row.low_review_share)):
                if isinstance(share, float):
                    assert float(text.rstrip("%")) == pytest.approx(100 * share, abs=0.0500001)
                else:
                    assert text == "–"
            assert ("lateness" in cells[9]) == row.needs_follow_up
        left_out = reader.page.text_content(f"#{table.grain}-table-note") or ""
        assert f"{table.left_out_keys:,} " in left_out or table.left_out_keys == 0


def test_rows_on_screen_equal_those_of_the_sql(browser: Any, tmp_path: Path) -> None:
    findings = measured(open_tables(make_marketplace(4_000, seed=5).tables))
    reader = Reader(browser, write_page(tmp_path, findings))
    assert_shows_the_tables(reader, findings)
    total = findings.kpis.total
    cards = reader.page.text_content("#cards") or ""
    assert f"orders{total.orders:,}" in cards
    assert f"mean review{total.mean_review:.2f}" in cards
    assert reader.complaints == []
    reader.page.close()


@pytest.mark.olist
def test_real_data_small_fast_and_as_the_sql(browser: Any, tmp_path: Path) -> None:
    folder = Path(os.environ.get("PLAYBOOK_OLIST", ROOT.parent / "shared" / "olist"))
    archive = folder if folder.is_file() else folder / "brazilian-ecommerce.zip"
    if not archive.is_file():
        pytest.skip(f"the Olist archive is not at {archive}: set PLAYBOOK_OLIST")
    findings = measured(open_source(archive))
    path = write_page(tmp_path, findings)
    assert path.stat().st_size < 2_000_000
    reader = Reader(browser, path)
    assert_shows_the_tables(reader, findings)
    for state in ("BA", "SP", "AL", "RJ"):
        reader.filter({"state": state}, minimum=30)
    print_times(reader)
    reader.page.close()


def test_cards_and_figures_count_each_order_once(reader: Reader, lines: pd.DataFrame) -> None:
    orders = lines.drop_duplicates("order")
    known = orders[orders["late"] >= 0]
    cells = {
        row[0]: row[1]
        for row in reader.page.evaluate(
            "[...document.querySelectorAll('#figures tbody tr')].map((row) =>"
            " [...row.children].map((cell) => cell.textContent))"
        )
    }
    assert cells["Orders"] == f"{len(orders):,}"
    assert cells["Mean basket of delivered orders"] == (
        f"R${lines['revenue_cents'].sum() / 100 / (orders['status'] == 1).sum():,.0f}"
    )
    delays = sorted(known["delay_days"])
    assert cells["Delay in days that nineteen deliveries in twenty do not pass"] == str(
        delays[-(-95 * len(delays) // 100) - 1]
    )
    assert (
        cells["Paid mostly by boleto (payment slip)"]
        == f"{(orders['payment_type'] == 'boleto').mean():.1%}"
    )


def test_export_holds_the_rows_their_intervals_and_the_filters(
    reader: Reader, lines: pd.DataFrame
) -> None:
    reader.filter({"state": "BA", "from": MONTHS[2]}, minimum=5)
    name, text = reader.export("seller")
    assert name == f"sellers_ba_{MONTHS[2]}_{MONTHS[-1]}.csv"
    assert text.startswith("\ufeff")
    table = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    expected = expected_rows(lines, "seller", {"state": "BA", "from": MONTHS[2]}, 5)
    assert sorted(row["Seller"] for row in table) == sorted(expected.index)
    for row in table:
        truth = expected.loc[row["Seller"]]
        assert float(row["Revenue (BRL)"]) == pytest.approx(truth["revenue_cents"] / 100)
        interval = binomtest(int(truth["is_late"]), int(truth["known"])).proportion_ci(
            method="wilson"
        )
        assert float(row["Late share, low end of the interval"]) == pytest.approx(
            interval.low, abs=1e-6
        )
        assert row["Filter: State"] == "BA – Bahia"
        assert row["Filter: Minimum of orders"] == "5"


@pytest.mark.parametrize(
    ("language", "file", "state", "late_share"),
    [
        ("fr", "etats_", "État", "Part de retards"),
        ("pt-BR", "estados_", "Estado", "Taxa de atraso"),
    ],
)
def test_an_export_suits_the_spreadsheet_of_the_language(
    browser: Any,
    tmp_path: Path,
    lines: pd.DataFrame,
    language: str,
    file: str,
    state: str,
    late_share: str,
) -> None:
    reader = Reader(browser, write_page(tmp_path, findings_with(lines), language))
    name, text = reader.export("state")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert reader.complaints == []
    reader.page.close()
    assert name.startswith(file)
    assert rows[0][0] == state
    assert all(len(row) == len(rows[0]) for row in rows)
    assert "," in rows[1][rows[0].index(late_share)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_names_are_text_and_never_formulas(
    browser: Any, tmp_path: Path, lines: pd.DataFrame, language: str
) -> None:
    hostile = lines.copy()
    places = hostile["order"] % len(HOSTILE_CITIES)
    hostile["city"] = [HOSTILE_CITIES[place] for place in places]
    hostile["state"] = "BA"
    hostile["category"] = hostile["category"].where(hostile["category"] != "toys", "=HYPERLINK(1)")
    hostile["seller"] = hostile["seller"].replace("0000seller", '<svg onload="document.title=3">')
    reader = Reader(browser, write_page(tmp_path, findings_with(hostile), language))
    names = {row[0] for row in reader.rows("city")}
    title = reader.page.title()
    assert {city.rsplit("|", 1)[0] for city in HOSTILE_CITIES} == names
    assert reader.page.locator("table img, table svg[onload], table script").count() == 0
    assert not title.isdigit()
    for grain in ("city", "seller", "category"):
        _, text = reader.export(grain)
        delimiter = "," if language == "en" else ";"
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter))
        texts = [row[0] for row in rows[1:]] + [row[-1] for row in rows[1:]]
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in texts)
        assert all(len(row) == len(rows[0]) for row in rows)
    reader.page.get_by_role("button", name="<img").first.click()
    assert "<img src=x" in reader.page.input_value("#city")
    assert reader.complaints == []
    reader.page.close()


def test_address_keeps_the_filters_and_is_read_back(
    browser: Any, english: Path, reader: Reader
) -> None:
    filters = {"state": "BA", "city": "Cidade 3|BA", "category": "bed_bath_table"}
    reader.filter(filters | {"from": MONTHS[2]}, minimum=2)
    address = reader.page.url.split("#", 1)[1]
    again = Reader(browser, english, address)
    for grain in ("state", "city", "seller", "category"):
        assert again.rows(grain) == reader.rows(grain)
    assert again.page.input_value("#city") == "Cidade 3 (BA)"
    again.page.close()


def test_unknown_parts_of_an_address_are_named_and_left_aside(browser: Any, english: Path) -> None:
    reader = Reader(browser, english, "state=XX&minimum=-4&colour=red&from=1999-01")
    notice = reader.page.text_content("#notices")
    assert notice is not None
    assert all(part in notice for part in ("XX", "-4", "colour", "1999-01"))
    assert len(reader.rows("state")) == 6
    reader.page.close()


def test_choosing_a_state_keeps_its_neighbours_and_choosing_again_lets_it_go(
    reader: Reader,
) -> None:
    before = len(reader.rows("state"))
    reader.page.click("#state-table button.name >> nth=0")
    chosen = reader.page.locator("#state-table tr.chosen")
    assert chosen.count() == 1
    assert len(reader.rows("state")) == before
    assert reader.page.locator("#map [aria-pressed=true]").count() == 1
    focused = "document.activeElement.getAttribute('aria-pressed')"
    assert reader.page.evaluate(focused) == "true"
    reader.page.keyboard.press("Enter")
    assert chosen.count() == 0


def test_tables_sort_by_every_column_and_say_so(reader: Reader) -> None:
    header = reader.page.locator("#seller-table th.orders")
    header.locator("button").click()
    orders = [int(row[2].replace(",", "")) for row in reader.rows("seller")]
    assert orders == sorted(orders, reverse=True)
    assert header.get_attribute("aria-sort") == "descending"
    header.locator("button").click()
    assert header.get_attribute("aria-sort") == "ascending"
    for key in ("name", "late", "movement", "review", "low", "revenue", "follow_up"):
        reader.page.click(f"#seller-table th.{key} button")
    assert reader.complaints == []


def test_an_empty_period_is_said_and_nothing_breaks(reader: Reader) -> None:
    reader.page.select_option("#from", value="9")
    reader.page.select_option("#to", value="3")
    assert "ends before it begins" in (reader.page.text_content("#notices") or "")
    assert reader.rows("seller") == []
    assert "Nothing to show" in (reader.page.text_content("#seller-table") or "")
    _, text = reader.export("seller")
    assert len(text.splitlines()) == 1
    assert reader.complaints == []


def test_a_single_seller_and_a_state_without_deliveries(
    browser: Any, tmp_path: Path, lines: pd.DataFrame
) -> None:
    one = lines[lines["seller"] == "0000seller"].copy()
    undelivered = one["state"] == "AL"
    days = ["delay_days", "delivery_days", "promised_days"]
    one.loc[undelivered, days] = -32768
    one.loc[undelivered, ["status", "late"]] = [0, -1]
    one.loc[undelivered, ["revenue_cents", "freight_cents"]] = 0
    reader = Reader(browser, write_page(tmp_path, findings_with(one)))
    assert len(reader.rows("seller")) == 1
    alagoas = next(row for row in reader.rows("state") if row[0] == "AL")
    assert alagoas[3] == "–"
    reader.filter({"state": "AL"})
    assert "No month has enough" in (reader.page.text_content("#late-months") or "")
    assert reader.complaints == []
    reader.page.close()


def test_without_reviews_it_says_so(browser: Any, tmp_path: Path, lines: pd.DataFrame) -> None:
    absent = NotComputed("missing_table", expected="order_reviews")
    findings = findings_with(lines.assign(review_score=-1))
    total = replace(
        findings.kpis.total, reviews=absent, low_reviews=absent, mean_review=absent,
        low_review_share=absent, low_review_interval=absent,
    )  # fmt: skip
    findings = replace(findings, kpis=replace(findings.kpis, total=total))
    reader = Reader(browser, write_page(tmp_path, findings, "fr"))
    assert "order_reviews" in (reader.page.text_content("header") or "")
    assert (reader.page.text_content("#cards") or "").count("non calculé") == 2
    assert all(row[6] == "–" and row[7] == "–" for row in reader.rows("state"))
    assert reader.complaints == []
    reader.page.close()


def test_search_narrows_the_table_until_one_seller_is_meant(reader: Reader) -> None:
    reader.page.fill("#seller", "000")
    assert "choose one in the table" in (reader.page.text_content("#notices") or "")
    assert {row[0][:3] for row in reader.rows("seller")} == {"000"}
    reader.page.fill("#seller", "0000s")
    assert reader.page.locator("#seller-table tr.chosen").count() == 1
    reader.page.fill("#seller", "nobody")
    assert "No seller" in (reader.page.text_content("#notices") or "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_narrow_screen_has_no_horizontal_overflow(
    browser: Any, tmp_path: Path, lines: pd.DataFrame, language: str
) -> None:
    path = write_page(tmp_path, findings_with(lines), language)
    reader = Reader(browser, path, "state=BA", width=390)
    assert reader.page.evaluate("document.documentElement.scrollWidth") == 390
    reader.page.close()


def test_works_inside_a_sandboxed_frame(browser: Any, english: Path, tmp_path: Path) -> None:
    around = tmp_path / "around.html"
    around.write_text('<!doctype html><meta charset="utf-8"><title>t</title>', encoding="utf-8")
    page = browser.new_page()
    page.goto(around.as_uri())
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.evaluate(
        """(text) => {
            const frame = document.createElement("iframe");
            frame.sandbox = "allow-scripts allow-downloads";
            frame.width = 1200;
            frame.srcdoc = text;
            document.body.append(frame);
        }""",
        english.read_text(encoding="utf-8"),
    )
    frame = page.frame_locator("iframe")
    frame.locator("html[data-ready]").wait_for(state="attached")
    frame.locator("#map .tile").first.click()
    assert frame.locator("#state-table tr.chosen").count() == 1
    with page.expect_download() as download:
        frame.locator("#state-table-export").click()
    assert download.value.suggested_filename.endswith(".csv")
    assert complaints == []
    page.close()


def test_prints_the_selection_and_no_controls(reader: Reader) -> None:
    reader.filter({"state": "BA"})
    reader.page.emulate_media(media="print")
    assert reader.page.locator("#selection").is_visible()
    assert not reader.page.locator("#filters").is_visible()
    assert not reader.page.locator("#state-table-export").is_visible()


def test_ready_and_filter_times_are_those_of_a_tool(browser: Any, tmp_path: Path) -> None:
    path = write_page(tmp_path, findings_with(make_lines(orders=70_000)))
    reader = Reader(browser, path)
    for state in ("BA", "SP", "AL", "RJ"):
        reader.filter({"state": state})
    ready, filtering = print_times(reader)
    assert ready < 10_000
    assert filtering < 1_500
    reader.page.close()


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core: from PLAYBOOK_AXE, else packed from npm into a passing folder."""
    given = os.environ.get("PLAYBOOK_AXE")
    if given:
        return Path(given).read_text(encoding="utf-8")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("axe-core: no npm, and PLAYBOOK_AXE does not name axe.min.js")
    folder = tmp_path_factory.mktemp("axe")
    command = [npm, "install", "--silent", "--no-save", "--ignore-scripts", "axe-core@4"]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)  # noqa: S603
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        pytest.skip("axe-core: npm could not fetch it")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_violation(browser: Any, english: Path, axe: str, width: int) -> None:
    reader = Reader(browser, english, "state=BA", width=width)
    reader.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    reader.page.evaluate(axe)
    violations = reader.page.evaluate("axe.run().then((result) => result.violations)")
    summary = [
        (entry["id"], node["html"], node.get("failureSummary"))
        for entry in violations
        for node in entry["nodes"]
    ]
    assert json.dumps(summary[:5], indent=1) == "[]"
    reader.page.close()
