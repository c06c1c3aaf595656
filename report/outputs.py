"""Writes what a run leaves, all or nothing: the only place that writes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analysis.errors import OutputError
from report.interruptions import uninterrupted

MANIFEST = "manifest.json"
PROGRAM = "segment-playbook"

Files = Mapping[str, bytes]
"""Path inside the output folder, with forward slashes, to content."""

Folders = Mapping[str, Callable[[Path], None]]
"""Name of a folder inside the output folder to what writes it, at the path that it is given."""


def check_target(folder: Path) -> None:
    """Refuse, before any work is done, a folder that could not be written or is not ours.

    Raises:
        OutputError: not a folder, not writable, or holding files that no run of playbook left.
    """
    try:
        other = folder.is_symlink() or (folder.exists() and not folder.is_dir())
    except OSError as error:
        raise _refused(folder, error) from error
    if other:
        raise OutputError(
            "the output is not a folder",
            where=str(folder),
            expected="a folder, or a name that does not exist yet",
            todo="name another folder with --out",
        )
    if folder.is_dir() and folder.samefile(Path.cwd()):
        raise OutputError(
            "the output is the folder that you stand in, which cannot be replaced",
            where=str(folder.resolve()),
            expected="a folder inside it",
            todo="name one with --out, such as --out output",
        )
    strange = _files_of_others(folder)
    if strange:
        raise OutputError(
            f"the folder holds files that playbook did not write, such as {strange[0]}",
            where=str(folder),
            expected="an empty folder, a new name, or the output of an earlier run as it was left",
            todo="move the file elsewhere, or name another folder with --out",
        )
    parent = _existing_parent(folder)
    if not os.access(parent, os.W_OK | os.X_OK):
        raise OutputError(
            "the output folder cannot be written",
            where=str(parent),
            expected="the right to create files there",
            todo="change its permissions, or name another folder with --out",
        )


def check_unchanged(path: Path) -> None:
    """Refuse a file of an output that is no longer as the run wrote it.

    Raises:
        OutputError: there is no readable manifest beside it, or its hash there is another.
    """
    read_unchanged(path.parent, read_manifest(path.parent), [path.name])


def read_unchanged(
    folder: Path, facts: Mapping[str, Any], names: Iterable[str]
) -> dict[str, bytes]:
    """Read files of an output, each as the run wrote it.

    Args:
        folder: of the output.
        facts: its manifest.
        names: of files in it.

    Raises:
        OutputError: the hash of one is another in the manifest.
    """
    files = {name: (folder / name).read_bytes() for name in names}
    for name, content in files.items():
        written = facts["files"].get(name, {}).get("sha256", "")
        if hashlib.sha256(content).hexdigest() != written:
            raise OutputError(
                "the file was changed after the run that wrote it",
                where=str(folder / name),
                expected=f"SHA-256 {written}",
                todo="build again: what is printed must be what was computed",
            )
    return files


def write(
    folder: Path,
    files: Files,
    facts: Mapping[str, Any] | Callable[[], Mapping[str, Any]],
    folders: Folders | None = None,
) -> Path:
    """Replace the output folder by these files and their manifest; nothing is left half written.

    Everything is written beside the folder first and takes its place at the end by renaming; when
    anything fails before that, the previous output stands as it was.

    Args:
        folder: the output.
        files: what it holds.
        facts: what the manifest says of the run; a function is asked when all else is written.
        folders: what others write, each into a folder of its own.

    Returns:
        The manifest's path.

    Raises:
        OutputError: see `check_target`, or the disk refused.
    """
    check_target(folder)
    staged = _stage(folder, files)
    try:
        made = _made_by_others(staged, folders or {})
        told = facts() if callable(facts) else facts
        entries = {**_described(files), **made}
        (staged / MANIFEST).write_bytes(_manifest(entries, told))
    except OSError as error:
        shutil.rmtree(staged, ignore_errors=True)
        raise _refused(folder, error) from error
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    # Between two renames there is no output at all.
    with uninterrupted():
        try:
            _swap(staged, folder)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    return folder / MANIFEST


def write_documents(folder: Path, files: Files) -> Path:
    """Add or replace documents in an earlier output, and their lines in its manifest.

    Every file is written beside its target first, then renamed.

    Raises:
        OutputError: the folder is no output of playbook, or the disk refused.
    """
    facts = read_manifest(folder)
    known = dict(facts["files"])
    known.update(_described(files))
    facts["files"] = dict(sorted(known.items()))
    staged = _stage(folder, {**files, MANIFEST: _json(facts)})
    try:
        for name in sorted([*files, MANIFEST]):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (staged / name).replace(folder / name)
    except OSError as error:
        raise _refused(folder, error) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return folder / MANIFEST


def write_file(path: Path, content: bytes) -> None:
    """Write one file that the user named; the previous one stands until the new one is whole.

    Raises:
        OutputError: the disk refused.
    """
    written: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        written = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        written.chmod(0o644)
        written.replace(path)
    except OSError as error:
        if written is not None:
            written.unlink(missing_ok=True)
        raise _refused(path, error) from error


def write_beside(path: Path, content: bytes) -> None:
    """Write one file that the user named; in an output of ours it becomes one of its files.

    A file that no manifest names would keep the next build from replacing the folder.

    Raises:
        OutputError: the disk refused, or the manifest beside it cannot be read.
    """
    if (path.parent / MANIFEST).exists():
        write_documents(path.parent, {path.name: content})
    else:
        write_file(path, content)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of an output.

    Raises:
        OutputError: there is none that a run of playbook wrote.
    """
    path = folder / MANIFEST
    try:
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if facts["program"] == PROGRAM and isinstance(facts["files"], dict):
            return facts
        found = "it is another program's"
    except (OSError, ValueError, KeyError, TypeError) as error:
        found = str(error)
    raise OutputError(
        f"the folder has no readable manifest: {found}",
        where=str(path),
        expected="the output of `playbook build`",
        todo="build again, or name the findings.json inside an output folder",
    )


