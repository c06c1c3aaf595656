"""The data files beside the documents: JSON, SQL, CSV, SQLite; the same in any language."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, fields
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from analysis.findings import (
    Candidate,
    Choice,
    Findings,
    Interval,
    KpiTable,
    NotComputed,
    Segment,
    SegmentChange,
)
from report.views.standing import Standing, standing_of, why
from report.wording import SOURCE_LANGUAGE, Wording

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import sqlite_utils

    from analysis.pipeline import Analysis
    from analysis.settings import Settings

CUSTOMERS, MANY_CUSTOMERS = "segments.csv", "segments.parquet"
# From so many rows the types of the columns of a table are known.
TYPED_ROWS = 5_000
# Rows that are turned into another form at a time.
PART_ROWS = 100_000
# And customers of a long list that are told of at a time.
LISTED_ROWS = 1_000_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# Columns of customers that hold texts of the source.
CUSTOMER_IDS = ("customer_unique_id", "lowest_review_order_id", "last_order_id")
Row = Mapping[str, Any]


def data_files(analysis: Analysis, settings: Settings) -> dict[str, bytes]:
    """Return the files at the top of the output folder, by name."""
    from analysis.assignment import list_customers, list_in_parts
    from analysis.findings import to_json
    from analysis.questions import questions_script
    from analysis.segment_sql import segments_script
    from analysis.segmentation import model_to_json

    found = analysis.findings
    absent = found.source.absent_tables
    known = None if isinstance(found.segmentation, NotComputed) else found.segmentation
    asked = (analysis.orders, analysis.table, analysis.model, settings, known)
    many = len(analysis.orders.customer_ids) > settings.scale.csv_customers
    # Of a part of the customers no list is made: everybody stands in the files of the cluster.
    customers = list_customers(*asked) if analysis.is_whole and not many else None
    files = {
        "findings.json": to_json(found).encode(),
        "questions.sql": questions_script(found.period, settings, absent).encode(),
        "candidates.csv": candidates_csv(found),
        "playbook.db": database(found, customers),
    }
    if customers is not None:
        files[CUSTOMERS] = customers_csv(customers)
    elif analysis.is_whole:
        files[MANY_CUSTOMERS] = customers_parquet(list_in_parts(*asked, LISTED_ROWS))
    if analysis.model is not None and not isinstance(found.segmentation, NotComputed):
        files["model.json"] = model_to_json(analysis.model).encode()
        script = segments_script(
            found.segmentation, analysis.model, analysis.table, settings, absent=absent
        )
        files["segments.sql"] = script.encode()
    return files


def guarded(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: a text that starts like one is quoted.

    Numbers stay numbers, also negative ones.
    """
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a CSV in UTF-8 with guarded cells, an empty cell for None."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([guarded(value) for value in row] for row in rows)
    return buffer.getvalue().encode()


def customers_csv(customers: pd.DataFrame) -> bytes:
    """Return segments.csv: one row a customer, with the segment or the reason for none."""
    ids = [name for name in CUSTOMER_IDS if name in customers]
    safe = customers.assign(**{name: _guarded_ids(customers[name]) for name in ids})
    quick = _plain_csv(safe)
    if quick is not None:
        return quick
    text: str = safe.to_csv(index=False, lineterminator="\n")
    return text.encode()


def customers_parquet(parts: Iterable[pd.DataFrame]) -> bytes:
    """Return segments.parquet: the rows of segments.csv where no spreadsheet could hold them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    with ExitStack() as stack:
        writer: pq.ParquetWriter | None = None
        for part in parts:
            for rows in _parts(part):
                table = pa.Table.from_pandas(
                    rows, writer.schema if writer else _schema(part), preserve_index=False
                )
                if writer is None:
                    writer = stack.enter_context(
                        pq.ParquetWriter(sink, table.schema, compression="zstd")
                    )
                writer.write_table(table)
    return sink.getvalue()


def _schema(first: pd.DataFrame) -> pa.Schema:
    """Return the types of the columns; what is empty in the first part may hold texts later."""
    import pyarrow as pa

    found = pa.Schema.from_pandas(first, preserve_index=False)
    return pa.schema(
        [pa.field(one.name, pa.string()) if pa.types.is_null(one.type) else one for one in found]
    )


def _guarded_ids(ids: pd.Series[Any]) -> pd.Series[Any]:
    """Return identifiers as cells that no spreadsheet takes for a formula."""
    at_risk = ids.str.startswith(FORMULA_STARTS).fillna(False)
    return ids.map(guarded) if at_risk.any() else ids


def _plain_csv(frame: pd.DataFrame) -> bytes | None:
    """Return a frame as pandas writes it, by columns; None where a text needs quotation marks."""
    import pyarrow as pa
    import pyarrow.csv

    sink = io.BytesIO()
    sink.write(f"{','.join(frame.columns)}\n".encode())
    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="none")
    try:
        for rows in _parts(frame):
            table = pa.Table.from_pandas(rows, preserve_index=False)
            pyarrow.csv.write_csv(_spelled(table), sink, options)
    except pa.ArrowInvalid:
        return None
    return sink.getvalue()


def _spelled(table: pa.Table) -> pa.Table:
    """Return a table with its numbers as pandas writes them: a whole one ends in `.0`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for place, name in enumerate(table.column_names):
        if pa.types.is_floating(table[name].type):
            text = pc.cast(table[name], pa.string())
            whole = pc.binary_join_element_wise(text, ".0", "")
            text = pc.if_else(pc.match_substring_regex(text, "[.e]"), text, whole)
            table = table.set_column(place, name, text)
    return table


