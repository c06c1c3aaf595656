"""More data than the memory or the disk may take, and files cut short: one clear message each."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner
from shop import make_shop

from analysis import queries
from analysis.engine import FIXED_MB, ORDERS_AT_ONCE, EmbeddedEngine
from analysis.errors import PlaybookError, ResourceError
from analysis.settings import Scale
from analysis.source import open_source
from report.cli import main
from report.outputs import write
from report.workers import new_workers

# A sort that holds far more than the limit below.
LARGE = "select md5(cast(range as varchar)) as id from range(3_000_000) order by id"
SMALL = Scale.model_construct(memory_gb=0.1)


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    for name, frame in make_shop().items():
        frame.to_parquet(folder / f"{name}.parquet")
    return folder


def test_what_does_not_fit_is_spilled_to_the_disk():
    engine = EmbeddedEngine(SMALL)
    try:
        assert queries.run_text(engine.connection, LARGE).num_rows == 3_000_000
    finally:
        engine.close()


def test_nothing_that_was_spilled_is_left():
    engine = EmbeddedEngine(SMALL)
    (place,) = engine.connection.execute("select current_setting('temp_directory')").fetchone()
    folder = Path(place)
    engine.connection.execute(f"create table large as {LARGE}")
    assert folder.is_dir()
    engine.close()
    assert not folder.exists()


def test_a_disk_that_fills_while_spilling():
    engine = EmbeddedEngine(SMALL)
    engine.connection.execute("set max_temp_directory_size = '1MB'")
    with pytest.raises(ResourceError, match="the disk that the engine spills to is full") as caught:
        queries.run_text(engine.connection, LARGE)
    for part in ("where:", "expected:", "TMPDIR", "memory_gb"):
        assert part in str(caught.value)
    engine.close()


def test_a_query_that_cannot_be_spilled():
    engine = EmbeddedEngine(SMALL)
    text = "select list(md5(cast(range as varchar))) as ids from range(5_000_000)"
    with pytest.raises(ResourceError, match="need more memory than the engine may take") as caught:
        queries.run_text(engine.connection, text)
    assert "memory_gb in [scale]" in str(caught.value)
    engine.close()


def limit_of(engine: EmbeddedEngine) -> float:
    """Return what an engine may hold, in gigabytes."""
    (said,) = engine.connection.execute("select current_setting('memory_limit')").fetchone()
    size, unit = said.split()
    return float(size) * {"MiB": 2**20, "GiB": 2**30}[unit] / 1e9


@pytest.mark.parametrize(
    ("orders", "room", "limit"),
    [
        (ORDERS_AT_ONCE, 20_000, 1.0),
        (4 * ORDERS_AT_ONCE, 20_000, 4.0),
        # Two fifths of what the machine has left; never less than the setting.
        (4 * ORDERS_AT_ONCE, 5_000, 2.0),
        (4 * ORDERS_AT_ONCE, 1_000, 1.0),
        (4 * ORDERS_AT_ONCE, None, 4.0),
    ],
)
def test_the_engine_holds_more_of_a_larger_shop(
    orders: int, room: float | None, limit: float, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("analysis.engine.room_mb", lambda: room)
    engine = EmbeddedEngine(Scale(memory_gb=1.0))
    try:
        engine.make_room(orders)
        # The engine rounds what it says to a tenth.
        assert limit_of(engine) == pytest.approx(limit, rel=0.05)
    finally:
        engine.close()


def test_a_shop_for_which_there_is_too_little_memory_leaves_the_output_as_it_was(
    parquet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    # Even the fixed part of what a build takes is more than there is.
    monkeypatch.setattr("analysis.engine.room_mb", lambda: FIXED_MB - 1)
    out = tmp_path / "out"
    write(out, {"old.txt": b"from last week"}, {})
    result = CliRunner().invoke(main, ["build", str(parquet), "--out", str(out)])
    assert result.exit_code == 1
    assert "orders need about 0.5 GB more than is taken already, and there are 0.5" in result.output
    assert "--engine spark" in result.output
    assert (out / "old.txt").read_bytes() == b"from last week"


@pytest.mark.parametrize(("orders", "room", "fits"), [(4e6, 3_501, True), (4e6, 3_499, False)])
def test_what_orders_need_is_told_from_their_number(
    orders: float, room: float, fits: bool, monkeypatch: pytest.MonkeyPatch
):
    # 500 MB, half a kilobyte an order, and the whole of what the engine may hold.
    engine = EmbeddedEngine(Scale(memory_gb=1.0))
    monkeypatch.setattr("analysis.engine.room_mb", lambda: room)
    try:
        with nullcontext() if fits else pytest.raises(ResourceError, match="4,000,000 orders"):
            engine.ensure_room(int(orders))
    finally:
        engine.close()


def test_memory_that_ends_is_one_message(monkeypatch: pytest.MonkeyPatch, parquet: Path):
    def full(*_: object) -> None:
        raise MemoryError("Unable to allocate 7 GiB")

    monkeypatch.setattr("analysis.source.OpenSource.ensure_room", full)
    result = CliRunner().invoke(main, ["build", str(parquet)])
    assert result.exit_code == 1
    assert "more memory was asked for than there is: Unable to allocate 7 GiB" in result.output


def test_a_worker_that_is_ended_from_outside_is_one_message():
    with (
        pytest.raises(ResourceError, match="a process that renders was ended from outside"),
        new_workers(1, int) as pool,
    ):
        pool.submit(os._exit, 1).result()


@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99])
def test_a_parquet_file_cut_short_is_named(parquet: Path, kept: float):
    path = parquet / "orders.parquet"
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(PlaybookError) as caught:
        open_source(parquet)
    message = str(caught.value)
    assert "orders.parquet" in message
    assert "cut short" in message
    assert "do next:" in message


def test_a_parquet_file_damaged_inside_is_named(parquet: Path):
    path = parquet / "orders.parquet"
    content = bytearray(path.read_bytes())
    content[8:400] = bytes(392)
    path.write_bytes(bytes(content))
    with pytest.raises(PlaybookError) as caught:
        open_source(parquet)
    assert "orders.parquet" in str(caught.value)
    assert "export" in str(caught.value)


def test_the_previous_output_stands_when_the_data_are_cut_short(parquet: Path, tmp_path: Path):
    out = tmp_path / "output"
    write(out, {"findings.json": b"{}"}, {})
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    path = parquet / "customers.parquet"
    path.write_bytes(path.read_bytes()[:-9])
    result = CliRunner().invoke(main, ["build", str(parquet), "--out", str(out)])
    assert result.exit_code == 1
    assert "customers.parquet" in result.output
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_the_previous_output_stands_when_the_disk_fills(
    parquet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    out = tmp_path / "output"
    write(out, {"findings.json": b"{}"}, {})
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def fill(*_: object) -> None:
        engine = EmbeddedEngine(SMALL)
        try:
            engine.connection.execute("set max_temp_directory_size = '1MB'")
            queries.run_text(engine.connection, LARGE)
        finally:
            engine.close()

    monkeypatch.setattr("analysis.pipeline.build_orders_until", fill)
    result = CliRunner().invoke(main, ["build", str(parquet), "--out", str(out)])
    assert result.exit_code == 1
    assert "the disk that the engine spills to is full" in result.output
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
