"""An edition beside an earlier one: matching and moves by hand, a made-up shop at two dates."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from sample import sample_findings
from shop import write_folder
from test_monitoring import fit_model

from analysis import findings as f
from analysis.changes import Present, compare_recommendations, count_flow, measure_changes
from analysis.customers import build_customers
from analysis.editions import Edition, check_later, check_same_shop, places_then, read_edition
from analysis.errors import FindingsError, SettingsError
from analysis.figure_changes import compare_profiles, compare_shares
from analysis.findings import Findings, Interval, NotComputed, to_json
from analysis.marketplace import make_marketplace
from analysis.matching import Matching, match_customers, match_profiles, match_segments, name_alike
from analysis.orders import OrderFacts, build_orders, describe_period, to_seconds, until
from analysis.segmentation import Model, assign_segments, model_to_json, with_names
from analysis.settings import check_settings
from analysis.source import open_tables
from report.cli import main

SETTINGS = check_settings({"customers": {"minimum_customers": 200}})
THEN, NOW = datetime(2018, 3, 25, 23, 59, 59), datetime(2018, 8, 20, 23, 59, 59)


# ---------------------------------------------------------------- by hand


def test_segments_are_matched_by_the_customers_that_both_maps_put_in_them():
    """Of 90 + 10 and 80 + 4: the second of now is the first of then, by 90 of 100 in either."""
    pairs, overlaps = match_customers(np.array([[0, 90], [80, 10], [4, 0]]), 0.5)
    assert pairs == (1, 0)
    assert overlaps == pytest.approx((80 / 94, 0.9))


def test_a_segment_that_shares_too_few_customers_is_new():
    """50 of the 100 in either are the half that is asked; 49 of 99 are less."""
    assert match_customers(np.array([[60, 50], [0, 50]]), 0.5)[0] == (0, 1)
    assert match_customers(np.array([[60, 50], [0, 49]]), 0.5)[0] == (0, None)


def test_what_a_rule_makes_is_the_same_segment_however_few_share_it():
    cells = np.array([[2, 40], [50, 3]])
    assert match_customers(cells, 0.5)[0] == (1, 0)
    assert match_customers(cells, 0.5, by_rule=(0, 0))[0] == (0, None)


def test_profiles_match_by_spend_and_stars_and_a_far_one_is_new():
    found = sample_findings().segmentation
    assert isinstance(found, f.Segmentation)
    backwards = tuple(reversed(found.segments))
    count = len(backwards)
    assert match_profiles(found.segments, backwards) == tuple(range(count - 1, -1, -1))
    last = found.segments[-1]
    spend = f.Quartiles(9e5, 1e6, 2e6, 1e6)
    far = replace(last, profile=replace(last.profile, spend=spend))
    assert match_profiles(found.segments, (*found.segments[:-1], far))[-1] is None


def test_customers_are_followed_with_the_labels_matched():
    """Then a b b a -, a left out; now the fit calls them 1 0 1 - 0; 1 is a, 0 is b.

    The first stays in a, the second in b, the third went from b to a, the fourth is gone, the fifth
    was known without a segment, the sixth is new. The third would be in b under the earlier map.
    """
    first = np.array([0, 1, 1, 0, -1, -1], dtype=np.int16)
    second = np.array([1, 0, 1, -1, 0, 0], dtype=np.int16)
    known = np.array([True, True, True, True, True, False])
    frozen = np.array([0, 1, 1, -1, 1, 1], dtype=np.int16)
    matching = Matching("both_maps", ("a", "b"), (1, 0), (0.9, 0.9), 5, frozen)
    flow = count_flow(first, second, matching, known, not_in_extract=2)
    assert (flow.then, flow.stayed, flow.moved, flow.gone) == (6, 2, 1, 3)
    assert (flow.now, flow.new, flow.joined) == (5, 1, 1)
    assert (flow.moved_by_customers, flow.moved_by_map) == (0, 1)
    assert flow.moved_share == pytest.approx(1 / 3)
    assert flow.then == flow.stayed + flow.moved + flow.gone
    assert flow.now == flow.stayed + flow.moved + flow.new + flow.joined
    elsewhere = replace(matching, frozen=np.array([0, 1, 0, -1, 1, 1], dtype=np.int16))
    assert count_flow(first, second, elsewhere, known, 0).moved_by_customers == 1


def test_a_difference_has_its_interval_and_is_told_when_it_is_sure_and_large():
    """0.10 (0.08 to 0.12) to 0.20 (0.17 to 0.23): 0.10 less and more sqrt(0.03² + 0.02²)."""
    then, now = (0.10, Interval(0.08, 0.12)), (0.20, Interval(0.17, 0.23))
    change = compare_shares("late_share", then, now, 0.02)
    assert isinstance(change.interval, Interval)
    assert change.difference == pytest.approx(0.10)
    assert change.interval.low == pytest.approx(0.10 - np.hypot(0.03, 0.02))
    assert change.moved
    assert not compare_shares("late_share", then, now, 0.11).moved
    wide = (0.11, Interval(0.05, 0.17))
    assert not compare_shares("late_share", then, wide, 0.0).moved


def test_what_one_edition_does_not_know_is_not_compared():
    missing = NotComputed("missing_table", expected="order_reviews")
    change = compare_shares("low_review_share", (0.1, Interval(0, 1)), (missing, missing), 0.0)
    assert change.difference == missing
    assert change.then == 0.1


def test_a_profile_beside_itself_has_not_moved():
    found = sample_findings().segmentation
    assert isinstance(found, f.Segmentation)
    profile = found.segments[0].profile
    figures = compare_profiles(profile, profile, SETTINGS.editions)
    assert [change.code for change in figures] == [
        *("customer_share", "revenue_share", "spend"),
        *("review", "low_review_share", "late_share"),
    ]
    assert not any(change.moved for change in figures)
    assert all(change.difference == pytest.approx(0) for change in figures)


def test_only_the_lines_of_the_offer_that_differ_are_listed():
    found = sample_findings()
    assert compare_recommendations(found, found).lines == ()
    tiers = found.proposal.tiers
    assert not isinstance(tiers, NotComputed)
    changed = []
    for tier in tiers:
        first, *rest = tier.lines
        changed.append(replace(tier, lines=(replace(first, quantity=first.quantity + 1), *rest)))
    later = replace(found, proposal=replace(found.proposal, tiers=tuple(changed)))
    (line,) = compare_recommendations(found, later).lines
    assert line.quantity_now == line.quantity_then + 1


# ---------------------------------------------------------------- a made-up shop at two dates


class Shop:
    """A made-up shop, its orders at two dates, and the edition of the first."""

    def __init__(self, out: Path) -> None:
        with open_tables(make_marketplace(4_000, seed=5).tables) as source:
            everything = build_orders(source)
            self.source = source.description
        self.then = _at(everything, THEN)
        self.now = _at(everything, NOW)
        self.out = out
        self.model, self.segments = fit_model(self.then[1], self.source.fingerprint)
        table = self.then[1]
        ids = self.then[0].customer_ids
        known = np.flatnonzero(table.standing != 0)
        self.list = {
            str(ids[code]): ""
            if self.segments[code] < 0
            else self.model.segment_ids[self.segments[code]]
            for code in known
        }
        self.findings = replace(
            _described(self.model), source=self.source, period=_period(everything, THEN)
        )


def _period(everything: OrderFacts, as_of: datetime) -> f.Period:
    return describe_period(everything, as_of, SETTINGS)


def _at(everything: OrderFacts, as_of: datetime):
    period = _period(everything, as_of)
    orders = until(everything, period.as_of)
    return orders, build_customers(orders, to_seconds(period.complete_until), SETTINGS.customers)


def _described(model: Model) -> Findings:
    """The sample's findings, its segments as many and named as those of the model."""
    found = sample_findings()
    assert isinstance(found.segmentation, f.Segmentation)
    first, second, *_ = found.segmentation.segments
    segments = tuple(
        replace(
            first if place == 0 else second,
            segment_id=name,
            colour=place,
            persona=model.personas[place],
        )
        for place, name in enumerate(model.segment_ids)
    )
    return replace(found, segmentation=replace(found.segmentation, segments=segments))


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Shop:
    return Shop(tmp_path_factory.mktemp("editions"))


