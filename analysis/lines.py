"""The dashboard's lines: sql/marts/dashboard_lines.sql as packed columns of small integers."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from analysis.findings import DashboardLines, PackedColumn

if TYPE_CHECKING:
    import pyarrow as pa

Whole = NDArray[np.int64]
Kind = Literal["int8", "int16", "int32", "float64"]

ABSENT = -1
# The highest levels take three times as long for two per cent.
_LEVEL = 7
ABSENT_DAYS = -32768
DELIVERED, CANCELED = 1, 2
# Whole numbers up to here are exact where JavaScript reads them.
EXACT_IN_FLOAT = 2**53
# Portuguese place names keep these words small.
_SMALL_WORDS = {"da", "das", "de", "do", "dos", "e", "d"}


def pack_lines(rows: pa.Table) -> DashboardLines:
    """Pack the rows of the mart; the lines of an order stay together, its first line first.

    Orders are grouped by their first seller, category and price: the columns then repeat
    themselves, and the file is a fifth smaller.
    """
    rows = rows.take(_compact_order(rows))
    cities, merged = _city_names(rows)
    return DashboardLines(
        rows=rows.num_rows,
        columns=(
            _packed("first", _numbers(rows, "is_first"), "int8"),
            _months(rows["purchase_month"].to_pylist()),
            _coded("state", rows["customer_state"].to_pylist()),
            _coded("city", cities),
            _coded("seller", rows["seller_id"].to_pylist()),
            _coded("seller_state", rows["seller_state"].to_pylist()),
            _coded("category", rows["category"].to_pylist()),
            _packed("status", _statuses(rows), "int8"),
            _packed("late", _numbers(rows, "is_late"), "int8"),
            _days(rows, "delay_days"),
            _days(rows, "delivery_days"),
            _days(rows, "promised_days"),
            _packed("review_score", _numbers(rows, "review_score"), "int8"),
            _days(rows, "review_answer_days"),
            _cents(rows, "revenue_cents"),
            _cents(rows, "freight_cents"),
            _packed("returning", _numbers(rows, "is_returning"), "int8"),
            _coded("payment_type", rows["payment_type"].to_pylist()),
            _packed("instalments", _instalments(rows), "int8"),
        ),
        city_names_merged=merged,
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
    texts = column.fill_null("").to_numpy().astype(str)[starts]
    codes: Whole = np.unique(texts, return_inverse=True)[1]
    return codes


def _city_names(rows: pa.Table) -> tuple[list[str], int]:
    """Return "Label|State" a line, and how many spellings were merged into another."""
    states = rows["customer_state"].to_pylist()
    keys = list(zip(rows["city_key"].to_pylist(), states, strict=True))
    spellings = set(zip(rows["customer_city"].to_pylist(), states, strict=True))
    labels = dict(zip(keys, rows["city_label"].to_pylist(), strict=True))
    names = {key: f"{place_name(label)}|{key[1]}" for key, label in labels.items()}
    return [names[key] for key in keys], len(spellings) - len(names)


def _months(months: list[str]) -> PackedColumn:
    """Pack months against every month from the first to the last, with or without orders."""
    span = np.arange(
        min(months), np.datetime64(max(months)) + np.timedelta64(1, "M"), dtype="datetime64[M]"
    )
    names = [str(month) for month in span]
    place = {name: number for number, name in enumerate(names)}
    numbers = np.array([place[month] for month in months], np.int64)
    return _packed("month", numbers, "int16", names=tuple(names))


def _coded(name: str, texts: Sequence[str | None]) -> PackedColumn:
    """Pack texts as places in their alphabetical list, absent where there is none."""
    names = sorted({text for text in texts if text})
    place = {text: number for number, text in enumerate(names)}
    numbers = np.array([place.get(text or "", ABSENT) for text in texts], np.int64)
    kind: Kind = "int8" if len(names) < 2**7 else "int16" if len(names) < 2**15 else "int32"
    return _packed(name, numbers, kind, names=tuple(names))


def _statuses(rows: pa.Table) -> Whole:
    delivered, canceled = _numbers(rows, "is_delivered"), _numbers(rows, "is_canceled")
    return np.where(delivered == 1, DELIVERED, np.where(canceled == 1, CANCELED, 0))


def _days(rows: pa.Table, name: str) -> PackedColumn:
    """Pack days; what lies beyond ninety years is cut to the largest number that fits."""
    days = _numbers(rows, name, ABSENT_DAYS)
    known = days != ABSENT_DAYS
    days = np.where(known, np.clip(days, ABSENT_DAYS + 1, -ABSENT_DAYS - 1), days)
    return _packed(name, days, "int16", absent=ABSENT_DAYS)


def _instalments(rows: pa.Table) -> Whole:
    return np.clip(_numbers(rows, "instalments"), ABSENT, 127)


def _numbers(rows: pa.Table, name: str, absent: int = ABSENT) -> Whole:
    numbers: Whole = rows[name].cast("int64").fill_null(absent).to_numpy()
    return numbers


def _cents(rows: pa.Table, name: str) -> PackedColumn:
    """Pack money; amounts of a currency of small units need more room."""
    cents = _numbers(rows, name)
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
