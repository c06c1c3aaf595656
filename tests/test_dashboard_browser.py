"""The dashboard as a reader meets it, in a real browser: opened from disk, filtered, exported."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from dashboard_reader import Reader, write_page
from dashboard_sample import MONTHS, expected_rows, findings_with, make_lines
from scipy.stats import binomtest

from analysis.findings import NotComputed
from report.wording import LANGUAGES, Wording

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


def test_asks_nothing_of_any_network_and_complains_of_nothing(reader: Reader) -> None:
    reader.filter({"state": "BA"})
    reader.page.wait_for_timeout(100)
    assert [url for url in reader.requests if not url.startswith("file:")] == []
    assert len(reader.requests) == 1
    assert reader.complaints == []


def test_cards_and_figures_count_each_order_once(reader: Reader, lines: pd.DataFrame) -> None:
    orders = lines.drop_duplicates("order")
    known = orders[orders["late"] >= 0]
    cells = {name: row[0] for name, row in reader.cells("figures").items()}
    assert cells["Orders"] == f"{len(orders):,}"
    assert cells["Mean basket of delivered orders"] == (
        f"R${lines['revenue_cents'].sum() / 100 / (orders['status'] == 1).sum():,.0f}"
    )
    delays = sorted(known["delay_days"])
    assert cells["Delay in days that nineteen deliveries in twenty do not pass"] == str(
        delays[-(-95 * len(delays) // 100) - 1]
    )
    answered = orders.loc[orders["review_answer_days"] >= 0, "review_answer_days"]
    assert cells["Days to answer a review questionnaire, mean"] == f"{answered.mean():.1f}"


def test_payments_by_type_and_in_instalments(reader: Reader, lines: pd.DataFrame) -> None:
    reader.filter({"state": "BA"})
    orders = lines[lines["state"] == "BA"].drop_duplicates("order")
    slips = orders[orders["payment_type"] == "boleto"]
    network = lines.drop_duplicates("order")
    shown = reader.cells("payments")
    assert shown["boleto (payment slip)"] == [
        f"{len(slips)}",
        f"{len(slips) / len(orders):.1%}",
        f"{(network['payment_type'] == 'boleto').mean():.1%}",
        f"{slips['instalments'].mean():.1f}",
    ]
    numbers = reader.cells("instalments")
    few = orders["instalments"].between(2, 3)
    assert numbers["2 to 3"][:2] == [f"{few.sum()}", f"{few.mean():.1%}"]
    assert numbers["11 or more"][:2] == ["0", "0.0%"]


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


def test_names_keep_their_direction_to_themselves(
    browser: Any, tmp_path: Path, lines: pd.DataFrame
) -> None:
    """Each name stands in an element, an option or marks of its own that isolate its direction."""
    hostile = lines.assign(city=HOSTILE_CITIES[2], state="BA")
    reader = Reader(browser, write_page(tmp_path, findings_with(hostile)))
    name = HOSTILE_CITIES[2].removesuffix("|BA")
    assert reader.page.locator("#city-table bdi").first.text_content() == name
    assert reader.page.locator("#state option:not([dir=auto])").count() == 0
    reader.page.locator("#city-table button.name").first.click()
    assert f"\u2068{name} (BA)\u2069" in (reader.page.text_content("#selection") or "")
    reader.page.close()


def test_the_keyboard_alone_filters_unfolds_and_lets_go(reader: Reader) -> None:
    keyboard = reader.page.keyboard
    focused = "document.activeElement.id || document.activeElement.className"
    keyboard.press("Tab")
    assert reader.page.evaluate(focused) == "state"
    keyboard.type("BA")
    for place in ("city", "seller", "category", "from", "to", "minimum", "reset", "print"):
        keyboard.press("Tab")
        assert reader.page.evaluate(focused) == place
    assert "BA" in (reader.page.text_content("#selection") or "")
    for _ in range(4):  # the three periods, then the query of the cards
        keyboard.press("Tab")
    assert reader.page.evaluate("document.activeElement.tagName") in ("SUMMARY", "BUTTON")
    reader.page.locator("#map .tile").first.focus()
    keyboard.press("Space")
    assert reader.page.locator("#map [aria-pressed=true]").count() == 1
    keyboard.press("Space")
    assert reader.page.locator("#map [aria-pressed=true]").count() == 0
    reader.page.locator("#state-table button.name").first.focus()
    keyboard.press("Enter")
    keyboard.press("Enter")
    assert reader.page.locator("#state-table [aria-pressed=true]").count() == 0
    assert reader.page.evaluate("document.activeElement.className") == "name"


def test_a_period_of_the_last_complete_months_is_one_press_away(reader: Reader) -> None:
    reader.page.click("button.preset[data-months='3']")
    last = reader.page.input_value("#to")
    assert int(last) - int(reader.page.input_value("#from")) == 2
    assert reader.months[int(last)] == reader.page.evaluate(
        "JSON.parse(document.getElementById('settings').textContent).completeMonth"
    )
    reader.page.click("button.preset[data-months='0']")
    assert reader.page.input_value("#from") == "0"
    assert int(reader.page.input_value("#to")) == len(reader.months) - 1


def test_the_months_are_exported_with_the_filters(reader: Reader, lines: pd.DataFrame) -> None:
    reader.filter({"state": "BA"})
    with reader.page.expect_download() as download:
        reader.page.click("#month-export")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    orders = lines[lines["state"] == "BA"].drop_duplicates("order").groupby("month").size()
    assert {row["Month"]: int(row["Orders"]) for row in rows} == orders.to_dict()
    assert {row["Filter: State"] for row in rows} == {"BA – Bahia"}


def test_address_keeps_the_filters_and_is_read_back(
    browser: Any, english: Path, reader: Reader
) -> None:
    filters = {"state": "BA", "city": "Cidade 3|BA", "category": "bed_bath_table"}
    reader.filter(filters | {"from": MONTHS[2]}, minimum=2)
    address = reader.address(minimum=2)
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
    assert Wording("fr").not_computed(absent) in (reader.page.text_content("main") or "")
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


def test_it_is_dark_by_night_and_light_on_paper(browser: Any, english: Path) -> None:
    reader = Reader(browser, english, scheme="dark")
    ground = "getComputedStyle(document.querySelector('.panel')).backgroundColor"
    assert reader.page.evaluate(ground) == "rgb(24, 32, 54)"
    reader.page.emulate_media(media="print", color_scheme="dark")
    assert reader.page.evaluate(ground) == "rgb(255, 255, 255)"
    reader.page.close()


def test_prints_the_selection_and_no_controls(reader: Reader) -> None:
    reader.filter({"state": "BA"})
    reader.page.emulate_media(media="print")
    assert reader.page.locator("#selection").is_visible()
    assert not reader.page.locator("#filters").is_visible()
    assert not reader.page.locator("#state-table-export").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_violation(
    browser: Any, english: Path, axe: str, width: int, scheme: str
) -> None:
    reader = Reader(browser, english, "state=BA", width=width, scheme=scheme)
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
