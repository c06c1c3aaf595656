"""The README tells the truth: its commands exist, its lists are those of the project."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from analysis.settings import check_settings
from report.cli import main
from report.documents import DOCUMENTS as MADE
from report.options import DOCUMENTS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.M | re.S)


def rows(title: str) -> list[str]:
    """Return the first cells of the table under a heading."""
    section = README.split(f"\n## {title}\n")[1].split("\n## ")[0]
    cells = re.findall(r"^\| (.+?) \|", section, flags=re.M)
    return [cell for cell in cells if cell not in {"command", "package"}]


def playbook_lines() -> list[str]:
    shown = [line for block in blocks("console") for line in block.splitlines()]
    lines = [line for line in shown if re.match(r"(\S*/)?playbook ", line)]
    return lines + [cell.strip("`") for cell in rows("Commands")]


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9_-]", requirement)[0] for requirement in requirements}


@pytest.mark.parametrize("line", playbook_lines())
def test_commands_parse(line: str) -> None:
    _, name, *arguments = shlex.split(line)
    command = main.commands[name]
    # With the settings of the whole program: a command keeps the names of its help once asked.
    whole = click.Context(main, **main.context_settings)
    context = command.make_context(name, arguments, parent=whole)
    assert isinstance(context, click.Context)


def test_every_command_is_in_the_table() -> None:
    assert {cell.strip("`").split()[1] for cell in rows("Commands")} == set(main.commands)


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`?make ([a-z-]+)", README))
    assert {"demo", "test"} <= named
    for target in named:
        assert re.search(rf"^{target}:", makefile, flags=re.M), target


def test_settings_shown_are_settings() -> None:
    for block in blocks("toml"):
        check_settings(tomllib.loads(block))


def test_documents_shown_are_those_that_are_made() -> None:

    left = README.split("\n## What a run leaves\n")[1].split("\n## ")[0]
    assert tuple(MADE) == DOCUMENTS
    for name in MADE.values():
        assert name in left


def test_every_dependency_earns_its_place() -> None:
    table = {name for cell in rows("Dependencies") for name in cell.split(", ")}
    assert table == names(PROJECT["dependencies"])
    section = README.split("\n## Dependencies\n")[1].split("\n## ")[0]
    for extra in PROJECT["optional-dependencies"].values():
        for name in names(extra):
            assert name in section, name


def test_paths_exist() -> None:
    for path in re.findall(r"`((?:analysis|report|sql|templates|tests|\.ci)/[^`]*)`", README):
        assert (ROOT / path).exists(), path


def test_version_is_in_the_changelog() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## {PROJECT['version']}\n" in changelog
