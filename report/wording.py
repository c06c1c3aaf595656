"""A language: its texts, and how each kind of figure is written, in one place for every document.

Texts: the message ids are English sentences in the templates and in report/*.py, with named
placeholders, `%(name)s`, and neither a literal percent sign nor a number. Translations stand in
templates/locales/<language>/*.po, are read when needed and merged; English needs none. The folder
is named as gettext's tools name it: pt_BR for the language pt-BR.

Figures: one rule of rounding for each kind, so that a figure is the same text wherever it stands.

    share, rate    37 %; one decimal within ten points of 0 or 100: 8,1 %, 98,4 %
    stars          two decimals, out of five: 4,09 / 5
    index          two decimals: 0,84 (ARI, silhouette, share of variance)
    money          whole units of the currency: 378 R$
    price          whole units, cents only where there are some: 1 620 €
    p-value        three decimals, or "< 0,001"
    days, months   one decimal only where asked for: 12 jours, 6 mois
"""

from __future__ import annotations

import gettext as gettext_rules
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis.errors import RenderError
from analysis.findings import Interval, NotComputed
from report.views import Absence

LANGUAGES = ("fr", "en", "pt-BR")
BABEL_LOCALES = {"fr": "fr_FR", "en": "en_GB", "pt-BR": "pt_BR"}
SOURCE_LANGUAGE = "en"
FIRST_DAY = {"fr": "1er", "pt-BR": "1º"}
# Babel 2.18 knows these words as the short form only, because CLDR gives both forms the same.
SHORT_UNITS = {("pt-BR", "day"), ("pt-BR", "month"), ("pt-BR", "year")}

NO_BREAK = "\u00a0"
NARROW_NO_BREAK = "\u202f"
MINUS = "\u2212"
BLANK = "\u2026\u2026"

FILTERS = (
    *("number", "integer", "index", "share", "interval", "stars", "review", "typographic"),
    *("money", "cents", "price", "days", "weeks", "months", "work_days"),
    *("date", "month", "short_month", "not_computed", "listing"),
)

Day = date | datetime
Number = int | float | Decimal
Value = TypeVar("Value")
Messages = Mapping[str, tuple[str, ...]]


def message(text: str) -> str:
    """Mark a text for translation where it stands in a table, before the language is known."""
    return text


NOT_COMPUTED = {
    "missing_table": message("Not computed: the data do not hold %(expected)s."),
    "missing_column": message("Not computed: the data do not hold %(expected)s."),
    "no_rows": message("Not computed: there is no row to compute it from."),
    "too_few_customers": message(
        "Not computed: %(found)s customers were found, at least %(expected)s are needed."
    ),
    "too_few_deliveries": message(
        "Not computed: %(found)s deliveries were found, at least %(expected)s are needed."
    ),
    "no_complete_month": message(
        "Not computed: no month has ended with an outcome for nearly all of its orders."
    ),
    "too_short_history": message(
        "Not computed: the history covers %(found)s, at least %(expected)s are needed."
    ),
    "no_variation": message("Not computed: the values are the same for everybody."),
    "no_candidate_passed": message(
        "Not computed: no partition that was tried meets the client's minimum."
    ),
    "not_observed": message("Not observed within %(found)s."),
    "breaks_early": message(
        "Not recommended: the model breaks after %(found)s, before the shortest interval on offer."
    ),
    "design_not_valid": message(
        "Not computed: the control failed, so the design cannot be trusted on these data."
    ),
    "change_not_seen": message(
        "Not computed: the control failed, a change made on purpose was not reported as it should."
    ),
    "no_decay": message("Not computed: the agreement does not fall with age."),
    "no_day_rate": message("Not priced: the day rate is not given yet."),
    "no_action_inputs": message(
        "Not computed: playbook.toml does not say %(expected)s, under [actions]."
    ),
    "too_few_comments": message(
        "Not shown: customers of this segment wrote %(found)s comments, at least %(expected)s are "
        "needed."
    ),
    "known_later": message(
        "Not computed: it depends on the last order, so at the first one nobody has a segment."
    ),
    "cannot_show": message("Not computed: %(found)s customers cannot show a lift of any size."),
    "no_exchange_rate": message(
        "Not converted: no rate of exchange is given from %(found)s to %(expected)s."
    ),
    "no_rise": message(
        "Not computed: an older model does not misplace more customers than chance does."
    ),
    "no_contact_value": message("Not known: what a misdirected contact costs is not given."),
    "no_refit_in_term": message("Not computed: this offer holds no refit within the term."),
    "not_given": message("Not given."),
    "no_source": message(
        "Not shown: %(found)s is not there. Put it beside the output folder, or give its path in "
        "the environment variable %(expected)s, and run this notebook again."
    ),
    "depends_on": message("Not computed: it follows from %(found)s, which could not be computed."),
    "not_reached": message("Not measured: the candidate was refused before."),
}

