"""What the manifest says of a run: its source, its settings, its steps and the versions used."""

from __future__ import annotations

import platform
from dataclasses import asdict
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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


def run_facts(source: OpenSource, settings: Settings, steps: Steps) -> dict[str, Any]:
    """Return what the manifest says of a run."""
    return {
        "fingerprint": source.description.fingerprint,
        "source": source.description.name,
        "seed": settings.seed,
        "versions": versions(),
        "settings": settings.model_dump(mode="json"),
        "steps": [asdict(timing) for timing in steps.timings],
    }
