"""The deck, read back: its story, its slides within bounds, its notes, its file."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from functools import cache

import pytest
from deck_reader import charts, faults_of_place, listing, open_deck, shapes_of, sizes_of, words
from made import made
from sample import HOSTILE, sample_findings, sample_proposal

from analysis.findings import NotComputed
from report.context import build_context
from report.deck import render_deck
from report.deck.fit import SMALLEST_BODY, SMALLEST_TITLE
from report.deck.story import tell
from report.wording import LANGUAGES, Wording

MINUTES = 20
LATER = {"stability": NotComputed("depends_on", "segmentation")}
ABSENCES = {
    "nothing": {
        "candidates": NotComputed("too_few_customers", "120", "500"),
        "segmentation": NotComputed("too_few_customers", "120", "500"),
        "refresh": NotComputed("depends_on", "stability"),
        "proposal": replace(sample_proposal(), tiers=NotComputed("depends_on", "refresh")),
        "drift": NotComputed("too_short_history", "20", "28"),
        **LATER,
    },
    "no_segments": {
        "segmentation": NotComputed("no_candidate_passed"),
        "refresh": NotComputed("depends_on", "segmentation"),
        **LATER,
    },
    "no_stability": {
        "stability": NotComputed("too_short_history", "400", "545"),
        "refresh": NotComputed("depends_on", "stability"),
    },
    "no_interval": {
        "refresh": replace(sample_findings().refresh, months=NotComputed("design_not_valid"))
    },
    "no_price": {"proposal": sample_proposal(None)},
}


def _deck(language: str, **changes) -> bytes:
    wording = Wording(language)
    return render_deck(build_context(sample_findings(**changes), wording), wording)


def _story(language: str, **changes):
    wording = Wording(language)
    return tell(build_context(sample_findings(**changes), wording), wording)


@cache
def _sample_deck(language: str) -> bytes:
    return made("deck", language)


@pytest.fixture(params=LANGUAGES)
def deck(request) -> bytes:
    return _sample_deck(request.param)


@pytest.fixture
def french() -> bytes:
    return _sample_deck("fr")


# ---------------------------------------------------------------- the story


def test_the_story_in_order():
    assert [slide.code for slide in _story("en")] == [
        "cover",
        "answer",
        "data",
        "dashboard",
        "questions",
        "candidates",
        "map",
        "shares",
        "profiles",
        "segment_loyal",
        "segment_satisfied_large",
        "segment_satisfied_small",
        "segment_unhappy_medium",
        "plans",
        "stability",
        "refresh",
        "worth",
        "contract",
        "decision",
        "appendix",
        "follow_up",
        "states",
        "payments",
        "grid",
        "method",
        "features",
        "transforms",
        "numbers",
        "limits",
        "other_family",
        "designs",
        "migration",
        "sizes_or_map",
        "drift",
        "minimum",
        "definitions",
    ]


def test_it_takes_twenty_minutes_as_asked():
    seconds = {"question": 0, "data": 0, "model": 0, "segments": 0, "time": 0, "contract": 0}
    for slide in _story("en"):
        if slide.part in seconds:
            seconds[slide.part] += slide.seconds
    assert seconds["question"] + seconds["data"] == 5 * 60
    assert seconds["model"] + seconds["segments"] == 10 * 60
    assert seconds["time"] + seconds["contract"] == 5 * 60
    assert sum(seconds.values()) == MINUTES * 60


def test_it_is_told_in_few_slides():
    told = [slide for slide in _story("en") if slide.part != "appendix"]
    assert len(told) <= 19
    assert not [slide for slide in told if not slide.seconds and slide.code != "cover"]


def test_the_notes_run_from_the_start_to_the_last_minute(french):
    notes = [slide.notes_slide.notes_text_frame.text for slide in open_deck(french).slides]
    times = [re.search(r"Durée.*: (\S+), de (\S+) à (\S+) ", text) for text in notes]
    spans = [(_seconds(time[2]), _seconds(time[3])) for time in times if time]
    assert spans[0][0] == 0
    assert [end for _start, end in spans[:-1]] == [start for start, _end in spans[1:]]
    assert spans[-1][1] == MINUTES * 60
    for time, (start, end) in zip([time for time in times if time], spans, strict=True):
        assert _seconds(time[1]) == end - start


def _seconds(clock: str) -> int:
    minutes, seconds = clock.split(":")
    return 60 * int(minutes) + int(seconds)


@pytest.mark.parametrize("count", [3, 7])
def test_any_number_of_segments_is_told_in_the_same_time(count):
    findings = sample_findings()
    segments = findings.segmentation.segments
    some = tuple(
        replace(segments[place % 4], segment_id=f"s{place}", colour=place, persona_number=place + 1)
        for place in range(count)
    )
    story = _story("en", segmentation=replace(findings.segmentation, segments=some))
    assert sum(slide.seconds for slide in story) == MINUTES * 60


def test_the_appendix_opens_with_its_contents(french):
    slides = list(open_deck(french).slides)
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    opening = [slide.code for slide in _story("fr")].index("appendix")
    said = "\n".join(s.text_frame.text for s in slides[opening].shapes if s.has_text_frame)
    for number, title in enumerate(titles[opening + 1 :], start=opening + 2):
        assert f"{number} {title}" in said


def test_titles_say_what_the_findings_say():
    context = build_context(sample_findings(), Wording("fr"))
    titles = {slide.title for slide in _story("fr")}
    for key in ("follow_up", "segments", "unhappy", "stability", "refresh", "price"):
        assert context.headline(key).text in titles


def test_every_headline_figure_stands_on_a_slide(deck):
    said = words(deck)
    language = open_deck(deck).core_properties.language.removesuffix("-FR").removesuffix("-GB")
    context = build_context(sample_findings(), Wording(language))
    for headline in context.headlines:
        assert headline.text in said
    for segment in context.segmentation.segments:
        assert segment.name in said
        assert segment.customers in said
    assert context.refresh.months in said
    for tier in context.proposal.tiers:
        assert tier.total in said


# ---------------------------------------------------------------- the slides


def test_every_slide_has_a_title_notes_and_a_number(deck):
    for slide in open_deck(deck).slides:
        assert slide.shapes.title.text_frame.text
        assert len(slide.notes_slide.notes_text_frame.text) > 20
        kinds = {shape._element.ph.get("type") for shape in slide.placeholders}
        assert "sldNum" in kinds


def test_content_slides_carry_the_source_and_where_one_is(deck):
    for slide in list(open_deck(deck).slides)[1:]:
        footer = next(s for s in slide.placeholders if s._element.ph.get("type") == "ftr")
        assert footer.text_frame.text.startswith(("Source", "Fonte"))
        story = next(shape for shape in slide.shapes if shape.name == "Story")
        marked = [
            run.text
            for shape in shapes_of(story)
            for paragraph in shape.text_frame.paragraphs
            for run in paragraph.runs
            if run.font.bold
        ]
        assert len(marked) == 1


def test_charts_tables_and_pictures_have_an_alternative(deck):
    for slide in open_deck(deck).slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table or shape.name == "Story":
                assert len(shape._element.xpath(".//p:cNvPr")[0].get("descr", "")) > 10


def test_nothing_leaves_the_slide_and_no_texts_overlap(deck):
    assert faults_of_place(deck) == []


def test_no_text_is_smaller_than_can_be_read(deck):
    for slide in open_deck(deck).slides:
        title = slide.shapes.title
        for shape in shapes_of(slide):
            least = SMALLEST_TITLE if shape == title else SMALLEST_BODY
            for size in sizes_of(shape):
                assert size >= least, (shape.name, size)


def test_no_prompt_of_an_empty_placeholder_is_left(deck):
    for slide in open_deck(deck).slides:
        for shape in slide.placeholders:
            if shape.has_text_frame and shape._element.ph.get("type") != "sldNum":
                assert shape.text_frame.text, shape.name


@pytest.mark.parametrize("tag", ["fr-FR", "en-GB", "pt-BR"])
def test_every_text_is_marked_with_its_language(tag):
    language = next(language for language in LANGUAGES if tag.startswith(language))
    for slide in open_deck(_sample_deck(language)).slides:
        for holder in (slide, slide.notes_slide):
            runs = [r for shape in shapes_of(holder) for r in shape._element.iter("{*}r")]
            assert runs
            for run in runs:
                assert run.find("{*}rPr").get("lang") == tag


def test_charts_can_be_edited(deck):
    for chart in charts(deck):
        assert chart.part.chart_workbook.xlsx_part is not None


# ---------------------------------------------------------------- the file


def test_the_same_findings_make_the_same_bytes(french):
    assert _deck("fr") == french


def test_two_languages_are_two_decks():
    french, english = listing(_sample_deck("fr")), listing(_sample_deck("en"))
    assert french != english
    assert any("Annexe" in line for line in french)
    assert not any("Annexe" in line for line in english)


def test_the_file_is_dated_by_its_findings(french):
    properties = open_deck(french).core_properties
    assert properties.created == properties.modified == sample_findings().period.as_of
    assert properties.language == "fr-FR"
    with zipfile.ZipFile(io.BytesIO(french)) as file:
        assert {entry.date_time[0] for entry in file.infolist()} == {1980}
        assert file.namelist()[0] == "[Content_Types].xml"
        assert "docProps/thumbnail.jpeg" not in file.namelist()


def test_sections_hold_every_slide_once(french):
    with zipfile.ZipFile(io.BytesIO(french)) as file:
        text = file.read("ppt/presentation.xml").decode()
    deck = open_deck(french)
    listed = text[text.index("sectionLst") :]
    for slide in deck.slides:
        assert listed.count(f'id="{slide.slide_id}"') == 1
    assert "Annexe" in listed


def test_nothing_of_the_deck_reaches_outside(french):
    with zipfile.ZipFile(io.BytesIO(french)) as file:
        for name in file.namelist():
            if name.endswith(".rels"):
                assert b'TargetMode="External"' not in file.read(name)


# ---------------------------------------------------------------- what is absent, or hostile


@pytest.mark.parametrize(
    ("case", "language"), [("nothing", "en"), *((case, "fr") for case in ABSENCES)]
)
def test_what_could_not_be_computed_is_said(case, language):
    changes = ABSENCES[case]
    deck = _deck(language, **changes)
    wording = Wording(language)
    said = words(deck)
    reasons = [part for part in changes.values() if isinstance(part, NotComputed)]
    if reasons:
        assert wording.not_computed(reasons[0]) in said
    for slide in open_deck(deck).slides:
        assert slide.shapes.title.text_frame.text
    assert "NotComputed" not in said


def test_segments_that_are_not_there_have_no_slide():
    codes = [slide.code for slide in _story("en", **ABSENCES["no_segments"])]
    assert "no_segments" in codes
    assert "candidates" in codes
    assert not [code for code in codes if code.startswith("segment_") or code == "grid"]


def test_reviews_that_are_not_there_leave_a_table():
    findings = sample_findings()
    first, *others = findings.segmentation.segments
    profile = replace(first.profile, review_counts=NotComputed("missing_table", expected="reviews"))
    segments = (replace(first, profile=profile), *others)
    changed = replace(findings.segmentation, segments=segments)
    deck = _deck("en", segmentation=changed)
    assert len(charts(deck)) == len(charts(_sample_deck("en"))) - 1


def test_many_segments_and_long_names_fit():
    findings = sample_findings()
    segments = findings.segmentation.segments
    seven = tuple(
        replace(segments[place % 4], segment_id=f"s{place}", colour=place, persona_number=place + 1)
        for place in range(7)
    )
    deck = _deck("fr", segmentation=replace(findings.segmentation, segments=seven))
    assert sum("Ce qui les distingue" in line for line in listing(deck)) == 7


def test_hostile_names_are_texts():
    findings = sample_findings()
    questions = tuple(
        replace(
            question,
            reading=replace(question.reading, rows=((HOSTILE, "=1+1", 3),)),
            columns=("seller_id", "first", "items"),
            other_readings=(),
        )
        for question in findings.questions
    )
    proposal = replace(sample_proposal(), client=f"{HOSTILE}\x00\x0b", consultant="=cmd()")
    deck = _deck("en", questions=questions, proposal=proposal)
    said = words(deck)
    assert HOSTILE in said
    with zipfile.ZipFile(io.BytesIO(deck)) as file:
        assert not [name for name in file.namelist() if b"<img" in file.read(name)]
