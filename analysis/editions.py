"""An earlier edition, read back to be compared with: its findings, its model, its customers."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.errors import FindingsError, SettingsError
from analysis.findings import Findings, Kpis, NotComputed, Period, Segmentation, read_findings
from analysis.orders import OrderFacts
from analysis.segmentation import NO_SEGMENT, Model, SegmentIndex, read_model
from analysis.settings import Settings

FINDINGS, MODEL, CUSTOMERS = "findings.json", "model.json", "segments.csv"
# Where the customers were too many for a spreadsheet.
MANY_CUSTOMERS = "segments.parquet"
ID, SEGMENT = "customer_unique_id", "segment_id"
# A cell that a spreadsheet would take for a formula stands behind this mark in the file.
GUARD = "'"


@dataclass(frozen=True)
class Edition:
    """What an earlier run left, as far as it stands beside its findings.

    `segments` has the segment of every customer then known by id, empty where there was none;
    it is None without segments.csv, `model` is None without model.json.
    """

    findings: Findings
    model: Model | None
    segments: Mapping[str, str] | None


def read_edition(path: Path) -> Edition:
    """Read the findings of an earlier run, and the model and the customers beside them.

    Raises:
        FindingsError: the findings cannot be read, or the files beside them are of another run.
        ModelError: the model beside them was changed.
    """
    findings = read_findings(path)
    model_path = path.with_name(MODEL)
    model = read_model(model_path) if model_path.is_file() else None
    if model is not None and model.fingerprint != findings.source.fingerprint:
        raise FindingsError(
            "the model beside the earlier findings is of other data",
            where=str(model_path),
            expected=f"the model of the data {findings.source.fingerprint}",
            todo="keep the files of one build together",
        )
    lists = (path.with_name(name) for name in (CUSTOMERS, MANY_CUSTOMERS))
    customers = next((file for file in lists if file.is_file()), None)
    segments = None if customers is None else _read_segments(customers)
    return Edition(findings, model, segments)


def read_rules(path: Path, model: Model) -> Segmentation | None:
    """Read the segmentation, with its rules for the CRM, that stands beside a model.

    None where no findings stand there, or where they are of another model.

    Raises:
        FindingsError: the findings cannot be read.
    """
    beside = path.with_name(FINDINGS)
    if not beside.is_file():
        return None
    findings = read_findings(beside)
    found = findings.segmentation
    if isinstance(found, NotComputed) or findings.source.fingerprint != model.fingerprint:
        return None
    same = tuple(segment.segment_id for segment in found.segments) == model.segment_ids
    return found if same else None


def check_later(edition: Edition, period: Period, settings: Settings) -> None:
    """Refuse an edition that the present extract is no later edition of.

    Raises:
        SettingsError: it counts in another currency.
        FindingsError: it does not end before the present extract.
    """
    then = edition.findings.period
    if then.currency != settings.client.currency:
        raise SettingsError(
            f"client.currency = {settings.client.currency}, and the earlier edition counts in "
            f"{then.currency}",
            where="[client] in the settings",
            expected=f"{then.currency}: amounts of two currencies are not compared",
            todo="take the settings of the earlier edition, or build without --previous",
        )
    if then.as_of >= period.as_of:
        raise FindingsError(
            f"the edition to compare with ends on {then.as_of:%Y-%m-%d %H:%M}, this extract on "
            f"{period.as_of:%Y-%m-%d %H:%M}",
            where="--previous",
            expected="an edition that ends before this extract",
            todo="name the findings.json of an earlier build, or a later extract or --as-of",
        )


def check_same_shop(edition: Edition, orders: OrderFacts, kpis: Kpis) -> None:
    """Refuse an edition of another shop: no customer in common, or where none are known, no seller.

    Raises:
        FindingsError: nobody is in both.
    """
    if edition.segments is not None:
        what, same = "customer", any(str(name) in edition.segments for name in orders.customer_ids)
    else:
        then = {row.key for row in edition.findings.kpis.by_seller.rows}
        now = {row.key for row in kpis.by_seller.rows}
        what, same = "seller", not (then and now) or bool(then & now)
    if not same:
        raise FindingsError(
            f"the earlier edition and this extract have no {what} in common",
            where="--previous",
            expected="an edition of the same shop, with the same identifiers",
            todo="name the findings.json of this shop, or build without --previous",
        )


def places_then(edition: Edition, orders: OrderFacts, names: tuple[str, ...]) -> SegmentIndex:
    """Return the segment that each customer code had then: a place in `names`, or NO_SEGMENT."""
    places = {name: place for place, name in enumerate(names)}
    known = edition.segments or {}
    found = [places.get(known.get(str(name), ""), NO_SEGMENT) for name in orders.customer_ids]
    return np.array(found, dtype=np.int16)


def why_no_customers(edition: Edition) -> NotComputed | None:
    """Return why nobody can be followed from edition to edition, None where it can be done."""
    missing = [
        name
        for name, part in ((MODEL, edition.model), (CUSTOMERS, edition.segments))
        if part is None
    ]
    return NotComputed("no_earlier_file", expected=", ".join(missing)) if missing else None


def _read_segments(path: Path) -> dict[str, str]:
    """Read the segment of each customer from segments.csv or segments.parquet.

    Raises:
        FindingsError: it cannot be read, or is not what a build writes.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        if path.suffix == ".parquet":
            table = pq.read_table(path, columns=[ID, SEGMENT])
            return {
                name: segment or ""
                for name, segment in zip(
                    table[ID].to_pylist(), table[SEGMENT].to_pylist(), strict=True
                )
            }
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            if not {ID, SEGMENT} <= set(reader.fieldnames or ()):
                raise ValueError(f"there is no column {ID} or {SEGMENT}")
            return {_unguarded(row[ID]): row[SEGMENT] or "" for row in reader}
    except (OSError, ValueError, KeyError, csv.Error, pa.ArrowException) as error:
        raise FindingsError(
            f"the customers of the earlier edition cannot be read: {error}",
            where=str(path),
            expected=f"the {path.name} that the earlier build wrote",
            todo="put it back as it was, or move it away: moves between segments are then not told",
        ) from error


def _unguarded(cell: str) -> str:
    """Return an identifier as the shop has it, without the mark that guards a spreadsheet."""
    return cell[1:] if cell.startswith(GUARD) and cell[1:2] in ("=", "+", "-", "@") else cell
