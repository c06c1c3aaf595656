"""The sqlite3 shell, as the client's analysts use it, and what it prints."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest


def run_in_shell(script: str, database: Path) -> list[list[str]]:
    """Return the rows that a script prints; skip the test where there is no shell."""
    shell = shutil.which("sqlite3")
    if shell is None:
        pytest.skip("no sqlite3 shell")
    done = subprocess.run(  # noqa: S603 - our own script
        [shell, "-readonly", "-csv", str(database)],
        input=script,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return list(csv.reader(io.StringIO(done.stdout, newline="")))


def assert_printed(printed: list[list[str]], rows: Sequence[Sequence[Any]]) -> None:
    """Check that the shell printed these rows; it shows fifteen digits of a number."""
    assert len(printed) == len(rows)
    for shown, row in zip(printed, rows, strict=True):
        assert len(shown) == len(row)
        for text, value in zip(shown, row, strict=True):
            if isinstance(value, float):
                assert abs(float(text) - value) <= 1e-12 * max(1.0, abs(value))
            else:
                assert text == ("" if value is None else str(value))
