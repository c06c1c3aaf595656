"""What one value cannot show to be wrong: settings that must fit together, and names."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from analysis.errors import SettingsError
from analysis.settings.contract import Contract
from analysis.settings.customers import Actions
from analysis.settings.inputs import TableMapping
from analysis.settings.whole import Settings
from analysis.tables import BIDI_CONTROLS, TABLES, mappable_columns


def check_together(settings: Settings, where: str) -> None:
    """Refuse settings that do not fit together, and names that cannot be printed.

    Raises:
        SettingsError: the first of them, with what was expected.
    """
    _check_order(settings, where)
    _check_names(settings, where)
    _check_mapping(settings.source.mapping, where)
    _check_lifts(settings.actions, where)
    _check_contract(settings.contract, where)


def _check_order(settings: Settings, where: str) -> None:
    """Refuse a pair of numbers of which one must come first, or be a multiple of the other."""
    if settings.segmentation.k_min > settings.segmentation.k_max:
        raise SettingsError(
            f"segmentation.k_min = {settings.segmentation.k_min}, above k_max",
            where=where,
            expected=f"at most k_max = {settings.segmentation.k_max}",
            todo="lower k_min or raise k_max",
        )
    stability = settings.stability
    if stability.origin_days % stability.snapshot_days:
        raise SettingsError(
            f"stability.origin_days = {stability.origin_days}",
            where=where,
            expected=f"a multiple of snapshot_days = {stability.snapshot_days}",
            todo="change one of the two: origins stand on the grid of snapshots",
        )
    if settings.lifecycle.active_share >= settings.lifecycle.cooling_share:
        raise SettingsError(
            f"lifecycle.active_share = {settings.lifecycle.active_share}",
            where=where,
            expected=f"less than cooling_share = {settings.lifecycle.cooling_share}",
            todo="lower active_share or raise cooling_share",
        )
    if settings.lifecycle.active_days >= settings.lifecycle.cooling_days:
        raise SettingsError(
            f"lifecycle.active_days = {settings.lifecycle.active_days}",
            where=where,
            expected=f"less than cooling_days = {settings.lifecycle.cooling_days}",
            todo="lower active_days or raise cooling_days",
        )


def _check_contract(contract: Contract, where: str) -> None:
    """Refuse a rate of exchange that nobody could check, and a start before the offer."""
    exchange = contract.exchange
    if exchange.rate is not None and not (exchange.quoted_on and exchange.source):
        raise SettingsError(
            f"contract.exchange.rate = {exchange.rate} without its date or its source",
            where=where,
            expected="the three together: rate, date and source",
            todo="add the day of the rate and who published it: both are printed beside it",
        )
    shares = (contract.terms.deposit_share, contract.terms.interim_share)
    if sum(shares) > 1:
        raise SettingsError(
            f"contract.terms: deposit_share {shares[0]} and interim_share {shares[1]}",
            where=where,
            expected="at most 1 together: the rest of the price is invoiced at the end",
            todo="lower one of the two",
        )
    if contract.issued_on and contract.starts_on and contract.starts_on < contract.issued_on:
        raise SettingsError(
            f"contract.starts_on = {contract.starts_on}, before the proposal of "
            f"{contract.issued_on}",
            where=where,
            expected="a start on the date of the proposal or later",
            todo="correct one of the two dates",
        )


def _check_mapping(mapping: dict[str, TableMapping], where: str) -> None:
    """Refuse canonical tables and columns that do not exist, and needed ones that are left out."""
    tables = {table.name: table for table in TABLES}
    for name, mapped in mapping.items():
        place = f"[source.mapping.{name}] in {where}"
        if name not in tables:
            raise SettingsError(
                f"a mapping of an unknown table: {name}{_nearest(name, tables)}",
                where=place,
                expected=f"one of {', '.join(tables)}",
                todo="correct the name; `playbook init` writes an example",
            )
        known = mappable_columns(tables[name])
        for column in mapped.columns:
            if column not in known:
                raise SettingsError(
                    f"a mapping of an unknown column: {column}{_nearest(column, known)}",
                    where=place,
                    expected=f"one of {', '.join(known)}",
                    todo="correct the name; from, where and distinct say which rows are taken",
                )
        missing = [column for column in tables[name].needed if column not in mapped.columns]
        if missing:
            raise SettingsError(
                f"a mapping without {', '.join(missing)}",
                where=place,
                expected=f"at least {', '.join(tables[name].needed)}",
                todo="add it; a constant is written in two kinds of quotes: \"'delivered'\"",
            )


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _check_lifts(actions: Actions, where: str) -> None:
    """Check that the lifts of each set of inputs stand in their order."""
    for name, inputs in (("actions", actions), *actions.by_persona.items()):
        lifts = [inputs.lift_low, inputs.lift_central, inputs.lift_high]
        given = [lift for lift in lifts if lift is not None]
        if given != sorted(given):
            raise SettingsError(
                f"{name}: lifts {', '.join(str(lift) for lift in given)}",
                where=where,
                expected="lift_low at most lift_central, lift_central at most lift_high",
                todo="put the three in order",
            )


def _check_names(settings: Settings, where: str) -> None:
    """Refuse names with characters that nobody sees, or that turn the text around them."""
    names = {"client.name": settings.client.name, "consultant.name": settings.consultant.name}
    for key, name in names.items():
        hidden = [letter for letter in name if letter in BIDI_CONTROLS or ord(letter) < ord(" ")]
        if hidden:
            raise SettingsError(
                f"{key} holds an invisible character, U+{ord(hidden[0]):04X}",
                where=where,
                expected="a name as it is to be printed",
                todo="type the name again instead of pasting it",
            )
