"""What may tell who wrote a comment, or whom it names: found, and masked.

A mask stands for an address, a telephone or order number, a code, a link, or the name after a form
of address. No rule finds every name: comments are chosen from those that need no mask, and hold no
capital inside a sentence, where there are some.
"""

from __future__ import annotations

import re
import unicodedata

MASK = "[…]"
_NAME_WORDS = r"[A-ZÀ-Ý][\w'’-]*(?:\s+[A-ZÀ-Ý][\w'’-]*){0,3}"
# Whatever stands before a name stays, in the group `kept`.
PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?i:https?://|www\.)\S+",
        r"\S*@\S+",
        # A domain without its protocol.
        r"\b[\w-]+(?:\.[\w-]+)*\.(?i:com|net|org|br|io|info|shop|store)\b\S*",
        # Ids and tracking codes: letters and digits in one long word.
        r"\b(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{6,}\b",
        # Telephone, document and order numbers, with the signs that people put between digits.
        r"[+(]?\d(?:[\s().\-/]*\d){4,}",
        r"(?P<kept>\b(?i:sr|sra|srta|dr|dra|mr|mrs|ms|mme)\b\.?\s+)(?:" + _NAME_WORDS + r"|\w+)",
        r"(?P<kept>\b(?i:seu|dona|dom|senhor|senhora)\s+)" + _NAME_WORDS,
        r"(?P<kept>\b(?i:me chamo|meu nome é|my name is|je m[’']appelle|me llamo)\s+)\w+"
        r"(?:\s+[A-ZÀ-Ý]\w*)?",
    )
)
# A capital inside a sentence, after a small letter or a comma: it may begin a name.
_INNER_CAPITAL = re.compile(r"[a-zß-öø-ÿ,] [A-ZÀ-Ý]")
# Beyond Latin: letters with their marks, digits, punctuation and spaces, and no pictures.
_PLAIN = frozenset("LMNPZ")
_LATIN_END = "\u0250"


def mask(text: str) -> str:
    """Return a text with what may tell who somebody is replaced by MASK.

    >>> mask("Ligue para a Sra. Maria: (11) 98765-4321 ou maria@exemplo.com")
    'Ligue para a Sra. […]: […] ou […]'
    """
    for pattern in PATTERNS:
        text = pattern.sub(_masked, text)
    return text


def one_line(text: str) -> str:
    """Return a text on one line, without marks that direct its reading or cannot be seen."""
    seen = (
        " " if character.isspace() else character
        for character in text
        if character.isspace() or not unicodedata.category(character).startswith("C")
    )
    return " ".join("".join(seen).split())


def is_plain(text: str) -> bool:
    """Return whether a text is of letters, digits, punctuation and spaces, without pictures."""
    return all(
        character < _LATIN_END or unicodedata.category(character)[0] in _PLAIN for character in text
    )


def may_name(text: str) -> bool:
    """Return whether a word inside a sentence starts with a capital, as a name does."""
    return _INNER_CAPITAL.search(text) is not None


def _masked(found: re.Match[str]) -> str:
    """Return the mask, after what is kept of the match."""
    return found.groupdict().get("kept", "") + MASK
