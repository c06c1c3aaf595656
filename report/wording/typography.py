"""The characters and the spaces of good typography."""

from __future__ import annotations

import re

NO_BREAK = "\u00a0"
NARROW_NO_BREAK = "\u202f"
MINUS = "\u2212"
BLANK = "\u2026\u2026"


def typographic(text: str, language: str) -> str:
    """Return the text with the apostrophes, and in French the spaces, of good typography."""
    text = re.sub(r"(?<=\w)'(?=\w|%|\s|$)", "’", text)
    if language != "fr":
        return text
    text = re.sub(r" ([;!?]|%(?!\())", NARROW_NO_BREAK + r"\1", text)
    return re.sub(r" ([:»])", NO_BREAK + r"\1", text).replace("« ", "«" + NO_BREAK)