def _files_of_others(folder: Path) -> list[str]:
    """Return what stands in the folder and in no manifest of ours: it would be lost."""
    if not folder.is_dir():
        return []
    there = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()]
    if MANIFEST not in there:
        return sorted(there)
    try:
        known = {MANIFEST, *read_manifest(folder)["files"]}
    except OutputError:
        known = set()
    return sorted(set(there) - known)


@contextmanager
def scratch(files: Files) -> Iterator[Path]:
    """Give a folder outside of any output that holds these files, and remove it afterwards.

    Raises:
        OutputError: the disk refused.
    """
    with tempfile.TemporaryDirectory(prefix="playbook-") as name:
        yield _stage(Path(name) / "output", files)


def _stage(folder: Path, files: Files) -> Path:
    """Write the files to a new folder beside the target, on the same disk."""
    staged: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
        staged.chmod(0o755)
        for name, content in files.items():
            target = staged / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    except OSError as error:
        if staged is not None:
            shutil.rmtree(staged, ignore_errors=True)
        raise _refused(folder, error) from error
    except BaseException:
        if staged is not None:
            shutil.rmtree(staged, ignore_errors=True)
        raise
    return staged


def _swap(staged: Path, folder: Path) -> None:
    """Put the staged folder in the place of the previous one, which comes back on failure."""
    previous = staged.with_name(f"{staged.name}-previous")
    try:
        if folder.exists():
            folder.rename(previous)
        try:
            staged.rename(folder)
        except BaseException:
            if previous.exists():
                previous.rename(folder)
            raise
    except OSError as error:
        raise _refused(folder, error) from error
    shutil.rmtree(previous, ignore_errors=True)


def manifest(files: Files, facts: Mapping[str, Any]) -> bytes:
    """Return the manifest: the facts of the run, and every file with its SHA-256 and size."""
    return _manifest(_described(files), facts)


def _manifest(described: Mapping[str, Mapping[str, Any]], facts: Mapping[str, Any]) -> bytes:
    return _json({"program": PROGRAM, **facts, "files": dict(sorted(described.items()))})


def _made_by_others(staged: Path, folders: Folders) -> dict[str, dict[str, Any]]:
    """Have folders written, without what their writers leave for themselves; describe the files."""
    described: dict[str, dict[str, Any]] = {}
    for name, make in folders.items():
        make(staged / name)
        for path in sorted((staged / name).rglob("*")):
            if path.name.startswith((".", "_")):
                path.unlink()
            elif path.is_file():
                with path.open("rb") as stream:
                    digest = hashlib.file_digest(stream, "sha256").hexdigest()
                entry = {"bytes": path.stat().st_size, "sha256": digest}
                described[path.relative_to(staged).as_posix()] = entry
    return described


def _described(files: Files) -> dict[str, dict[str, Any]]:
    """Return the size and SHA-256 of each file, by name."""
    return {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in sorted(files.items())
    }


def _json(value: Any) -> bytes:
    """Return readable JSON."""
    return (json.dumps(value, indent=1, ensure_ascii=False, default=str) + "\n").encode()


def _existing_parent(folder: Path) -> Path:
    """Return the folder's parent, or the nearest of its ancestors that exists."""
    parent = folder.absolute().parent
    while not parent.exists():
        parent = parent.parent
    return parent


def _refused(where: Path, error: OSError) -> OutputError:
    """Return the error for a disk that refused."""
    return OutputError(
        f"the output cannot be written: {error.strerror or error}",
        where=str(where),
        expected="a folder with the right to write and room on the disk",
        todo="free some room, change the permissions, or name another folder with --out",
    )
