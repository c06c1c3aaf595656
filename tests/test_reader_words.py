"""What a client reads names no file and no setting of ours, in any language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest
from pydantic import BaseModel
from sample import sample_findings, sample_proposal
from test_translations import texts as messages

from analysis.settings import Settings
from report.content import load_content, texts
from report.context import build_context
from report.wording import LANGUAGES, Wording

# Texts of the command line, which speaks to the consultant, and the queries shown for copying.
OF_THE_COMMAND = {"cli.py", "examples.py"}
SQL = re.compile(r"\bselect\b.*\bfrom\b", re.IGNORECASE | re.DOTALL)


def names(model: type[BaseModel]) -> Iterator[str]:
    """Yield the names of settings that no reader could take for a word of a language."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from names(field.annotation)
        if "_" in name:
            yield name


SETTINGS = re.compile(
    r"playbook\.toml|\[[a-z_]+\.?[a-z_]*\]|\b(?:" + "|".join(sorted(set(names(Settings)))) + r")\b"
)


def strings(value: object) -> Iterator[str]:
    """Yield the texts that a context holds, at any depth; a word alone is a key, not a text."""
    if isinstance(value, str):
        if " " in value:
            yield value
    elif isinstance(value, dict):
        for below in value.values():
            yield from strings(below)
    elif isinstance(value, list | tuple):
        for below in value:
            yield from strings(below)
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings(getattr(value, field.name))


def test_the_pattern_finds_what_it_should() -> None:
    for said in ("in playbook.toml.", "under [actions]", "contact_cost, margin_share"):
        assert SETTINGS.search(said)
    assert not SETTINGS.search("the cost of a message, the margin [FIRST NAME]")


def test_no_message_names_a_setting() -> None:
    for key, name in messages():
        if name not in OF_THE_COMMAND:
            said = re.sub(r"%\(\w+\)s", "", " ".join(key))
            assert not SETTINGS.search(said), (name, key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_a_document_names_a_setting(language: str) -> None:
    wording = Wording(language)
    proposal = sample_proposal(day_rate=None)
    for findings in (sample_findings(), sample_findings(proposal=proposal)):
        for text in strings(build_context(findings, wording)):
            assert SQL.search(text) or not SETTINGS.search(text), text
    for place, text in texts(load_content(language)):
        filled = re.sub(r"\{\w+\}", "", text)
        assert not SETTINGS.search(filled), (place, text)
