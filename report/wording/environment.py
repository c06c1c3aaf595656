"""The templates' environment: texts and figures in one language, everything escaped."""

from __future__ import annotations

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from report.views import Absence
from report.wording.catalogs import templates_folder
from report.wording.language import Wording

FILTERS = (
    *("number", "integer", "index", "share", "interval", "stars", "review", "typographic"),
    *("money", "cents", "price", "days", "weeks", "months", "work_days"),
    *("date", "month", "short_month", "not_computed", "listing"),
    "labelled",
)


class _Compiled(BytecodeCache):
    """Keeps the templates that this process compiled: they are the same in every language."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template that was compiled before."""
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template that was compiled now; another text of the same name replaces it."""
        self.known[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def make_environment(wording: Wording) -> Environment:
    """Return the Jinja environment of every document: escaping, strict, in this language.

    Texts are marked with `_("...", name=value)` or `{% trans %}`; the filters have the names of
    the methods of Wording. `value is absent` is true of a part that could not be computed.
    """
    environment = Environment(
        loader=FileSystemLoader(templates_folder()),
        bytecode_cache=_COMPILED,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        wording.translation, wording.plural_translation, newstyle=True
    )
    for name in FILTERS:
        environment.filters[name] = getattr(wording, name)
    environment.globals["language"] = wording.language
    environment.tests["absent"] = lambda value: isinstance(value, Absence)
    return environment
