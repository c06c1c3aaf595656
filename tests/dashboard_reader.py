"""A reader of the dashboard: opens it in a browser, sets filters, reads tables, exports them."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

from dashboard_sample import MONTHS

from analysis.findings import Findings
from report.dashboard import render_dashboard
from report.wording import Wording


class Reader:
    """A page opened from disk, with what it asked of the network and what it complained of."""

    def __init__(self, browser: Any, path: Path, address: str = "", width: int = 1280) -> None:
        self.page = browser.new_page(viewport={"width": width, "height": 900})
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda line: self.complaints.append(line.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{path.as_uri()}#{address}")
        self.page.wait_for_selector("html[data-ready]")

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
            self.page.select_option("#category", label=filters["category"].replace("_", " "))
        for end in ("from", "to"):
            if end in filters:
                self.page.select_option(f"#{end}", value=str(MONTHS.index(filters[end])))
        self.page.fill("#minimum", str(minimum))

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
    """Print and return milliseconds until ready, and the median of a filter; goals 1500 and 150.

    Wall times move with whatever else the machine does, so tests only hold far wider bounds.
    """
    times: dict[str, list[float]] = {}
    entries = reader.page.evaluate(
        "performance.getEntriesByType('measure').map((entry) => [entry.name, entry.duration])"
    )
    for name, duration in entries:
        times.setdefault(name, []).append(duration)
    ready, filtering = times["ready"][0], statistics.median(times["filter"])
    print(f"\ndashboard: ready {ready:.0f} ms, filter {filtering:.0f} ms")  # noqa: T201
    return ready, filtering
