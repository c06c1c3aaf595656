"""What a PDF may load: the package's own files and the figures made for it; nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from fontTools.ttLib import TTFont
from weasyprint.urls import URLFetcher, URLFetcherResponse

from report.brand import HOUSE, Brand
from report.svg import FONT
from report.wording import templates_folder

# The name of the shipped font in templates/styles/print.css, and that of what stands in for a
# client's face: not those of a font of the machine.
PRINT_FONT, FALLBACK_FONT = "Inter Print", "Inter Fallback"
PRINT_STYLE = "styles/print.css"
PRINT_FACES = (
    ("Regular", 400, "normal"),
    ("Italic", 400, "italic"),
    ("SemiBold", 600, "normal"),
    ("Bold", 700, "normal"),
)
MEDIA_TYPES = {".css": "text/css", ".ttf": "font/ttf"}
FONT_SIZE = re.compile(r'font-size="([\d.]+)"')
UNKNOWN = "\N{WHITE SQUARE}"
# Line ends are layout; a soft hyphen and a word joiner are never drawn.
NOT_DRAWN = frozenset("\n\r\t\u00ad\u2060")


class AssetFetcher(URLFetcher):  # type: ignore[misc]
    """Answers `asset:` with a file under templates/, and `mem:` with a figure or a logo.

    The style and the faces are the brand's. Every other address is refused, and noted.
    """

    def __init__(self, images: Mapping[str, str], brand: Brand = HOUSE) -> None:
        """Keep the SVG texts of the figures by name, and the brand."""
        super().__init__()
        self.brand = brand
        self.pictures = {name: (svg.encode(), "image/svg+xml") for name, svg in images.items()}
        for name, logo in brand.logos:
            self.pictures[name] = (logo.content, logo.media_type)
        self.refused: list[str] = []

    def fetch(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,  # noqa: ARG002  WeasyPrint's signature
    ) -> URLFetcherResponse:
        """Return the file or picture.

        WeasyPrint goes on after a refusal, even a fatal one inside SVG, so refusals are kept.

        Raises:
            ValueError: the address is neither.
        """
        scheme, _, name = url.partition(":")
        if scheme == "mem" and name in self.pictures:
            picture, media_type = self.pictures[name]
            return URLFetcherResponse(url, picture, {"Content-Type": media_type})
        if scheme == "shipped" and self.brand.faces:
            scheme = "asset"
        elif scheme == "asset" and name in self._dressed():
            return URLFetcherResponse(url, *self._dressed()[name])
        path = (templates_folder() / name).resolve()
        inside = path.is_relative_to(templates_folder().resolve())
        if scheme == "asset" and inside and path.suffix in MEDIA_TYPES and path.is_file():
            return URLFetcherResponse(
                url, path.read_bytes(), {"Content-Type": MEDIA_TYPES[path.suffix]}
            )
        self.refused.append(url)
        raise ValueError(f"refused: {url}")

    def _dressed(self) -> dict[str, tuple[bytes, dict[str, str]]]:
        """Return the files that the brand changes: the client's faces, and the style's colours."""
        style = (templates_folder() / PRINT_STYLE).read_bytes() + print_style(self.brand).encode()
        files = {PRINT_STYLE: (style, {"Content-Type": "text/css"})}
        for name, face in self.brand.faces:
            files[f"fonts/Inter-{name}.ttf"] = (face, {"Content-Type": "font/ttf"})
        return files


def print_style(brand: Brand) -> str:
    """Return the rules that set pages in the brand's colours, and what its faces lack in ours."""
    rules = [f":root {{ --accent: {brand.accent} }} @page cover {{ background: {brand.cover} }}"]
    if brand.faces:
        rules += [
            f'@font-face {{ font-family: "{FALLBACK_FONT}"; font-weight: {weight}; '
            f'font-style: {slant}; src: url("shipped:fonts/Inter-{name}.ttf") }}'
            for name, weight, slant in PRINT_FACES
        ]
    return "\n".join(rules)


def set_font(svg: str, brand: Brand = HOUSE) -> str:
    """Return a drawing set in the pages' font: a client's at the size at which it is as wide."""
    if not brand.faces:
        return svg.replace(FONT, PRINT_FONT)
    sized = FONT_SIZE.sub(lambda size: f'font-size="{float(size[1]) * brand.size:.2f}"', svg)
    return sized.replace(FONT, f"{PRINT_FONT}, {FALLBACK_FONT}")


@cache
def shipped_characters() -> frozenset[str]:
    """Return every character that all faces of the shipped font can draw."""
    faces = [TTFont(path) for path in sorted((templates_folder() / "fonts").glob("*.ttf"))]
    return frozenset(map(chr, set.intersection(*(set(face.getBestCmap()) for face in faces))))


def replace_unknown_characters(text: str) -> str:
    """Return the text with a white square for what the shipped font cannot draw.

    A fallback to a font of the machine would change the pages from one machine to the next, and
    a missing glyph is forbidden in PDF/A.
    """
    unknown = set(text) - shipped_characters() - NOT_DRAWN
    return text.translate({ord(character): UNKNOWN for character in unknown})
