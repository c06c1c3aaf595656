"""Every text of the templates and of report/ has its translation, whole, with its marks, alone.

English is the language of the message ids; every other language has a folder of catalogues.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from report.notebooks import NOTEBOOKS, source_text, text_blocks
from report.wording import LANGUAGES, SOURCE_LANGUAGE, templates_folder, typographic

KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "message": None,
    "plural_message": (1, 2),
}
JINJA = {
    "newstyle_gettext": "true",
    "trimmed": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
}
REPORT = Path(__file__).parents[1] / "report"
PLACEHOLDER = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
# Words that a text of the language cannot do without, and that no other language has.
OWN_WORDS = {
    "fr": {"le", "les", "des", "du", "et", "est", "une", "dans", "pour", "avec", "sans", "sur"},
    "en": {"the", "and", "with", "of", "to", "is", "by", "when", "their", "which", "from", "not"},
    "pt-BR": {"os", "um", "uma", "não", "com", "para", "dos", "são", "em", "pelo", "pela", "ao"},
}

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
    for name in NOTEBOOKS:
        for cell in source_text(name).split("# %%"):
            if cell.startswith(" [markdown]"):
                lines = cell.splitlines()[1:]
                markdown = "\n".join(line.removeprefix("#").strip() for line in lines).strip()
                for _mark, text in text_blocks(markdown):
                    yield (text,), name


@pytest.fixture(params=[language for language in LANGUAGES if language != SOURCE_LANGUAGE])
def language(request: pytest.FixtureRequest) -> str:
    return request.param


def catalogs(language: str) -> list[tuple[str, Catalog]]:
    folder = templates_folder() / "locales" / language.replace("-", "_")
    found = []
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            found.append((path.name, read_po(file)))
    return found


def key_of(message_id: str | tuple[str, ...] | list[str]) -> Key:
    return (message_id,) if isinstance(message_id, str) else tuple(message_id)


def translations(language: str) -> Iterator[tuple[str, Key, Key]]:
    """Yield each entry of the catalogues: the file's name, the ids, the forms."""
    for name, catalog in catalogs(language):
        for entry in catalog:
            if entry.id:
                yield name, key_of(entry.id), key_of(entry.string)


def test_nothing_is_missing(language: str) -> None:
    known = {
        key_of(entry.id)
        for _name, catalog in catalogs(language)
        for entry in catalog
        if entry.id and not entry.fuzzy and all(key_of(entry.string))
    }
    missing = sorted({(name, key) for key, name in texts() if key not in known})
    assert not missing


def test_nothing_is_stale(language: str) -> None:
    used = {key for key, _name in texts()}
    stale = sorted((name, key) for name, key, _ in translations(language) if key not in used)
    assert not stale


def test_languages_have_the_same_catalogues() -> None:
    known = {
        other: [(name, key) for name, key, _ in translations(other)]
        for other in LANGUAGES
        if other != SOURCE_LANGUAGE
    }
    first, *others = known.values()
    for entries in others:
        assert sorted(entries) == sorted(first)


def test_placeholders_are_the_same(language: str) -> None:
    for name, key, forms in translations(language):
        # A singular may leave out the number ("every month"), in any language.
        least, most = marks(key[0]), marks(key[-1])
        assert least <= marks(forms[0]) <= most, (name, key)
        assert all(marks(form) == most for form in forms[1:]), (name, key)


def marks(text: str) -> set[str]:
    return {first or second for first, second in PLACEHOLDER.findall(text)}


def test_plurals_have_the_forms_of_the_language(language: str) -> None:
    for name, catalog in catalogs(language):
        assert (catalog.num_plurals, catalog.plural_expr) == (2, "(n > 1)"), name
        for _name, key, forms in translations(language):
            assert len(forms) == len(key), (name, key)


def test_two_catalogues_agree(language: str) -> None:
    seen: dict[Key, tuple[Key, str]] = {}
    for name, key, forms in translations(language):
        known = seen.setdefault(key, (forms, name))
        assert known[0] == forms, (key, known[1], name)


def test_languages_are_not_mixed(language: str) -> None:
    foreign = set().union(*OWN_WORDS.values()) - OWN_WORDS[language]
    seen = set()
    for name, key, forms in translations(language):
        for form in forms:
            words = set(re.findall(r"[^\W\d_]+", PLACEHOLDER.sub("", form.lower())))
            assert not words & foreign, (name, key, words & foreign)
            seen |= words & OWN_WORDS[language]
    assert seen == OWN_WORDS[language]


def test_every_glyph_is_in_the_fonts(language: str) -> None:
    from report.pdf.assets import shipped_characters

    shipped = shipped_characters() | {"\n"}
    for name, key, forms in translations(language):
        for form in forms:
            assert set(typographic(form, language)) <= shipped, (name, key)


@pytest.mark.parametrize(
    ("language", "wrong"),
    [
        ("fr", r"[^\u202f][;!?](?=\s|$)|[^\u00a0][:»](?=\s|$)|«[^\u00a0]"),
        ("pt-BR", r"\s[:;!?%]|[«»]|\"|“\s|\s”"),
    ],
)
def test_punctuation_has_the_spaces_of_the_language(language: str, wrong: str) -> None:
    for name, key, forms in translations(language):
        for text in (typographic(form, language) for form in forms):
            assert not re.search(wrong, PLACEHOLDER.sub("x", text)), (name, key, text)
            assert not re.search(r"'|  |\.\.\.|^\s|\s$", text), (name, key, text)


@pytest.mark.parametrize(("key", "name"), sorted(set(texts())))
def test_no_number_and_no_percent_sign_in_a_text(key: Key, name: str) -> None:
    for text in key:
        rest = PLACEHOLDER.sub("", text)
        assert "%" not in rest
        assert not re.search(r"\d", rest)
