"""One language: its texts, and how each kind of figure and date is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, TypeVar

from babel import Locale
from babel.dates import format_date, format_skeleton, match_skeleton
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, get_currency_symbol
from babel.units import format_unit

from analysis.errors import RenderError
from analysis.findings import Interval, NotComputed
from report.wording.catalogs import (
    BABEL_LOCALES,
    LANGUAGES,
    SOURCE_LANGUAGE,
    read_catalog,
    read_categories,
)
from report.wording.messages import (
    ACTION_INPUTS,
    COUNTS,
    FIGURE_NAMES,
    GAP_NAMES,
    NOT_COMPUTED,
)
from report.wording.typography import MINUS, NARROW_NO_BREAK, NO_BREAK, typographic

FIRST_DAY = {"fr": "1er", "pt-BR": "1º"}
# Babel 2.18 knows these words as the short form only, because CLDR gives both forms the same.
SHORT_UNITS = {("pt-BR", "day"), ("pt-BR", "month"), ("pt-BR", "year")}
# An interval of shares narrower than this has a decimal: whole percents would blur it.
NARROW = 0.02
# A value and its limit that are alike in so many decimals are told apart in words.
MOST_DECIMALS = 4
# An estimated price is written with two significant figures from this on.
ROUNDED_FROM = 10
Day = date | datetime
Number = int | float | Decimal
Value = TypeVar("Value")


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
        self._known = Locale.parse(self.locale)
        self._messages, self._plural = read_catalog(language)
        # The same figures come back in many tables, and each costs a parse of its pattern.
        self._numbers: dict[tuple[Decimal, int], str] = {}
        # The nearest that the language has: looked for once, not for each date.
        nearest = match_skeleton("yMMdd", self._known.datetime_skeletons)
        self._short_date = nearest or "yMMdd"

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
        days = value.code in (
            "too_short_history",
            "not_observed",
            "not_known_beyond",
            "breaks_early",
        )
        found = FIGURE_NAMES.get(value.found)
        return self.gettext(
            NOT_COMPUTED[value.code],
            found=self.gettext(found) if found else self._quantity(value.found, days),
            expected=self._expected(value, days),
        )

    def _expected(self, value: NotComputed, days: bool) -> str:
        """Return what a value would have needed, in the reader's words."""
        if value.code in ("missing_table", "missing_column"):
            return self.gap(value.expected)
        if value.code == "no_action_inputs":
            return self.listing(self._input(name) for name in value.expected.split(", "))
        return self._quantity(value.expected, days)

    def _input(self, name: str) -> str:
        """Return what an input of the client's is called."""
        return self.gettext(ACTION_INPUTS[name]) if name in ACTION_INPUTS else name

    def gap(self, name: str) -> str:
        """Return what a table or a "table.column" that the source lacks is called."""
        return self.gettext(GAP_NAMES[name]) if name in GAP_NAMES else name

    def category(self, name: str) -> str:
        """Return what a category of products is called; one that is not known as the data do."""
        return read_categories(self.language).get(name) or name.replace("_", " ")

    def _quantity(self, text: str, days: bool) -> str:
        """Return a count that came as text in this language; any other text as it stands."""
        if not text.isdecimal():
            return text
        return self.days(int(text)) if days else self.integer(int(text))

    def listing(self, texts: Iterable[str]) -> str:
        """Return texts as a list in a sentence: "AL, MA et CE"."""
        return format_list(list(texts), locale=self._known)

    def clauses(self, texts: Iterable[str]) -> str:
        """Return clauses one after the other, parted by semicolons."""
        return self.typographic(" ; " if self.language == "fr" else "; ").join(texts)

    def labelled(self, label: str, value: str) -> str:
        """Return a value behind its name and a colon, spaced as the language does."""
        return self.gettext("%(label)s: %(value)s", label=label, value=value)

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
        written = self._numbers.get((rounded, decimals))
        if written is None:
            pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
            written = format_decimal(abs(rounded), format=pattern, locale=self._known)
            written = f"{MINUS}{written}" if rounded < 0 else written
            self._numbers[rounded, decimals] = written
        return written

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

    def index_against(self, value: float, limit: float) -> str:
        """Return a measure that is held against a limit: told from it, by decimals or in words."""
        return self._against(value, limit, 2, self.number)

    def share_against(self, value: float, limit: float) -> str:
        """Return a share that is held against another: told from it, by decimals or in words."""
        usual = self.share(value)
        decimals = _share_decimals(value)
        return self._against(
            value, limit, decimals, lambda v, d: usual if d == decimals else self._percent(v, d), 2
        )

    def points_against(self, value: float, other: float) -> str:
        """Return points of the scorecard that are held against others: told from them."""
        return self._against(value, other, 1, self.number)

    def _against(
        self,
        value: float,
        limit: float,
        decimals: int,
        write: Callable[[float, int], str],
        shift: int = 0,
    ) -> str:
        """Return a value with the fewest decimals that tell it from a limit, from `decimals` on.

        Rounding must not hide a miss: "80 %; 80 % asked". What MOST_DECIMALS do not tell apart is
        said to be just under or just over. `shift`: 2 where both are written in percent.
        """
        if value == limit:
            return write(value, decimals)
        for count in range(decimals, MOST_DECIMALS + 1):
            if _rounded(value, count + shift) != _rounded(limit, count + shift):
                return write(value, count)
        usual = write(value, decimals)
        if value < limit:
            return self.gettext("just under %(value)s", value=usual)
        return self.gettext("just over %(value)s", value=usual)

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

    def lift(self, value: float) -> str:
        """Return a relative change, which is near no end at 100 %: a decimal only below ten."""
        return self._percent(value, 1 if 0 < _rounded(abs(value) * 100, 1) < 10 else 0)

    def tick_share(self, value: float) -> str:
        """Return a share that was set, or a tick of an axis: a decimal only if it has one."""
        exact = _rounded(value * 100, 1)
        return self._percent(value, 0 if exact == exact.to_integral_value() else 1)

    def interval(self, value: Interval) -> str:
        """Return an interval of shares: "28 % à 31 %"; both ends with the same decimals."""
        decimals = _interval_decimals(value)
        return self.between(self._percent(value.low, decimals), self._percent(value.high, decimals))

    def share_within(self, value: float, interval: Interval) -> str:
        """Return a share that stands beside its interval: with the decimals of the interval."""
        if 0 < value < 0.0005:
            return self.share(value)
        return self._percent(value, max(_interval_decimals(interval), _share_decimals(value)))

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
            locale=self._known,
            currency_digits=False,
        )
        return f"{MINUS}{written}" if _rounded(amount, decimals) < 0 else written

    def cents(self, amount_cents: int, currency: str) -> str:
        """Return an amount that is counted in cents, in whole units."""
        return self.money(Decimal(amount_cents) / 100, currency)

    def currency(self, currency: str) -> str:
        """Return the sign of a currency, for the name of an axis."""
        sign: str = get_currency_symbol(currency, locale=self._known)
        return sign

    def price(self, amount: Decimal, currency: str) -> str:
        """Return a price of the contract: cents only where there are some."""
        return self.money(amount, currency, 0 if amount == amount.to_integral_value() else 2)

    def estimate(self, amount: Decimal, currency: str) -> str:
        """Return an estimated price: from ten up with two significant figures, below as a price."""
        if abs(amount) < ROUNDED_FROM:
            return self.price(amount, currency)
        step = Decimal(1).scaleb(amount.adjusted() - 1)
        return self.money((amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step, currency)

    def _money_pattern(self, decimals: int) -> str:
        pattern: str = self._known.currency_formats["standard"].pattern
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
            _rounded(value, decimals), f"duration-{unit}", length, pattern, locale=self._known
        )
        return written.replace(" ", NO_BREAK).replace("-", MINUS, 1)

    def work_days(self, value: Decimal) -> str:
        """Return days of work, a quarter of a day at the finest, without useless zeros."""
        return self.exact(value)

    # ------------------------------------------------------------ dates

    def date(self, value: Day) -> str:
        """Return a day: "29 août 2018", "1er septembre 2018", "1º de setembro de 2018"."""
        written: str = format_date(value, "long", locale=self._known)
        if value.day == 1:
            written = re.sub(r"^1\b", FIRST_DAY.get(self.language, "1"), written)
        return written.replace(" ", NO_BREAK, 1)

    def short_date(self, value: Day) -> str:
        """Return a day for a cell of a table: "29/08/2018"."""
        return format_skeleton(self._short_date, value, locale=self._known)

    def short_day(self, value: Day) -> str:
        """Return a day without its year, for the column of a picture: "29 août", "29 Aug"."""
        written: str = format_skeleton("MMMd", value, locale=self._known)
        return written.replace(" de ", " ")

    def month(self, value: Day | str) -> str:
        """Return a month: "mars 2018"; takes a date or a key such as "2018-03"."""
        return format_skeleton("yMMMM", _month(value), locale=self._known)

    def short_month(self, value: Day | str) -> str:
        """Return a month for an axis: "janv. 2018", "jan/2018"."""
        written: str = format_skeleton("yMMM", _month(value), locale=self._known)
        # Portuguese says "jan. de 2018", too long for an axis.
        return written.replace(". de ", "/")


def _rounded(value: Number, decimals: int) -> Decimal:
    """Return the value rounded, halves away from zero, never a negative zero."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP) + 0


def _share_decimals(value: float) -> int:
    """Return 1 within ten points of nothing or of everything, else 0."""
    distance = min(value, 1 - value)
    return 1 if 0 < _rounded(distance * 100, 1) < 10 else 0


def _interval_decimals(value: Interval) -> int:
    """Return 1 where an end has a decimal, or where without one the ends would be nearly equal."""
    if value.high - value.low < NARROW:
        return 1
    return max(_share_decimals(value.low), _share_decimals(value.high))


def _month(value: Day | str) -> date:
    if not isinstance(value, str):
        return date(value.year, value.month, 1)
    year, month = value.split("-")[:2]
    return date(int(year), int(month), 1)
