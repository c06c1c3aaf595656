"""The brand that every document wears: two logos, two colours, a typeface, each checked.

A colour that could not be read is made darker until it can (WCAG AA), and that is said. The
colours of the segments are not the brand's: they are the same for every client, and told apart by
colour-blind readers.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING

from analysis.errors import SettingsError
from report.colours import contrast, readable
from report.logos import Logo, read_logo

if TYPE_CHECKING:
    from analysis.settings import Brand as BrandSettings

ACCENT, COVER = "#3B51BC", "#16213A"
# The palest ground that the accent is written on, and the darkest: templates/styles.
GROUND, NIGHT = "#E8ECF7", "#182036"
# The palest text on the cover's colour: templates/styles/playbook.css.
COVER_TEXT = "#C9D1E6"
FACES = ("Regular", "SemiBold", "Bold", "Italic")
# OpenType, OS/2 fsType: a face with this bit may not travel inside a document.
RESTRICTED = 0x0002
TABLES = frozenset(
    [
        *("GlyphOrder", "head", "hhea", "maxp", "OS/2", "hmtx", "cmap", "loca", "glyf", "CFF "),
        *("name", "post", "GDEF", "GPOS", "GSUB", "kern"),
    ]
)


@dataclass(frozen=True)
class Brand:
    """What the documents wear.

    `accent` can be read on every light ground, `accent_at_night` on the report's dark one, and
    white on `cover`. `faces` are the client's own, a name of FACES to a TrueType file; the shipped
    typeface stands in for a face that is not given and for a character that one lacks. `size` is
    that of their text to ours, so that a wide face takes the same lines.
    `family` is the name of the client's typeface, for files that name a font and do not hold it.
    `corrections` say what was changed: (colour asked, contrast found, colour used).
    """

    accent: str = ACCENT
    accent_at_night: str = "#A9B7FF"
    cover: str = COVER
    client_logo: Logo | None = None
    consultant_logo: Logo | None = None
    faces: tuple[tuple[str, bytes], ...] = ()
    size: float = 1.0
    family: str = ""
    corrections: tuple[tuple[str, float, str], ...] = ()

    @property
    def logos(self) -> tuple[tuple[str, Logo], ...]:
        """Return the logos that there are, by the name that pages give them."""
        both = (("client-logo", self.client_logo), ("consultant-logo", self.consultant_logo))
        return tuple((name, logo) for name, logo in both if logo is not None)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what whoever gave the brand is to know, in English, as messages are."""
        changed = (
            f"{asked} has a contrast of {found:.1f}; {used} is used"
            for asked, found, used in self.corrections
        )
        named = (
            f"slides (where they have the room) and Word name the font {self.family!r} and do not "
            "hold it: where it is not installed, Office takes another"
        )
        return (*changed, *([named] if self.family else []))

    def face(self, name: str) -> bytes | None:
        """Return the client's own face of a name of FACES."""
        return dict(self.faces).get(name)


HOUSE = Brand()
"""What the documents wear where no brand is given."""


def load_brand(settings: BrandSettings, folder: Path) -> Brand:
    """Return the brand of the settings; its files are named from the settings' folder.

    Raises:
        SettingsError: a logo or a face cannot be read, or may not be shown.
    """
    accent, cover = settings.accent or ACCENT, settings.cover or COVER
    readable_accent, readable_cover = readable(accent, GROUND), readable(cover, COVER_TEXT)
    changes = (
        (accent.upper(), contrast(accent, GROUND), readable_accent),
        (cover.upper(), contrast(cover, COVER_TEXT), readable_cover),
    )
    faces = _faces(settings, folder)
    return Brand(
        accent=readable_accent,
        accent_at_night=readable(accent, NIGHT) if settings.accent else HOUSE.accent_at_night,
        cover=readable_cover,
        client_logo=_logo(settings.client_logo, folder),
        consultant_logo=_logo(settings.consultant_logo, folder),
        faces=faces,
        size=_size(faces),
        family=_family(folder / settings.font_regular) if faces else "",
        corrections=tuple(change for change in changes if change[0] != change[2]),
    )


def _logo(name: str, folder: Path) -> Logo | None:
    return read_logo(folder / name) if name else None


def _faces(settings: BrandSettings, folder: Path) -> tuple[tuple[str, bytes], ...]:
    """Return the faces given; without a face of its own, SemiBold is Bold and Italic Regular."""
    given = {
        "Regular": settings.font_regular,
        "SemiBold": settings.font_semibold or settings.font_bold,
        "Bold": settings.font_bold or settings.font_semibold,
        "Italic": settings.font_italic,
    }
    if not settings.font_regular:
        given = dict.fromkeys(given, "")
    return tuple((name, _face(folder / file)) for name, file in given.items() if file)


def _face(path: Path) -> bytes:
    """Return a face cut to the characters that our documents write, without its hinting.

    Raises:
        SettingsError: it is no TrueType or OpenType file, or its licence forbids to embed it.
    """
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont, TTLibError

    from report.pdf.assets import shipped_characters

    try:
        font = TTFont(path, recalcTimestamp=False)
        restricted = font["OS/2"].fsType & RESTRICTED
        options = Options(hinting=False, notdef_outline=True, layout_features=["*"])
        options.drop_tables = [table for table in font.keys() if table not in TABLES]  # noqa: SIM118  no mapping
        cutter = Subsetter(options)
        cutter.populate(unicodes=[ord(character) for character in shipped_characters()])
        cutter.subset(font)
    except (OSError, TTLibError, KeyError, AssertionError) as error:
        raise _refused(path, f"the font cannot be read: {error}") from error
    if restricted:
        raise _refused(path, "the font's licence forbids to embed it (fsType)")
    font.flavor = None
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def _family(path: Path) -> str:
    """Return the name that office programs give a face's family."""
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        name = font["name"].getBestFamilyName() or path.stem
    return "".join(filter(str.isprintable, name))


def _size(faces: tuple[tuple[str, bytes], ...]) -> float:
    """Return the size at which the widest face takes no more width than ours does."""
    from report.wording import templates_folder

    ratios = [1.0]
    for name, face in faces:
        ours = (templates_folder() / "fonts" / f"Inter-{name}.ttf").read_bytes()
        ratios.append(mean_width(ours) / mean_width(face))
    return min(ratios)


def mean_width(face: bytes) -> float:
    """Return the mean width of the letters a to z, in the size of the text."""
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(face))
    glyphs, units = font.getBestCmap(), float(font["head"].unitsPerEm)
    widths = [float(font["hmtx"][glyphs[ord(letter)]][0]) for letter in ascii_lowercase]
    return sum(widths) / len(widths) / units


def _refused(path: Path, found: str) -> SettingsError:
    return SettingsError(
        found,
        where=str(path),
        expected="a TrueType or OpenType file that may be embedded",
        todo="ask who made the brand for the .ttf files and their licence",
    )
