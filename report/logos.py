"""A logo of the client's or the consultant's: read, checked, and made harmless before it is shown.

An SVG is data from outside: it may hold scripts, load pictures from a network or from this machine.
Only elements that draw are kept; what would run or load anything is refused, by name.
"""

from __future__ import annotations

import io
import re
import warnings
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import SettingsError

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 2_000_000
MOST_PIXELS = 40_000_000
# Enough for the width of a cover at 300 dots an inch.
LARGEST_SIDE = 1_200
# The edge of the white plate, as a share of the logo's height.
PLATE = 0.2
SVG = "{http://www.w3.org/2000/svg}"
DRAWING = frozenset(
    [
        *("svg", "g", "defs", "symbol", "use", "title", "desc", "path", "rect", "circle"),
        *("ellipse", "line", "polyline", "polygon", "text", "tspan", "linearGradient"),
        *("radialGradient", "stop", "clipPath", "mask", "pattern", "style"),
    ]
)
SILENT = frozenset(["metadata", "namedview"])
LENGTH = re.compile(r"\s*([\d.]+(?:e[+-]?\d+)?)\s*(px|pt|pc|mm|cm|in|)\s*", re.IGNORECASE)
# CSS Values and Units 3, section 6.2: units in pixels.
PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
LOADS = re.compile(r"@import|url\(\s*[\"']?(?!#)|expression\(|javascript:", re.IGNORECASE)


@dataclass(frozen=True)
class Logo:
    """A logo: its bytes as they may be shown, their type, how wide it is for its height.

    `ratio` and `picture` are those of a PNG on white, for documents that cannot show SVG.
    """

    content: bytes
    media_type: str
    ratio: float
    picture: bytes

    @property
    def address(self) -> str:
        """Return the logo as a data address, for a page that holds everything."""
        return f"data:{self.media_type};base64,{b64encode(self.content).decode()}"


