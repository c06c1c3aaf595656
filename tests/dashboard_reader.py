"""A reader of the dashboard: opens it in a browser, sets filters, reads tables, exports them."""

from __future__ import annotations

import re
import statistics
from pathlib import Path
from typing import Any

from analysis.findings import Findings
from report.dashboard import render_dashboard
from report.wording import Wording

# The time from a change of the filters to the frame that shows it.
TIMER = """() => {
    window.framesMs = [];
    document.addEventListener("input", () => {
        const start = performance.now();
        requestAnimationFrame(() => {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => window.framesMs.push(performance.now() - start);
            channel.port2.postMessage(null);
        });
    }, true);
}"""


class Reader:
    """A page opened from disk, with what it asked of the network and what it complained of."""

    def __init__(
        self,
        browser: Any,
        path: Path,
        address: str = "",
        width: int = 1280,
        scheme: str = "light",
    ) -> None:
        self.page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda line: self.complaints.append(line.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{path.as_uri()}#{address}")
        self.page.wait_for_selector("html[data-ready]")
        self.page.evaluate(TIMER)
        self.months: list[str] = self.page.evaluate(
            """() => JSON.parse(document.getElementById("lines").textContent)
                .columns.find((column) => column.name === "month").names"""
        )

    def filter(self, filters: dict[str, str], minimum: int = 1) -> None:
        """Set the filters as a reader would."""
        self.page.click("#reset")
        if "state" in filters:
            labels = self.page.locator("#state option").all_text_contents()
            label = next(text for text in labels if text.startswith(filters["state"]))
            self.page.select_option("#state", label=label)
        if "city" in filters:
            city, state = filters["city"].rsplit("|", 1)
            self.page.fill("#city", f"{city} ({state})")
        if "seller" in filters:
            self.page.fill("#seller", filters["seller"])
        if "category" in filters:
            language = self.page.get_attribute("html", "lang") or ""
            label = Wording(language).category(filters["category"])
            self.page.select_option("#category", label=label)
        for end in ("from", "to"):
            if end in filters:
                self.page.select_option(f"#{end}", value=str(self.months.index(filters[end])))
        self.page.fill("#minimum", str(minimum))

    def address(self, minimum: int) -> str:
        """The page's address after its #, once the filters are kept there, the minimum last."""
        self.page.wait_for_url(re.compile(rf"#.*\bminimum={minimum}\b"))
        return str(self.page.url).partition("#")[2]

    def query(self, figure: str, place: int = 0) -> str:
        """The SQL beside a figure, unfolded."""
        details = self.page.locator(f"details.sql[data-figure={figure}]").nth(place)
        if details.get_attribute("open") is None:
            details.locator("summary").click()
        return str(details.locator("pre:not(:empty)").text_content())

    def rows(self, grain: str) -> list[list[str]]:
        """The texts of a table's cells, all its rows unfolded; the name without what is below."""
        more = self.page.locator(f"#{grain}-table-more")
        if more.is_visible() and more.get_attribute("aria-expanded") == "false":
            more.click()
        return self.page.evaluate(
            """(id) => [...document.querySelectorAll(`#${id} tbody tr`)]
                .filter((row) => row.querySelector("button.name"))
                .map((row) => [row.querySelector("button.name").textContent,
                    row.querySelector(".below")?.textContent ?? "",
                    ...[...row.querySelectorAll("td")].map((cell) => cell.textContent)])""",
            f"{grain}-table",
        )

    def cells(self, table: str) -> dict[str, list[str]]:
        """The texts of a plain table: the cells of each row by its name."""
        rows: list[list[str]] = self.page.evaluate(
            """(id) => [...document.querySelectorAll(`#${id} tbody tr`)]
                .map((row) => [...row.children].map((cell) => cell.textContent))""",
            table,
        )
        return {row[0]: row[1:] for row in rows}

    def export(self, grain: str) -> tuple[str, str]:
        """The name and the text of a table's CSV file."""
        with self.page.expect_download() as download:
            self.page.click(f"#{grain}-table-export")
        return (
            download.value.suggested_filename,
            Path(download.value.path()).read_bytes().decode("utf-8"),
        )


def write_page(folder: Path, findings: Findings, language: str = "en") -> Path:
    path = folder / f"dashboard_{language}.html"
    path.write_text(render_dashboard(findings, Wording(language)), encoding="utf-8")
    return path


def print_times(reader: Reader) -> tuple[float, float]:
    """Print milliseconds until ready, and the median and the worst of the filters; return two.

    A filter is measured from its event to the frame that shows it.
    """
    ready = reader.page.evaluate("performance.getEntriesByName('ready')[0].duration")
    frames = reader.page.evaluate("window.framesMs")
    median, worst = statistics.median(frames), max(frames)
    print(  # noqa: T201
        f"\ndashboard: ready {ready:.0f} ms; {len(frames)} filters: "
        f"median {median:.0f} ms, worst {worst:.0f} ms"
    )
    return ready, median
