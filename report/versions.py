"""The versions that a run depends on, for its manifest."""

from __future__ import annotations

import platform
from importlib.metadata import version

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
