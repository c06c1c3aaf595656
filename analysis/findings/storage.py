"""Findings as JSON text and back; what is not ours is refused."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import FindingsError
from analysis.findings.whole import Findings

if TYPE_CHECKING:
    from pydantic import TypeAdapter


FORMAT_VERSION = 3


def to_json(findings: Findings) -> str:
    """Return findings as JSON text, the same for equal findings."""
    text = _adapter().dump_json(findings, indent=1).decode()
    return text + "\n"


def from_json(text: str, where: str = "findings.json") -> Findings:
    """Read findings back from JSON.

    Raises:
        FindingsError: not the findings of this version.
    """
    from pydantic import ValidationError

    try:
        findings = _adapter().validate_json(text)
    except ValidationError as error:
        _check_version(_version(text, where), where)
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise FindingsError(
            f"{error.error_count()} values are not as written, the first at {place}: "
            f"{first['msg']}",
            where=where,
            expected="the findings.json that `playbook build` writes, unchanged",
            todo="build again",
        ) from error
    _check_version(findings.format_version, where)
    return findings


def _version(text: str, where: str) -> object:
    """Return the version that a text says it has, as far as it holds findings at all.

    Asked only of a text that was refused: reading it takes the memory of a second copy.
    """
    try:
        return json.loads(text).get("format_version")
    except (json.JSONDecodeError, AttributeError) as error:
        raise FindingsError(
            "the file does not hold findings",
            where=where,
            expected="the findings.json that `playbook build` writes",
            todo="build again, or name the file in the output folder of a build",
        ) from error


def _check_version(version: object, where: str) -> None:
    if version != FORMAT_VERSION:
        raise FindingsError(
            f"findings of format {version}",
            where=where,
            expected=f"format {FORMAT_VERSION}",
            todo="build again with this version of playbook",
        )


def read_findings(path: Path) -> Findings:
    """Read a findings.json.

    Raises:
        FindingsError: the file cannot be read, or does not hold findings.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FindingsError(
            f"the file cannot be read: {error}",
            where=str(path),
            expected="the findings.json that `playbook build` writes",
            todo="check the path",
        ) from error
    return from_json(text, where=str(path))


@cache
def _adapter() -> TypeAdapter[Findings]:
    """Return the reader and writer of Findings, made once; pydantic is imported where used."""
    from pydantic import TypeAdapter

    return TypeAdapter(Findings)
