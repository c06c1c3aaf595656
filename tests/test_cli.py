"""The commands as a hurried user runs them: exit codes, messages, nothing half written."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from quick import QUICK, as_toml

from analysis.marketplace import make_marketplace
from report import options
from report.cli import main

COMMANDS = (
    *("build", "demo", "render", "questions", "init", "assign", "check-template"),
    *("monitor", "notebooks"),
)
DATA = {
    "findings.json",
    "manifest.json",
    "playbook.db",
    "model.json",
    "questions.sql",
    "segments.csv",
    "segments.sql",
    "candidates.csv",
}


def run(*arguments: object, code: int = 0):
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


def listing(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A made-up marketplace as an archive of CSV files."""
    path = tmp_path_factory.mktemp("shop") / "shop.zip"
    tables = make_marketplace(2_500, seed=5).tables
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, frame in tables.items():
            archive.writestr(f"{name}.csv", frame.to_csv(index=False))
    return path


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    """Settings that keep a run short."""
    path = tmp_path_factory.mktemp("config") / "playbook.toml"
    quick = {
        **QUICK,
        "segmentation": {"k_max": 4, "starts": 5, "shuffles": 4, "silhouette_sample": 800},
        "stability": {**QUICK["stability"], "snapshot_days": 56, "origin_days": 56},
        "dashboard": {"minimum_orders": 10},
    }
    path.write_text(as_toml(quick))
    return path


@pytest.fixture(scope="module")
def built(shop, config, tmp_path_factory):
    out = tmp_path_factory.mktemp("built") / "output"
    run("build", shop, "--out", out, "--config", config, "--lang", "en", "--only", "report")
    return out


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_is_everywhere(command, flag):
    assert "Usage" in run(command, flag).output


def test_wrong_usage_is_two():
    run("build", code=2)
    run("build", "x", "--nonsense", code=2)
    run("build", "x", "--only", "novel", code=2)
    run("nonsense", code=2)


def test_the_lists_of_the_command_line_are_those_of_the_documents():
    from report import documents, wording

    assert wording.LANGUAGES == options.LANGUAGES
    assert tuple(documents.DOCUMENTS) == options.DOCUMENTS


def test_a_build_leaves_what_the_design_lists(built):
    files = listing(built)
    assert set(files) >= DATA
    manifest = json.loads(files["manifest.json"])
    assert {step["name"] for step in manifest["steps"]} >= {
        "open_source",
        "build_orders",
        "measure_kpis",
        "build_customers",
        "try_candidates",
        "select",
        "trace_stability",
        "segment",
        "profile",
        "render_report",
    }
    assert all(step["peak_mb"] > 0 for step in manifest["steps"])
    assert set(manifest["files"]) == set(files) - {"manifest.json"}
    tried = json.loads(files["findings.json"])["candidates"]
    assert [cost["parameters"] for cost in manifest["trials"]] == [
        one["parameters"] for one in tried
    ]
    assert manifest["settings"]["contract"]["day_rate"] == "600"


