"""The playbook's texts in a language: what marketing does with each persona, terms, clauses.

The texts stand in templates/content/<language>.toml and are edited there by people who do not read
code, so everything about them is checked on reading. Two kinds of marks may stand in a text:

- `{refit_months}`: a placeholder of ours, one of PLACEHOLDERS; `Content.fill` replaces it.
  Allowed in groups, terms and clauses only.
- `[FIRST NAME]`: a field that the client's CRM fills; it is shown as it stands. Allowed in
  messages only, and each one is explained under [merge_fields].
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from analysis.errors import RenderError
from analysis.settings import PersonaName
from report.content_marks import PLACEHOLDERS, Value, merge_fields, placeholders, written
from report.wording import LANGUAGES, Wording, templates_folder

Entry = TypeVar("Entry")

PersonaKey = PersonaName
GroupKey = Literal["waiting", "inactive", "no_valid_order"]
TermKey = Literal[
    "segment",
    "persona",
    "recency",
    "frequency",
    "monetary",
    "low_review",
    "window",
    "lifecycle",
    "ari",
    "agreement",
    "silhouette",
    "noise_floor",
    "gap_size",
    "psi",
    "auc",
    "wilson_interval",
    "refresh",
    "rescoring",
    "refit",
]
ClauseKey = Literal[
    "frequency",
    "frequency_unknown",
    "trigger",
    "performance_tools",
    "model_update",
    "new_data",
    "resources",
    "fallback",
    "scope_in",
    "scope_out",
    "data_protection",
    "acceptance",
    "reversibility",
    "service_levels",
    "change_control",
    "liability",
    "price_revision",
    "payment",
    "late_payment",
    "termination",
    "jurisdiction",
    "confidentiality",
    "intellectual_property",
    "force_majeure",
    "renewal",
    "insurance",
    "subcontracting",
    "order_of_documents",
    "data_agreement",
    "validity",
    "tax_none",
    "tax_france",
    "tax_eu_reverse_charge",
    "tax_outside_eu",
]

# Where the fields of the CRM may stand: in what customers are sent.
MESSAGE = re.compile(r"\.(message|later)\.")
_STRICT = ConfigDict(extra="forbid", str_min_length=1)

Line = Annotated[str, Field(max_length=95)]
Cell = Annotated[str, Field(max_length=60)]
Sentence = Annotated[str, Field(max_length=160)]
Explanation = Annotated[str, Field(max_length=280)]
Paragraph = Annotated[str, Field(max_length=480)]


@dataclass(frozen=True, config=_STRICT)
class Action:
    """One thing to do, as a row of a plan; its effect is a hypothesis to test.

    `measure` says how its KPI is tested: against a hold-out group on `repeat` purchases or on the
    `response` (answers, visits, clicks), or with nobody left out: a service, a survey (`none`).
    """

    name: Cell
    channel: Cell
    offer: Cell
    timing: Cell
    kpi: Cell
    measure: Literal["repeat", "response", "none"]
    guardrail: Cell


@dataclass(frozen=True, config=_STRICT)
class Message:
    """A message ready to send once the CRM has filled the fields in square brackets.

    `recipients` says to whom of the segment it may go, and is to be shown with it: a segment of
    unhappy customers holds some who are not.
    """

    recipients: Line
    subject: Cell
    body: Annotated[str, Field(max_length=420)]


@dataclass(frozen=True, config=_STRICT)
class Letter:
    """A message for one stage, to the same recipients as the persona's message."""

    subject: Cell
    body: Annotated[str, Field(max_length=420)]


@dataclass(frozen=True, config=_STRICT)
class LaterMessages:
    """What customers of the later stages receive; the persona's message is that of the first.

    `same`: the message of the stage before serves. `none`: the advice is to send nothing of its
    own.
    """

    cooling: Letter | Literal["same", "none"]
    dormant: Letter | Literal["same", "none"]


@dataclass(frozen=True, config=_STRICT)
class LifecycleActions:
    """What to do in each stage of the lifecycle; the names are those of LifecycleCell.stage."""

    active: Line
    cooling: Line
    dormant: Line


