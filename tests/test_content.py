"""The texts of the playbook: complete, alike in every language, checked, and without a figure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from decimal import Decimal
from typing import get_args, get_type_hints

import pytest

from analysis.errors import RenderError
from analysis.findings import CustomerCounts, LifecycleCell
from report.content import (
    MESSAGE,
    ClauseKey,
    Content,
    GroupKey,
    LifecycleActions,
    PersonaKey,
    load_content,
    read_content,
    texts,
)
from report.content_marks import PLACEHOLDERS, merge_fields, placeholders
from report.wording import LANGUAGES, Wording, templates_folder

OWN_WORDS = {
    "fr": {"le", "les", "des", "du", "et", "est", "une", "dans", "pour", "avec", "vous", "sans"},
    "en": {"the", "and", "with", "of", "to", "is", "your", "when", "their", "which"},
    "pt-BR": {"os", "um", "uma", "não", "com", "para", "dos", "são", "você", "em", "seu"},
}
TO_BE_CHECKED = {"fr": "à vérifier", "en": "to be checked", "pt-BR": "verificad|a verificar"}


@pytest.fixture(params=LANGUAGES)
def content(request: pytest.FixtureRequest) -> Content:
    return load_content(request.param)


@pytest.fixture(params=[language for language in LANGUAGES if language != "fr"])
def other(request: pytest.FixtureRequest) -> Content:
    return load_content(request.param)


def source(language: str = "en") -> str:
    path = templates_folder() / "content" / f"{language}.toml"
    return path.read_text(encoding="utf-8")


def read_changed(old: str, new: str) -> Content:
    text = source()
    assert old in text
    return read_content(text.replace(old, new, 1), "en", where="en.toml")


# ---------------------------------------------------------------- what the files hold


def test_every_persona_and_group_has_its_texts(content: Content) -> None:
    for key in get_args(PersonaKey):
        assert content.persona(key).name
    for key in get_args(GroupKey):
        assert content.group(key).todo


def test_persona_names_are_different(content: Content) -> None:
    names = [persona.name for persona in content.personas.values()]
    assert len(set(names)) == len(names)


def test_languages_have_the_same_places_and_placeholders(other: Content) -> None:
    reference = dict(texts(load_content("fr")))
    translated = dict(texts(other))
    places = [place for place in reference if not place.startswith("merge_fields.")]
    assert places == [place for place in translated if not place.startswith("merge_fields.")]
    for place in places:
        assert set(placeholders(reference[place])) == set(placeholders(translated[place])), place


def test_languages_have_the_same_crm_fields_in_each_message(other: Content) -> None:
    def used(content: Content) -> Iterator[tuple[str, set[int]]]:
        order = list(content.merge_fields)
        for place, text in texts(content):
            if MESSAGE.search(place):
                yield place, {order.index(field) for field in merge_fields(text)}

    assert list(used(other)) == list(used(load_content("fr")))


def test_every_crm_field_explained_is_used(content: Content) -> None:
    used = {field for _, text in texts(content) for field in merge_fields(text)}
    assert used == set(content.merge_fields)


def test_every_placeholder_is_used(content: Content) -> None:
    used = {name for _, text in texts(content) for name in placeholders(text)}
    assert used == set(PLACEHOLDERS)


def test_no_figure_is_typed(content: Content) -> None:
    for place, text in texts(content):
        assert not re.search(r"[\d%$€]", text), place


def test_typography_is_clean(content: Content) -> None:
    for place, text in texts(content):
        assert not re.search(r"['\"\u00a0\u202f]|  | $|^ |\.\.\.", text), place


def test_french_punctuation_has_its_space() -> None:
    for place, text in texts(load_content("fr")):
        assert not re.search(r"[^\s][;:!?»](\s|$)|«\S", text), place


def test_languages_are_not_mixed(content: Content) -> None:
    own = OWN_WORDS[content.language]
    foreign = set().union(*OWN_WORDS.values()) - own
    seen = set()
    for place, text in texts(content):
        words = set(re.findall(r"[^\W\d_]+", re.sub(r"\{\w+\}|\[[^]]*\]", "", text.lower())))
        assert not words & foreign, (place, words & foreign)
        seen |= words & own
    assert seen == own


def test_legal_points_are_to_be_checked_beside_the_contract_and_not_in_it(content: Content) -> None:
    mark = re.compile(TO_BE_CHECKED[content.language], re.IGNORECASE)
    marked = ("data_protection", "reversibility", "liability", "price_revision", "late_payment")
    new = ("confidentiality", "intellectual_property", "force_majeure", "insurance", "payment")
    others = ("termination", "subcontracting", "order_of_documents", "data_agreement")
    for key in (*marked, *new, *others):
        assert mark.search(" ".join(content.clause(key).remarks)), key
    assert all(content.clause(key).remarks for key in get_args(ClauseKey) if key.startswith("tax_"))
    assert len(content.clause("jurisdiction").remarks) == 2
    for key, clause in content.clauses.items():
        assert not mark.search(" ".join((*clause.paragraphs, *clause.points))), key


def test_what_the_law_says_is_dated(content: Content) -> None:
    taxes = ("tax_none", "tax_france", "tax_eu_reverse_charge", "tax_outside_eu")
    for key in ("payment", "late_payment", "data_agreement", *taxes):
        assert "{law_noted_on}" in " ".join(content.clause(key).paragraphs), key


OF_THE_MODEL = {
    *("refit_months", "rescoring_months", "window_days", "active_days", "cooling_days"),
    *("added_review_points", "review_followed_days"),
    *("threshold_ari", "consecutive", "onboarding_days", "refit_days", "monitoring_days"),
    *("offer_totals", "review_days", "monitoring_visits", "reviews", "early_refits"),
}
INFRASTRUCTURE = ("infrastructure_per_month", "infrastructure_price")
ALWAYS_KNOWN = set(PLACEHOLDERS) - OF_THE_MODEL - {"day_rate", *INFRASTRUCTURE}


def test_a_clause_reads_without_what_is_not_known(content: Content) -> None:
    for key, clause in content.clauses.items():
        certain = [text for text in clause.paragraphs if set(placeholders(text)) <= ALWAYS_KNOWN]
        assert certain, key
        assert key == "frequency" or certain[0] == clause.paragraphs[0] or key == "resources", key


def test_names_agree_with_the_findings() -> None:
    stages = get_args(get_type_hints(LifecycleCell)["stage"])
    assert tuple(field.name for field in fields(LifecycleActions)) == stages
    assert set(get_args(GroupKey)) <= {field.name for field in fields(CustomerCounts)}


# ---------------------------------------------------------------- what is refused

FIRST_TAGLINE = 'tagline = "They bought more than once: serve them, thank them."'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (FIRST_TAGLINE, "", "missing key personas.loyal.tagline"),
        (FIRST_TAGLINE, FIRST_TAGLINE + '\nslogan = "x"', "unknown key personas.loyal.slogan"),
        (FIRST_TAGLINE, f'tagline = "{"x" * 81}"', "at most 80 characters"),
        (FIRST_TAGLINE, 'tagline = ""', "at least 1 character"),
        (FIRST_TAGLINE, "tagline = 3", "valid string"),
        (FIRST_TAGLINE, 'tagline = "In {refit_months}"', "placeholder of ours in a persona"),
        (FIRST_TAGLINE, 'tagline = "Dear [FIRST NAME]"', r"unknown merge field \[FIRST NAME\]"),
        ("Hello [FIRST NAME],", "Hello [SURNAME],", r"unknown merge field \[SURNAME\]"),
        ("Hello [FIRST NAME],", "Hello [FIRST NAME,", "square bracket without"),
        ("Hello [FIRST NAME],", "Hello {first_name},", r"unknown placeholder \{first_name\}"),
        ("{window_days}", "{window_weeks}", r"unknown placeholder \{window_weeks\}"),
        ("{window_days}", "{window_days!r}", r"unknown placeholder \{window_days\}"),
        ("{window_days}", "{window_days", "brace without its other half"),
        ("[glossary.segment]", "[glossary.segments]", "unknown key glossary.segments"),
        ("[merge_fields]", "[personas.royal]\n[merge_fields]", "unknown key personas.royal"),
        ("[merge_fields]", "[merge_fields", "not valid TOML"),
    ],
)
def test_a_wrong_text_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(RenderError, match=message):
        read_changed(old, new)


def test_a_missing_section_is_named() -> None:
    start = source().index("[groups.waiting]")
    end = source().index("[groups.inactive]")
    with pytest.raises(RenderError, match=r"missing key groups\.waiting"):
        read_changed(source()[start:end], "")


def test_two_actions_are_not_three() -> None:
    start = source().index("[[personas.loyal.actions]]")
    end = source().index("[[personas.loyal.actions]]", start + 1)
    with pytest.raises(RenderError, match=r"personas\.loyal\.actions"):
        read_changed(source()[start:end], "")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(RenderError, match="'de'"):
        load_content("de")


@pytest.mark.parametrize(
    "ask",
    [Content.persona, Content.group, Content.term, Content.clause],
)
def test_an_unknown_key_is_refused(ask: Callable[[Content, str], object]) -> None:
    with pytest.raises(RenderError, match="'champions'"):
        ask(load_content("en"), "champions")


# ---------------------------------------------------------------- placeholders


@pytest.mark.parametrize(
    ("language", "text", "value", "written"),
    [
        ("fr", "Intervalle : {refit_months}", 1, "Intervalle\u00a0: 1\u00a0mois"),
        ("en", "Interval: {refit_months}", 1, "Interval: 1\u00a0month"),
        ("en", "Interval: {refit_months}", 6, "Interval: 6\u00a0months"),
        ("fr", "Seuil : {threshold_ari}", 0.8, "Seuil\u00a0: 0,80"),
        ("en", "Days: {refit_days}", Decimal("2.50"), "Days: 2.5"),
        ("en", "Visits: {monitoring_visits}", 12, "Visits: 12"),
        ("en", "For {client}", "{term_months} & Sons", "For {term_months} & Sons"),
    ],
)
def test_a_placeholder_is_written_in_the_language(
    language: str, text: str, value: int | float | Decimal | str, written: str
) -> None:
    name = placeholders(text)[0]
    assert load_content(language).fill(text, {name: value}, Wording(language)) == written


def test_a_placeholder_without_value_is_refused() -> None:
    with pytest.raises(RenderError, match=r"no value for the placeholder \{refit_months\}"):
        load_content("en").fill("{refit_months}", {"window_days": 365}, Wording("en"))


def test_every_text_can_be_filled(content: Content) -> None:
    values = dict.fromkeys(PLACEHOLDERS, 7)
    wording = Wording(content.language)
    for place, text in texts(content):
        assert "{" not in content.fill(text, values, wording), place
