"""The dashboard's lines: sql/marts/dashboard_lines.sql as packed columns of small integers."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Sequence
from datetime import datetime
from operator import call
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from analysis.findings import DashboardLines, PackedColumn
from analysis.parallel import in_processes

if TYPE_CHECKING:
    import pyarrow as pa

Whole = NDArray[np.int64]
Kind = Literal["int8", "int16", "int32", "float64"]

ABSENT = -1
# Higher levels take three times as long, and more, for two per cent.
_LEVEL = 4
ABSENT_DAYS = -32768
DELIVERED, CANCELED = 1, 2
# Whole numbers up to here are exact where JavaScript reads them.
EXACT_IN_FLOAT = 2**53
# Portuguese place names keep these words small.
_SMALL_WORDS = {"da", "das", "de", "do", "dos", "e", "d"}


def pack_lines(rows: pa.Table, since: datetime | None = None) -> DashboardLines:
    """Pack the rows of the mart; the lines of an order stay together, its first line first.

    Orders are grouped by their first seller, category and price: the columns then repeat
    themselves, and the file is a fifth smaller.
    """
    order = _compact_order(rows)
    city, merged = _city_names(rows, order)

    def numbers(name: str, absent: int = ABSENT) -> Whole:
        return _numbers(rows, name, absent)[order]

    def texts(name: str, column: str) -> PackedColumn:
        return _coded(name, *_codes(rows[column]), order)

    columns: tuple[Callable[[], PackedColumn], ...] = (
        lambda: _packed("first", numbers("is_first"), "int8"),
        lambda: _months(*_codes(rows["purchase_month"]), order),
        lambda: texts("state", "customer_state"),
        lambda: city,
        lambda: texts("seller", "seller_id"),
        lambda: texts("seller_state", "seller_state"),
        lambda: texts("category", "category"),
        lambda: _packed("status", _statuses(rows)[order], "int8"),
        lambda: _packed("late", numbers("is_late"), "int8"),
        lambda: _days("delay_days", numbers("delay_days", ABSENT_DAYS)),
        lambda: _days("delivery_days", numbers("delivery_days", ABSENT_DAYS)),
        lambda: _days("promised_days", numbers("promised_days", ABSENT_DAYS)),
        lambda: _packed("review_score", numbers("review_score"), "int8"),
        lambda: _days("review_answer_days", numbers("review_answer_days", ABSENT_DAYS)),
        lambda: _cents("revenue_cents", numbers("revenue_cents")),
        lambda: _cents("freight_cents", numbers("freight_cents")),
        lambda: _packed("returning", numbers("is_returning"), "int8"),
        lambda: texts("payment_type", "payment_type"),
        lambda: _packed("instalments", np.clip(numbers("instalments"), ABSENT, 127), "int8"),
    )
    return DashboardLines(
        rows=rows.num_rows,
        columns=tuple(in_processes(call, columns)),
        city_names_merged=merged,
        since=since,
    )


def place_name(spelling: str) -> str:
    """Return a place's name with capitals; a name that has capitals of its own stays as it is.

    >>> place_name("santa barbara d'oeste"), place_name("RIO DE JANEIRO")
    ("Santa Barbara d'Oeste", 'Rio de Janeiro')
    """
    if spelling not in (spelling.lower(), spelling.upper()):
        return spelling
    return "".join(
        part if part in _SMALL_WORDS and place else part[:1].upper() + part[1:]
        for place, part in enumerate(_words(spelling.lower()))
    )


def unpack(column: PackedColumn) -> NDArray[Any]:
    """Return the numbers of a packed column."""
    kind = np.dtype(column.kind).newbyteorder("<")
    return np.frombuffer(zlib.decompress(base64.b64decode(column.data)), kind)


def _words(text: str) -> list[str]:
    """Cut a text into words and what stands between them."""
    parts = [""]
    for letter in text:
        if letter in " '-":
            parts += [letter, ""]
        else:
            parts[-1] += letter
    return parts


def _compact_order(rows: pa.Table) -> Whole:
    """Return the order of the lines that packs best, with an order's lines kept together."""
    starts = np.flatnonzero(_numbers(rows, "is_first") == 1)
    order = np.cumsum(_numbers(rows, "is_first") == 1) - 1
    keys = [_first_codes(rows[name], starts) for name in ("seller_id", "category")]
    money = [_numbers(rows, name)[starts] for name in ("revenue_cents", "freight_cents")]
    rank = np.empty(len(starts), np.int64)
    rank[np.lexsort((money[1], money[0], keys[1], keys[0]))] = np.arange(len(starts))
    return np.argsort(rank[order], kind="stable")


