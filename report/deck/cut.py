"""Words that no line could hold, cut: a file, a client or a place may be called anything."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

T = TypeVar("T")

# Longer than any word of the three languages, and narrower than a column.
LONGEST_WORD = 40
_LONG = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")


def with_short_words(value: T) -> T:
    """Return a value of frozen dataclasses, tuples and texts, the words of its texts cut."""
    cut: Any = value
    if isinstance(value, str):
        cut = _LONG.sub(lambda word: f"{word[0][: LONGEST_WORD - 1]}…", value)
    elif isinstance(value, tuple):
        cut = tuple(with_short_words(item) for item in value)
    elif is_dataclass(value) and not isinstance(value, type):
        held = {field.name: getattr(value, field.name) for field in fields(value)}
        cut = replace(value, **{name: with_short_words(item) for name, item in held.items()})
    return cast("T", cut)