@dataclass(frozen=True, config=_STRICT)
class Persona:
    """One page of the playbook. `who` claims only what the rule that gave the name guarantees."""

    name: Annotated[str, Field(max_length=32)]
    tagline: Annotated[str, Field(max_length=80)]
    who: Annotated[str, Field(max_length=320)]
    objective: Sentence
    do: tuple[Line, Line, Line]
    dont: tuple[Line, Line]
    actions: tuple[Action, Action, Action]
    message: Message
    lifecycle: LifecycleActions
    later: LaterMessages
    priority: Sentence


@dataclass(frozen=True, config=_STRICT)
class Group:
    """Customers who are in no segment, by rule."""

    name: Annotated[str, Field(max_length=40)]
    what: Explanation
    todo: Explanation


@dataclass(frozen=True, config=_STRICT)
class MiddleReviews:
    """Whoever gave three stars, in any segment: neither a complaint nor praise."""

    title: Annotated[str, Field(max_length=60)]
    why: Explanation
    todo: Explanation
    message: Message


@dataclass(frozen=True, config=_STRICT)
class Term:
    """An entry of the glossary."""

    term: Annotated[str, Field(max_length=48)]
    explanation: Explanation


@dataclass(frozen=True, config=_STRICT)
class Clause:
    """A clause of the proposal: paragraphs, then points (there may be none).

    A paragraph with a placeholder whose value is not known can be left out: the rest reads well
    without it. Only `frequency` cannot do without; `frequency_unknown` takes its place. `remarks`
    are for those who check the text before it is signed, and no part of it.
    """

    heading: Cell
    paragraphs: Annotated[tuple[Paragraph, ...], Field(min_length=1, max_length=4)]
    points: Annotated[tuple[Sentence, ...], Field(max_length=8)]
    remarks: Annotated[tuple[Explanation, ...], Field(max_length=4)] = ()


@dataclass(frozen=True, config=_STRICT)
class Content:
    """All texts of one language.

    `merge_fields` explains each field of the messages: the field as it is written, without its
    brackets, and what the CRM puts there.
    """

    language: str
    merge_fields: Mapping[str, Sentence]
    personas: Mapping[PersonaKey, Persona]
    groups: Mapping[GroupKey, Group]
    middle: MiddleReviews
    glossary: Mapping[TermKey, Term]
    clauses: Mapping[ClauseKey, Clause]

    def persona(self, key: str) -> Persona:
        """Return a persona.

        Raises:
            RenderError: no persona has this key.
        """
        return _entry(self.personas, key, "persona", self.language)

    def group(self, key: str) -> Group:
        """Return a group of customers who are in no segment.

        Raises:
            RenderError: no group has this key.
        """
        return _entry(self.groups, key, "group", self.language)

    def term(self, key: str) -> Term:
        """Return an entry of the glossary.

        Raises:
            RenderError: no entry has this key.
        """
        return _entry(self.glossary, key, "term", self.language)

    def clause(self, key: str) -> Clause:
        """Return a clause of the proposal.

        Raises:
            RenderError: no clause has this key.
        """
        return _entry(self.clauses, key, "clause", self.language)

    def fill(self, text: str, values: Mapping[str, Value], wording: Wording) -> str:
        """Return the text with its placeholders replaced, in the language's typography.

        A number is written as PLACEHOLDERS says; a text (a name, an amount already written)
        stands as it is.

        Raises:
            RenderError: a placeholder is unknown, or there is no value for it.
        """
        where = f"a text of the {self.language} content"
        filled = {}
        for name in placeholders(text, where):
            if name not in values:
                raise RenderError(
                    f"no value for the placeholder {{{name}}}",
                    where=where,
                    expected=f"a value; given: {', '.join(sorted(values)) or 'none'}",
                    todo="give the value, or choose the text for when it could not be computed",
                )
            filled[name] = written(PLACEHOLDERS[name], values[name], wording)
        return wording.typographic(text).format_map(filled)


@cache
def load_content(language: str) -> Content:
    """Read and check the texts of a language, one of LANGUAGES.

    Raises:
        RenderError: no such language, not TOML, a key missing or unknown, a text too long, an
            unknown placeholder or merge field.
    """
    folder = templates_folder() / "content"
    if language not in LANGUAGES:
        raise RenderError(
            f"no content in the language {language!r}",
            where=str(folder),
            expected=f"one of {', '.join(LANGUAGES)}",
            todo="choose one of them",
        )
    path = folder / f"{language}.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RenderError(
            f"the content cannot be read: {error}",
            where=str(path),
            expected="a TOML file in UTF-8",
            todo="install again, or put the file back",
        ) from error
    return read_content(text, language, where=str(path))