FIGURE_NAMES = {
    "kpis": message("the key figures"),
    "customers": message("the customer table"),
    "candidates": message("the trials"),
    "segmentation": message("the segmentation"),
    "stability": message("the stability timeline"),
    "refresh": message("the refresh interval"),
    "proposal": message("the proposal"),
    "day_rate": message("the day rate"),
    "first_alarm_days": message("the first alarm"),
    "exchange": message("the rate of exchange"),
}

# What a source may lack and a shop be studied without; whatever else is named by its column.
GAP_NAMES = {
    "order_reviews": message("the customers' reviews"),
    "order_payments": message("the payments"),
    "products": message("the list of products"),
    "sellers": message("the list of sellers"),
    "customers.customer_zip_code_prefix": message("the customers' postal codes"),
    "customers.customer_city": message("the customers' cities"),
    "customers.customer_state": message("the customers' states"),
    "orders.order_delivered_customer_date": message("the dates of delivery"),
    "orders.order_estimated_delivery_date": message("the promised dates of delivery"),
    "order_items.product_id": message("the products of the orders"),
    "order_items.seller_id": message("the sellers of the orders"),
    "order_items.freight_value": message("the freight"),
    "order_payments.payment_type": message("the types of payment"),
    "order_payments.payment_installments": message("the number of instalments"),
    "products.product_category_name": message("the categories of the products"),
}

COUNTS = (
    message("two"),
    message("three"),
    message("four"),
    message("five"),
    message("six"),
    message("seven"),
    message("eight"),
    message("nine"),
)