def test_every_customer_is_listed_once_with_a_segment_or_the_reason(built):
    findings = json.loads((built / "findings.json").read_text())
    with (built / "segments.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    counts = findings["customers"]
    assert len(rows) == counts["total"] + counts["bought_later"]
    assert sum(row["reason"] == "not_yet" for row in rows) == counts["bought_later"]
    assert len({row["customer_unique_id"] for row in rows}) == len(rows)
    for row in rows:
        assert bool(row["segment_id"]) == (row["standing"] in ("one_time", "repeat"))
    counts = {
        segment["segment_id"]: segment["profile"]["customers"]
        for segment in findings["segmentation"]["segments"]
    }
    for segment_id, customers in counts.items():
        assert sum(row["segment_id"] == segment_id for row in rows) == customers


def test_the_same_source_and_settings_give_the_same_findings_and_pages(
    built, shop, config, tmp_path
):
    again = tmp_path / "again"
    run("build", shop, "--out", again, "--config", config, "--lang", "en", "--only", "report", "-q")
    first, second = listing(built), listing(again)
    for name in set(first) - {"manifest.json"}:
        assert first[name] == second[name], name


def test_rendering_again_needs_no_data(built, tmp_path):
    out = tmp_path / "output"
    out.mkdir()
    for name in ("findings.json", "manifest.json"):
        (out / name).write_bytes((built / name).read_bytes())
    run("render", out / "findings.json", "--lang", "fr", "--lang", "en", "--only", "report")
    assert (out / "fr" / "report.html").is_file()
    same = (out / "en" / "report.html").read_bytes()
    assert same == (built / "en" / "report.html").read_bytes()


def test_findings_that_were_changed_are_not_rendered(built, tmp_path):
    out = tmp_path / "output"
    out.mkdir()
    for name in ("findings.json", "manifest.json"):
        (out / name).write_bytes((built / name).read_bytes())
    text = (out / "findings.json").read_text()
    (out / "findings.json").write_text(text.replace('"seed": ', '"seed": 1', 1))
    assert "was changed" in run("render", out / "findings.json", code=1).output
    assert not (out / "fr").exists()


def test_assigning_again_gives_the_labels_of_the_build(built, shop, tmp_path):
    out = tmp_path / "again.csv"
    run("assign", built / "model.json", shop, "-o", out)
    assert out.read_bytes() == (built / "segments.csv").read_bytes()


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_questions_are_answered_in_every_format(shop, form):
    text = run("questions", shop, "--format", form).output
    assert "seller_id" in text or "late" in text.lower()
    if form == "json":
        assert len(json.loads(text)) == 5


def test_init_writes_settings_that_can_be_read(tmp_path):
    from analysis.settings import Settings, read_settings

    path = tmp_path / "playbook.toml"
    run("init", "--out", path)
    assert read_settings(path) == Settings()
    assert "is there already" in run("init", "--out", path, code=1).output
    run("init", "--out", path, "--force")


def test_bad_input_is_one_message_and_leaves_the_previous_output(built, tmp_path, shop):
    before = listing(built)
    no_zip = tmp_path / "orders.zip"
    no_zip.write_text("not a zip")
    unknown = tmp_path / "unknown.toml"
    unknown.write_text("[contract]\nday_rat = 3\n")
    tries = [
        (("build", tmp_path / "none.zip", "--out", built), "none.zip"),
        (("build", no_zip, "--out", built), "orders.zip"),
        (("build", shop, "--out", built, "--config", unknown), "did you mean contract.day_rate"),
        (("build", shop, "--out", built, "--config", tmp_path / "none.toml"), "cannot be read"),
        (("build", shop, "--out", built, "--as-of", "2001-01-01"), "2001-01-01"),
        (("build", shop, "--out", tmp_path), "did not write"),
        (("render", tmp_path / "findings.json"), "cannot be read"),
        (("assign", no_zip, shop, "-o", tmp_path / "x.csv"), "model"),
    ]
    for arguments, message in tries:
        output = run(*arguments, code=1).output
        assert message in output, output
        assert output.count("playbook:") == 1
        assert "Traceback" not in output
    assert listing(built) == before
    assert not (tmp_path / "x.csv").exists()


def test_an_input_inside_the_output_is_refused(tmp_path, shop):
    out = tmp_path / "output"
    out.mkdir()
    inside = out / "shop.zip"
    inside.write_bytes(shop.read_bytes())
    for source in (inside, out):
        output = run("build", source, "--out", out, code=1).output
        assert "did not write" in output
    assert inside.read_bytes() == shop.read_bytes()


def test_settings_inside_the_output_are_refused(built, shop):
    config = built / "findings.json"
    output = run("build", config, "--out", built, code=1).output
    assert "inside the output folder" in output
    assert config.exists()


def test_a_model_is_not_applied_to_a_source_that_lacks_what_it_needs(built, shop, tmp_path):
    folder = tmp_path / "shop"
    with zipfile.ZipFile(shop) as archive:
        names = [name for name in archive.namelist() if "review" not in name]
        archive.extractall(folder, names)
    output = run("assign", built / "model.json", folder, "-o", tmp_path / "x.csv", code=1).output
    assert "review" in output
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.slow
def test_an_empty_table_of_reviews_is_as_good_as_none(shop, config, tmp_path):
    folder = tmp_path / "shop"
    with zipfile.ZipFile(shop) as archive:
        archive.extractall(folder)
    reviews = folder / "order_reviews.csv"
    reviews.write_text(reviews.read_text().splitlines()[0] + "\n")
    out = tmp_path / "output"
    run("build", folder, "--out", out, "--config", config, "--only", "report", "-q")
    findings = json.loads((out / "findings.json").read_text())
    assert findings["customers"]["reviews_imputed"] == 0
    assert findings["segmentation"]["features"] == ["spend"]
    assert all(
        segment["persona"].startswith(("spend_", "loyal"))
        for segment in findings["segmentation"]["segments"]
    )


def test_a_template_that_is_none_is_refused_before_the_work(shop, tmp_path):
    junk = tmp_path / "junk.pptx"
    junk.write_text("not a deck")
    output = run("build", shop, "--out", tmp_path / "o", "--template", junk, code=1).output
    assert "open_source" not in output
    assert "junk.pptx" in output


def test_an_interrupted_run_leaves_the_previous_output(built, shop, config, monkeypatch):
    before = listing(built)

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("report.documents.render_documents", interrupt)
    result = run("build", shop, "--out", built, "--config", config, code=1)
    assert "interrupted" in result.output
    assert listing(built) == before
    assert [path.name for path in built.parent.iterdir()] == ["output"]


@pytest.mark.parametrize(
    ("customers", "as_of", "reason"),
    [(300, None, "too_few_customers"), (2_000, "2017-11-01", "too_short_history")],
)
def test_what_can_still_be_made_is_made(tmp_path, customers, as_of, reason):
    folder = tmp_path / "shop"
    folder.mkdir()
    for name, frame in make_marketplace(customers, seed=6).tables.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    out = tmp_path / "output"
    dates = () if as_of is None else ("--as-of", as_of)
    run("build", folder, "--out", out, "--lang", "en", "--lang", "fr", *dates)
    findings = json.loads((out / "findings.json").read_text())
    assert findings["segmentation"]["code"] == reason
    assert findings["kpis"]["total"]["orders"] > 0
    assert not (out / "model.json").exists()
    assert len(list((out / "fr").iterdir())) == len(options.DOCUMENTS)
    for name in ("order_reviews", "order_payments", "geolocation", "category_translation"):
        assert (folder / f"{name}.csv").exists()


def test_optional_tables_may_be_missing(tmp_path, config):
    folder = tmp_path / "shop"
    folder.mkdir()
    optional = ("order_reviews", "order_payments", "geolocation", "category_translation")
    for name, frame in make_marketplace(2_000, seed=6).tables.items():
        if name not in optional:
            frame.to_csv(folder / f"{name}.csv", index=False)
    out = tmp_path / "output"
    run("build", folder, "--out", out, "--config", config, "--lang", "en", "--lang", "fr")
    findings = json.loads((out / "findings.json").read_text())
    assert findings["kpis"]["total"]["mean_review"]["code"] == "missing_table"
    assert {table["name"] for table in findings["source"]["tables"] if table["rows"] is None} >= {
        "order_reviews",
        "order_payments",
    }
    text = (out / "en" / "report.html").read_text()
    assert "order_reviews" in text


def test_a_program_that_ends_says_nothing_of_its_own(shop, tmp_path):
    """Bindings of libraries report on the screen what they find alive at the end of a process."""
    command = "from report.cli import run; run()"
    ended = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-c", command, "questions", str(shop)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0
    assert ended.stderr == ""
