"""The file of a deck: the same bytes for the same slides, whenever and wherever it is made."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

# The oldest date a zip can hold: the deck's own date stands in its properties.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_CONTENT_TYPES = "[Content_Types].xml"
_SECTIONS = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"
_NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")


def save(presentation: Any) -> bytes:
    """Return the presentation's bytes."""
    target = io.BytesIO()
    presentation.save(target)
    return normalised(target.getvalue())


def normalised(content: bytes) -> bytes:
    """Return a zip, and the workbooks in it, with fixed dates and an order."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        names = sorted(source.namelist(), key=lambda name: (name != _CONTENT_TYPES, name))
        with zipfile.ZipFile(target, "w") as result:
            for name in names:
                data = source.read(name)
                entry = zipfile.ZipInfo(name, _ZIP_DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o600 << 16
                entry.create_system = 3
                result.writestr(entry, normalised(data) if name.endswith(".xlsx") else data)
    return target.getvalue()


def set_properties(
    presentation: Any, *, title: str, author: str, subject: str, language: str, made: datetime
) -> None:
    """Set what the file says of itself; `made` is the day that the figures describe."""
    properties = presentation.core_properties
    properties.title, properties.author, properties.subject = title, author, subject
    properties.language = language
    properties.last_modified_by = author
    properties.created = properties.modified = made.replace(microsecond=0, tzinfo=None)
    properties.revision = 1
    properties.keywords = properties.comments = properties.category = ""


def set_sections(presentation: Any, sections: Sequence[tuple[str, Sequence[int]]]) -> None:
    """Group the slides in named sections; each has the places of its slides, from 0."""
    from lxml import etree
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import qn

    space = "http://schemas.microsoft.com/office/powerpoint/2010/main"
    identifiers = [slide.id for slide in presentation.part._element.sldIdLst]
    holder = etree.Element(f"{{{space}}}sectionLst", nsmap={"p14": space})
    for number, (name, places) in enumerate(sections):
        key = str(uuid.uuid5(_NAMESPACE, f"section {number}")).upper()
        section = etree.SubElement(holder, f"{{{space}}}section", name=name, id=f"{{{key}}}")
        listed = etree.SubElement(section, f"{{{space}}}sldIdLst")
        for place in places:
            etree.SubElement(listed, f"{{{space}}}sldId", id=str(identifiers[place]))
    root = presentation.part._element
    extensions = root.find(qn("p:extLst"))
    if extensions is None:
        extensions = etree.SubElement(root, qn("p:extLst"))
    extension = etree.SubElement(extensions, qn("p:ext"), uri=_SECTIONS)
    extension.append(parse_xml(etree.tostring(holder)))