def read_logo(path: Path) -> Logo:
    """Return the logo of a PNG or SVG file.

    Raises:
        SettingsError: it cannot be read, is too large, is neither, or would run or load anything.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _refused(path, f"the logo cannot be read: {error.strerror}") from error
    if len(content) > MOST_BYTES:
        raise _refused(path, f"the logo is {len(content)} bytes large")
    if path.suffix.lower() != ".svg":
        image = _pixels(content, path)
        plate = _on_white(image)
        return Logo(_png(image), "image/png", plate.width / plate.height, _png(plate))
    drawing = _drawing(content, path)
    plate = _on_white(_drawn(drawing, path))
    return Logo(drawing, "image/svg+xml", plate.width / plate.height, _png(plate))


def _drawn(drawing: bytes, path: Path) -> Image:
    """Return the pixels of an SVG that only draws: only the shipped typeface writes its texts."""
    import resvg_py

    from report.wording import templates_folder

    faces = [str(face) for face in sorted((templates_folder() / "fonts").glob("Inter-*.ttf"))]
    try:
        content = resvg_py.svg_to_bytes(
            svg_string=_sized(drawing, path), skip_system_fonts=True, font_files=faces,
            font_family="Inter", serif_family="Inter", sans_serif_family="Inter",
            cursive_family="Inter", fantasy_family="Inter", monospace_family="Inter",
        )  # fmt: skip
    except ValueError as error:
        raise _refused(path, f"the logo is no SVG that can be drawn: {error}") from error
    image = _pixels(content, path)
    if image.getbbox() is None:
        raise _refused(path, "the logo draws nothing")
    return image


def _sized(drawing: bytes, path: Path) -> str:
    """Return an SVG whose larger side is LARGEST_SIDE pixels: what it asks for may be any size."""
    from lxml import etree

    root = etree.fromstring(drawing)
    own = _pixels_of(root.get("width")), _pixels_of(root.get("height"))
    box = [_pixels_of(part) for part in re.split(r"[\s,]+", root.get("viewBox", "").strip())]
    width, height = own if all(own) or len(box) < 4 else (box[2], box[3])
    if not width or not height:
        raise _refused(path, "the logo says no size that can be read")
    if not root.get("viewBox"):
        root.set("viewBox", f"0 0 {width} {height}")
    scale = LARGEST_SIDE / max(width, height)
    root.set("width", str(max(1, round(width * scale))))
    root.set("height", str(max(1, round(height * scale))))
    written: str = etree.tostring(root, encoding="unicode")
    return written


def _pixels_of(length: str | None) -> float:
    """Return a length in pixels; nought where it is none, or a share of what is around."""
    found = LENGTH.fullmatch(length or "")
    return float(found[1]) * PIXELS[found[2].lower()] if found else 0.0


def _pixels(content: bytes, path: Path) -> Image:
    """Return the pixels of a PNG, and nothing else of it."""
    from PIL import Image as Images

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Images.DecompressionBombWarning)
            with Images.open(io.BytesIO(content), formats=("PNG",)) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise _refused(path, f"the logo is {image.width} by {image.height} pixels")
                plain = image.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Warning, Images.DecompressionBombError) as error:
        raise _refused(path, f"the logo is no PNG that can be read: {error}") from error
    plain.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    return plain


def _on_white(image: Image) -> Image:
    """Return a picture on a white plate, which stands on any ground."""
    from PIL import Image as Images

    edge = round(PLATE * image.height)
    plate = Images.new("RGB", (image.width + 2 * edge, image.height + 2 * edge), "white")
    plate.paste(image, (edge, edge), image)
    return plate


def _png(image: Image) -> bytes:
    written = io.BytesIO()
    image.save(written, format="PNG", optimize=True)
    return written.getvalue()


def _drawing(content: bytes, path: Path) -> bytes:
    """Return an SVG of elements that only draw."""
    from lxml import etree

    # No entity is resolved and no document type is read: neither can load or swell.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _refused(path, f"the logo is no SVG that can be read: {error}") from error
    if root.tag != f"{SVG}svg":
        raise _refused(path, f"the logo's first element is {root.tag}, not svg")
    for element in list(root.iter()):
        _check_element(element, path)
    _check_size(root, path)
    written: bytes = etree.tostring(root)
    return written


def _check_element(element: Any, path: Path) -> None:
    """Refuse an element that would run or load anything; drop what only an editor reads."""
    if not isinstance(element.tag, str):
        raise _refused(path, "the logo names an entity")
    space, _, name = element.tag.rpartition("}")
    if f"{space}}}" != SVG or name in SILENT:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
        return
    if name not in DRAWING:
        raise _refused(path, f"the logo holds <{name}>")
    for reason in _faults(element, name):
        raise _refused(path, f"the logo's <{name}> {reason}")


def _faults(element: Any, name: str) -> Iterator[str]:
    """Yield what an element would run or load."""
    if name == "style" and LOADS.search("".join(element.itertext())):
        yield "loads something from outside"
    for key, value in element.attrib.items():
        bare = key.rpartition("}")[2].lower()
        if bare.startswith("on"):
            yield f"runs {bare}"
        elif bare in ("href", "src") and not value.startswith("#"):
            yield f"loads {value[:60]!r}"
        elif LOADS.search(value):
            yield f"loads something from outside in {bare}"


def _check_size(root: Any, path: Path) -> None:
    """Refuse a drawing that does not say how wide it is for its height."""
    if not root.get("viewBox") and not (root.get("width") and root.get("height")):
        raise _refused(path, "the logo says neither its view box nor its width and height")


def _refused(path: Path, found: str) -> SettingsError:
    return SettingsError(
        found,
        where=str(path),
        expected="a PNG, or an SVG that only draws: no script, no picture, nothing from outside",
        todo="export the logo as a plain SVG with its texts as paths, or as a PNG under 2 MB",
    )
