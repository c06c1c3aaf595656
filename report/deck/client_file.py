"""A client's presentation as a file: opened with care, emptied of what is not its design."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from analysis.errors import RenderError

LARGEST_FILE = 200 * 1024 * 1024
_TEMPLATE_TYPE = b"presentationml.template.main+xml"
_PRESENTATION_TYPE = b"presentationml.presentation.main+xml"
_MACRO_TYPE = b"macroEnabled"
# What speaks of the slides that are dropped: their picture, their titles, their reviewers.
_OF_OTHER_SLIDES = (
    "/thumbnail",
    "/extended-properties",
    "/custom-properties",
    "/commentAuthors",
    "/authors",
    "/printerSettings",
)


def open_presentation(path: Path) -> Any:
    """Open a presentation or a template of one."""
    from pptx import Presentation
    from pptx.exc import PackageNotFoundError

    expected = "a PowerPoint presentation (.pptx) or template (.potx)"
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise RenderError(
                f"the template takes {path.stat().st_size // 2**20} MB",
                where=str(path),
                expected=f"at most {LARGEST_FILE // 2**20} MB",
                todo="remove its sample slides and pictures",
            )
        return Presentation(io.BytesIO(_as_presentation(path.read_bytes(), str(path))))
    except (OSError, KeyError, ValueError, PackageNotFoundError, zipfile.BadZipFile) as error:
        raise RenderError(
            f"the template cannot be opened: {error}",
            where=str(path),
            expected=expected,
            todo="open it in PowerPoint and save it as .pptx",
        ) from error


def _as_presentation(content: bytes, where: str) -> bytes:
    """Return the file with the type of a template changed to that of a presentation."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        names = source.namelist()
        if sum(source.getinfo(name).file_size for name in names) > 4 * LARGEST_FILE:
            raise ValueError("it unpacks to more than any presentation")
        types = source.read("[Content_Types].xml")
        if _MACRO_TYPE in types:
            raise RenderError(
                "the template holds macros",
                where=where,
                expected="a presentation or a template without code",
                todo="save it in PowerPoint as .pptx or .potx",
            )
        if _TEMPLATE_TYPE not in types:
            return content
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as result:
            for name in names:
                data = source.read(name)
                is_types = name == "[Content_Types].xml"
                result.writestr(
                    name, data.replace(_TEMPLATE_TYPE, _PRESENTATION_TYPE) if is_types else data
                )
        return target.getvalue()


def drop_slides(presentation: Any) -> None:
    """Remove the sample slides, and whatever names or shows them."""
    root = presentation.part._element
    slides = root.sldIdLst
    for slide in list(slides if slides is not None else ()):
        presentation.part.drop_rel(slide.rId)
        slides.remove(slide)
    for name in ("custShowLst", "extLst"):
        for element in root.findall(f"{{*}}{name}"):
            root.remove(element)
    drop_traces(presentation)


def drop_traces(presentation: Any) -> None:
    """Remove the parts of the file that tell of other slides than ours."""
    for part in (presentation.part, presentation.part.package):
        for key, relationship in list(part._rels.items()):
            if relationship.reltype.endswith(_OF_OTHER_SLIDES):
                part._rels.pop(key)
