"""Shapes that many slides repeat: drawn once, then copied with numbers of their own."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Stamps:
    """What was drawn on a slide of this deck, by a key that says all it depends on."""

    made: dict[Hashable, list[Any]] = field(default_factory=dict)

    def put(self, slide: Any, key: Hashable, draw: Callable[[], None]) -> None:
        """Draw shapes on a slide, or copy them from the slide on which they were drawn."""
        tree = slide.shapes._spTree
        if key not in self.made:
            before = len(tree)
            draw()
            self.made[key] = list(tree)[before:]
            return
        number = last_number(tree)
        for element in self.made[key]:
            copied = deepcopy(element)
            for properties in copied.iter("{*}cNvPr"):
                number += 1
                properties.set("id", str(number))
            tree.append(copied)


def last_number(tree: Any) -> int:
    """Return the largest number of a shape in a tree of shapes."""
    return max(int(properties.get("id")) for properties in tree.iter("{*}cNvPr"))
