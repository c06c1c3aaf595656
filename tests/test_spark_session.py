"""What keeps Spark from being used is one message, before any work, with the old output kept."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner
from shop import make_shop, write_database, write_folder

from analysis import spark_session
from analysis.errors import EngineError, SettingsError, SourceNotReadableError
from analysis.settings import Settings, check_settings
from analysis.spark_session import check_java
from analysis.spark_source import open_on_spark
from report.cli import main

CLOSED = "spark://127.0.0.1:9"


def run_build(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["build", *(str(argument) for argument in arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_folder(make_shop(), tmp_path / "shop")


def make_java(folder: Path, version: str) -> Path:
    """Write a Java that only says its version, and return its home."""
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n", encoding="utf-8")
    program.chmod(0o755)
    return folder


def test_without_java_one_message_says_so(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    code, said = run_build(shop, "--engine", "spark", "--out", tmp_path / "out")
    assert code == 1
    assert "Spark needs Java, and none that runs was found" in said
    assert "where:    the PATH" in said
    assert "Java 17 or later" in said
    assert not (tmp_path / "out").exists()


def test_a_java_home_without_java_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EngineError, match=f"JAVA_HOME={tmp_path}"):
        check_java()


@pytest.mark.parametrize("version", ["1.8.0_392", "11.0.22", "16.0.2"])
def test_a_java_that_is_too_old_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(make_java(tmp_path / "java", version)))
    with pytest.raises(EngineError, match=f"too old for Spark.*{version}"):
        check_java()


@pytest.mark.parametrize("version", ["17", "17.0.15", "25.0.1"])
def test_a_java_that_is_new_enough_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(make_java(tmp_path / "java", version)))
    check_java()


def test_a_master_that_does_not_answer_leaves_the_output_as_it_was(
    shop: Path, tmp_path: Path
) -> None:
    old = tmp_path / "out" / "findings.json"
    old.parent.mkdir()
    manifest = old.with_name("manifest.json")
    manifest.write_text('{"program": "segment-playbook", "files": {"findings.json": {}}}')
    old.write_text("{}", encoding="utf-8")
    arguments = ("--engine", "spark", "--master", CLOSED, "--out", old.parent)
    code, said = run_build(shop, *arguments)
    assert code == 1
    assert "the master of Spark does not answer" in said
    assert f"where:    {CLOSED}" in said
    assert "90 seconds" in said
    assert old.read_text(encoding="utf-8") == "{}"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "shop"]


def test_a_master_that_takes_no_connection_in_time_is_not_waited_for(shop: Path) -> None:
    # One place in the queue, and it is taken: nobody else gets an answer.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        port = server.getsockname()[1]
        first = [socket.socket() for _ in range(3)]
        for one in first:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        settings = check_settings({"spark": {"answer_seconds": 1}})
        with pytest.raises(EngineError, match=r"does not answer.*timed out"):
            open_on_spark(shop, f"spark://127.0.0.1:{port}", settings)
        for one in first:
            one.close()


def test_without_the_library_the_extra_is_named(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(EngineError, match=r"segment-playbook\[spark\]"):
        open_on_spark(shop, "local[1]", Settings())


def test_a_database_is_told_what_spark_reads(tmp_path: Path) -> None:
    database = write_database(make_shop(), tmp_path / "shop.db")
    for source in (database, "postgresql://reader@db.example/shop"):
        with pytest.raises(SourceNotReadableError, match="CSV or Parquet") as problem:
            open_on_spark(source, "local[1]", Settings())
        assert "a database, which Spark does not read here" in str(problem.value)


def test_a_mapping_is_refused(shop: Path) -> None:
    columns = ("order_id", "customer_id", "order_status", "order_purchase_timestamp")
    orders = {"from": "bills", **{name: name for name in columns}}
    mapping = {"source": {"mapping": {"orders": orders}}}
    with pytest.raises(SettingsError, match="whose expressions only DuckDB runs"):
        open_on_spark(shop, "local[1]", check_settings(mapping))


def test_a_parquet_file_cut_short_is_found_before_java_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    for name, frame in make_shop().items():
        frame.to_parquet(folder / f"{name}.parquet")
    whole = (folder / "orders.parquet").read_bytes()
    (folder / "orders.parquet").write_bytes(whole[: len(whole) // 2])
    monkeypatch.setattr(spark_session, "start_session", _never)
    with pytest.raises(SourceNotReadableError, match="cut short") as problem:
        open_on_spark(folder, "local[1]", Settings())
    assert "a whole Parquet file" in str(problem.value)


def _never(*_: object) -> None:
    raise AssertionError("Java was started")


def test_a_master_goes_with_its_engine(shop: Path) -> None:
    code, said = run_build(shop, "--master", "local[1]")
    assert code == 2
    assert "--master goes with --engine spark" in said


def test_only_two_rooms_know_the_library() -> None:
    root = Path(__file__).parent.parent
    knowing = {
        path.relative_to(root).as_posix()
        for folder in ("analysis", "report")
        for path in (root / folder).rglob("*.py")
        if "import pyspark" in path.read_text(encoding="utf-8")
        or "from pyspark" in path.read_text(encoding="utf-8")
    }
    assert knowing == {"analysis/spark_session.py", "analysis/spark_connection.py"}


def test_frames_are_text_in_every_engine() -> None:
    # A column that the source lacks, and a stand-in, are text as well: staging trims them.
    from analysis.spark_source import _as_text

    assert _as_text("price", None, None) == 'cast(null as varchar) as "price"'
    assert _as_text("freight_value", None, "0") == "cast('0' as varchar) as \"freight_value\""
    assert _as_text("price", 'a"b', None) == 'cast("a""b" as varchar) as "price"'
    assert "translate(" in _as_text("customer_city", "city", None)
