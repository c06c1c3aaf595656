"""What can go wrong, as a tree. Bugs are not in it: they keep their traceback.

PlaybookError                 the command line prints its message and exits with 1
├── SourceError               the data: not found, not readable, not what was expected
│   ├── SourceNotReadableError  no such file, not a zip, truncated, unsafe, refused
│   ├── SchemaError             a table or a column is missing
│   ├── ContentError            a value that cannot be: dates, prices, duplicated keys, empty tables
│   └── ResourceError           more data than the memory or the disk that the engine may take
├── EngineError               the cluster: cannot be started, does not answer, did not finish
├── SettingsError             playbook.toml: unknown key, wrong value
├── FindingsError             findings.json: not ours, of another version, damaged
├── ModelError                model.json: not ours, of another version, tampered with
├── StateError                the memory of `playbook monitor`: damaged, or of another model
├── RenderError               a document that would not be fit to hand over (spill, missing text)
└── OutputError               the output folder cannot be written

A message says what was found, where, what was expected and what to do next.
"""


class PlaybookError(Exception):
    """A problem that the person at the keyboard can mend."""

    def __init__(self, found: str, *, where: str = "", expected: str = "", todo: str = "") -> None:
        """Keep the four parts of the message; each is a short phrase without a final stop."""
        self.found = found
        self.where = where
        self.expected = expected
        self.todo = todo
        super().__init__(self.message())

    def __reduce__(self) -> tuple[object, ...]:
        """Let an error cross from a worker process with its four parts."""
        return _again, (type(self), self.found, self.where, self.expected, self.todo)

    def message(self) -> str:
        """Return the parts that are there, one a line."""
        parts = (
            ("", self.found),
            ("where:    ", self.where),
            ("expected: ", self.expected),
            ("do next:  ", self.todo),
        )
        return "\n".join(f"{label}{text}" for label, text in parts if text)


class SourceError(PlaybookError):
    """The data could not be used."""


class SourceNotReadableError(SourceError):
    """The source could not be opened."""


class SchemaError(SourceError):
    """A table or a column is missing."""


class ContentError(SourceError):
    """A table holds values that cannot be."""


class ResourceError(SourceError):
    """The data need more memory, or more room on the disk, than the engine may take."""


class EngineError(PlaybookError):
    """The engine that was asked for could not be used, or did not finish."""


class SettingsError(PlaybookError):
    """playbook.toml could not be used."""


class FindingsError(PlaybookError):
    """findings.json could not be used."""


class ModelError(PlaybookError):
    """model.json could not be used."""


class StateError(PlaybookError):
    """What `playbook monitor` remembers could not be used."""


class RenderError(PlaybookError):
    """A document could not be made fit to hand over."""


class OutputError(PlaybookError):
    """The output could not be written."""


def _again(
    kind: type[PlaybookError], found: str, where: str, expected: str, todo: str
) -> PlaybookError:
    """Return an error made of its parts."""
    return kind(found, where=where, expected=expected, todo=todo)
