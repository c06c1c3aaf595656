"""What tests share: the real data where it is there, a database server, a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from chromium import browser
from made import FOLDER
from postgres_server import postgres_server

__all__ = ["browser", "olist_archive", "olist_db", "postgres_server"]

ROOT = Path(__file__).resolve().parent.parent
ARCHIVE = "brazilian-ecommerce.zip"
MAKER = "make_olist_db.py"


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder of the run: a worker finds it named already."""
    if not hasattr(config, "workerinput"):
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="playbook-made-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folder of the run."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(FOLDER), ignore_errors=True)


@pytest.fixture(scope="session")
def olist_archive() -> Path:
    """Return the real archive: PLAYBOOK_OLIST (the file or its folder) or ../shared/olist."""
    named = Path(os.environ.get("PLAYBOOK_OLIST", ROOT.parent / "shared" / "olist"))
    path = named / ARCHIVE if named.is_dir() else named
    if not path.is_file():
        pytest.skip(f"no {ARCHIVE} at {named}: set PLAYBOOK_OLIST to the file or its folder")
    return path


@pytest.fixture(scope="session")
def olist_db(olist_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the SQLite form of the real data, made by the script beside the archive."""
    maker = olist_archive.parent / MAKER
    if not maker.is_file():
        pytest.skip(f"no {MAKER} beside {olist_archive}")
    target = tmp_path_factory.mktemp("olist") / "olist.db"
    command = [sys.executable, str(maker), str(target), str(olist_archive)]
    subprocess.run(command, check=True)  # noqa: S603 - the data's own script
    return target


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core: from PLAYBOOK_AXE, else packed from npm into a passing folder."""
    given = os.environ.get("PLAYBOOK_AXE")
    if given:
        return Path(given).read_text(encoding="utf-8")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("axe-core: no npm, and PLAYBOOK_AXE does not name axe.min.js")
    folder = tmp_path_factory.mktemp("axe")
    command = [npm, "install", "--silent", "--no-save", "--ignore-scripts", "axe-core@4"]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)  # noqa: S603
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        pytest.skip("axe-core: npm could not fetch it")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
