"""What may not be written over, told before any work is done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analysis.addresses import parse_address
from analysis.errors import OutputError


def refuse_inside(out: Path, *inputs: Path | str | None) -> None:
    """Refuse an input that stands in the output folder, which is replaced as a whole.

    Raises:
        OutputError: it names the path.
    """
    for given in inputs:
        path = None if given is None else parse_address(given)
        if isinstance(path, Path) and path.resolve().is_relative_to(out.resolve()):
            raise OutputError(
                "an input stands inside the output folder, which is replaced as a whole",
                where=str(path),
                expected=f"a file or folder outside {out}",
                todo="move it, or name another folder with --out",
            )


def refuse_overwriting(written: Sequence[Path | None], read: Sequence[Path | str | None]) -> None:
    """Refuse to write over what is read, or two things to one place.

    Raises:
        OutputError: it names the path.
    """
    taken = {path.resolve() for path in read if isinstance(path, Path)}
    for path in written:
        if path is None:
            continue
        if path.resolve() in taken:
            raise OutputError(
                "the file to be written is one that is used already",
                where=str(path),
                expected="a name of its own",
                todo="name another file",
            )
        taken.add(path.resolve())
