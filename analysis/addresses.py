"""Where a source is: a path, or the address of a database; never shown with its password."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from analysis.errors import SourceNotReadableError

_SCHEME = re.compile(r"^([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_EXPECTED = "a path, sqlite:///path or postgresql://user@host:port/database"


@dataclass(frozen=True)
class PostgresAddress:
    """A PostgreSQL database.

    Attributes:
        url: as libpq takes it, with whatever it holds; not shown.
        host: as shown, without the port.
        database: its name; empty when the server is to choose.
        secrets: what no message may hold.
    """

    url: str = field(repr=False)
    host: str
    database: str
    secrets: tuple[str, ...] = field(repr=False)

    @property
    def name(self) -> str:
        """What the documents call the source."""
        return f"{self.host}/{self.database}" if self.database else self.host

    def without_secrets(self, text: str) -> str:
        """Return a text without the password, in any of its spellings."""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return text


Address = Path | PostgresAddress


def is_url(text: str) -> bool:
    """Say whether a text is the address of a database rather than a path."""
    return bool(_SCHEME.match(text))


def parse_address(source: Path | str) -> Address:
    """Return where a source is.

    Raises:
        SourceNotReadableError: an address of another kind, or one that cannot be read.
    """
    if isinstance(source, Path) or not is_url(source):
        return Path(source)
    scheme, _, rest = source.partition("://")
    if scheme.lower() == "sqlite":
        if rest.startswith("/") and len(rest) > 1:
            return Path(rest[1:])
        raise _unreadable("an address of SQLite without a file", source)
    if scheme.lower() in ("postgresql", "postgres"):
        return _postgres(source)
    raise _unreadable(f"the address of a database of another kind: {scheme}", source)


def _postgres(source: str) -> PostgresAddress:
    """Return the address of a PostgreSQL database."""
    try:
        parts = urlsplit(source)
    except ValueError as error:
        raise _unreadable(f"an address that cannot be read: {error}", source) from error
    if parts.fragment or "@" in parts.path:
        raise SourceNotReadableError(
            "an address whose password holds a letter that means something else there",
            where="SOURCE",
            expected="@ written as %40, / as %2F, # as %23, % as %25",
            todo="write it so, or leave the password to PGPASSWORD or ~/.pgpass",
        )
    user, _, place = parts.netloc.rpartition("@")
    given = [user.partition(":")[2], *parse_qs(parts.query).get("password", [])]
    secrets = {spelling for text in given for spelling in (text, unquote(text)) if spelling}
    host = re.sub(r":[^:\],]*(?=,|$)", "", place)
    return PostgresAddress(
        url=source,
        host=unquote(host) or "localhost",
        database=unquote(parts.path.strip("/")),
        secrets=tuple(sorted(secrets, key=len, reverse=True)),
    )


def _unreadable(found: str, source: str) -> SourceNotReadableError:
    """Return the error; what stands before an @ in the address is not repeated."""
    scheme, _, rest = source.partition("://")
    return SourceNotReadableError(
        found,
        where=f"{scheme}://{rest.rpartition('@')[2]}",
        expected=_EXPECTED,
        todo="correct the address, or export the tables as CSV files",
    )
