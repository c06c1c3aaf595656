"""Each kind of figure, written in each language; expected texts worked out by hand."""

from datetime import date, datetime
from decimal import Decimal
from typing import get_args

import pytest
from markupsafe import Markup

from analysis.errors import RenderError
from analysis.findings import Interval, NotComputed, NotComputedCode
from report.wording import NOT_COMPUTED, Wording, make_environment, typographic

FRENCH, ENGLISH, PORTUGUESE = Wording("fr"), Wording("en"), Wording("pt-BR")


@pytest.mark.parametrize(
    ("value", "french", "english", "portuguese"),
    [
        (0.0, "0\u202f%", "0%", "0%"),
        (0.0003, "<\u00a00,1\u202f%", "<\u00a00.1%", "<\u00a00,1%"),
        (0.081, "8,1\u202f%", "8.1%", "8,1%"),
        (0.0996, "10\u202f%", "10%", "10%"),
        (0.37, "37\u202f%", "37%", "37%"),
        (0.365, "37\u202f%", "37%", "37%"),
        (0.984, "98,4\u202f%", "98.4%", "98,4%"),
        (0.9999, ">\u00a099,9\u202f%", ">\u00a099.9%", ">\u00a099,9%"),
        (1.0, "100\u202f%", "100%", "100%"),
    ],
)
def test_share_has_one_decimal_near_its_ends(
    value: float, french: str, english: str, portuguese: str
) -> None:
    assert FRENCH.share(value) == french
    assert ENGLISH.share(value) == english
    assert PORTUGUESE.share(value) == portuguese


@pytest.mark.parametrize(
    ("value", "written"), [(0.05, "5.0%"), (0.44, "44%"), (0.984, "98%"), (1.1, "110%")]
)
def test_a_relative_change_is_near_no_end_at_everything(value: float, written: str) -> None:
    assert Wording("en").lift(value) == written


def test_share_with_given_decimals() -> None:
    assert ENGLISH.share(0.081, 0) == "8%"
    assert ENGLISH.tick_share(0.25) == "25%"
    assert ENGLISH.tick_share(0.025) == "2.5%"


def test_interval_gives_both_ends_the_same_decimals() -> None:
    assert FRENCH.interval(Interval(0.281, 0.313)) == "28\u202f% à 31\u202f%"
    assert ENGLISH.interval(Interval(0.08, 0.103)) == "8.0% to 10.3%"
    assert PORTUGUESE.interval(Interval(0.08, 0.103)) == "8,0% a 10,3%"
    assert ENGLISH.interval(Interval(0.1447, 0.1491)) == "14.5% to 14.9%"


def test_an_end_that_is_nothing_but_for_rounding_has_no_decimal() -> None:
    assert ENGLISH.interval(Interval(3.1e-17, 0.434)) == "0% to 43%"


def test_a_share_beside_its_interval_has_its_decimals() -> None:
    assert FRENCH.share_within(0.1469, Interval(0.1447, 0.1491)) == "14,7\u202f%"
    assert ENGLISH.share_within(0.2969, Interval(0.281, 0.313)) == "30%"
    assert ENGLISH.share_within(0.1049, Interval(0.092, 0.12)) == "10.5%"
    assert ENGLISH.share_within(0.0002, Interval(0.0, 0.0009)) == ENGLISH.share(0.0002)


def test_numbers_round_halves_away_from_zero_and_know_no_negative_zero() -> None:
    assert FRENCH.number(1234.5) == "1\u202f235"
    assert ENGLISH.number(-1234.5) == "\u22121,235"
    assert PORTUGUESE.number(-1234.5) == "\u22121.235"
    assert ENGLISH.number(-0.04, 1) == "0.0"
    assert ENGLISH.exact(2.5) == "2.5"
    assert ENGLISH.exact(160.0) == "160"
    assert ENGLISH.exact(0.474) == "0.474"


