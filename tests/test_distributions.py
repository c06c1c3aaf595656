import json
from pathlib import Path

import numpy as np
import pytest

from analysis.distributions import compare_levels, compare_numbers, stability_index

# Reference values of another program (Evidently) and of scipy, for the same draws.
REFERENCE = json.loads((Path(__file__).parent / "fixtures" / "drift_metrics.json").read_text())


@pytest.fixture(scope="module")
def drawn():
    rng = np.random.default_rng(2024)
    return rng.normal(0, 1, 5000).round(6), rng.normal(0.3, 1.1, 3000).round(6)


def test_numbers_against_the_reference(drawn):
    found = compare_numbers(*drawn)
    assert found.psi == pytest.approx(REFERENCE["decile_psi"], abs=1e-9)
    assert found.size == pytest.approx(REFERENCE["ks"], abs=1e-9)
    assert found.shift == pytest.approx(REFERENCE["wasserstein_over_sd"], abs=1e-9)


def test_index_with_the_bins_of_another_program(drawn):
    # Sturges' equal widths over both samples: the bins that Evidently takes.
    edges = np.histogram_bin_edges(np.concatenate(drawn), bins="sturges")
    counts = [np.histogram(values, edges)[0] for values in drawn]
    assert stability_index(*counts) == pytest.approx(REFERENCE["evidently_psi_numeric"], abs=1e-9)


def test_index_by_hand():
    # (0.8 - 0.5) ln(0.8 / 0.5) + (0.2 - 0.5) ln(0.2 / 0.5)
    assert stability_index(np.array([50, 50]), np.array([80, 20])) == pytest.approx(
        0.415888, abs=1e-6
    )


def test_levels_by_hand():
    # chi2 of [[30, 70], [50, 50]] = 200 (30*50 - 70*50)^2 / (100 100 80 120) = 8.3333
    found = compare_levels(np.array([30, 70]), np.array([50, 50]))
    assert found.size == pytest.approx(np.sqrt(8.333333 / 200), abs=1e-6)
    assert found.p_value == pytest.approx(0.0038924, abs=1e-6)


def test_the_critical_value_without_any_change():
    # 1.36 sqrt(2 / n) is exceeded by one pair of samples in twenty (methods, 6.1).
    rng = np.random.default_rng(5)
    sizes = [compare_numbers(*rng.normal(size=(2, 2000))).size for _ in range(300)]
    assert np.quantile(sizes, 0.95) == pytest.approx(1.36 * np.sqrt(2 / 2000), rel=0.08)


def test_the_null_of_the_index_holds():
    rng = np.random.default_rng(6)
    found = [compare_numbers(*rng.normal(size=(2, 800))) for _ in range(300)]
    share = np.mean([entry.psi > entry.psi_null for entry in found])
    assert share <= 0.03


def test_a_stock_that_contains_the_new_dilutes_the_difference():
    rng = np.random.default_rng(7)
    old, new = rng.normal(size=3000), rng.normal(0.5, 1, 600)
    weight = len(new) / (len(old) + len(new))
    alone = compare_numbers(old, new).size
    cumulative = compare_numbers(old, np.concatenate([old, new])).size
    assert cumulative == pytest.approx(weight * alone, abs=1e-12)


def test_a_feature_with_one_level_or_value_does_not_differ():
    assert compare_levels(np.array([10, 0]), np.array([7, 0])).p_value == 1.0
    same = compare_numbers(np.ones(50), np.ones(20))
    assert (same.size, same.psi, same.shift) == (0.0, 0.0, None)


def test_no_rows():
    with pytest.raises(ValueError, match="without rows"):
        compare_numbers(np.array([]), np.ones(2))
    with pytest.raises(ValueError, match="without rows"):
        compare_levels(np.array([0, 0]), np.array([1, 2]))