def _first_codes(column: pa.ChunkedArray, starts: Whole) -> Whole:
    codes, names = _codes(column)
    # Where there is none comes first, as an empty text.
    rank = _ranks([name or "" for name in names] + [""])
    first: Whole = rank[codes[starts]]
    return first


def _codes(column: pa.ChunkedArray) -> tuple[Whole, list[str]]:
    """Return the place of each text among the distinct ones, ABSENT where there is none."""
    encoded = column.combine_chunks().dictionary_encode()
    codes: Whole = encoded.indices.fill_null(ABSENT).to_numpy().astype(np.int64)
    return codes, encoded.dictionary.to_pylist()


def _ranks(texts: Sequence[str]) -> Whole:
    """Return the place of each text among the distinct ones in their order."""
    place = {text: number for number, text in enumerate(sorted(set(texts)))}
    return np.array([place[text] for text in texts], np.int64)


def _city_names(rows: pa.Table, order: Whole) -> tuple[PackedColumn, int]:
    """Pack "Label|State" a line, and count how many spellings were merged into another."""
    names = ("city_key", "customer_state", "city_label", "customer_city")
    (keys, _), (states, state_names), (labels, label_names), (spellings, _) = (
        _codes(rows[name]) for name in names
    )
    known = len(state_names) + 1
    places, first, codes = np.unique(keys * known + states, return_index=True, return_inverse=True)
    shown = [
        f"{place_name(label_names[labels[row]])}|{state_names[states[row]]}"
        for row in first.tolist()
    ]
    merged = len(np.unique(spellings * known + states)) - len(places)
    return _coded("city", codes.astype(np.int64), shown, order), merged


def _months(codes: Whole, months: list[str], order: Whole) -> PackedColumn:
    """Pack months against every month from the first to the last, with or without orders."""
    span = np.arange(
        min(months), np.datetime64(max(months)) + np.timedelta64(1, "M"), dtype="datetime64[M]"
    )
    names = [str(month) for month in span]
    place = {name: number for number, name in enumerate(names)}
    numbers = np.array([place[month] for month in months], np.int64)[codes[order]]
    return _packed("month", numbers, "int16", names=tuple(names))


def _coded(name: str, codes: Whole, texts: list[str], order: Whole) -> PackedColumn:
    """Pack texts as places in their alphabetical list, absent where there is none."""
    names = sorted({text for text in texts if text})
    place = {text: number for number, text in enumerate(names)}
    rank = np.array([place.get(text, ABSENT) for text in texts] + [ABSENT], np.int64)
    kind: Kind = "int8" if len(names) < 2**7 else "int16" if len(names) < 2**15 else "int32"
    return _packed(name, rank[codes[order]], kind, names=tuple(names))


def _statuses(rows: pa.Table) -> Whole:
    delivered, canceled = _numbers(rows, "is_delivered"), _numbers(rows, "is_canceled")
    return np.where(delivered == 1, DELIVERED, np.where(canceled == 1, CANCELED, 0))


def _days(name: str, days: Whole) -> PackedColumn:
    """Pack days; what lies beyond ninety years is cut to the largest number that fits."""
    known = days != ABSENT_DAYS
    days = np.where(known, np.clip(days, ABSENT_DAYS + 1, -ABSENT_DAYS - 1), days)
    return _packed(name, days, "int16", absent=ABSENT_DAYS)


def _numbers(rows: pa.Table, name: str, absent: int = ABSENT) -> Whole:
    numbers: Whole = rows[name].cast("int64").fill_null(absent).to_numpy()
    return numbers


def _cents(name: str, cents: Whole) -> PackedColumn:
    """Pack money; amounts of a currency of small units need more room."""
    fits = cents.max(initial=0) <= np.iinfo(np.int32).max
    return _packed(name, cents, "int32" if fits else "float64")


def _packed(
    name: str, numbers: Whole, kind: Kind, absent: int = ABSENT, names: tuple[str, ...] = ()
) -> PackedColumn:
    """Pack integers.

    Raises:
        OverflowError: a number that the kind cannot hold.
    """
    largest = EXACT_IN_FLOAT if kind == "float64" else np.iinfo(kind).max
    if len(numbers) and not -largest - 1 <= numbers.min() <= numbers.max() <= largest:
        raise OverflowError(f"{name}: {numbers.min()} to {numbers.max()} does not fit {kind}")
    data = zlib.compress(numbers.astype(np.dtype(kind).newbyteorder("<")).tobytes(), _LEVEL)
    return PackedColumn(name, kind, absent, base64.b64encode(data).decode(), names)