class Wording:
    """One language: `gettext` and `ngettext` for texts, a method for each kind of figure."""

    def __init__(self, language: str) -> None:
        """Take a language, one of LANGUAGES.

        Raises:
            RenderError: no such language, or its translations are not there.
        """
        if language not in LANGUAGES:
            raise RenderError(
                f"no texts in the language {language!r}",
                expected=f"one of {', '.join(LANGUAGES)}",
                todo="choose one of them with --lang",
            )
        self.language = language
        self.locale = BABEL_LOCALES[language]
        self._messages, self._plural = _read_catalog(language)

    # ------------------------------------------------------------ texts

    def gettext(self, text: str, **values: object) -> str:
        """Return the text in this language, with its placeholders replaced by the values."""
        return self._translated(text) % values

    def ngettext(self, one: str, many: str, number: int, **values: object) -> str:
        """Return the form of the text for a number, with `%(number)s` written as an integer."""
        forms = self._messages.get(one)
        if forms is None:
            text = typographic(one if number == 1 else many, SOURCE_LANGUAGE)
        else:
            text = forms[self._plural(number)]
        return text % {"number": self.integer(number), **values}

    def translation(self, text: str) -> str:
        """Return the text in this language, placeholders untouched (for Jinja)."""
        return self._translated(text)

    def plural_translation(self, one: str, many: str, number: int) -> str:
        """Return the form of the text for a number, placeholders untouched (for Jinja)."""
        forms = self._messages.get(one)
        if forms is None:
            return typographic(one if number == 1 else many, SOURCE_LANGUAGE)
        return forms[self._plural(number)]

    def _translated(self, text: str) -> str:
        forms = self._messages.get(text)
        return typographic(text, SOURCE_LANGUAGE) if forms is None else forms[0]

    def not_computed(self, value: NotComputed) -> str:
        """Return the sentence that says why a value is not there."""
        days = value.code in ("too_short_history", "not_observed", "breaks_early")
        found = FIGURE_NAMES.get(value.found)
        gap = value.code in ("missing_table", "missing_column")
        return self.gettext(
            NOT_COMPUTED[value.code],
            found=self.gettext(found) if found else self._quantity(value.found, days),
            expected=self.gap(value.expected) if gap else self._quantity(value.expected, days),
        )

    def gap(self, name: str) -> str:
        """Return what a table or a "table.column" that the source lacks is called."""
        return self.gettext(GAP_NAMES[name]) if name in GAP_NAMES else name

    def _quantity(self, text: str, days: bool) -> str:
        """Return a count that came as text in this language; any other text as it stands."""
        if not text.isdecimal():
            return text
        return self.days(int(text)) if days else self.integer(int(text))

    def listing(self, texts: Iterable[str]) -> str:
        """Return texts as a list in a sentence: "AL, MA et CE"."""
        return format_list(list(texts), locale=self.locale)

    def clauses(self, texts: Iterable[str]) -> str:
        """Return clauses one after the other, parted by semicolons."""
        return self.typographic(" ; " if self.language == "fr" else "; ").join(texts)

    def spelled(self, count: int) -> str:
        """Return a small count as a word ("deux"), a larger one in digits."""
        if 2 <= count <= len(COUNTS) + 1:
            return self.gettext(COUNTS[count - 2])
        return self.integer(count)

    def typographic(self, text: str) -> str:
        """Return the text with this language's spaces and apostrophes."""
        return typographic(text, self.language)

    def cell(self, value: Value | NotComputed, write: Callable[[Value], str]) -> str:
        """Return a value as `write` writes it, or that it was not computed."""
        if isinstance(value, NotComputed):
            return self.gettext("not computed")
        return write(value)

    # ------------------------------------------------------------ figures

    def number(self, value: Number, decimals: int = 0) -> str:
        """Return a number with a fixed count of decimals, halves rounded away from zero."""
        rounded = _rounded(value, decimals)
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        written = format_decimal(abs(rounded), format=pattern, locale=self.locale)
        return f"{MINUS}{written}" if rounded < 0 else written

    def exact(self, value: Number) -> str:
        """Return a threshold as it was set: up to three decimals, without useless zeros."""
        short = _rounded(value, 3).normalize()
        return self.number(short, max(0, -int(short.as_tuple().exponent)))

    def integer(self, value: Number) -> str:
        """Return a whole number with its thousands set apart."""
        return self.number(value, 0)

    def points(self, difference: float) -> str:
        """Return a difference of shares in points, one decimal, its sign always written."""
        written = self.number(100 * difference, 1)
        return f"+{written}" if _rounded(100 * difference, 1) > 0 else written

    def index(self, value: float) -> str:
        """Return a measure between 0 and 1 that is not a share (ARI, silhouette): two decimals."""
        return self.number(value, 2)

    def share(self, value: float, decimals: int | None = None) -> str:
        """Return a share (0 to 1) in percent, rounded by the rule above or to `decimals`.

        What the rule would round to nothing or to everything is said to be less or more.
        """
        if decimals is not None:
            return self._percent(value, decimals)
        if 0 < value < 0.0005:
            return f"<{NO_BREAK}{self._percent(0.001, 1)}"
        if 0.9995 <= value < 1:
            return f">{NO_BREAK}{self._percent(0.999, 1)}"
        return self._percent(value, _share_decimals(value))

    def _percent(self, value: float, decimals: int) -> str:
        space = {"fr": NARROW_NO_BREAK}.get(self.language, "")
        return f"{self.number(Decimal(repr(float(value))) * 100, decimals)}{space}%"

    def tick_share(self, value: float) -> str:
        """Return a share that was set, or a tick of an axis: a decimal only if it has one."""
        exact = _rounded(value * 100, 1)
        return self._percent(value, 0 if exact == exact.to_integral_value() else 1)

    def interval(self, value: Interval) -> str:
        """Return an interval of shares: "28 % à 31 %"; both ends with the same decimals."""
        decimals = max(_share_decimals(value.low), _share_decimals(value.high))
        return self.between(self._percent(value.low, decimals), self._percent(value.high, decimals))

    def between(self, low: str, high: str) -> str:
        """Return two figures, already written, as a range."""
        return self.gettext("%(low)s to %(high)s", low=low, high=high)

    def stars(self, value: float) -> str:
        """Return a mean review out of five."""
        return f"{self.review(value)}{NO_BREAK}/{NO_BREAK}5"

    def review(self, value: float) -> str:
        """Return a mean review where the column already says that it is out of five."""
        return self.number(value, 2)

    def money(self, amount: Number, currency: str, decimals: int = 0) -> str:
        """Return an amount of the shop's currency in whole units."""
        written: str = format_currency(
            abs(_rounded(amount, decimals)),
            currency,
            format=self._money_pattern(decimals),
            locale=self.locale,
            currency_digits=False,
        )
        return f"{MINUS}{written}" if _rounded(amount, decimals) < 0 else written

    def cents(self, amount_cents: int, currency: str) -> str:
        """Return an amount that is counted in cents, in whole units."""
        return self.money(Decimal(amount_cents) / 100, currency)

    def price(self, amount: Decimal, currency: str) -> str:
        """Return a price of the contract: cents only where there are some."""
        return self.money(amount, currency, 0 if amount == amount.to_integral_value() else 2)

    def _money_pattern(self, decimals: int) -> str:
        pattern: str = Locale.parse(self.locale).currency_formats["standard"].pattern
        return pattern.replace("0.00", "0." + "0" * decimals if decimals else "0")

    def days(self, value: Number, decimals: int = 0) -> str:
        """Return a number of days with its unit."""
        return self._unit(value, "day", decimals)

    def days_one(self, value: Number) -> str:
        """Return a mean duration: days with one decimal."""
        return self._unit(value, "day", 1)

    def weeks(self, value: Number, decimals: int = 0) -> str:
        """Return a number of weeks with its unit."""
        return self._unit(value, "week", decimals)

    def months(self, value: Number, decimals: int = 0) -> str:
        """Return a number of months with its unit."""
        return self._unit(value, "month", decimals)

    def every_months(self, months: int) -> str:
        """Return a rhythm: "every month", "every 4 months"."""
        return self.ngettext("every month", "every %(number)s months", months)

    def years(self, value: Number, decimals: int = 0) -> str:
        """Return a number of years with its unit."""
        return self._unit(value, "year", decimals)

    def probability(self, value: float) -> str:
        """Return a p-value: three decimals, or that it is smaller."""
        return f"<{NO_BREAK}{self.number(0.001, 3)}" if value < 0.001 else self.number(value, 3)

    def seconds(self, value: float) -> str:
        """Return a duration in seconds, two decimals."""
        return self._unit(value, "second", 2)

    def _unit(self, value: Number, unit: str, decimals: int) -> str:
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        length: Literal["short", "long"] = "long"
        if (self.language, unit) in SHORT_UNITS:
            length = "short"
        written: str = format_unit(
            _rounded(value, decimals), f"duration-{unit}", length, pattern, locale=self.locale
        )
        return written.replace(" ", NO_BREAK).replace("-", MINUS, 1)

    def work_days(self, value: Decimal) -> str:
        """Return days of work, a quarter of a day at the finest, without useless zeros."""
        return self.exact(value)

    # ------------------------------------------------------------ dates

    def date(self, value: Day) -> str:
        """Return a day: "29 août 2018", "1er septembre 2018", "1º de setembro de 2018"."""
        written: str = format_date(value, "long", locale=self.locale)
        if value.day == 1:
            written = re.sub(r"^1\b", FIRST_DAY.get(self.language, "1"), written)
        return written.replace(" ", NO_BREAK, 1)

    def short_date(self, value: Day) -> str:
        """Return a day for a cell of a table: "29/08/2018"."""
        return format_skeleton("yMMdd", value, locale=self.locale)

    def short_day(self, value: Day) -> str:
        """Return a day without its year, for the column of a picture: "29 août", "29 Aug"."""
        written: str = format_skeleton("MMMd", value, locale=self.locale)
        return written.replace(" de ", " ")

    def month(self, value: Day | str) -> str:
        """Return a month: "mars 2018"; takes a date or a key such as "2018-03"."""
        return format_skeleton("yMMMM", _month(value), locale=self.locale)

    def short_month(self, value: Day | str) -> str:
        """Return a month for an axis: "janv. 2018", "jan/2018"."""
        written: str = format_skeleton("yMMM", _month(value), locale=self.locale)
        # Portuguese says "jan. de 2018", too long for an axis.
        return written.replace(". de ", "/")


