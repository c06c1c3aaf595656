"""What a notebook's cell shows: a text, a table or a drawing, the same bytes at every run."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from jinja2 import Environment

from report.charts import Figure, draw
from report.views import Absence
from report.views.figures import Table
from report.wording import Wording, make_environment


@dataclass(frozen=True)
class Shown:
    """The forms of one output, by type of content; `text` stands where no other can be shown."""

    text: str
    forms: dict[str, str] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        """Return the plain text."""
        return self.text

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return every form, as notebooks ask for it."""
        return {"text/plain": self.text, **self.forms}


def _environment(wording: Wording) -> Environment:
    """Return the environment of the documents, whose blocks know how to draw."""
    environment = make_environment(wording)
    environment.filters["drawing"] = draw
    return environment


def show_texts(texts: Iterable[str] | Absence, wording: Wording) -> Shown:
    """Return sentences, a paragraph each; of a part that is absent, why."""
    said = (texts.reason,) if isinstance(texts, Absence) else tuple(text for text in texts if text)
    html = _environment(wording).get_template("notebooks/texts.html").render(texts=said)
    return Shown("\n".join(said), {"text/html": html})


def show_table(table: Table | Absence, wording: Wording) -> Shown:
    """Return a table, or why it is absent."""
    if isinstance(table, Absence):
        return show_texts(table, wording)
    html = _environment(wording).get_template("notebooks/table.html").render(table=table)
    lines = [tuple(column.label for column in table.columns), *table.rows]
    plain = "\n".join(" | ".join(line) for line in lines)
    return Shown(f"{table.caption}\n{plain}", {"text/html": html})


def show_figure(figure: Figure | Absence, wording: Wording) -> Shown:
    """Return a figure of the documents, as the PDF prints it, or why it is absent."""
    if isinstance(figure, Absence):
        return show_texts(figure, wording)
    return Shown(f"{figure.title}\n{figure.description}", {"image/svg+xml": draw(figure)})


def show_part(part: object, names: tuple[str, ...], wording: Wording) -> Shown:
    """Return some fields of a part of the documents one under the other, or why it is absent."""
    if isinstance(part, Absence):
        return show_texts(part, wording)
    shown = [_show(getattr(part, name), wording) for name in names]
    if len(shown) == 1:
        return shown[0]
    text = "\n".join(one.text for one in shown)
    return Shown(text, {"text/html": "\n".join(_as_html(one) for one in shown)})


def _show(value: Any, wording: Wording) -> Shown:
    """Return a sentence, sentences, a table or a figure."""
    if isinstance(value, Table):
        return show_table(value, wording)
    if isinstance(value, str):
        return show_texts((value,), wording)
    if isinstance(value, Absence | tuple):
        return show_texts(value, wording)
    return show_figure(value, wording)


def _as_html(shown: Shown) -> str:
    """Return the HTML of an output; a drawing becomes an image, which needs no trust."""
    if "text/html" in shown.forms:
        return shown.forms["text/html"]
    drawing = b64encode(shown.forms["image/svg+xml"].encode()).decode()
    title = escape(shown.text)
    return f'<img alt="{title}" src="data:image/svg+xml;base64,{drawing}">'