def present(shop: Shop, order: tuple[int, ...] = (0, 1, 2)):
    """The present edition: the model fitted again, its clusters in another order."""
    orders, table = shop.now
    model, _ = fit_model(table, "later", order)
    return orders, table, model, assign_segments(table, model)


def compared(shop: Shop, edition: Edition) -> f.Changes:
    orders, table, model, segments = present(shop, (2, 0, 1))
    described = _described(model).segmentation
    assert isinstance(described, f.Segmentation)
    matching = match_segments(edition, orders, model, segments, described, SETTINGS)
    named = name_alike(matching, edition.findings.segmentation, described)
    found = replace(
        sample_findings(segmentation=named),
        customers=replace(
            sample_findings().customers, described_on=datetime(2018, 8, 6), window_days=365
        ),
    )
    since = sample_findings().kpis.total
    return measure_changes(
        edition, Present(found, orders, table, segments), matching, since, SETTINGS
    )


def test_names_and_colours_are_kept_whatever_the_fit_calls_its_clusters(shop: Shop):
    orders, _, model, segments = present(shop, (2, 0, 1))
    described = _described(model).segmentation
    assert isinstance(described, f.Segmentation)
    edition = Edition(shop.findings, shop.model, shop.list)
    matching = match_segments(edition, orders, model, segments, described, SETTINGS)
    assert isinstance(matching, Matching)
    assert matching.matched_by == "both_maps"
    assert matching.pairs == (0, 3, 1, 2)
    named = name_alike(matching, edition.findings.segmentation, described)
    assert [segment.segment_id for segment in named.segments] == ["s1", "s4", "s2", "s3"]
    assert [segment.colour for segment in named.segments] == [0, 3, 1, 2]
    assert with_names(model, named).segment_ids == ("s1", "s4", "s2", "s3")