def test_money_has_whole_units_and_prices_their_cents() -> None:
    assert FRENCH.money(13591643.70, "BRL") == "13\u202f591\u202f644\u00a0R$"
    assert ENGLISH.money(226987.93, "BRL", 2) == "R$226,987.93"
    assert Wording("en").cents(123_450, "EUR") == "€1,235"
    assert FRENCH.price(Decimal("1620.00"), "EUR") == "1\u202f620\u00a0€"
    assert FRENCH.price(Decimal("1620.50"), "EUR") == "1\u202f620,50\u00a0€"
    assert ENGLISH.money(-5, "EUR") == "\u2212€5"
    assert PORTUGUESE.money(1234.56, "BRL", 2) == "R$\u00a01.234,56"
    assert PORTUGUESE.price(Decimal("1620.00"), "EUR") == "€\u00a01.620"


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("2090.63", "€2,100"),
        ("110.04", "€110"),
        ("10.33", "€10"),
        ("9.95", "€9.95"),
        ("99.5", "€100"),
    ],
)
def test_an_estimated_price_has_two_figures_from_ten_up(amount: str, written: str) -> None:
    assert Wording("en").estimate(Decimal(amount), "EUR") == written


def test_stars_and_indices_have_two_decimals() -> None:
    assert FRENCH.stars(4.0864) == "4,09\u00a0/\u00a05"
    assert ENGLISH.review(2.8085) == "2.81"
    assert FRENCH.index(0.8) == "0,80"
    assert PORTUGUESE.stars(4.0864) == "4,09\u00a0/\u00a05"


@pytest.mark.parametrize(
    ("value", "limit", "written"),
    [
        (0.7950, 0.80, "79.5%"),
        (0.74, 0.80, "74%"),
        (0.7996, 0.80, "79.96%"),
        (0.8004, 0.80, "80.04%"),
        (0.80, 0.80, "80%"),
        (0.0296, 0.03, "2.96%"),
        (0.79999999, 0.80, "just under 80%"),
        (0.80000001, 0.80, "just over 80%"),
        (0.0001, 0.03, "<\N{NO-BREAK SPACE}0.1%"),
    ],
)
def test_a_share_is_told_from_its_limit(value: float, limit: float, written: str) -> None:
    assert ENGLISH.share_against(value, limit) == written


@pytest.mark.parametrize(
    ("value", "limit", "written"),
    [(0.74, 0.75, "0.74"), (0.7496, 0.75, "0.7496"), (1.996, 2, "1.996"), (2.0, 2, "2.00")],
)
def test_an_index_is_told_from_its_limit(value: float, limit: float, written: str) -> None:
    assert ENGLISH.index_against(value, limit) == written


def test_durations_agree_with_their_number() -> None:
    assert FRENCH.days(1) == "1\u00a0jour"
    assert FRENCH.days(365) == "365\u00a0jours"
    assert ENGLISH.days_one(12.34) == "12.3\u00a0days"
    assert FRENCH.months(6) == "6\u00a0mois"
    assert FRENCH.every_months(1) == "chaque mois"
    assert FRENCH.every_months(4) == "tous les 4 mois"
    assert ENGLISH.every_months(1) == "every month"
    assert [PORTUGUESE.days(n) for n in (1, 365)] == ["1\u00a0dia", "365\u00a0dias"]
    assert [PORTUGUESE.months(n) for n in (1, 6)] == ["1\u00a0mês", "6\u00a0meses"]
    assert [PORTUGUESE.weeks(n) for n in (1, 2)] == ["1\u00a0semana", "2\u00a0semanas"]
    assert PORTUGUESE.seconds(2.5) == "2,50\u00a0segundos"
    assert PORTUGUESE.days_one(12.34) == "12,3\u00a0dias"
    assert PORTUGUESE.every_months(1) == "todo mês"
    assert PORTUGUESE.every_months(4) == "a cada 4 meses"
    assert ENGLISH.work_days(Decimal("2.50")) == "2.5"
    assert ENGLISH.work_days(Decimal("10")) == "10"


