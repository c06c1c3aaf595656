"""Members of a zip archive, unpacked with limits: an archive is somebody else's file."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from analysis.errors import SchemaError, SourceNotReadableError

LARGEST_TOTAL_BYTES = 4 * 1024**3
LARGEST_RATIO = 200
# Below this size a high ratio is a short text that repeats itself, and harmless.
RATIO_COUNTS_FROM_BYTES = 1024**2
CHUNK_BYTES = 1024**2

_EXPECTED = "the archive as it was downloaded, with one CSV file a table"
_TODO = "download the archive again"


def open_archive(path: Path) -> zipfile.ZipFile:
    """Open a zip archive and refuse what no honest archive holds.

    Raises:
        SourceNotReadableError: not a zip, truncated, encrypted, too large, or with unsafe names.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise SourceNotReadableError(
            f"the zip archive is damaged or cut short: {error}",
            where=str(path),
            expected=_EXPECTED,
            todo=_TODO,
        ) from error
    try:
        _refuse_unsafe(archive, path)
    except SourceNotReadableError:
        archive.close()
        raise
    return archive


def data_members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the CSV members by the lower-case stem of their name; folders inside are ignored.

    Raises:
        SchemaError: two members of one name.
    """
    members = [name for name in archive.namelist() if not _is_desktop_litter(name)]
    return by_stem([name for name in members if name.lower().endswith(".csv")], archive.filename)


def by_stem(names: Iterable[str], where: object) -> dict[str, str]:
    """Return files by the lower-case stem of their name.

    Raises:
        SchemaError: two of them are the same table.
    """
    found: dict[str, str] = {}
    for name in sorted(names):
        stem = PurePosixPath(name).stem.lower()
        if stem in found:
            raise SchemaError(
                f"two files of the same table: {found[stem]} and {name}",
                where=str(where),
                expected="one file a table",
                todo="take the other one away",
            )
        found[stem] = name
    return found


def heading(line: bytes, where: str) -> list[str]:
    """Return the columns that the first line of a CSV file names.

    Raises:
        SourceNotReadableError: empty, not UTF-8, not parted by commas, not text.
    """
    text = _heading_text(line, where)
    names = next(csv.reader([text]), [])
    marks = {";": "semicolons", "\t": "tabs", "|": "bars"}
    parted = [name for mark, name in marks.items() if mark in text]
    if len(names) == 1 and parted:
        raise _bad_heading(f"a CSV file parted by {parted[0]}", where)
    if not any(name.strip() for name in names):
        raise _bad_heading("an empty file, or one whose first line is empty", where)
    return names


def _heading_text(line: bytes, where: str) -> str:
    if b"\0" in line and not line.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _bad_heading("a NUL byte in the first line: the file is damaged, or no CSV", where)
    try:
        return line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise _bad_heading("a file that is not UTF-8", where) from error


def _bad_heading(found: str, where: str) -> SourceNotReadableError:
    return SourceNotReadableError(
        found,
        where=where,
        expected="a CSV file in UTF-8, parted by commas, whose first line names the columns",
        todo="save it again so: in a spreadsheet, as CSV UTF-8 with commas",
    )


def unpack(archive: zipfile.ZipFile, member: str, target: Path) -> None:
    """Write one member to target, in chunks, within the limits.

    Raises:
        SourceNotReadableError: damaged, or larger than the archive says.
    """
    with target.open("wb") as written:
        for chunk in _chunks(archive, member):
            written.write(chunk)


def first_line(archive: zipfile.ZipFile, member: str) -> bytes:
    """Return the first line of a member.

    Raises:
        SourceNotReadableError: damaged.
    """
    with _named_problems(archive, member), archive.open(member) as stream:
        return stream.readline(CHUNK_BYTES)


def count_lines(archive: zipfile.ZipFile, member: str) -> int:
    """Count the lines of a member after its heading, without keeping them."""
    last = b"\n"
    lines = 0
    for chunk in _chunks(archive, member):
        lines += chunk.count(b"\n")
        last = chunk[-1:]
    return max(lines + (last != b"\n") - 1, 0)


def _chunks(archive: zipfile.ZipFile, member: str) -> Iterator[bytes]:
    """Yield a member's bytes; stop when there are more than the archive announced."""
    announced = archive.getinfo(member).file_size
    received = 0
    with _named_problems(archive, member), archive.open(member) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            received += len(chunk)
            if received > announced:
                raise zipfile.BadZipFile(f"more than the {announced} bytes that are announced")
            yield chunk


class _named_problems:  # noqa: N801 - a context manager, used like contextlib's
    """Turn what zipfile raises about a member into our error."""

    def __init__(self, archive: zipfile.ZipFile, member: str) -> None:
        self.where = f"{member} in {archive.filename}"

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        problems = (zipfile.BadZipFile, zlib.error, EOFError, UnicodeDecodeError)
        if isinstance(error, (*problems, NotImplementedError)):
            raise SourceNotReadableError(
                f"a damaged file in the archive: {error}",
                where=self.where,
                expected="a whole UTF-8 file, as its checksum says",
                todo=_TODO,
            ) from error


def _refuse_unsafe(archive: zipfile.ZipFile, path: Path) -> None:
    """Check every member's name and size before any is read."""
    total = 0
    for member in archive.infolist():
        name = member.filename.replace("\\", "/")
        total += member.file_size
        parts = PurePosixPath(name).parts
        if name.startswith("/") or ".." in parts or (parts and parts[0].endswith(":")):
            raise _refusal(f"a file that would be written elsewhere: {member.filename!r}", path)
        if member.flag_bits & 0x1:
            raise _refusal(f"an encrypted file: {member.filename}", path)
        large = member.file_size > RATIO_COUNTS_FROM_BYTES
        if large and member.file_size > LARGEST_RATIO * member.compress_size:
            ratio = member.file_size // max(member.compress_size, 1)
            raise _refusal(
                f"{member.filename} would grow {ratio} times when unpacked",
                path,
                expected=f"at most {LARGEST_RATIO} times",
            )
    if total > LARGEST_TOTAL_BYTES:
        raise _refusal(
            f"{total / 1024**3:.1f} GB when unpacked",
            path,
            expected=f"at most {LARGEST_TOTAL_BYTES // 1024**3} GB",
        )


def _refusal(found: str, path: Path, expected: str = _EXPECTED) -> SourceNotReadableError:
    return SourceNotReadableError(
        f"the archive holds {found}" if not found[0].isdigit() else f"the archive is {found}",
        where=str(path),
        expected=expected,
        todo="use the archive as it was downloaded, or a folder of its CSV files",
    )


def _is_desktop_litter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1].startswith("._")
