"""What each trial took: seconds to fit and to label everybody.

Seconds differ from run to run, so they are no finding: the manifest keeps them. Memory is not
among them: candidates train beside each other in one process, whose peak says nothing of each, and
one at a time the table would take twice as long. tests/benchmarks/trial_costs.py fits each alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.findings import Algorithm, Family
from analysis.trials import Trial

# Microseconds: finer is noise.
DIGITS = 6


@dataclass(frozen=True)
class TrialCost:
    """What one candidate took in one run on one machine, in the order of the findings.

    Attributes:
        parameters: of the algorithm, as the candidate has them.
        asked: segments asked for; 0 where the algorithm finds the number itself.
        k: segments found.
        customers: that got a label.
        fitted_customers: that the algorithm saw.
        fit_seconds: training, while others trained beside it; shared equally by candidates that
            are cut from one tree or one embedding.
        predict_seconds: labels for everybody.
    """

    family: Family
    algorithm: Algorithm
    parameters: tuple[tuple[str, str], ...]
    asked: int
    k: int
    customers: int
    fitted_customers: int
    fit_seconds: float
    predict_seconds: float


def list_costs(trials: Sequence[Trial]) -> tuple[TrialCost, ...]:
    """Return what each trial took, in the order given."""
    return tuple(_cost(trial) for trial in trials)


def _cost(trial: Trial) -> TrialCost:
    made = trial.partition
    return TrialCost(
        family=trial.family,
        algorithm=trial.recipe.algorithm,
        parameters=trial.recipe.spelled(),
        asked=trial.recipe.k,
        k=trial.k,
        customers=len(trial.codes),
        fitted_customers=made.fitted_rows,
        fit_seconds=round(made.fit_seconds, DIGITS),
        predict_seconds=round(made.predict_seconds, DIGITS),
    )