def _parts(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Cut a frame into parts of which a copy is small."""
    for start in range(0, len(frame), PART_ROWS):
        yield frame[start : start + PART_ROWS]


def candidates_csv(findings: Findings) -> bytes:
    """Return candidates.csv: one row a partition that was tried, and where it stopped."""
    if isinstance(findings.candidates, NotComputed):
        return to_csv(
            ("not_computed", "found", "expected"), [tuple(asdict(findings.candidates).values())]
        )
    rows = _candidate_rows(findings.candidates, findings.choice)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return to_csv(columns, ([row.get(column) for column in columns] for row in rows))


def database(findings: Findings, customers: pd.DataFrame | None) -> bytes:
    """Return playbook.db: the findings as tables, and the customers with their segments."""
    import sqlite_utils

    with TemporaryDirectory() as folder:
        path = Path(folder) / "playbook.db"
        with closing(sqlite3.connect(path)) as connection:
            # Nobody else reads it, and what fails is made anew.
            connection.execute("pragma synchronous = off")
            tables = sqlite_utils.Database(connection)
            for name, rows in _tables(findings).items():
                if rows:
                    tables.table(name).insert_all([_flat(row) for row in rows], alter=True)
            if customers is not None:
                _create_customers(tables, customers[:TYPED_ROWS])
            connection.commit()
        if customers is not None:
            _append_customers(path, customers[TYPED_ROWS:])
        return path.read_bytes()


def _create_customers(tables: sqlite_utils.Database, first: pd.DataFrame) -> None:
    """Make the table of the customers from the first rows, which tell the types of its columns."""
    known = first.astype(object).where(first.notna(), None)
    records: list[dict[str, Any]] = known.to_dict("records")  # type: ignore[assignment]
    tables.table("customers").insert_all(records, pk="customer_unique_id", batch_size=TYPED_ROWS)


def _append_customers(path: Path, others: pd.DataFrame) -> None:
    """Add the other customers, in columns: row by row they would take three times as long."""
    import adbc_driver_sqlite.dbapi as adbc
    import pyarrow as pa

    if others.empty:
        return
    schema = pa.Schema.from_pandas(others, preserve_index=False)
    batches = (pa.RecordBatch.from_pandas(rows, schema) for rows in _parts(others))
    with adbc.connect(str(path)) as connection, connection.cursor() as cursor:
        reader = pa.RecordBatchReader.from_batches(schema, batches)
        cursor.adbc_ingest("customers", reader, mode="append")
        connection.commit()


def _tables(findings: Findings) -> dict[str, list[Row]]:
    """Return the findings as lists of rows, by table."""
    kpis = findings.kpis
    tables: dict[str, list[Row]] = {
        "about": [
            {
                "program_version": findings.program_version,
                "fingerprint": findings.source.fingerprint,
                **_shallow(findings.period),
            }
        ],
        "kpi_total": [_shallow(kpis.total)],
    }
    for table in (kpis.by_month, kpis.by_state, kpis.by_city, kpis.by_seller, kpis.by_category):
        tables[f"kpi_by_{table.grain}"] = _kpi_rows(table)
    for name in ("payment_types", "instalments"):
        rows = getattr(kpis, name)
        tables[name] = [] if isinstance(rows, NotComputed) else [_shallow(row) for row in rows]
    for question in findings.questions:
        for reading in (question.reading, *question.other_readings):
            chosen = reading is question.reading
            name = f"question_{question.question_id}" + ("" if chosen else f"_{reading.code}")
            tables[name] = [dict(zip(question.columns, row, strict=True)) for row in reading.rows]
    if not isinstance(findings.candidates, NotComputed):
        tables["candidates"] = _candidate_rows(findings.candidates, findings.choice)
    if not isinstance(findings.segmentation, NotComputed):
        tables["segments"] = [
            {
                "segment_id": segment.segment_id,
                "persona": segment.persona,
                "kind": segment.kind,
                **_shallow(segment.profile),
            }
            for segment in findings.segmentation.segments
        ]
        tables["segments_by_stage"] = [
            {"segment_id": segment.segment_id, **_shallow(cell)}
            for segment in findings.segmentation.segments
            for cell in segment.lifecycle
        ]
        tables |= _plan_tables(findings.segmentation.segments)
    if not isinstance(findings.stability, NotComputed):
        lines = [findings.stability.chosen, findings.stability.other]
        tables["timeline"] = [
            {"family": line.family, "k": line.k, **_shallow(point)}
            for line in lines
            if not isinstance(line, NotComputed)
            for point in line.points
        ]
    if findings.changes is not None and not isinstance(findings.changes.segments, NotComputed):
        tables["changes"] = _change_rows(findings.changes.segments)
    return tables


def _change_rows(segments: Sequence[SegmentChange]) -> list[Row]:
    """Return one row a segment and figure, then and now; one in a single edition has one row."""
    empty: list[Row] = [{}]
    return [
        {
            "segment_id": segment.segment_id,
            "status": segment.status,
            "persona_then": segment.persona_then,
            "persona_now": segment.persona_now,
            "customers_then": segment.customers_then,
            "customers_now": segment.customers_now,
            **figure,
        }
        for segment in segments
        for figure in [_shallow(change) for change in segment.figures] or empty
    ]


def _kpi_rows(table: KpiTable) -> list[Row]:
    """Return the rows of one grain, with whether and why each is listed."""
    return [
        {
            **_shallow(row),
            "is_listed_for_late": row.is_listed_for("late"),
            "is_listed_for_reviews": row.is_listed_for("reviews"),
        }
        for row in table.rows
    ]


def _candidate_rows(candidates: Sequence[Candidate], choice: Choice | NotComputed) -> list[Row]:
    standing = standing_of(candidates, choice)
    return [_candidate_row(candidate, standing) for candidate in candidates]


def _candidate_row(candidate: Candidate, standing: Standing) -> Row:
    """Return a candidate in one row: where it stopped and why, its figures, then every check."""
    failed = next((check for check in candidate.checks if not check.passed), None)
    parameters = " ".join(f"{name}={value}" for name, value in candidate.parameters)
    several = ("parameters", "sizes", "jaccards", "checks")
    figures = {name: value for name, value in _shallow(candidate).items() if name not in several}
    row: dict[str, Any] = {
        "family": candidate.family,
        "algorithm": candidate.algorithm,
        "parameters": parameters,
        "k": candidate.k,
        "gate": candidate.gate,
        "passed": int(candidate.passed),
        "chosen": int(candidate.chosen),
        "failed_check": candidate.failed_check,
        "failed_value": failed.value if failed else None,
        "failed_threshold": failed.threshold if failed else None,
        "sentence": why(candidate, standing, Wording(SOURCE_LANGUAGE)),
        "sizes": _joined(candidate.sizes),
        "jaccards": None
        if isinstance(candidate.jaccards, NotComputed)
        else _joined(candidate.jaccards),
    }
    row |= {name: value for name, value in figures.items() if name not in row}
    for check in candidate.checks:
        row[check.code] = check.value
        row[f"{check.code}_threshold"] = check.threshold
        row[f"{check.code}_lower_bound"] = check.lower_bound
        row[f"{check.code}_passed"] = int(check.passed)
    return _flat(row)


def _plan_tables(segments: Sequence[Segment]) -> dict[str, list[Row]]:
    """Return what acting on the segments takes, and what their customers write."""
    heard = [
        (segment.segment_id, segment.voices)
        for segment in segments
        if not isinstance(segment.voices, NotComputed)
    ]
    return {
        "segment_plans": [
            {
                "segment_id": segment.segment_id,
                **_shallow(segment.plan),
                "repurchase": segment.repurchase,
                "next_order": segment.next_order,
            }
            for segment in segments
        ],
        "segment_terms": [
            {"segment_id": name, **_shallow(term)}
            for name, voices in heard
            for term in voices.terms
        ],
        "segment_quotes": [
            {"segment_id": name, **_shallow(quote)}
            for name, voices in heard
            for quote in voices.quotes
        ],
    }


def _joined(numbers: Iterable[float]) -> str:
    """Return several numbers in one cell."""
    return " ".join(f"{number:g}" for number in numbers)


def _shallow(record: Any) -> dict[str, Any]:
    """Return the fields of a dataclass, one level deep."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _flat(row: Row) -> dict[str, Any]:
    """Return a row that SQLite and CSV can hold: intervals as two columns, the uncomputed empty."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, NotComputed):
            flat[name] = None
        elif isinstance(value, Interval):
            flat[f"{name}_low"], flat[f"{name}_high"] = value.low, value.high
        elif hasattr(value, "__dataclass_fields__"):
            parts = {f"{name}_{part}": number for part, number in _shallow(value).items()}
            flat.update(_flat(parts))
        elif isinstance(value, bool):
            flat[name] = int(value)
        elif isinstance(value, (datetime, date, Decimal)):
            flat[name] = str(value)
        elif isinstance(value, tuple):
            continue
        else:
            flat[name] = value
    return flat
