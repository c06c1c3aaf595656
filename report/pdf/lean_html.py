"""A page whose elements get only the styles that they can have."""

from __future__ import annotations

import re
from functools import cache

from weasyprint import CSS, HTML
from weasyprint.html import UA


class LeanHTML(HTML):  # type: ignore[misc]
    """A page of HTML with a default style that prepares nothing in vain."""

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:  # noqa: ARG002
        """Return the default styles of HTML, which WeasyPrint asks for."""
        return [default_style()]


@cache
def default_style() -> CSS:
    """Return WeasyPrint's default style without what it prepares, and keeps, for every element.

    That is the call, the mark and the way back of a note, and the marker of a list's item: six
    styles an element, more than all others. Only list items and footnotes have one.
    """
    rules = re.sub(r"^::note-.*$", "", UA, flags=re.MULTILINE)
    rules = re.sub(r"^(?=::footnote-)", ".footnote", rules, flags=re.MULTILINE)
    rules = re.sub(r"^(?=::marker)", "li", rules, flags=re.MULTILINE)
    return CSS(string=rules)
