"""Categories of products are called what the reader's language calls them, in every document."""

from __future__ import annotations

import tomllib

import pytest
from dashboard_sample import findings_with, make_lines
from sample import sample_findings

from report.context import build_context
from report.dashboard import make_page
from report.pdf.assets import shipped_characters
from report.views import Absence
from report.views.names import LONGEST_NAME
from report.wording import LANGUAGES, Wording, templates_folder, typographic


def entries() -> dict[str, dict[str, str]]:
    path = templates_folder() / "content" / "categories.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("fr", "Linge de lit, de bain et de table"),
        ("en", "Bed, bath and table"),
        ("pt-BR", "Cama, mesa e banho"),
    ],
)
@pytest.mark.parametrize("known", ["cama_mesa_banho", "bed_bath_table"])
def test_a_category_has_one_name_a_language(language: str, name: str, known: str) -> None:
    assert Wording(language).category(known) == name


def test_a_category_that_is_not_known_is_named_as_the_data_do() -> None:
    assert Wording("fr").category("cartes_a_jouer") == "cartes a jouer"


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_whole_different_and_short_enough(language: str) -> None:
    names = [entry[language] for entry in entries().values()]
    assert len(set(names)) == len(names)
    for name in names:
        assert 0 < len(name) <= LONGEST_NAME
        assert name == name.strip() == typographic(name, language)
        assert set(name) <= shipped_characters()


def test_no_two_categories_share_an_english_name_of_the_data() -> None:
    found = [entry["english"] for entry in entries().values() if "english" in entry]
    assert len(set(found)) == len(found)
    others = {key: entry["english"] for key, entry in entries().items() if "english" in entry}
    assert all(others.get(name, name) == name for name in found)


def test_the_tables_of_a_segment_and_the_dashboard_say_it() -> None:
    findings = sample_findings()
    wording = Wording("pt-BR")
    segmentation = build_context(findings, wording).segmentation
    assert not isinstance(segmentation, Absence)
    table = segmentation.segments[0].top_categories
    assert table.rows[0][0] == "Cama, mesa e banho"
    page = make_page(findings_with(make_lines(orders=50)), wording)
    assert page.settings["categories"] == {
        "auto": "Automotivo",
        "bed_bath_table": "Cama, mesa e banho",
        "toys": "Brinquedos",
    }