def test_dates() -> None:
    assert FRENCH.date(date(2018, 9, 1)) == "1er\u00a0septembre 2018"
    assert FRENCH.date(datetime(2018, 8, 29, 15, 0)) == "29\u00a0août 2018"
    assert FRENCH.month("2018-03") == "mars 2018"
    assert FRENCH.short_month(date(2018, 1, 1)) == "janv. 2018"
    assert ENGLISH.date(date(2018, 9, 1)) == "1\u00a0September 2018"
    assert PORTUGUESE.date(datetime(2018, 8, 29, 15, 0)) == "29\u00a0de agosto de 2018"
    assert PORTUGUESE.date(date(2018, 9, 1)) == "1º\u00a0de setembro de 2018"
    assert PORTUGUESE.month("2018-03") == "março de 2018"
    assert PORTUGUESE.short_month("2018-03") == "mar/2018"


def test_plurals_follow_the_language() -> None:
    def sellers(wording: Wording, number: int) -> str:
        return wording.ngettext("%(number)s seller", "%(number)s sellers", number)

    assert [sellers(ENGLISH, n) for n in (0, 1, 2)] == ["0 sellers", "1 seller", "2 sellers"]
    assert [sellers(FRENCH, n) for n in (0, 1, 2)] == ["0 vendeur", "1 vendeur", "2 vendeurs"]
    assert [sellers(PORTUGUESE, n) for n in (1, 2)] == ["1 vendedor", "2 vendedores"]


def test_small_counts_are_words() -> None:
    assert ENGLISH.spelled(2) == "two"
    assert FRENCH.spelled(9) == "neuf"
    assert PORTUGUESE.spelled(2) == "dois"
    assert ENGLISH.spelled(10) == "10"
    assert ENGLISH.spelled(1) == "1"


def test_lists() -> None:
    assert FRENCH.listing(["AL", "MA", "CE"]) == "AL, MA et CE"
    assert ENGLISH.listing(["AL"]) == "AL"
    assert PORTUGUESE.listing(["AL", "MA", "CE"]) == "AL, MA e CE"


def test_french_spaces_and_apostrophes() -> None:
    assert typographic("« l'avis » : quoi ?", "fr") == "«\u00a0l’avis\u00a0»\u00a0: quoi\u202f?"
    assert typographic("the client's: what?", "en") == "the client’s: what?"
    assert typographic("d'%(name)s", "fr") == "d’%(name)s"


def test_every_reason_has_a_sentence() -> None:
    assert set(NOT_COMPUTED) == set(get_args(NotComputedCode))
    for code in get_args(NotComputedCode):
        for wording in (FRENCH, ENGLISH, PORTUGUESE):
            text = wording.not_computed(NotComputed(code, found="12", expected="500"))
            assert text.endswith(".")
            assert "%(" not in text


def test_reasons_name_days_counts_and_figures() -> None:
    assert ENGLISH.not_computed(NotComputed("not_observed", found="224")) == (
        "Not observed within 224\u00a0days."
    )
    assert "1,200 customers" in ENGLISH.not_computed(
        NotComputed("too_few_customers", found="1200", expected="500")
    )
    assert "the segmentation" in ENGLISH.not_computed(
        NotComputed("depends_on", found="segmentation")
    )


def test_a_language_without_texts_is_refused() -> None:
    with pytest.raises(RenderError, match="no texts in the language 'de'"):
        Wording("de")


def test_templates_escape_values_and_translate() -> None:
    environment = make_environment(FRENCH)
    template = environment.from_string("{{ _('Read as: %(reading)s', reading=text) }}")
    assert template.render(text="<b>") == "Définition retenue\u00a0: &lt;b&gt;"
    assert environment.from_string("{{ 0.37 | share }}").render() == "37\u202f%"
    assert isinstance(template.render(text=Markup("<b>")), str)


def test_an_undefined_value_fails() -> None:
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError):
        make_environment(ENGLISH).from_string("{{ missing }}").render()
