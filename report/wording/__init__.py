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

from report.wording.catalogs import BABEL_LOCALES, LANGUAGES, SOURCE_LANGUAGE, templates_folder
from report.wording.environment import make_environment
from report.wording.language import Wording
from report.wording.messages import GAP_NAMES, NOT_COMPUTED, message
from report.wording.typography import BLANK, NARROW_NO_BREAK, NO_BREAK, typographic

__all__ = [
    "BABEL_LOCALES",
    "BLANK",
    "GAP_NAMES",
    "LANGUAGES",
    "NARROW_NO_BREAK",
    "NOT_COMPUTED",
    "NO_BREAK",
    "SOURCE_LANGUAGE",
    "Wording",
    "make_environment",
    "message",
    "templates_folder",
    "typographic",
]
