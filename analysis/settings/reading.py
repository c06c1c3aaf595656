"""Settings are read and checked once; what is wrong is named, with what was expected."""

from __future__ import annotations

import difflib
import re
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import ValidationError

from analysis.errors import SettingsError
from analysis.settings.checks import check_together
from analysis.settings.whole import Settings


def read_settings(path: Path | None) -> Settings:
    """Read a playbook.toml, or take every default when path is None.

    Raises:
        SettingsError: not TOML, an unknown key (with the nearest known one), or a wrong value.
    """
    if path is None:
        return Settings()
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"the settings cannot be read: {error}",
            where=str(path),
            expected="a TOML file",
            todo="check the path, or write one with `playbook init`",
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"not valid TOML: {error}",
            where=str(path),
            expected="key = value lines under [sections]",
            todo="compare with what `playbook init` writes",
        ) from error
    return check_settings(values, where=str(path))


def restore_settings(values: dict[str, Any], where: str) -> Settings:
    """Return the settings of an earlier run, as its manifest holds them.

    Raises:
        SettingsError: they are not those of this version.
    """
    try:
        return Settings.model_validate(values, by_name=True)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"{place}: {first['msg']}",
            where=where,
            expected="the settings as a build of this version wrote them",
            todo="build again",
        ) from error


def check_settings(values: dict[str, Any], where: str = "settings") -> Settings:
    """Return the settings that the values make.

    Raises:
        SettingsError: an unknown key (with the nearest known one), or a wrong value.
    """
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        place = [str(part) for part in first["loc"]]
        if first["type"] == "extra_forbidden":
            raise _unknown_key(place, where) from error
        raise _wrong_value(place, first["input"], first["msg"], where) from error
    check_together(settings, where)
    return settings


def refuse_expired(settings: Settings, today: date) -> None:
    """Refuse to make a proposal that could no longer be signed.

    Without a date the proposal is a draft, and cannot have expired.

    Raises:
        SettingsError: the validity that starts at [contract] date ended before today.
    """
    contract = settings.contract
    if contract.issued_on is None:
        return
    until = contract.issued_on + timedelta(days=contract.validity_days)
    if until < today:
        raise SettingsError(
            f"contract.date = {contract.issued_on}: the proposal was valid until {until}",
            where="[contract] in the settings",
            expected=f"a validity that has not ended on {today}",
            todo="give the date on which the proposal is sent, or a longer validity_days",
        )


def _wrong_value(place: list[str], value: object, message: str, where: str) -> SettingsError:
    """Return the error for a value; a number with a comma is told how to be written."""
    number = isinstance(value, str) and re.fullmatch(r"[\d\s.]*,\d*", value.strip())
    written = str(value).replace(".", "").replace(" ", "").replace(",", ".")
    return SettingsError(
        f"{'.'.join(place)} = {value!r}",
        where=where,
        expected=f"a number with a point: write {written}" if number else message,
        todo="correct the value; `playbook init` writes every key with its meaning",
    )


def _unknown_key(place: list[str], where: str) -> SettingsError:
    """Return the error for a key that no section knows, with the nearest that it does."""
    section: Any = Settings
    for part in place[:-1]:
        # Under a table of tables any name stands for one of the same kind.
        named = get_origin(section) is dict
        section = get_args(section)[1] if named else section.model_fields[part].annotation
    near = difflib.get_close_matches(place[-1], section.model_fields, n=1)
    suggestion = ".".join([*place[:-1], near[0]]) if near else ""
    return SettingsError(
        f"unknown key {'.'.join(place)}",
        where=where,
        expected=f"did you mean {suggestion}?"
        if near
        else f"one of {', '.join(section.model_fields)}",
        todo="correct or remove the key; `playbook init` writes every key with its meaning",
    )
