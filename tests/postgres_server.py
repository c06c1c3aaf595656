"""A PostgreSQL server of the tests' own: started when first asked for, gone when they end.

It listens on a free port of this machine and on a socket in its folder, and keeps nothing. Its
databases sort as Portuguese does (ICU), because a shop's do: a query whose order hangs on the
server's language shows it here.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

DEBIAN_FOLDER = Path("/usr/lib/postgresql")
OLDEST_VERSION = 15
USER = "postgres"
READY_WITHIN_SECONDS = 60
# Stops the server when whoever started it closes the pipe, or is killed and cannot.
KEEPER = """
exec 3<&0
"$@" < /dev/null & server=$!
(read -r _ <&3; kill -INT $server 2> /dev/null) &
wait $server
rm -rf "$PWD"
"""
SETTINGS = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=32MB",
    "max_connections=30",
    "max_parallel_workers_per_gather=0",
)


@dataclass(frozen=True)
class PostgresServer:
    """A server that runs: where it listens, and who may come in.

    Attributes:
        port: on 127.0.0.1, where the password is asked for.
        socket_folder: holds the socket, where it is not.
        user: the superuser.
        password: his.
        log: what the server writes.
    """

    port: int
    socket_folder: Path
    user: str
    password: str
    log: Path

    def url(self, database: str = "postgres") -> str:
        """Return the address of a database, with the password in it."""
        return f"postgresql://{self.user}:{self.password}@127.0.0.1:{self.port}/{quote(database)}"

    def socket_url(self, database: str = "postgres") -> str:
        """Return the address of a database on the socket."""
        place = f"host={self.socket_folder}&port={self.port}"
        return f"postgresql:///{quote(database)}?{place}&user={self.user}"

    def create_database(self, name: str, options: str = "") -> str:
        """Make an empty database, anew when it is there, and return its address."""
        import adbc_driver_postgresql.dbapi as adbc

        with adbc.connect(self.url(), autocommit=True) as opened, opened.cursor() as cursor:
            cursor.execute(f'drop database if exists "{name}" with (force)')
            cursor.execute(f'create database "{name}" {options}')
        return self.url(name)


def find_binaries() -> Path | None:
    """Return the folder of initdb and postgres, of the newest version; None where there is none."""
    folders = [
        path.parent.parent
        for path in DEBIAN_FOLDER.glob("*/bin/initdb")
        if path.parent.parent.name.isdecimal()
        and int(path.parent.parent.name) >= OLDEST_VERSION
        and (path.parent / "postgres").is_file()
    ]
    if folders:
        return max(folders, key=lambda folder: int(folder.name)) / "bin"
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextlib.contextmanager
def run_server(binaries: Path) -> Iterator[PostgresServer]:
    """Start a server in a folder of its own; stop it and remove the folder whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    process: subprocess.Popen[bytes] | None = None
    try:
        server = _prepare(binaries, folder)
        process = _start(binaries, folder, server)
        yield server
    finally:
        if process is not None:
            _stop(process)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Return the server that all tests of a session share; each makes its own databases."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip(
            f"no PostgreSQL {OLDEST_VERSION} or later under {DEBIAN_FOLDER}: "
            "run `.ci/system-libraries test`"
        )
    with run_server(binaries) as server:
        yield server


def _prepare(binaries: Path, folder: Path) -> PostgresServer:
    """Make the cluster of data, owned by whoever will run the server."""
    password = secrets.token_hex(8)
    (folder / "password").write_text(password, encoding="ascii")
    owner = _owner()
    if owner:
        for path in (folder, folder / "password"):
            shutil.chown(path, **owner)
    command = [
        str(binaries / "initdb"),
        *("--pgdata", str(folder / "data"), "--username", USER),
        *("--encoding", "UTF8", "--locale", "C", "--locale-provider", "icu"),
        *("--icu-locale", "pt-BR", "--auth-local", "trust", "--auth-host", "scram-sha-256"),
        *("--pwfile", str(folder / "password"), "--no-sync"),
    ]
    made = subprocess.run(  # noqa: S603 - the server's own program
        command, cwd=folder, capture_output=True, text=True, check=False, **_drop()
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")
    return PostgresServer(_free_port(), folder, USER, password, folder / "log")


def _start(binaries: Path, folder: Path, server: PostgresServer) -> subprocess.Popen[bytes]:
    """Start the server and wait until it lets somebody in."""
    command = [
        *("/bin/sh", "-c", KEEPER, "keeper"),
        str(binaries / "postgres"),
        *("-D", str(folder / "data"), "-p", str(server.port), "-k", str(folder)),
        *("-c", "listen_addresses=127.0.0.1"),
        *(part for setting in SETTINGS for part in ("-c", setting)),
    ]
    limit = time.monotonic() + READY_WITHIN_SECONDS
    with server.log.open("w+b") as log:
        process = subprocess.Popen(  # noqa: S603 - the server's own program
            command,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **_drop(),
        )
        while not _lets_in(server):
            if process.poll() is not None or time.monotonic() > limit:
                _stop(process)
                log.seek(0)
                said = log.read().decode(errors="replace")
                raise RuntimeError(f"the PostgreSQL server did not start:\n{said}")
            time.sleep(0.1)
    return process


def _lets_in(server: PostgresServer) -> bool:
    import adbc_driver_postgresql.dbapi as adbc

    try:
        adbc.connect(server.url(), autocommit=True).close()
    except adbc.Error:
        return False
    return True


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the server at once: open connections are cut, its data is thrown away."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _owner() -> dict[str, Any]:
    """Return the user and group that the server runs as: it refuses to run as root."""
    import pwd

    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    name = next(name for name in (USER, "nobody") if name in names)
    return {"user": name, "group": pwd.getpwnam(name).pw_gid}


def _drop() -> dict[str, Any]:
    """Return the same as arguments of a process; root's other groups are left behind."""
    owner = _owner()
    return {**owner, "extra_groups": []} if owner else {}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
