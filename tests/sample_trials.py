"""Made-up trials, and the evidence on features and sizes (see sample.py)."""

from __future__ import annotations

from typing import Any

from analysis.findings import (
    Candidate,
    Choice,
    Control,
    FeatureEvidence,
    Features,
    GateCheck,
    Interval,
    NotComputed,
    NumberOfSegments,
    RepeatEvidence,
    ReviewEvidence,
    Score,
    SizeEvidence,
    TransformEvidence,
    WeightedWin,
)


def candidate(
    family: Any, k: int, passed: bool, chosen: bool, failed: str = "", **changes: Any
) -> Candidate:
    """One partition that was tried."""
    checks = [
        GateCheck(
            "spend_ratio",
            3.1 if failed != "spend_ratio" else 1.27,
            2.0,
            True,
            failed != "spend_ratio",
        ),
        GateCheck("star_gap", 3.2, 1.0, True, True, "G2", 3.14),
        GateCheck("later_star_gap", 3.1, 1.0, True, True),
        GateCheck(
            "smallest_share",
            0.14 if failed != "smallest_share" else 0.012,
            0.03,
            True,
            failed != "smallest_share",
            "G3",
        ),
    ]
    failing = next((place for place, check in enumerate(checks) if not check.passed), len(checks))
    checks = checks[: failing + 1]
    unknown = NotComputed("not_reached")
    values: dict[str, Any] = {
        "family": family,
        "algorithm": "kmeans",
        "parameters": (),
        "asked": k,
        "k": k,
        "customers": 6_820,
        "sizes": tuple(6_820 // k for _ in range(k)),
        "fitted_customers": 6_820,
        "extension": "none",
        "extension_accuracy": 1.0,
        "noise_share": 0.0,
        "smallest_share": 0.14 if failed != "smallest_share" else 0.012,
        "service_segments": 0,
        "inertia": 9_000.0 / k,
        "silhouette": 0.42 - k / 100,
        "silhouette_interval": Interval(0.40 - k / 100, 0.44 - k / 100),
        "silhouette_sample": 5_000,
        "shuffled_silhouette": 0.37 if passed else unknown,
        "davies_bouldin": 0.9,
        "calinski_harabasz": 8_100.0,
        "compactness": 0.8,
        "elongation": 1.6,
        "eta_squared_spend": 0.7,
        "eta_squared_review": 0.78,
        "jaccards": tuple(0.99 for _ in range(k)) if passed else unknown,
        "refit_floor": 0.95 if passed else unknown,
        "seed_floor": 0.97 if passed else unknown,
        "near_tie": 0.99 if passed else unknown,
        "checks": tuple(checks),
        "gate": checks[-1].gate,
        "passed": passed,
        "is_baseline": False,
        "chosen": chosen,
        "failed_check": failed,
        "starts_floor": 0.98 if chosen else unknown,
        "gap": 0.61,
        "gap_error": 0.01,
        "prediction_strength": 0.83 if chosen else unknown,
        "prediction_error": 0.02 if chosen else unknown,
        "score": Score(0.57, 0.74, 0.99, 0.85, 0.6, 72.5, k - 2) if passed else unknown,
    }
    return Candidate(**{**values, **changes})


def sample_candidates() -> tuple[Candidate, ...]:
    return (
        candidate("traits", 3, True, True),
        candidate("traits", 4, True, False, "ranked_behind"),
        candidate("traits", 8, False, False, "smallest_share"),
        candidate("traits_and_recency", 3, False, False, "spend_ratio"),
        candidate(
            "traits_and_recency",
            4,
            False,
            False,
            "spend_ratio",
            algorithm="gaussian_mixture",
            parameters=(("covariance", "full"),),
            fitted_customers=5_000,
        ),
    )


def sample_choice() -> Choice:
    """Return how the made-up candidate was chosen."""
    return Choice(
        weights=(30.0, 25.0, 20.0, 15.0, 10.0),
        tie=5.0,
        draws=1_000,
        wins_share=0.83,
        points=72.5,
        runner_up_points=72.1,
        baseline_points=NotComputed("no_rows"),
        controls=(
            Control("random_labels", GateCheck("spend_ratio", 1.01, 2.0, True, False)),
            Control("recency_and_amount", GateCheck("star_gap", 0.32, 1.0, True, False)),
        ),
        resamples=50,
        costly_resamples=10,
        resample_customers=2_000,
        resample_rows=4_000,
        chosen_resamples=100,
        index_customers=6_000,
        candidate_halvings=3,
        starts=20,
        wins=(WeightedWin(0, 0.83), WeightedWin(1, 0.17)),
        wins_with_baselines=(WeightedWin(0, 0.83), WeightedWin(1, 0.17)),
    )


def sample_features() -> Features:
    """Return made-up evidence on what clusters."""
    unknown = NotComputed("no_variation")
    return Features(
        customers=6_820,
        features=(
            FeatureEvidence(
                *("spend", "clusters", "needed", 1.0, 6.0, -0.05, "review"),
                *(0.22, 0.01, 0.98, 0.11),
            ),
            FeatureEvidence(
                *("freight_share", "describes", "repeats", 0.99, 1.1, -0.69, "spend"),
                *(0.37, 0.58, 0.72, 0.17),
            ),
            FeatureEvidence(
                *("category", "describes", "constant", 1.0, unknown, unknown, ""),
                *(unknown, unknown, unknown, unknown),
            ),
        ),
        transforms=(
            TransformEvidence("raw", 6.0, 0.011, 0.4, 0.94, 0.89, used=False),
            TransformEvidence("log1p", 0.49, 0.13, 0.7, 0.95, 0.86, used=True),
        ),
        reviews=ReviewEvidence(0.0072, 0.05, 0.998, 0.95),
        repeat=RepeatEvidence(6_950, 0.026, 0.99, 0.98, 0.93, 0.68, 0.7, 0.026),
    )


def sample_numbers() -> NumberOfSegments:
    """Return what made-up data say of the number of segments."""
    unknown = NotComputed("not_reached")
    return NumberOfSegments(
        customers=6_000,
        sizes=(
            SizeEvidence(1, *(unknown,) * 4, 0.0, 0.02, 1.0, 0.0, unknown),
            SizeEvidence(3, 0.44, 0.43, 0.77, 68_267.0, 0.55, 0.01, 0.91, 0.01, 0.99),
            SizeEvidence(4, 0.42, 0.41, 0.84, 66_400.0, 0.61, 0.01, 0.88, 0.01, unknown),
        ),
        by_silhouette=3,
        by_davies_bouldin=3,
        by_calinski_harabasz=3,
        by_gap=4,
        by_prediction=4,
        strength_threshold=0.8,
        chosen=3,
    )
