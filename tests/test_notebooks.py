"""The notebooks: sources that only ask, texts in each language, executed copies that repeat."""

from __future__ import annotations

import ast
import builtins
import json
import re
from dataclasses import replace

import pytest
from sample import sample_findings

from analysis.errors import RenderError
from analysis.exploration import count_missing
from analysis.findings import NotComputed, to_json
from analysis.settings import Settings, check_settings, restore_settings
from report import notebooks
from report.notebooks import NOTEBOOKS, source_text, text_blocks
from report.opened_run import open_run


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_source_only_asks_and_shows(name):
    tree = ast.parse(source_text(name))
    forbidden = (
        *(ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.If, ast.BinOp),
        *(ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp, ast.Compare),
    )
    assert not [node for node in ast.walk(tree) if isinstance(node, forbidden)]
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {node.module.split(".")[0] for node in imported} <= {"analysis", "report"}
    assert not [alias for node in imported for alias in node.names if alias.name.startswith("_")]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import)]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_cell_of_code_has_a_name_of_its_own(name):
    titles = re.findall(r"^# %%(.*)$", source_text(name), flags=re.M)
    named = [title.strip() for title in titles if "[markdown]" not in title]
    assert all(named)
    assert len(set(named)) == len(named)


def test_a_heading_and_its_paragraphs_are_texts_of_their_own():
    found = list(text_blocks("## A title\n\nOne line\nand its end."))
    assert found == [("## ", "A title"), ("", "One line and its end.")]


def test_without_the_libraries_the_message_says_what_to_install(monkeypatch):
    known = builtins.__import__

    def without(name, *arguments, **options):
        if name == "nbclient":
            raise ModuleNotFoundError(name=name)
        return known(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(RenderError, match=r"segment-playbook\[notebooks\]"):
        notebooks.check_libraries()


def test_a_source_that_is_not_there_is_said(tmp_path, monkeypatch):
    monkeypatch.delenv("PLAYBOOK_SOURCE", raising=False)
    folder = tmp_path / "output"
    folder.mkdir()
    made = sample_findings()
    found = replace(made, source=replace(made.source, kind="archive", name="shop.zip"))
    (folder / "findings.json").write_text(to_json(found), encoding="utf-8")
    facts = {"program": "segment-playbook", "files": {}, "settings": {}}
    (folder / "manifest.json").write_text(json.dumps(facts), encoding="utf-8")
    run = open_run("en", folder)
    answer = run.ask(count_missing)
    assert answer == NotComputed("no_source", found=found.source.name, expected="PLAYBOOK_SOURCE")
    assert found.source.name in run.wording.not_computed(answer)


def test_settings_come_back_from_a_manifest():
    mapping = {"orders": {"from": "invoices", "order_id": "number"}}
    settings = Settings.model_validate({"seed": 3, "source": {"mapping": mapping}})
    written = json.loads(json.dumps(settings.model_dump(mode="json")))
    assert restore_settings(written, "manifest.json") == settings
    priced = check_settings({"contract": {"day_rate": "600", "date": "2026-01-31"}})
    assert restore_settings(priced.model_dump(mode="json"), "manifest.json") == priced


@pytest.fixture(scope="module")
def executed():
    """The notebooks on made-up findings, without their source, as JSON by name."""
    made = sample_findings()
    found = replace(made, source=replace(made.source, kind="archive", name="shop.zip"))
    facts = {"program": "segment-playbook", "files": {}, "settings": {}}
    data = {"findings.json": to_json(found).encode(), "manifest.json": json.dumps(facts).encode()}
    files = notebooks.render_notebooks(data, None, ["en"])
    assert set(files) == {f"en/notebooks/{name}.ipynb" for name in NOTEBOOKS}
    return {name: json.loads(files[f"en/notebooks/{name}.ipynb"]) for name in NOTEBOOKS}


def outputs(notebook) -> list[dict[str, object]]:
    return [out["data"] for cell in notebook["cells"] for out in cell.get("outputs", ())]


@pytest.mark.slow
def test_notebooks_run_without_their_source_and_say_so(executed):
    said = [data["text/plain"] for data in outputs(executed["1_exploration"])]
    assert sum("shop.zip is not there" in "".join(text) for text in said) == 5
    drawn = [data for data in outputs(executed["3_stability"]) if "image/png" in data]
    assert len(drawn) == 5


@pytest.mark.slow
def test_notebooks_hold_nothing_of_the_machine(executed):
    for name, notebook in executed.items():
        text = json.dumps(notebook)
        assert not re.search(r"/(?:tmp|home|root|usr)/|0x[0-9a-f]{6,}", text), name
        assert notebook["metadata"]["language_info"] == {"name": "python"}
        assert all(cell["metadata"] == {} for cell in notebook["cells"])


@pytest.mark.slow
def test_a_cell_that_fails_is_named_and_nothing_is_left(monkeypatch):
    monkeypatch.setattr(notebooks, "NOTEBOOKS", ("3_stability",))
    data = {"findings.json": to_json(sample_findings()).encode()}
    with pytest.raises(RenderError, match="no readable manifest") as failure:
        notebooks.render_notebooks(data, None, ["en"])
    assert failure.value.where == "3_stability, cell open"
