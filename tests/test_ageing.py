import numpy as np
import pytest
from test_stability import SETTINGS, shop  # noqa: F401  # a fixture

from analysis import findings as f
from analysis.ageing import describe_ageing, migrate
from analysis.designs import trace_cumulative_designs, window_designs
from analysis.segmentation import make_model
from analysis.stability import trace_timeline
from analysis.trials import try_candidates


@pytest.fixture(scope="module")
def traced(shop):  # noqa: F811
    orders, tables = shop
    trace = trace_timeline(orders, tables, "traits", 4, SETTINGS)
    trial = next(
        trial
        for trial in try_candidates(tables[-1], True, SETTINGS)
        if (trial.family, trial.k) == ("traits", 4)
    )
    model = make_model(trial, tables[-1], SETTINGS.customers, seed=1, fingerprint="")
    return trace, tables, model


def test_every_segment_of_a_stationary_shop_keeps(traced):
    trace, tables, model = traced
    found = describe_ageing(trace, tables, model, 1)
    assert [entry.segment_id for entry in found.segments] == list(
        model.segment_ids[int(model.has_repeat_segment) :]
    )
    for entry in found.segments:
        assert entry.ages_days == tuple(sorted({p.age_days for p in trace.timeline.points}))
        assert min(entry.jaccard_low) > 0.75
    assert all(change.map_moved_share < 0.1 for change in found.changes)


def test_nobody_is_lost_between_two_dates(traced):
    _, tables, model = traced
    found = migrate(tables[0], tables[-1], model)
    assert [row.segment_id for row in found.rows] == [*model.segment_ids, ""]
    for row in found.rows:
        assert sum(cell.customers for cell in row.cells) == row.customers
        for cell in row.cells:
            assert cell.interval.low <= cell.share <= cell.interval.high
    assert found.rows[-1].cells[-1].customers == 0


def test_an_unchanged_date_moves_nobody(traced):
    _, tables, model = traced
    found = migrate(tables[-1], tables[-1], model)
    for place, row in enumerate(found.rows[:-1]):
        assert row.cells[place].customers == row.customers
    empty = found.rows[-1]
    assert empty.customers == 0
    assert empty.cells[0].share == f.NotComputed("no_rows")


def test_absolute_recency_over_all_customers_decays_where_nothing_changes(shop):  # noqa: F811
    """The explanation that every document gives: a stationary shop, and yet an alarm."""
    orders, tables = shop
    found = trace_cumulative_designs(orders, [t.as_of for t in tables], 4, SETTINGS)
    assert [design.code for design in found] == ["cumulative_absolute", "capped_recency"]
    traits = window_designs(
        [trace_timeline(orders, tables, "traits", 4, SETTINGS).timeline], SETTINGS
    )
    assert found[0].first_below_days < 120
    assert found[0].aris[-1] < traits[0].aris[-1] - 0.1
    assert np.diff(found[0].ages_days).tolist() == [28] * (len(tables) - 2)
    assert isinstance(traits[0].first_below_days, f.NotComputed)