def read_content(text: str, language: str, where: str) -> Content:
    """Return the content that a TOML text holds, checked.

    Raises:
        RenderError: as for `load_content`.
    """
    try:
        values: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RenderError(
            f"not valid TOML: {error}",
            where=where,
            expected="key = value lines under [sections]",
            todo="mend the line named above",
        ) from error
    try:
        content = TypeAdapter(Content).validate_python({"language": language, **values})
    except ValidationError as error:
        raise _schema_error(error, where) from error
    _check_complete(content, where)
    _check_marks(content, where)
    return content


def texts(content: Content) -> Iterator[tuple[str, str]]:
    """Yield every text of the content, with its place ("personas.loyal.do.0")."""
    values = TypeAdapter(Content).dump_python(content)
    del values["language"]
    yield from _leaves(values, "")


def _entry(entries: Mapping[Any, Entry], key: str, what: str, language: str) -> Entry:
    if key not in entries:
        raise RenderError(
            f"unknown {what} {key!r}",
            where=f"the {language} content",
            expected=f"one of {', '.join(entries)}",
            todo="correct the key, or write the entry in the content of every language",
        )
    return entries[key]


def _schema_error(error: ValidationError, where: str) -> RenderError:
    """Return the first problem that the schema found, in words."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part != "[key]")
    found = {
        "missing": f"missing key {place}",
        "unexpected_keyword_argument": f"unknown key {place}",
        "literal_error": f"unknown key {place}",
    }.get(first["type"], f"{place}: {str(first['input'])[:60]!r}")
    return RenderError(
        f"{found} ({error.error_count()} problems in all)",
        where=where,
        expected=first["msg"],
        todo="mend the text; the other languages show what is expected",
    )


def _check_complete(content: Content, where: str) -> None:
    """Check that no persona, group, term or clause is missing."""
    sections: tuple[tuple[str, Mapping[Any, object], Any], ...] = (
        ("personas", content.personas, PersonaKey),
        ("groups", content.groups, GroupKey),
        ("glossary", content.glossary, TermKey),
        ("clauses", content.clauses, ClauseKey),
    )
    for name, entries, keys in sections:
        for key in get_args(keys):
            if key not in entries:
                raise RenderError(
                    f"missing key {name}.{key}",
                    where=where,
                    expected=f"a section [{name}.{key}]",
                    todo="write the section; the other languages show what is expected",
                )


def _check_marks(content: Content, where: str) -> None:
    """Check that placeholders and merge fields are known, and stand only where they may."""
    for place, text in texts(content):
        spot = f"{where}, {place}"
        if placeholders(text, spot) and place.startswith(("personas.", "merge_fields.")):
            raise RenderError(
                "a placeholder of ours in a persona",
                where=spot,
                expected="none: they stand in groups, terms and clauses only",
                todo="for a field that the CRM fills, write [FIELD]",
            )
        _check_merge_fields(text, place, content.merge_fields, spot)


def _check_merge_fields(text: str, place: str, known: Mapping[str, str], spot: str) -> None:
    fields = merge_fields(text)
    if len(fields) != text.count("[") or len(fields) != text.count("]"):
        raise RenderError(
            "a square bracket without its other half",
            where=spot,
            expected="[FIELD]",
            todo="close the bracket, or remove it",
        )
    allowed = known if MESSAGE.search(place) else {}
    for field in fields:
        if field not in allowed:
            raise RenderError(
                f"unknown merge field [{field}]",
                where=spot,
                expected=f"in a message, one of {', '.join(known)}; elsewhere none",
                todo="correct the field, or explain it under [merge_fields]",
            )


def _leaves(value: object, place: str) -> Iterator[tuple[str, str]]:
    """Yield the texts below a value, with their places."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from _leaves(below, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple):
        for number, below in enumerate(value):
            yield from _leaves(below, f"{place}.{number}")
