"""What customers of a segment are sent, stage by stage: the same words serve not all of them."""

from __future__ import annotations

from analysis.findings import Segment, Segmentation
from report.content import Content, Letter, Persona, load_content
from report.views.hand_over import customers_language
from report.views.segment_records import LifecycleView, StageMessage, StageMessages
from report.wording import Wording, message, typographic

FIRST = "active"
SAID = {
    "same": message("The message of the previous stage serves here too."),
    "none": message("No message of its own at this stage."),
    "few": message("Too few customers for a message of their own."),
}


def stage_messages(
    segment: Segment,
    stages: tuple[LifecycleView, ...],
    found: Segmentation,
    wording: Wording,
    content: Content,
) -> StageMessages:
    """Return the messages of a segment, one a stage, in the document's language and in theirs."""
    language = customers_language(found, wording)
    own = content.persona(segment.persona)
    theirs = load_content(language).persona(segment.persona) if language else None
    large = {cell.stage for cell in segment.lifecycle if cell.matters}
    return StageMessages(
        language=language,
        messages=tuple(
            _message(stage, own, theirs, language, wording, is_large=stage.stage in large)
            for stage in stages
        ),
    )


def _message(
    stage: LifecycleView,
    own: Persona,
    theirs: Persona | None,
    language: str,
    wording: Wording,
    *,
    is_large: bool,
) -> StageMessage:
    """Return the message of one stage, or why it has none of its own."""
    letter = _letter(own, stage.stage) if is_large else "few"
    other = _letter(theirs, stage.stage) if theirs else None
    words = isinstance(letter, Letter)
    return StageMessage(
        stage=stage.name,
        days=stage.days,
        customers=stage.customers,
        todo=stage.todo if is_large else "",
        said="" if isinstance(letter, Letter) else wording.gettext(SAID[letter]),
        subject=wording.typographic(letter.subject) if isinstance(letter, Letter) else "",
        body=wording.typographic(letter.body) if isinstance(letter, Letter) else "",
        their_subject=typographic(other.subject, language)
        if words and isinstance(other, Letter)
        else "",
        their_body=typographic(other.body, language) if words and isinstance(other, Letter) else "",
    )


def _letter(persona: Persona, stage: str) -> Letter | str:
    """Return the letter of a stage, or the word that says why there is none of its own."""
    if stage == FIRST:
        return Letter(persona.message.subject, persona.message.body)
    letter: Letter | str = getattr(persona.later, stage)
    return letter
