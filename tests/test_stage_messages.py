"""Each stage of a segment has its message, or says why it has none of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sample import sample_findings
from telling import say

from analysis.findings import Findings, NotComputed, Segmentation
from report.content import Letter, load_content
from report.html import render_report
from report.views.segment_records import SegmentationView, StageMessages
from report.wording import LANGUAGES, Wording


def with_persona(persona: str, few: str = "") -> Findings:
    """Return the sample with a single persona, its customers too few in the stage `few`."""
    findings = sample_findings()
    found = findings.segmentation
    assert isinstance(found, Segmentation)
    segments = tuple(
        replace(
            one,
            persona=persona,
            persona_number=0,
            lifecycle=tuple(replace(cell, matters=cell.stage != few) for cell in one.lifecycle),
        )
        for one in found.segments[:1]
    )
    return replace(findings, segmentation=replace(found, segments=segments))


def said(findings: Findings, language: str = "en") -> StageMessages:
    view = say(findings, language).segmentation
    assert isinstance(view, SegmentationView)
    return view.segments[0].by_stage


def test_the_first_stage_has_the_message_of_the_page_and_the_others_their_own() -> None:
    active, cooling, dormant = said(with_persona("satisfied_large")).messages
    persona = load_content("en").persona("satisfied_large")
    assert active.subject == persona.message.subject
    assert isinstance(persona.later.cooling, Letter)
    assert (cooling.subject, cooling.body) == (
        persona.later.cooling.subject,
        persona.later.cooling.body,
    )
    assert len({active.body, cooling.body, dormant.body}) == 3
    assert not active.said + cooling.said + dormant.said


def test_where_one_text_serves_or_none_does_it_is_said() -> None:
    same = said(with_persona("mixed_large")).messages[2]
    assert (same.subject, same.said) == ("", "The message of the previous stage serves here too.")
    none = said(with_persona("unhappy_small")).messages[2]
    assert (none.body, none.said) == ("", "No message of its own at this stage.")
    few = said(with_persona("loyal", few="cooling")).messages[1]
    assert (few.body, few.said) == ("", "Too few customers for a message of their own.")


def test_they_stand_in_the_language_of_the_customers_too() -> None:
    found = said(with_persona("unhappy_large"))
    assert found.language == "pt-BR"
    theirs = load_content("pt-BR").persona("unhappy_large").later.cooling
    assert isinstance(theirs, Letter)
    assert found.messages[1].their_subject == theirs.subject
    own = said(with_persona("unhappy_large"), "pt-BR")
    assert (own.language, own.messages[1].their_subject) == ("", "")
    assert own.messages[1].subject == theirs.subject


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stage_without_a_message_has_an_advice_that_asks_for_none(language: str) -> None:
    for key, persona in load_content(language).personas.items():
        letters = (persona.message, persona.later.cooling, persona.later.dormant)
        bodies = [one.body for one in letters if not isinstance(one, str)]
        assert len(set(bodies)) == len(bodies), key
        assert persona.later.cooling != "same" or persona.later.dormant != "same", key


def test_the_report_holds_every_message_of_every_stage() -> None:
    findings = with_persona("unhappy_large")
    page = render_report(say(findings, "fr"), Wording("fr"), None)
    later = load_content("pt-BR").persona("unhappy_large").later
    for letter in (later.cooling, later.dormant):
        assert isinstance(letter, Letter)
        assert letter.subject in page
    assert 'href="#messages-1"' in page
    assert 'id="messages-1"' in page


def test_without_comments_the_messages_are_in_the_language_of_the_document() -> None:
    findings = with_persona("loyal")
    found = findings.segmentation
    assert isinstance(found, Segmentation)
    mute = replace(found, segments=(replace(found.segments[0], voices=NotComputed("not_reached")),))
    assert said(replace(findings, segmentation=mute)).language == ""
