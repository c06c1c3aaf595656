"""The wheel carries what it needs: it works from an environment and a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command away from the project; its output, or a failure that shows it."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(  # noqa: S603 - the commands are our own
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps")
    run(*pip, "--wheel-dir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a new environment's programs: our wheel, the libraries of this one."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    programs = folder / "bin"
    pip = (sys.executable, "-m", "pip", "--python", programs / "python")
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=folder)
    # Libraries come from here; what is installed there goes first.
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return programs


def test_wheel_holds_the_queries_and_the_templates(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, place in (("sql", "analysis/sql"), ("templates", "report/templates")):
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
        assert files
        missing = {
            f"{place}/{path.relative_to(ROOT / folder).as_posix()}" for path in files
        } - names
        assert not missing
    assert not [name for name in names if name.startswith(("tests/", "output/"))]


def test_installed_command_builds_a_demo_anywhere(installed: Path, tmp_path: Path) -> None:
    where = run(
        installed / "python",
        "-c",
        "import analysis, report; print(analysis.__file__, report.__file__)",
        cwd=tmp_path,
    )
    assert str(ROOT) not in where
    assert "Commands:" in run(installed / "playbook", "--help", cwd=tmp_path)
    run(
        installed / "playbook",
        "demo",
        "--customers",
        "3000",
        "--out",
        "made",
        "--quiet",
        cwd=tmp_path,
    )
    left = tmp_path / "made"
    manifest = json.loads((left / "manifest.json").read_text(encoding="utf-8"))
    for name in manifest["files"]:
        assert (left / name).stat().st_size > 0, name
    documents = {
        "report.html",
        "dashboard.html",
        "playbook.pdf",
        "deck.pptx",
        "proposal.pdf",
        "proposal.docx",
    }
    assert documents == {path.name for path in (left / "fr").iterdir()}
    assert (left / "findings.json").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["made"]
