"""What a PDF may load: the package's own files and the figures made for it; nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from fontTools.ttLib import TTFont
from weasyprint.urls import URLFetcher, URLFetcherResponse

from report.svg import FONT
from report.wording import templates_folder

# The name of the shipped font in templates/styles/print.css: not that of a font of the machine.
PRINT_FONT = "Inter Print"
MEDIA_TYPES = {".css": "text/css", ".ttf": "font/ttf"}
UNKNOWN = "\N{WHITE SQUARE}"
# Line ends are layout; a soft hyphen and a word joiner are never drawn.
NOT_DRAWN = frozenset("\n\r\t\u00ad\u2060")


class AssetFetcher(URLFetcher):  # type: ignore[misc]
    """Answers `asset:` with a file under templates/ and `mem:` with a figure; notes the rest."""

    def __init__(self, images: Mapping[str, str]) -> None:
        """Keep the SVG texts of the figures by name."""
        super().__init__()
        self.images = images
        self.refused: list[str] = []

    def fetch(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,  # noqa: ARG002  WeasyPrint's signature
    ) -> URLFetcherResponse:
        """Return the file or figure.

        WeasyPrint goes on after a refusal, even a fatal one inside SVG, so refusals are kept.

        Raises:
            ValueError: the address is neither.
        """
        scheme, _, name = url.partition(":")
        if scheme == "mem" and name in self.images:
            svg = self.images[name].encode()
            return URLFetcherResponse(url, svg, {"Content-Type": "image/svg+xml"})
        path = (templates_folder() / name).resolve()
        inside = path.is_relative_to(templates_folder().resolve())
        if scheme == "asset" and inside and path.suffix in MEDIA_TYPES and path.is_file():
            return URLFetcherResponse(
                url, path.read_bytes(), {"Content-Type": MEDIA_TYPES[path.suffix]}
            )
        self.refused.append(url)
        raise ValueError(f"refused: {url}")


def set_font(svg: str) -> str:
    """Return a drawing set in the shipped font."""
    return svg.replace(FONT, PRINT_FONT)


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
