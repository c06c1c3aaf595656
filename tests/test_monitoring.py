"""A stored model on later extracts of made-up shops: what holds, what changed, what is refused."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from sample import sample_findings

from analysis import kmeans
from analysis.customers import ONE_TIME, CustomerTable, build_customers
from analysis.features import fit_preparation, raw_matrix, scale
from analysis.findings import DriftFeature, NotComputed, Refresh, to_json
from analysis.looks import DriftWarning
from analysis.marketplace import make_marketplace
from analysis.monitoring import _has_moved, _reasons
from analysis.orders import build_orders, describe_period, to_seconds, until
from analysis.segmentation import (
    MODEL_FORMAT,
    Model,
    SegmentIndex,
    assign_segments,
    model_to_json,
)
from analysis.settings import Settings
from analysis.source import open_source
from report.cli import main

FIRST = datetime(2018, 3, 25, 23, 59, 59)
FEATURES = ("spend", "review")
PERSONAS = ("loyal", "satisfied_large", "unhappy_medium", "satisfied_small")
LOOKS = ("2018-07-20", "2018-08-20")


# From this day on every other order of a changed shop is dearer: six times, and customers move to
# the segment of the large baskets; a hundred times, and a refit draws other borders.
CHANGED_FROM = "2018-03-26"
OTHER_MIX, OTHER_MAP = 6, 100


def shop(folder: Path, dearer: int = 1) -> Path:
    """Make a shop whose orders become so many times as dear."""
    path = folder / "shop.zip"
    tables = make_marketplace(4_000, seed=5).tables
    if dearer > 1:
        orders, paid = tables["orders"], tables["order_payments"].copy()
        later = orders["order_id"][orders["order_purchase_timestamp"] >= CHANGED_FROM]
        paid.loc[paid["order_id"].isin(later.iloc[::2]), "payment_value"] *= dearer
        tables = {**tables, "order_payments": paid}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, frame in tables.items():
            archive.writestr(f"{name}.csv", frame.to_csv(index=False))
    return path


def fit_model(
    table: CustomerTable, fingerprint: str, order: tuple[int, ...] = (0, 1, 2)
) -> tuple[Model, SegmentIndex]:
    """Fit three clusters beside the repeat buyers, by default the richest first."""
    raw = raw_matrix(table, table.members(ONE_TIME), FEATURES)
    preparation = fit_preparation(raw, FEATURES)
    fit = kmeans.fit_cold(scale(raw, preparation), 3, starts=5, seed=1)
    places = np.argsort(-fit.centres[:, 0])[list(order)]
    model = Model(
        format_version=MODEL_FORMAT,
        family="traits",
        preparation=preparation,
        centres=tuple(tuple(float(v) for v in fit.centres[place]) for place in places),
        segment_ids=("s1", "s2", "s3", "s4"),
        personas=PERSONAS,
        has_repeat_segment=True,
        as_of=table.as_of,
        window_days=table.window_days,
        same_occasion_hours=24,
        outcome_days=14,
        missing_scores=table.missing_scores(),
        seed=1,
        fingerprint=fingerprint,
    )
    return model, assign_segments(table, model)


def hand_over(source: Path, out: Path, months: int = 6) -> Path:
    """Write what a build as of FIRST leaves for a look: model, findings and their manifest."""
    settings = Settings()
    with open_source(source, settings.source) as opened:
        everything = build_orders(opened)
        description = opened.description
    period = describe_period(everything, FIRST, settings)
    orders = until(everything, period.as_of)
    table = build_customers(orders, to_seconds(period.complete_until), settings.customers)
    model, _ = fit_model(table, description.fingerprint)
    findings = replace(
        sample_findings(),
        source=description,
        period=period,
        refresh=Refresh(months, "observed", 183, (1, 2, 3, 4, 6, 12), 1),
    )
    out.mkdir()
    text = to_json(findings).encode()
    (out / "model.json").write_text(model_to_json(model))
    (out / "findings.json").write_bytes(text)
    described = {"findings.json": {"sha256": hashlib.sha256(text).hexdigest()}}
    manifest = {"program": "segment-playbook", "files": {**described, "model.json": {}}}
    (out / "manifest.json").write_text(json.dumps(manifest))
    return out / "model.json"


@pytest.mark.parametrize(
    ("before", "now", "alarm"),
    [(100, 151, True), (100, 149, False), (100, 40, True), (4, 7, False), (0, 9, False)],
)
def test_a_size_is_an_alarm_beyond_the_limit_and_beyond_chance(before, now, alarm):
    """Of a thousand customers: 15.1 % for 10 % is a move of 51 %; 4 to 7 customers is chance."""
    counts = [np.array([before, 1_000 - before]), np.array([now, 1_000 - now])]
    assert _has_moved(counts, 0, 0.5) == alarm


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    folder = tmp_path_factory.mktemp("calm")
    source = shop(folder)
    return hand_over(source, folder / "output"), source


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("changed")
    source = shop(folder, OTHER_MAP)
    return hand_over(source, folder / "output"), source


@pytest.fixture(scope="module")
def shifted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shifted")
    source = shop(folder, OTHER_MIX)
    return hand_over(source, folder / "output"), source


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    path = tmp_path_factory.mktemp("config") / "playbook.toml"
    path.write_text(
        "[customers]\nminimum_customers = 200\n[drift]\nclassifier_orders = 400\nresamples = 20\n"
    )
    return path


def run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(main, ["monitor", *(str(argument) for argument in arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


def look(shop, state: Path, as_of: str, config: Path, code: int = 0, *more: object):
    model, source = shop
    common = ("--state", state, "--as-of", as_of, "--config", config, "--format", "json")
    return json.loads(run(model, source, *common, "--lang", "en", *more, code=code))


def look_alarms(found: dict) -> set[str]:
    return {reason["code"] for reason in found["reasons"]} & {"agreement", "sizes", "minimum"}


def test_an_unchanged_shop_stays_fresh(calm, config, tmp_path):
    for as_of in LOOKS:
        found = look(calm, tmp_path / "state.json", as_of, config)
        assert found["verdict"] == "fresh", found["reasons"]
        assert found["reasons"] == []
        assert found["agreement"]["ari_warm"] > 0.8
        assert sum(size["share"] for size in found["sizes"]) == pytest.approx(1)


def test_a_planted_change_is_due_on_the_second_look_and_not_on_the_first(changed, config, tmp_path):
    state, page = tmp_path / "state.json", tmp_path / "page.pdf"
    first = look(changed, state, LOOKS[0], config)
    assert first["verdict"] == "watch"
    assert look_alarms(first), first["agreement"]
    assert not any(reason["confirmed"] for reason in first["reasons"])
    # The same extract again is the same observation, and confirms nothing.
    assert look(changed, state, LOOKS[0], config)["verdict"] == "watch"
    second = look(changed, state, LOOKS[1], config, 3, "--pdf", page)
    assert second["verdict"] == "refresh_due"
    assert second["previous"]["verdict"] == "watch"
    assert len(second["sentences"]) == len(second["reasons"])
    from pypdf import PdfReader

    (only,) = PdfReader(page).pages
    assert "Refresh due" in only.extract_text()


def test_a_change_of_the_mix_is_to_be_watched_however_often_it_is_seen(shifted, config, tmp_path):
    state = tmp_path / "state.json"
    first = look(shifted, state, LOOKS[0], config)
    second = look(shifted, state, LOOKS[1], config)
    assert (first["verdict"], second["verdict"]) == ("watch", "watch")
    assert look_alarms(second) == {"sizes"}
    assert second["reasons"][0] == {"code": "sizes", "confirmed": True}
    assert not second["agreement"]["alarm"]
    assert "calls for no refit" in second["sentences"][0]


def test_what_the_model_does_not_look_at_is_told_and_is_no_reason():
    def warning(feature: DriftFeature, in_model: bool) -> DriftWarning:
        return DriftWarning(feature, date(2018, 6, 1), date(2018, 6, 28), 900, 0.2, 0.3, in_model)

    outside, inside = warning("delivery_days", False), warning("spend", True)
    deadline = NotComputed("not_observed")
    common = (deadline, date(2018, 7, 1), (), Settings())
    assert _reasons((), (outside,), *common) == ()
    assert [reason.code for reason in _reasons((), (outside, inside), *common)] == ["drift"]


def test_the_interval_alone_makes_a_refresh_due_and_the_state_joins_the_output(
    calm, config, tmp_path
):
    model = hand_over(calm[1], tmp_path / "output", months=1)
    text = run(model, calm[1], "--as-of", LOOKS[0], "--config", config, "--lang", "fr", code=3)
    assert "Mise à jour à faire" in text
    assert "réentraînement est prévu" in text
    written = json.loads((model.parent / "manifest.json").read_text())["files"]
    assert "model.monitor.json" in written
    assert (model.parent / "model.monitor.json").exists()


def test_what_cannot_be_compared_is_refused_and_nothing_is_written(calm, config, tmp_path):
    model, source = calm
    lost, fewer, narrow = (tmp_path / f"{name}.zip" for name in ("lost", "fewer", "narrow"))
    with (
        zipfile.ZipFile(source) as whole,
        zipfile.ZipFile(lost, "w") as without,
        zipfile.ZipFile(narrow, "w") as thin,
        zipfile.ZipFile(fewer, "w") as short,
    ):
        for name in whole.namelist():
            content = whole.read(name)
            if name != "order_payments.csv":
                without.writestr(name, content)
            thin.writestr(name, content.replace(b"payment_value", b"paid", 1))
            lines = content.splitlines(keepends=True)
            if name == "orders.csv":
                lines = [line for place, line in enumerate(lines) if place == 0 or place % 10]
            short.writestr(name, b"".join(lines))
    euro = tmp_path / "euro.toml"
    euro.write_text('[client]\ncurrency = "EUR"\n')
    meddled = tmp_path / "meddled.json"
    meddled.write_text(model.read_text().replace('"seed": 1', '"seed": 2'))
    state = tmp_path / "state.json"
    state.write_text("{}")
    before = sorted(tmp_path.iterdir()) + sorted(model.parent.iterdir())
    fine = ("--state", tmp_path / "new.json", "--pdf", tmp_path / "new.pdf")
    tries = [
        ((model, lost, *fine, "--config", config), "order_payments"),
        ((model, narrow, *fine, "--config", config), "payment_value"),
        ((model, fewer, *fine, "--config", config), "fewer than in the first extract"),
        ((model, source, *fine, "--as-of", "2018-01-10"), "complete until"),
        ((model, source, *fine, "--config", euro), "client.currency = EUR"),
        ((meddled, source, *fine), "was changed"),
        ((model, source, "--state", state), "does not hold a state"),
        ((model, source, "--state", model), "used already"),
    ]
    for arguments, message in tries:
        output = run(*arguments, code=1)
        assert message in output, output
        assert output.count("playbook:") == 1
    assert sorted(tmp_path.iterdir()) + sorted(model.parent.iterdir()) == before
