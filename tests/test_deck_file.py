"""The deck's file: the rules of Open XML, the same bytes everywhere, nothing that could run."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from deck_reader import described_charts, words, workbooks
from deck_templates import BRANDS, save_brand
from made import made
from pptx_checker import faults
from sample import sample_findings, sample_proposal

from report.context import build_context
from report.deck import render_deck
from report.wording import LANGUAGES, Wording

LONG_CITY = "Llanfair" * 625  # 5,000 letters without a space
HOSTILE = ("=cmd|' /C calc'!A0", "{{7*7}}", "<script>alert(1)</script>", "@SUM(1)", "+1+1")
DECK, SLIDE, CHART = "ppt/presentation.xml", "ppt/slides/slide2.xml", "ppt/charts/chart"
ROOT = Path(__file__).parent.parent
BYTES_OF_A_DECK = (
    "import hashlib, sys; sys.path.insert(0, 'tests')\n"
    "from sample import sample_findings\n"
    "from report.context import build_context\n"
    "from report.deck import render_deck\n"
    "from report.wording import Wording\n"
    "wording = Wording('fr')\n"
    "deck = render_deck(build_context(sample_findings(), wording), wording)\n"
    "print(hashlib.sha256(deck).hexdigest())\n"
)


def _deck(language: str = "en", template: Path | None = None, **changes) -> bytes:
    wording = Wording(language)
    return render_deck(build_context(sample_findings(**changes), wording), wording, template)


@pytest.fixture(scope="module")
def english() -> bytes:
    return made("deck", "en")


@pytest.fixture(scope="module")
def hostile() -> bytes:
    """A deck whose states, cities, sellers, client and categories are what nobody is called."""
    kpis = sample_findings().kpis
    rows = tuple(
        replace(kpis.by_state.rows[0], key=f"h{place}", label=name, state="")
        for place, name in enumerate((*HOSTILE, LONG_CITY))
    )
    tables = {
        name: replace(getattr(kpis, name), rows=rows)
        for name in ("by_state", "by_city", "by_seller")
    }
    proposal = replace(sample_proposal(), client=HOSTILE[0], consultant=HOSTILE[1])
    return _deck(kpis=replace(kpis, **tables), proposal=proposal)


# ---------------------------------------------------------------- Open XML


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_deck_keeps_the_rules_of_open_xml(language):
    assert faults(made("deck", language)) == []


@pytest.mark.parametrize("name", BRANDS)
def test_a_deck_in_a_clients_design_keeps_them_too(name, tmp_path):
    assert faults(_deck("fr", save_brand(name, tmp_path))) == []


def _replaced(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new, 1)

    return change


def _without(name: str) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.update({name: b""}) or parts.pop(name)


def _break_axis(parts: dict[str, bytes]) -> None:
    name = next(name for name in parts if name.startswith(CHART) and name.endswith(".xml"))
    parts[name] = parts[name].replace(b'crossAx val="1001"', b'crossAx val="-7"', 1)


BROKEN: dict[str, tuple[Callable[[dict[str, bytes]], object], str]] = {
    "order": (_replaced(SLIDE, b"<a:lstStyle/>", b"<a:lstStyle/><a:bodyPr/>"), "wrong order"),
    "unknown": (_replaced(SLIDE, b"<p:spTree>", b"<p:sp/><p:spTree>"), "may not hold sp"),
    "number": (_replaced(SLIDE, b'<p:cNvPr id="2"', b'<p:cNvPr id="1"'), "shapes of number 1"),
    "reference": (
        _replaced(DECK, b'<p:sldId id="256" r:id="', b'<p:sldId id="256" r:id="x'),
        "which is not there",
    ),
    "orphan": (lambda parts: parts.update({"ppt/media/a.xml": b"<a/>"}), "belongs to nothing"),
    "lost": (_without("ppt/notesSlides/notesSlide2.xml"), "is not there"),
    "section": (_replaced(DECK, b'p14:sldId id="256"', b'p14:sldId id="999"'),
                "sections do not hold"),
    "axis": (_break_axis, "the axes are"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_what_breaks_them_is_found(case, english):
    change, expected = BROKEN[case]
    with zipfile.ZipFile(io.BytesIO(english)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    change(parts)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        for name, data in parts.items():
            file.writestr(name, data)
    try:
        found = faults(target.getvalue())
    except KeyError as error:  # the slide that was to be looked at cannot be found
        found = [f"{error} is not there, which is not there"]
    assert any(expected in fault for fault in found), found


# ---------------------------------------------------------------- the same bytes


def test_another_process_makes_the_same_bytes():
    made = set()
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        run = subprocess.run(  # noqa: S603 - the text above
            [sys.executable, "-c", BYTES_OF_A_DECK],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
            text=True,
        )
        made.add(run.stdout)
    assert len(made) == 1


# ---------------------------------------------------------------- hostile texts


def test_hostile_texts_are_shown_as_they_are(hostile):
    said = words(hostile)
    for text in HOSTILE[:2]:
        assert text in said
    assert "49" not in [word for line in said.split("\n") for word in line.split() if "7*7" in line]


def test_hostile_texts_leave_the_file_whole(hostile):
    assert faults(hostile) == []


def test_a_name_of_thousands_of_letters_is_cut(hostile):
    assert LONG_CITY not in words(hostile)
    assert LONG_CITY[:20] in words(hostile)


def test_hostile_texts_are_texts_in_the_workbooks(hostile):
    found = [text for text, _chart in described_charts(hostile) if HOSTILE[0] in text]
    assert found
    shared = [book["xl/sharedStrings.xml"] for book in workbooks(hostile)]
    assert any("=cmd|" in text for text in shared)
