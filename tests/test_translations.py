"""Every text of the templates and of report/ has a French translation, whole and with its marks."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from report.wording import templates_folder

KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "message": None}
JINJA = {
    "newstyle_gettext": "true",
    "trimmed": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
}
REPORT = Path(__file__).parents[1] / "report"
PLACEHOLDER = re.compile(r"%\((\w+)\)s")

Key = tuple[str, ...]


def texts() -> Iterator[tuple[Key, str]]:
    """Yield each message (singular, and plural where there is one) with the file it stands in."""
    sources = [(path, "python", {}) for path in sorted(REPORT.rglob("*.py"))]
    sources += [
        (path, "jinja2.ext:babel_extract", JINJA)
        for path in sorted(templates_folder().rglob("*.html"))
    ]
    for path, method, options in sources:
        with path.open("rb") as file:
            for _line, found, _comments, _context in extract(
                method, file, keywords=KEYWORDS, options=options
            ):
                yield (found if isinstance(found, tuple) else (found,)), path.name


def catalogs(language: str) -> list[tuple[str, Catalog]]:
    folder = templates_folder() / "locales" / language
    found = []
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            found.append((path.name, read_po(file)))
    return found


def key_of(message_id: str | tuple[str, ...] | list[str]) -> Key:
    return (message_id,) if isinstance(message_id, str) else tuple(message_id)


def test_nothing_is_missing_in_french() -> None:
    known = {
        key_of(entry.id)
        for _name, catalog in catalogs("fr")
        for entry in catalog
        if entry.id and not entry.fuzzy and all(key_of(entry.string))
    }
    missing = sorted({(name, key) for key, name in texts() if key not in known})
    assert not missing


def test_placeholders_are_the_same_in_french() -> None:
    for name, catalog in catalogs("fr"):
        for entry in catalog:
            if not entry.id:
                continue
            # A singular may leave out the number ("every month"), in any language.
            least = marks(key_of(entry.id)[0])
            most = marks(key_of(entry.id)[-1])
            forms = key_of(entry.string)
            assert least <= marks(forms[0]) <= most, (name, entry.id)
            assert all(marks(form) == most for form in forms[1:]), (name, entry.id)


def marks(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def test_two_catalogues_agree() -> None:
    seen: dict[Key, tuple[Key, str]] = {}
    for name, catalog in catalogs("fr"):
        for entry in catalog:
            if entry.id:
                known = seen.setdefault(key_of(entry.id), (key_of(entry.string), name))
                assert known[0] == key_of(entry.string), (entry.id, known[1], name)


@pytest.mark.parametrize(("key", "name"), sorted(set(texts())))
def test_no_number_and_no_percent_sign_in_a_text(key: Key, name: str) -> None:
    for text in key:
        rest = PLACEHOLDER.sub("", text)
        assert "%" not in rest
        assert not re.search(r"\d", rest)