def test_a_new_segment_gets_an_id_and_a_colour_that_nobody_had(shop: Shop):
    described = _described(shop.model).segmentation
    assert isinstance(described, f.Segmentation)
    matching = Matching("profiles", shop.model.segment_ids, (0, None, 1, 3), (), 0)
    named = name_alike(matching, described, described)
    assert [segment.segment_id for segment in named.segments] == ["s1", "s5", "s2", "s4"]
    assert [segment.colour for segment in named.segments] == [0, 4, 1, 3]


def test_the_whole_comparison_adds_up(shop: Shop):
    changes = compared(shop, Edition(shop.findings, shop.model, shop.list))
    flow, promise = changes.customers, changes.promise
    assert isinstance(flow, f.CustomerFlow)
    assert flow.then == sum(1 for name in shop.list.values() if name)
    assert flow.then == flow.stayed + flow.moved + flow.gone
    assert flow.now == flow.stayed + flow.moved + flow.new + flow.joined
    assert flow.moved == flow.moved_by_customers + flow.moved_by_map
    assert flow.new > 0
    assert isinstance(changes.migration, f.Migration)
    *_, outside = changes.migration.rows
    assert sum(row.customers for row in changes.migration.rows) - outside.customers == flow.then
    assert isinstance(promise, f.Promise)
    assert promise.verdict == "held_beyond" if promise.age_days > 122 else "held"
    assert promise.ari > 0.8
    assert not isinstance(changes.segments, NotComputed)
    assert {segment.status for segment in changes.segments} == {"kept"}
    assert f.from_json(to_json(sample_findings(changes=changes))).changes == changes


def test_without_the_files_beside_it_what_cannot_be_told_is_said(shop: Shop):
    alone = compared(shop, Edition(shop.findings, None, None))
    assert alone.matched_by == "profiles"
    assert alone.customers == NotComputed("no_earlier_file", expected="model.json, segments.csv")
    assert alone.promise == NotComputed("no_earlier_file", expected="model.json")
    listed = compared(shop, Edition(shop.findings, None, shop.list))
    assert listed.matched_by == "common_customers"
    none = replace(shop.findings, segmentation=NotComputed("no_candidate_passed"))
    empty = compared(shop, Edition(none, None, None))
    assert empty.segments == NotComputed("no_earlier_segments")


# ---------------------------------------------------------------- what is refused


def test_an_edition_that_is_not_earlier_or_counts_otherwise_is_refused(shop: Shop):
    edition = Edition(shop.findings, None, None)
    later = replace(shop.findings.period, as_of=shop.findings.period.as_of + timedelta(days=1))
    check_later(edition, later, SETTINGS)
    with pytest.raises(FindingsError, match="ends before this extract"):
        check_later(edition, shop.findings.period, SETTINGS)
    euro = check_settings({"client": {"currency": "EUR"}})
    with pytest.raises(SettingsError, match="counts in BRL"):
        check_later(edition, later, euro)


def test_another_shop_is_refused_by_its_customers_or_its_sellers(shop: Shop):
    orders, kpis = shop.now[0], shop.findings.kpis
    check_same_shop(Edition(shop.findings, None, shop.list), orders, kpis)
    check_same_shop(Edition(shop.findings, None, None), orders, kpis)
    with pytest.raises(FindingsError, match="no customer in common"):
        check_same_shop(Edition(shop.findings, None, {"stranger": "s1"}), orders, kpis)
    rows = tuple(replace(row, key=f"{row.key}x") for row in kpis.by_seller.rows)
    others = replace(kpis, by_seller=replace(kpis.by_seller, rows=rows))
    with pytest.raises(FindingsError, match="no seller in common"):
        check_same_shop(Edition(shop.findings, None, None), orders, others)


