"""The languages, and their translations: templates/locales/<language>/*.po."""

from __future__ import annotations

import gettext as gettext_rules
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from analysis.errors import RenderError
from report.wording.typography import typographic

LANGUAGES = ("fr", "en", "pt-BR")
BABEL_LOCALES = {"fr": "fr_FR", "en": "en_GB", "pt-BR": "pt_BR"}
SOURCE_LANGUAGE = "en"
Messages = Mapping[str, tuple[str, ...]]


def templates_folder() -> Path:
    """Return the folder of the templates: in this package in a wheel, else at the top."""
    here = Path(__file__).resolve().parents[1]
    packaged = here / "templates"
    return packaged if packaged.is_dir() else here.parent / "templates"


@cache
def read_catalog(language: str) -> tuple[Messages, Callable[[int], int]]:
    """Return the translations of a language and the rule that chooses a plural's form."""
    if language == SOURCE_LANGUAGE:
        return {}, lambda number: int(number != 1)
    folder = templates_folder() / "locales" / language.replace("-", "_")
    files = sorted(folder.glob("*.po"))
    if not files:
        raise RenderError(
            f"no translation to {language!r}",
            where=str(folder),
            expected="files .po",
            todo="choose another language, or write its translation",
        )
    messages: dict[str, tuple[str, ...]] = {}
    plural = "n != 1"
    for path in files:
        with path.open("rb") as file:
            catalog = read_po(file, locale=BABEL_LOCALES[language])
        plural = catalog.plural_expr
        for entry in catalog:
            if entry.id:
                key, forms = _forms(entry.id, entry.string)
                if all(forms):
                    messages[key] = tuple(typographic(form, language) for form in forms)
    return messages, gettext_rules.c2py(plural)


@cache
def read_categories(language: str) -> Mapping[str, str]:
    """Return what a language calls the categories of the public data, by either of their names."""
    path = templates_folder() / "content" / "categories.toml"
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    names = {key: typographic(entry[language], language) for key, entry in entries.items()}
    english = {entry["english"]: names[key] for key, entry in entries.items() if "english" in entry}
    return names | english


def _forms(text_id: object, text: object) -> tuple[str, tuple[str, ...]]:
    """Return a message's key and its forms, one without a plural, more with one."""
    key = text_id[0] if isinstance(text_id, list | tuple) else text_id
    forms = text if isinstance(text, list | tuple) else (text or "",)
    return str(key), tuple(str(form) for form in forms)
