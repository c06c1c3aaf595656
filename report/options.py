"""The options that commands share: how they are spelled, what they take, what they are for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

# Spelled here and not imported, so that `--help` loads nothing; a test holds them equal.
LANGUAGES = ("fr", "en", "pt-BR")
DOCUMENTS = ("playbook", "proposal", "contract", "deck", "report", "dashboard")
ENGINES = ("duckdb", "spark")


class DocumentNames(click.ParamType[tuple[str, ...]]):
    """A list of documents, separated by commas."""

    name = "list"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the documents named."""
        names = (
            tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value
        )
        unknown = [name for name in names if name not in DOCUMENTS]
        if unknown:
            self.fail(f"{unknown[0]!r} is none of {', '.join(DOCUMENTS)}", param, ctx)
        return tuple(names)


def source_address(value: str) -> Path | str:
    """Return a path as a path, the address of a database as it was given."""
    return value if "://" in value else Path(value)


def with_options(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the decorator that adds several options, in this order."""

    def decorate(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


FOLDER = click.option(
    "--out", default="output", show_default=True, type=click.Path(path_type=Path), help="Folder."
)
CONFIG = click.option(
    "--config", type=click.Path(path_type=Path), help="playbook.toml; see `playbook init`."
)
AS_OF = click.option(
    "--as-of",
    type=click.DateTime(("%Y-%m-%d", "%Y-%m-%d %H:%M:%S")),
    help="Use nothing after this moment (a bare date: its end). Default: the last purchase.",
)
PREVIOUS = click.option(
    "--previous",
    type=click.Path(path_type=Path),
    help="The findings.json of an earlier build, to name segments alike and tell what changed.",
)
LANGUAGE = click.option(
    "--lang",
    "languages",
    multiple=True,
    default=("fr",),
    show_default=True,
    type=click.Choice(LANGUAGES),
    help="Language; may be given several times.",
)
ONLY = click.option(
    "--only",
    type=DocumentNames(),
    default=DOCUMENTS,
    help=f"Documents, separated by commas: {', '.join(DOCUMENTS)}.",
)
TEMPLATE = click.option(
    "--template", type=click.Path(path_type=Path), help="Your own slide template (.pptx)."
)
NOTEBOOKS = click.option(
    "--notebooks", is_flag=True, help="Also leave the three executed notebooks (some minutes)."
)
FRESH = click.option(
    "--fresh", is_flag=True, help="Analyse again, also where the output folder has the analysis."
)
ENGINE = click.option(
    "--engine",
    default="duckdb",
    show_default=True,
    type=click.Choice(ENGINES),
    help="What runs the SQL: embedded, or a cluster (files only; needs PySpark and Java).",
)
MASTER = click.option(
    "--master", help="Spark's master, such as spark://host:7077. Default: this machine alone."
)
QUIET = click.option("--quiet", "-q", is_flag=True, help="Print nothing but problems.")
VERBOSE = click.option(
    "--verbose", "-v", is_flag=True, help="Print the time of each step, and how pages fit."
)
DOCUMENT_OPTIONS = with_options(LANGUAGE, ONLY, TEMPLATE, QUIET, VERBOSE)
