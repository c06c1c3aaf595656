"""The import map: who may know whom, and what start-up may cost."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from sample import sample_findings

from analysis.findings import to_json

ROOT = Path(__file__).parent.parent
ANALYSIS = sorted((ROOT / "analysis").rglob("*.py"))
REPORT = sorted((ROOT / "report").rglob("*.py"))
HEAVY = ("numpy", "pandas", "duckdb", "sklearn", "scipy", "weasyprint", "pptx", "pydantic", "babel")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", ANALYSIS, ids=name_of)
def test_the_analysis_never_knows_the_report(path):
    assert not {name for name in imported(path) if name.split(".")[0] == "report"}


@pytest.mark.parametrize("path", REPORT, ids=name_of)
def test_the_report_computes_no_statistic(path):
    assert not {
        name
        for name in imported(path)
        if name.split(".")[0] in ("sklearn", "scipy", "duckdb", "sqlglot")
    }


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("print", {"report/cli.py"}),
        ("write_bytes", {"report/outputs.py"}),
        ("write_text", {"report/outputs.py"}),
    ],
)
def test_one_door_each(path, words):
    """Nobody else prints, or writes a file."""
    callers = set()
    for source in (*ANALYSIS, *REPORT):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                attribute = getattr(node.func, "attr", "").replace("print", "")
                if path in (getattr(node.func, "id", ""), attribute):
                    callers.add(name_of(source))
    assert callers <= words


def modules_after(statement: str) -> set[str]:
    code = f"{statement}; import sys; print(' '.join(sorted(sys.modules)))"
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return {name.split(".")[0] for name in done.stdout.split()}


def test_help_loads_nothing_heavy():
    assert not modules_after("import report.cli") & set(HEAVY)


def test_the_analysis_loads_no_renderer():
    loaded = modules_after("import analysis.pipeline")
    assert not loaded & {"report", "weasyprint", "pptx", "jinja2", "babel"}


def test_rendering_loads_no_statistics(tmp_path):
    path = tmp_path / "findings.json"
    path.write_text(to_json(sample_findings()), encoding="utf-8")
    statement = (
        "from pathlib import Path; from analysis.findings import read_findings;"
        f"found = read_findings(Path({str(path)!r}));"
        "from report.documents import _Renderer; from analysis.steps import Steps;"
        "names = ('playbook', 'proposal', 'deck', 'report', 'dashboard');"
        "_Renderer(found, None).render([('en', name) for name in names], Steps())"
    )
    assert not modules_after(statement) & {"sklearn", "scipy", "duckdb", "sqlglot"}
