"""What the manifest says of a run: source, settings, steps, what each trial took, versions."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import analysis
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
    source: OpenSource,
    settings: Settings,
    steps: Steps,
    costs: Sequence[TrialCost],
    *,
    compared: bool,
) -> dict[str, Any]:
    """Return what the manifest says of a run; `compared`: with an earlier edition."""
    return {
        "fingerprint": source.description.fingerprint,
        "source": source.description.name,
        "engine": source.engine,
        "seed": settings.seed,
        "versions": versions(),
        "analysis_sha256": analysis_checksum(),
        "compared": compared,
        **_of_this_run(settings, steps),
        "trials": [asdict(cost) for cost in costs],
    }


def facts_again(earlier: Mapping[str, Any], settings: Settings, steps: Steps) -> dict[str, Any]:
    """Return what the manifest says of a run that found the analysis of an earlier one again."""
    return {**earlier, **_of_this_run(settings, steps), "found_again": True}


def analysis_checksum() -> str:
    """Return a SHA-256 of everything that can change a finding: this program, and its queries."""
    from analysis.queries import query_folder

    digest = hashlib.sha256()
    package = Path(analysis.__file__).parent
    for folder, patterns in ((package, ("*.py", "*.toml")), (query_folder(), ("*.sql",))):
        for path in sorted(path for pattern in patterns for path in folder.rglob(pattern)):
            digest.update(f"{path.relative_to(folder).as_posix()}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _of_this_run(settings: Settings, steps: Steps) -> dict[str, Any]:
    return {
        "settings": settings.model_dump(mode="json"),
        "steps": [asdict(timing) for timing in steps.timings],
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
