"""The dashboard's page as text: its policy, its texts, what it holds and what it must not."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from dashboard_sample import findings_with, make_lines
from jinja2.ext import babel_extract
from sample import HOSTILE, sample_findings

from analysis.findings import NotComputed, Query
from report import dashboard_texts
from report.dashboard import SCRIPTS, make_page, read_script, render_dashboard
from report.wording import Wording, templates_folder

PLACEHOLDERS = re.compile(r"%\(\w+\)s|\{\w+\}")


@pytest.fixture(scope="module")
def page() -> str:
    return render_dashboard(findings_with(make_lines(orders=500)), Wording("fr"))


def block(page: str, name: str) -> Any:
    match = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.S)
    assert match is not None
    return json.loads(match[1])


def messages() -> set[tuple[str, ...]]:
    """Every text of the page and of its script, with its plural where it has one."""
    found: set[tuple[str, ...]] = set()
    options = {"trimmed": "true", "newstyle_gettext": "true"}
    for name in ("partials/dashboard_head.html", "pages/dashboard.html"):
        with (templates_folder() / name).open("rb") as file:
            for _, _, texts, _ in babel_extract(file, {"_": None, "ngettext": None}, [], options):
                given = (texts,) if isinstance(texts, str) else texts
                found.add(tuple(text for text in given if text))
    keywords = {"message": None, "plural_message": (1, 2)}
    for _, texts, *_ in extract_from_file("python", dashboard_texts.__file__, keywords=keywords):
        found.add((texts,) if isinstance(texts, str) else tuple(texts))
    return found


def test_policy_allows_this_style_and_script_and_nothing_else(page: str) -> None:
    match = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert match is not None
    policy = html.unescape(match[1])
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        inline = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.S)
        assert len(inline) == 1
        digest = base64.b64encode(hashlib.sha256(inline[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_names_no_other_address_and_has_no_inline_handler(page: str) -> None:
    addresses = set(re.findall(r"https?://[\w./-]+", page))
    assert addresses == {"http://www.w3.org/2000/svg"}
    assert re.findall(r"url\((?!data:font/woff2)", page) == []
    markup = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.S)
    assert re.findall(r"<[^>]+\s(?:on\w+|style|src|href)=", markup) == []


def test_hostile_texts_cannot_leave_their_place() -> None:
    findings = findings_with(make_lines(orders=300).assign(city=f"{HOSTILE}</script>|BA"))
    kpis = replace(findings.kpis, queries=(replace(findings.kpis.queries[0], sql=HOSTILE),))
    proposal = replace(findings.proposal, client=HOSTILE)
    source = replace(findings.source, name=HOSTILE)
    findings = replace(findings, kpis=kpis, proposal=proposal, source=source)
    page = render_dashboard(findings, Wording("en"))
    assert "<img" not in page
    assert page.count("</script>") == 4
    lines = block(page, "lines")
    city = next(column for column in lines["columns"] if column["name"] == "city")
    assert city["names"] == [f"{HOSTILE}</script>|BA"]


def test_says_what_was_not_computed() -> None:
    findings = sample_findings()
    absent = NotComputed("missing_table", expected="order_reviews")
    total = replace(findings.kpis.total, reviews=absent)
    findings = replace(findings, kpis=replace(findings.kpis, total=total))
    page = make_page(findings, Wording("fr"))
    assert page.missing["reviews"] == Wording("fr").not_computed(absent)
    assert page.settings["missing"] == page.missing


@pytest.mark.parametrize("language", ["en", "fr", "pt-BR"])
def test_a_shop_with_more_orders_than_a_page_can_filter_says_from_when_it_holds_them(
    language: str,
) -> None:
    found = sample_findings()
    since = replace(found.kpis.lines, since=datetime(2029, 3, 1))
    later = replace(found, kpis=replace(found.kpis, lines=since))
    wording = Wording(language)
    made = render_dashboard(later, wording)
    assert wording.date(datetime(2029, 3, 1)) in html.unescape(made)
    assert block(made, "lines")["rows"] == since.rows


def test_without_the_query_of_the_lines_there_is_none_to_show() -> None:
    findings = sample_findings()
    page = make_page(findings, Wording("en"))
    assert not page.has_queries
    queries = (Query("dashboard_lines", "select 1;"),)
    with_query = replace(findings, kpis=replace(findings.kpis, queries=queries))
    page = make_page(with_query, Wording("en"))
    assert page.has_queries
    assert page.settings["linesQuery"] == "select 1;"


def test_same_findings_give_the_same_page() -> None:
    findings = findings_with(make_lines(orders=200))
    assert render_dashboard(findings, Wording("en")) == render_dashboard(findings, Wording("en"))


def test_every_text_is_used_by_the_script_and_every_one_used_is_there() -> None:
    script = read_script()
    known = {*dashboard_texts.TEXTS, *dashboard_texts.PLURAL_TEXTS}
    used = {key for key in known if re.search(rf'["`.]{key}\b', script)}
    built = tuple(re.findall(r"`(\w+_)\$\{", script))
    used |= {key for key in known if key.startswith(built)}
    assert known - used == set()
    asked = set(re.findall(r'\btext\("(\w+)"', script))
    assert asked - known == set()


def test_every_text_has_its_translation_with_the_same_placeholders() -> None:
    path = templates_folder() / "locales" / "fr" / "dashboard.po"
    with path.open("rb") as file:
        catalog = read_po(file, locale="fr")
    translated = {}
    for entry in catalog:
        if entry.id:
            ids = (entry.id,) if isinstance(entry.id, str) else tuple(entry.id)
            strings = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)
            translated[ids] = strings
    assert set(translated) == messages()
    for ids, strings in translated.items():
        assert all(strings)
        placeholders = set(PLACEHOLDERS.findall(ids[-1]))
        assert set(PLACEHOLDERS.findall(strings[-1])) == placeholders, ids


def test_no_message_holds_a_number_or_a_percent_sign() -> None:
    for ids in messages():
        for text in ids:
            assert re.search(r"\d|%(?!\()", text) is None, text


def test_every_script_is_named_once_and_none_is_forgotten() -> None:
    folder = templates_folder() / "scripts"
    assert sorted(SCRIPTS) == sorted(path.name for path in folder.glob("dashboard*.js"))


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_write_texts_only_as_texts(name: str) -> None:
    source = Path(templates_folder() / "scripts" / name).read_text(encoding="utf-8")
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function"
    assert re.search(forbidden, source) is None
