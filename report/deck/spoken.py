"""What is said aloud fits the time of its slide: the first lines that do, then what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from report.deck.parts import Slide
from report.wording import Wording

# An unhurried speaker: 130 words a minute.
WORDS_A_MINUTE = 130


def most_words(seconds: int) -> int:
    """Return how many words can be said in so many seconds."""
    return seconds * WORDS_A_MINUTE // 60


def count_words(lines: Sequence[str]) -> int:
    """Return how many words lines have: what stands between spaces and holds a letter or digit."""
    return sum(any(sign.isalnum() for sign in word) for line in lines for word in line.split())


def with_spoken_notes(told: Sequence[Slide], wording: Wording) -> tuple[Slide, ...]:
    """Return the slides of the story with as much in their notes as can be said in their time."""
    following = [*(slide.title for slide in told[1:]), ""]
    return tuple(
        _spoken(slide, title, wording) for slide, title in zip(told, following, strict=True)
    )


def _spoken(slide: Slide, following: str, wording: Wording) -> Slide:
    """Return a slide with the lines of its notes that fit, in order, and the one to what follows.

    A slide without a time is not spoken to; its notes stay.
    """
    if not slide.seconds:
        return slide
    room = most_words(slide.seconds)
    lines = [wording.gettext("Next: %(title)s", title=following)] if following else []
    if count_words(lines) > room // 2:
        lines = []
    said: list[str] = []
    for note in slide.notes:
        if note and count_words((*said, note, *lines)) <= room:
            said.append(note)
    return replace(slide, notes=(*said, *lines))
