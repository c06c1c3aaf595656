"""What is said aloud fits its time, in every language, and leads on to the next slide."""

from __future__ import annotations

import pytest
from sample import sample_findings

from report.context import build_context
from report.deck.parts import Slide, Text, plain
from report.deck.spoken import WORDS_A_MINUTE, count_words, most_words, with_spoken_notes
from report.deck.story import tell
from report.wording import LANGUAGES, Wording


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_slide_has_more_words_than_its_time(language: str) -> None:
    wording = Wording(language)
    told = [s for s in tell(build_context(sample_findings(), wording), wording) if s.seconds]
    assert {s.code: s.notes for s in told if not s.notes} == {}
    for slide in told:
        words = sum(len(note.split()) for note in slide.notes)
        # A sign between spaces, as French writes it before a colon, is not a word.
        assert count_words(slide.notes) <= words
        assert count_words(slide.notes) * 60 <= WORDS_A_MINUTE * slide.seconds, slide.code


def slide(*notes: str, seconds: int = 6, title: str = "A title") -> Slide:
    return Slide("code", "data", title, Text((plain(""),)), notes, seconds)


def test_lines_that_do_not_fit_are_left_out_and_the_next_slide_is_named() -> None:
    assert most_words(6) == 13
    long = " ".join(["word"] * 9)
    first, last = with_spoken_notes(
        (slide("one two three four", long, "five six : seven"), slide(long, long, title="The end")),
        Wording("en"),
    )
    # 4 and 3 words and "Next: The end" are 10 of 13; the colon alone is none.
    assert first.notes == ("one two three four", "five six : seven", "Next: The end")
    assert last.notes == (long,)


def test_a_slide_without_a_time_keeps_its_notes() -> None:
    notes = tuple(f"line {number} of many" for number in range(40))
    (kept,) = with_spoken_notes((slide(*notes, seconds=0),), Wording("en"))
    assert kept.notes == notes
