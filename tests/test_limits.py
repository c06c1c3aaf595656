"""More data than the memory or the disk may take, and files cut short: one clear message each."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from shop import make_shop

from analysis import queries
from analysis.engine import EmbeddedEngine
from analysis.errors import PlaybookError, ResourceError
from analysis.settings import Scale
from analysis.source import open_source
from report.cli import main
from report.outputs import write

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
