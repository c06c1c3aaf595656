"""All or nothing: a failed run leaves the previous output as it was."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from analysis.errors import OutputError
from report.outputs import check_target, write, write_documents, write_file


def listing(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def previous(tmp_path):
    out = tmp_path / "output"
    write(out, {"findings.json": b"old", "fr/report.html": b"old page"}, {"seed": 1})
    return out


def test_the_manifest_names_every_file_with_its_hash(previous):
    manifest = json.loads((previous / "manifest.json").read_text())
    assert manifest["seed"] == 1
    assert manifest["files"]["fr/report.html"] == {
        "bytes": 8,
        "sha256": hashlib.sha256(b"old page").hexdigest(),
    }
    assert set(manifest["files"]) == set(listing(previous)) - {"manifest.json"}


def test_a_new_run_replaces_the_whole_folder(previous):
    write(previous, {"findings.json": b"new"}, {})
    assert set(listing(previous)) == {"findings.json", "manifest.json"}
    assert [path.name for path in previous.parent.iterdir()] == ["output"]


@pytest.mark.parametrize("problem", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_half_way_leaves_what_was_there(previous, monkeypatch, problem):
    before = listing(previous)
    written = []

    def write_bytes(self, content):
        if written:
            raise problem
        written.append(self)
        return len(content)

    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    expected = OutputError if isinstance(problem, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        write(previous, {"a": b"1", "b": b"2"}, {})
    monkeypatch.undo()
    assert listing(previous) == before
    assert [path.name for path in previous.parent.iterdir()] == ["output"]


def test_a_swap_that_fails_brings_the_previous_output_back(previous, monkeypatch):
    before = listing(previous)
    rename = Path.rename

    def fail_second(self, target):
        if Path(target) == previous and not self.name.endswith("-previous"):
            raise OSError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_second)
    with pytest.raises(OutputError, match="Permission denied"):
        write(previous, {"a": b"1"}, {})
    monkeypatch.undo()
    assert listing(previous) == before


def test_a_folder_with_other_files_is_never_replaced(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match="did not write"):
        check_target(tmp_path)
    with pytest.raises(OutputError, match="did not write"):
        write(tmp_path, {"a": b"1"}, {})
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    path = tmp_path / "output"
    path.write_text("")
    with pytest.raises(OutputError, match="not a folder"):
        check_target(path)


def test_a_folder_that_cannot_be_written_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(OutputError, match="cannot be written"):
        check_target(tmp_path / "output")


def test_rendering_again_adds_documents_and_their_lines(previous):
    write_documents(previous, {"en/report.html": b"page"})
    manifest = json.loads((previous / "manifest.json").read_text())
    assert set(listing(previous)) == {
        "en/report.html",
        "findings.json",
        "fr/report.html",
        "manifest.json",
    }
    assert manifest["files"]["en/report.html"]["bytes"] == 4
    assert manifest["seed"] == 1


def test_rendering_into_a_folder_that_is_no_output_is_refused(tmp_path):
    with pytest.raises(OutputError, match="no readable manifest"):
        write_documents(tmp_path, {"en/report.html": b"page"})
    assert listing(tmp_path) == {}


def test_one_file_is_whole_or_as_before(tmp_path, monkeypatch):
    path = tmp_path / "segments.csv"
    write_file(path, b"first")
    monkeypatch.setattr("os.fdopen", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(OutputError, match="No space left"):
        write_file(path, b"second")
    assert path.read_bytes() == b"first"


def test_what_the_user_put_into_an_output_is_never_lost(previous):
    (previous / "fr" / "signed.pdf").write_bytes(b"signature")
    with pytest.raises(OutputError, match=r"such as fr/signed\.pdf"):
        write(previous, {"a": b"1"}, {})
    assert (previous / "fr" / "signed.pdf").read_bytes() == b"signature"
    assert (previous / "findings.json").read_bytes() == b"old"


@pytest.mark.parametrize("manifest", ["{}", '{"files": {"index.html": 1}}', "[]", "not json"])
def test_a_manifest_of_another_program_makes_no_output_of_ours(tmp_path, manifest):
    (tmp_path / "manifest.json").write_text(manifest)
    (tmp_path / "index.html").write_text("a site")
    with pytest.raises(OutputError, match="did not write"):
        check_target(tmp_path)


def test_the_folder_one_stands_in_is_refused_before_the_work(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError, match="stand in"):
        check_target(Path())


def test_a_file_that_cannot_be_replaced_leaves_no_second_one(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError):
        write_file(tmp_path / "folder", b"content")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
