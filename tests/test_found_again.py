"""A second build of the same data only renders, prices, and says so; anything else is computed."""

from __future__ import annotations

import json
import zipfile

import pytest
from click.testing import CliRunner
from quick import QUICK, as_toml

from analysis.marketplace import make_marketplace
from analysis.settings import check_settings
from report import builds, found_again
from report.cli import main
from report.found_again import DATA_FILES, find_again
from report.outputs import write
from report.versions import analysis_checksum, versions

SHORT = {
    **QUICK,
    "segmentation": {"k_max": 4, "starts": 5, "shuffles": 4, "silhouette_sample": 800},
    "stability": {**QUICK["stability"], "snapshot_days": 56, "origin_days": 56},
}
OTHER_PRICE = {**SHORT, "contract": {"day_rate": "700"}, "client": {"name": "Autre boutique"}}
FOUND = "the analysis stands in"
# The list of so many customers that it is Parquet stands in the place of the other.
LEFT = tuple(name for name in DATA_FILES if name != "segments.parquet")


def build(*arguments, code=0):
    result = CliRunner().invoke(main, ["build", *(str(argument) for argument in arguments)])
    assert result.exit_code == code, result.output
    return result


def steps_of(out):
    return [step["name"] for step in json.loads((out / "manifest.json").read_text())["steps"]]


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """A folder with a shop, two settings, the output of each, and of one after the other."""
    folder = tmp_path_factory.mktemp("again")
    with zipfile.ZipFile(folder / "shop.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, frame in make_marketplace(2_500, seed=5).tables.items():
            archive.writestr(f"{name}.csv", frame.to_csv(index=False))
    (folder / "first.toml").write_text(as_toml(SHORT))
    (folder / "other.toml").write_text(as_toml(OTHER_PRICE))
    shop, only = folder / "shop.zip", ("--only", "dashboard")
    build(shop, "--out", folder / "output", "--config", folder / "first.toml", *only)
    build(shop, "--out", folder / "whole", "--config", folder / "other.toml", *only)
    return folder


@pytest.fixture(scope="module")
def again(work):
    """The first output, built again with the other prices, in another language."""
    out = work / "output"
    result = build(
        *(work / "shop.zip", "--out", out, "--config", work / "other.toml"),
        *("--only", "dashboard,contract", "--lang", "en"),
    )
    assert FOUND in result.output
    return out


@pytest.mark.slow
def test_what_is_found_again_is_what_a_whole_build_finds(work, again):
    for name in LEFT:
        assert (again / name).read_bytes() == (work / "whole" / name).read_bytes(), name


@pytest.mark.slow
def test_nothing_is_tried_again(again):
    assert "try_candidates" not in steps_of(again)
    assert {"recommend_refresh", "price_contract", "render_contract"} <= set(steps_of(again))


@pytest.mark.slow
def test_only_the_documents_asked_for_stand_there(again):
    found = {path.name for path in again.rglob("*.*") if path.parent != again}
    assert found == {"dashboard.html", "proposal.docx"}
    assert not (again / "fr").exists()


@pytest.mark.slow
def test_the_manifest_keeps_what_the_analysis_took(work, again):
    facts = json.loads((again / "manifest.json").read_text())
    whole = json.loads((work / "whole" / "manifest.json").read_text())
    assert facts["found_again"] is True
    assert facts["trials"]
    assert facts["settings"] == whole["settings"]
    assert {name: facts["files"][name] for name in LEFT} == {
        name: whole["files"][name] for name in LEFT
    }


@pytest.fixture
def called(monkeypatch):
    """Which of the two builds is called."""
    calls = []
    for name in ("build_whole", "build_again"):
        monkeypatch.setattr(builds, name, lambda *_, name=name: calls.append(name))
    return calls


@pytest.mark.slow
def test_an_analysis_that_stands_there_is_taken(work, again, called):
    build(work / "shop.zip", "--out", again, "--config", work / "first.toml")
    assert called == ["build_again"]


@pytest.mark.slow
def test_fresh_analyses_again(work, again, called):
    result = build(work / "shop.zip", "--out", again, "--config", work / "first.toml", "--fresh")
    assert called == ["build_whole"]
    assert FOUND not in result.output


@pytest.mark.slow
def test_other_data_under_the_same_name_are_analysed(work, again, called, tmp_path):
    (tmp_path / "shop.zip").write_bytes((work / "shop.zip").read_bytes())
    with zipfile.ZipFile(tmp_path / "shop.zip", "a") as archive:
        archive.writestr("notes.txt", "one more file")
    build(tmp_path / "shop.zip", "--out", again, "--config", work / "first.toml")
    assert called == ["build_whole"]


@pytest.mark.slow
def test_a_source_that_is_not_there_is_still_refused(work, again, tmp_path):
    result = build(
        *(tmp_path / "none.zip", "--out", again, "--config", work / "first.toml"), code=1
    )
    assert "no such file" in result.output


@pytest.fixture
def left(tmp_path):
    """An output whose files say nothing, as a run with the standard settings leaves it."""
    facts = {
        "fingerprint": "abc",
        "versions": versions(),
        "analysis_sha256": analysis_checksum(),
        "compared": False,
        "engine": "duckdb",
        "settings": check_settings({}).model_dump(mode="json"),
    }
    write(tmp_path / "output", {name: name.encode() for name in DATA_FILES}, facts)
    return tmp_path / "output"


def test_a_run_with_the_same_settings_is_found(left):
    found = find_again(left, check_settings({}))
    assert found.fingerprint == "abc"
    assert set(found.files) == set(DATA_FILES)


@pytest.mark.parametrize(
    "changed",
    [
        {"contract": {"day_rate": "900"}},
        {"client": {"name": "Une autre", "city": "Lyon"}},
        {"consultant": {"name": "Atelier"}},
        {"brand": {"accent": "#123456"}},
    ],
)
def test_what_nothing_is_computed_from_may_differ(left, changed):
    assert find_again(left, check_settings(changed)) is not None


@pytest.mark.parametrize(
    "changed",
    [
        {"seed": 1},
        {"as_of": "2024-01-01T00:00:00"},
        {"client": {"currency": "EUR"}},
        {"client": {"language": "fr"}},
        {"segmentation": {"k_max": 5}},
        {"actions": {"margin_share": 0.5}},
        {"source": {"time_zone": "Europe/Paris"}},
    ],
)
def test_other_settings_are_computed(left, changed):
    assert find_again(left, check_settings(changed)) is None


@pytest.mark.parametrize("name", DATA_FILES)
def test_a_changed_file_is_no_analysis_of_ours(left, name):
    (left / name).write_text("another")
    assert find_again(left, check_settings({})) is None


def test_a_missing_file_is_no_analysis_of_ours(left):
    (left / "segments.csv").unlink()
    assert find_again(left, check_settings({})) is None


def test_another_program_computes_anew(left, monkeypatch):
    monkeypatch.setattr(found_again, "analysis_checksum", lambda: "another")
    assert find_again(left, check_settings({})) is None


def test_a_comparison_with_an_earlier_edition_is_of_those_two(left):
    facts = json.loads((left / "manifest.json").read_text())
    write(left, {name: name.encode() for name in DATA_FILES}, {**facts, "compared": True})
    assert find_again(left, check_settings({})) is None


def test_nothing_is_found_where_there_is_nothing(tmp_path):
    assert find_again(tmp_path / "none", check_settings({})) is None
