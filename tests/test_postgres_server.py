"""The tests' own PostgreSQL server: a real one, behind a password, and gone afterwards."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import adbc_driver_postgresql.dbapi as adbc
import pytest
from postgres_server import OLDEST_VERSION, PostgresServer, find_binaries, run_server


def asked(url: str, query: str) -> list[tuple[object, ...]]:
    with adbc.connect(url) as opened, opened.cursor() as cursor:
        cursor.execute(query)
        return [tuple(row) for row in cursor.fetchall()]


def test_databases_are_made_and_read(postgres_server: PostgresServer) -> None:
    url = postgres_server.create_database("probe")
    assert asked(url, "select current_database(), 1 + 1") == [("probe", 2)]
    assert asked(postgres_server.socket_url("probe"), "select current_database()") == [("probe",)]
    version = asked(url, "select cast(current_setting('server_version_num') as integer) / 10000")
    assert version[0][0] >= OLDEST_VERSION  # type: ignore[operator]


def test_texts_sort_as_in_a_shop_and_not_as_bytes(postgres_server: PostgresServer) -> None:
    query = "select city from (values ('zebu'), ('Avaré'), ('água'), ('abaeté')) t(city) order by 1"
    found = asked(postgres_server.url(), query)
    assert [row[0] for row in found] == ["abaeté", "água", "Avaré", "zebu"]


def test_a_wrong_password_is_refused(postgres_server: PostgresServer) -> None:
    with pytest.raises(adbc.Error, match="password authentication failed"):
        adbc.connect(postgres_server.url().replace(postgres_server.password, "guess"))


def test_a_server_is_gone_even_after_a_failure(postgres_server: PostgresServer) -> None:
    binaries = find_binaries()
    assert binaries is not None
    with pytest.raises(ZeroDivisionError), run_server(binaries) as server:
        assert server.port != postgres_server.port
        raise ZeroDivisionError
    assert not server.socket_folder.exists()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", server.port)) != 0


def test_a_server_is_gone_after_its_tests_were_killed() -> None:
    code = (
        "import sys, time; from postgres_server import find_binaries, run_server\n"
        "with run_server(find_binaries()) as server:\n"
        "    print(server.port, server.socket_folder, flush=True); time.sleep(600)"
    )
    with subprocess.Popen(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", code], cwd=Path(__file__).parent, stdout=subprocess.PIPE, text=True
    ) as tests:
        assert tests.stdout is not None
        port, folder = tests.stdout.readline().split()
        tests.kill()
    limit = time.monotonic() + 60
    while Path(folder).exists() and time.monotonic() < limit:
        time.sleep(0.1)
    assert not Path(folder).exists()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(port))) != 0
