"""What the manifest says of a run: source, settings, steps, what each trial took, versions."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from analysis.errors import OutputError

if TYPE_CHECKING:
    from analysis.costs import TrialCost
    from analysis.settings import Settings
    from analysis.source import OpenSource
    from analysis.steps import Steps

DEPENDENCIES = (
    "segment-playbook",
    "duckdb",
    "jinja2",
    "numpy",
    "pandas",
    "pikepdf",
    "python-pptx",
    "scikit-learn",
    "scipy",
    "sqlglot",
    "weasyprint",
)


def versions() -> dict[str, str]:
    """Return the version of Python and of each library that can change a figure or a page."""
    return {"python": platform.python_version(), **{name: version(name) for name in DEPENDENCIES}}


def run_facts(
    source: OpenSource, settings: Settings, steps: Steps, costs: Sequence[TrialCost]
) -> dict[str, Any]:
    """Return what the manifest says of a run."""
    return {
        "fingerprint": source.description.fingerprint,
        "source": source.description.name,
        "seed": settings.seed,
        "versions": versions(),
        "settings": settings.model_dump(mode="json"),
        "steps": [asdict(timing) for timing in steps.timings],
        "trials": [asdict(cost) for cost in costs],
    }


def trial_costs(facts: Mapping[str, Any], where: str) -> tuple[TrialCost, ...]:
    """Return what each trial took, as a manifest says; nothing where it does not say.

    Raises:
        OutputError: what it says are no costs of trials.
    """
    from pydantic import TypeAdapter, ValidationError

    from analysis.costs import TrialCost

    try:
        return TypeAdapter(tuple[TrialCost, ...]).validate_python(facts.get("trials", ()))
    except ValidationError as error:
        raise OutputError(
            f"the costs of the trials cannot be read: {error.errors()[0]['msg']}",
            where=where,
            expected="the manifest that `playbook build` wrote, unchanged",
            todo="build again",
        ) from error