def hand_over(shop: Shop, out: Path, *, guarded: str = "") -> Path:
    """Write what the earlier build left."""
    out.mkdir()
    rows = [f"{name},{segment}\n" for name, segment in shop.list.items()]
    files = {
        "findings.json": to_json(shop.findings).encode(),
        "model.json": model_to_json(shop.model).encode(),
        "segments.csv": f"customer_unique_id,segment_id\n{guarded}{''.join(rows)}".encode(),
    }
    described = {
        name: {"sha256": hashlib.sha256(content).hexdigest()} for name, content in files.items()
    }
    for name, content in files.items():
        (out / name).write_bytes(content)
    (out / "manifest.json").write_text(
        json.dumps({"program": "segment-playbook", "files": described})
    )
    return out / "findings.json"


def test_an_edition_is_read_back_as_it_was_written(shop: Shop, tmp_path: Path):
    path = hand_over(shop, tmp_path / "output", guarded="'=1+1,s1\n")
    edition = read_edition(path)
    assert edition.model == shop.model
    assert edition.findings == shop.findings
    assert edition.segments == {"=1+1": "s1", **shop.list}
    places = places_then(edition, shop.then[0], shop.model.segment_ids)
    assert (places == shop.segments).all()


def refusal(*arguments: object) -> str:
    result = CliRunner().invoke(main, ["build", *(str(argument) for argument in arguments)])
    assert result.exit_code == 1, result.output
    assert result.output.count("playbook:") == 1
    return result.output


def test_files_that_are_missing_old_or_changed_are_refused_before_the_work(
    shop: Shop, tmp_path: Path
):
    path = hand_over(shop, tmp_path / "output")
    source, out = tmp_path / "none.zip", tmp_path / "next"
    common = (source, "--out", out, "--previous")
    assert "cannot be read" in refusal(*common, tmp_path / "findings.json")
    path.with_name("segments.csv").write_text("customer_unique_id,segment_id\na,s1\n")
    assert "changed after the run" in refusal(*common, path)
    path.with_name("segments.csv").write_text("a,b\n")
    assert "no column customer_unique_id" in refusal(*common, path)
    path.with_name("segments.csv").unlink()
    other = model_to_json(replace(shop.model, fingerprint="x"))
    path.with_name("model.json").write_text(other)
    assert "the model beside the earlier findings is of other data" in refusal(*common, path)
    path.write_text('{"format_version": 1}')
    assert "findings of format 1" in refusal(*common, path)
    assert not out.exists()


def test_an_edition_in_the_output_folder_is_kept_inside_the_next(tmp_path: Path):
    """A history too short to be segmented: the figures of the shop are compared all the same."""
    tables = make_marketplace(500, seed=11).tables
    orders = tables["orders"]
    tables = {**tables, "orders": orders[orders["order_purchase_timestamp"] >= "2018-01-01"]}
    kept = tables["orders"]["order_id"]
    for name in ("order_items", "order_payments", "order_reviews"):
        tables[name] = tables[name][tables[name]["order_id"].isin(kept)]
    source, out = write_folder(tables, tmp_path / "shop"), tmp_path / "output"
    common = ("build", str(source), "--out", str(out), "--only", "report", "--lang", "en")

    def build(*more: str) -> None:
        result = CliRunner().invoke(main, [*common, *more], catch_exceptions=False)
        assert result.exit_code == 0, result.output

    build("--as-of", "2018-05-31")
    first = (out / "findings.json").read_bytes()
    build("--previous", str(out / "findings.json"))
    assert (out / "previous" / "findings.json").read_bytes() == first
    page = (out / "en" / "report.html").read_text()
    assert "Since the last edition" in page
    changes = read_edition(out / "findings.json").findings.changes
    assert changes is not None
    assert changes.segments == NotComputed("depends_on", found="segmentation")
    then, since = changes.kpis.then.orders, changes.kpis.since.orders
    assert then + since == len(kept)
    build("--previous", str(out / "previous" / "findings.json"))
    assert (out / "previous" / "findings.json").read_bytes() == first


def test_customers_of_an_edition_too_large_for_a_spreadsheet_are_read(tmp_path):
    import pandas as pd

    path = tmp_path / "findings.json"
    path.write_text(to_json(sample_findings()))
    rows = {"customer_unique_id": ["=a", "b"], "segment_id": ["s1", None]}
    pd.DataFrame(rows).to_parquet(tmp_path / "segments.parquet")
    assert read_edition(path).segments == {"=a": "s1", "b": ""}
    (tmp_path / "segments.parquet").write_bytes(b"PAR1")
    with pytest.raises(FindingsError, match="customers of the earlier edition cannot be read"):
        read_edition(path)