def typographic(text: str, language: str) -> str:
    """Return the text with the apostrophes, and in French the spaces, of good typography."""
    text = re.sub(r"(?<=\w)'(?=\w|%|\s|$)", "’", text)
    if language != "fr":
        return text
    text = re.sub(r" ([;!?]|%(?!\())", NARROW_NO_BREAK + r"\1", text)
    return re.sub(r" ([:»])", NO_BREAK + r"\1", text).replace("« ", "«" + NO_BREAK)


def _rounded(value: Number, decimals: int) -> Decimal:
    """Return the value rounded, halves away from zero, never a negative zero."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP) + 0


def _share_decimals(value: float) -> int:
    """Return 1 within ten points of nothing or of everything, else 0."""
    distance = min(value, 1 - value)
    return 1 if distance > 0 and _rounded(distance * 100, 1) < 10 else 0


def _month(value: Day | str) -> date:
    if not isinstance(value, str):
        return date(value.year, value.month, 1)
    year, month = value.split("-")[:2]
    return date(int(year), int(month), 1)


# ---------------------------------------------------------------- catalogues and templates


def templates_folder() -> Path:
    """Return the folder of the templates: beside this file in a wheel, else at the top."""
    here = Path(__file__).resolve().parent
    packaged = here / "templates"
    return packaged if packaged.is_dir() else here.parent / "templates"


@cache
def _read_catalog(language: str) -> tuple[Messages, Callable[[int], int]]:
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


def _forms(text_id: object, text: object) -> tuple[str, tuple[str, ...]]:
    """Return a message's key and its forms, one without a plural, more with one."""
    key = text_id[0] if isinstance(text_id, list | tuple) else text_id
    forms = text if isinstance(text, list | tuple) else (text or "",)
    return str(key), tuple(str(form) for form in forms)


def make_environment(wording: Wording) -> Environment:
    """Return the Jinja environment of every document: escaping, strict, in this language.

    Texts are marked with `_("...", name=value)` or `{% trans %}`; the filters have the names of
    the methods of Wording. `value is absent` is true of a part that could not be computed.
    """
    environment = Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        wording.translation, wording.plural_translation, newstyle=True
    )
    for name in FILTERS:
        environment.filters[name] = getattr(wording, name)
    environment.globals["language"] = wording.language
    environment.tests["absent"] = lambda value: isinstance(value, Absence)
    return environment
