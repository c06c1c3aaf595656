"""The notebooks of a made-up shop, executed in each language: every picture, no failure, twice."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

import pytest
from quick import QUICK

from analysis.findings import NotComputed
from analysis.marketplace import make_marketplace
from analysis.pipeline import analyse
from analysis.settings import check_settings
from analysis.source import open_tables
from analysis.steps import Steps
from report.exports import data_files
from report.notebooks import NOTEBOOKS, read_notebook, render_notebooks
from report.outputs import MANIFEST, manifest, write
from report.shown import Shown
from report.versions import run_facts
from report.wording import LANGUAGES, Wording

pytestmark = pytest.mark.slow

CUSTOMERS, SEED = 4_000, 11
SETTINGS = check_settings(
    {**QUICK, "notebooks": {"projection_customers": 400, "silhouette_customers": 400}}
)
PICTURES = {
    "1_exploration": {"missing", "features", "correlations", "projection"},
    "2_trials": {
        *("jaccards", "silhouettes", "projection", "profiles", "parallel"),
        "costs",
    },
    "3_stability": {"agreement", "ageing", "designs", "drift", "series"},
}
DRAWINGS = {"3_stability": {"timeline", "other", "mix"}}


@pytest.fixture(scope="module")
def run_files():
    """What a build leaves for the notebooks, by name."""
    tables = make_marketplace(CUSTOMERS, SEED).tables
    source = open_tables(tables, name=f"demo-{CUSTOMERS}-{SEED}")
    steps = Steps()
    analysis = analyse(source, SETTINGS, steps)
    assert not isinstance(analysis.findings.segmentation, NotComputed)
    files = data_files(analysis, SETTINGS)
    facts = run_facts(source, SETTINGS, steps, analysis.costs, compared=False)
    return {**files, MANIFEST: manifest(files, facts)}


@pytest.fixture(scope="module")
def executed(run_files):
    """The notebooks in French, as they are handed over."""
    return render_notebooks(run_files, None, ["fr"])


def outputs_of(content: bytes) -> dict[str, dict[str, str]]:
    """Return the forms of the output of each cell that shows something."""
    cells = json.loads(content)["cells"]
    shown = {}
    for cell in cells:
        for output in cell.get("outputs", ()):
            assert output["output_type"] == "execute_result", cell["id"]
            shown[cell["id"]] = {form: "".join(text) for form, text in output["data"].items()}
    return shown


def shown_here(name: str, language: str) -> dict[str, Shown]:
    """Run the cells of a notebook in this process; return what each of them shows."""
    known: dict[str, Any] = {}
    shown = {}
    for cell in read_notebook(name, Wording(language)).cells:
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        if isinstance(tree.body[-1], ast.Expr):
            last = ast.Expression(tree.body.pop().value)
            exec(compile(tree, cell.id, "exec"), known)  # noqa: S102 - our own notebook
            shown[cell.id] = eval(compile(last, cell.id, "eval"), known)  # noqa: S307 - the same
        else:
            exec(compile(tree, cell.id, "exec"), known)  # noqa: S102 - our own notebook
    return shown


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_cell_shows_its_answer(executed, name):
    shown = outputs_of(executed[f"fr/notebooks/{name}.ipynb"])
    assert {cell for cell, forms in shown.items() if "image/png" in forms} == PICTURES[name]
    drawn = {cell for cell, forms in shown.items() if "image/svg+xml" in forms.get("text/html", "")}
    assert drawn >= DRAWINGS.get(name, set())
    said = " ".join(forms["text/plain"] for forms in shown.values())
    assert not re.search(r"NotComputed|None|\bnan\b", said)


def test_the_costs_are_those_of_the_manifest(executed, run_files):
    shown = outputs_of(executed["fr/notebooks/2_trials.ipynb"])["seconds"]["text/plain"]
    trials = json.loads(run_files[MANIFEST])["trials"]
    assert len(shown.splitlines()) == len(trials) + 2
    written = f"{trials[0]['fit_seconds']:.2f}".replace(".", ",")
    assert f"| {written}" in shown.splitlines()[2]


def test_two_runs_leave_the_same_bytes(executed, run_files):
    assert render_notebooks(run_files, None, ["fr"]) == executed


@pytest.mark.parametrize("name", NOTEBOOKS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cells_run_in_each_language(run_files, tmp_path, monkeypatch, name, language):
    output = tmp_path / "output"
    write(output, {k: v for k, v in run_files.items() if k != MANIFEST}, facts_of(run_files))
    here = output / language / "notebooks"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    shown = shown_here(name, language)
    assert {cell for cell, one in shown.items() if "image/png" in one.forms} == PICTURES[name]


def facts_of(files: dict[str, bytes]) -> dict[str, Any]:
    """Return the facts of a manifest, without what it says of the files."""
    facts = json.loads(files[MANIFEST])
    return {name: fact for name, fact in facts.items() if name not in ("program", "files")}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_text_is_put_in_the_language(name):
    texts = {
        language: [
            cell.source
            for cell in read_notebook(name, Wording(language)).cells
            if cell.cell_type == "markdown"
        ]
        for language in LANGUAGES
    }
    english = texts.pop("en")
    for told in texts.values():
        assert len(told) == len(english)
        assert not [text for text, other in zip(told, english, strict=True) if text == other]
