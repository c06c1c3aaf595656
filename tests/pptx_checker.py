"""The rules of Open XML that a library can break, and that PowerPoint answers with a repair.

The order of elements is that of the complex types of ISO/IEC 29500-1 (DrawingML, PresentationML,
charts); choices of one place stand in brackets.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from lxml import etree

_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FILL = "[noFill solidFill gradFill blipFill pattFill grpFill]"
_EFFECT = "[effectLst effectDag]"
_AXIS = (
    "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark "
    "minorTickMark tickLblPos spPr txPr crossAx [crosses crossesAt] "
)
_SHOW = (
    "numFmt spPr txPr dLblPos showLegendKey showVal showCatName showSerName showPercent "
    "showBubbleSize separator "
)
_TEXT_STYLE = (
    f"ln {_FILL} {_EFFECT} highlight [uLnTx uLn] [uFillTx uFill] latin ea cs sym hlinkClick "
    "hlinkMouseOver rtl extLst"
)
_PARAGRAPH_STYLE = (
    "lnSpc spcBef spcAft [buClrTx buClr] [buSzTx buSzPct buSzPts] [buFontTx buFont] "
    "[buNone buAutoNum buChar buBlip] tabLst defRPr extLst"
)
_LINE_STYLE = f"{_FILL} [prstDash custDash] [round bevel miter] headEnd tailEnd extLst"
_SHAPE_STYLE = f"xfrm [custGeom prstGeom] {_FILL} ln {_EFFECT} scene3d sp3d extLst"
_ORDERS: Mapping[str, Mapping[str, str]] = {
    _A: {
        "rPr": _TEXT_STYLE,
        "defRPr": _TEXT_STYLE,
        "endParaRPr": _TEXT_STYLE,
        "pPr": _PARAGRAPH_STYLE,
        **{f"lvl{level}pPr": _PARAGRAPH_STYLE for level in range(1, 10)},
        "p": "pPr [r br fld] endParaRPr",
        "r": "rPr t",
        "fld": "rPr pPr t",
        "bodyPr": "prstTxWarp [noAutofit normAutofit spAutoFit] scene3d [sp3d flatTx] extLst",
        "txBody": "bodyPr lstStyle p",
        "tc": "txBody tcPr extLst",
        "tcPr": f"lnL lnR lnT lnB lnTlToBr lnBlToTr cell3D {_FILL} headers extLst",
        "tbl": "tblPr tblGrid tr",
        **dict.fromkeys(
            ("ln", "lnL", "lnR", "lnT", "lnB"),
            f"{_FILL} [prstDash custDash] [round bevel miter] headEnd tailEnd extLst",
        ),
    },
    _P: {
        "sp": "nvSpPr spPr style txBody extLst",
        "graphicFrame": "nvGraphicFramePr xfrm graphic extLst",
        "cNvPr": "hlinkClick hlinkHover extLst",
        "spPr": _SHAPE_STYLE,
        "txBody": "bodyPr lstStyle p",
        "cSld": "bg spTree custDataLst controls extLst",
        "sld": "cSld clrMapOvr transition timing extLst",
        "sldLayout": "cSld clrMapOvr transition timing hf extLst",
        "sldMaster": "cSld clrMap sldLayoutIdLst transition timing hf txStyles extLst",
        "txStyles": "titleStyle bodyStyle otherStyle extLst",
        "presentation": (
            "sldMasterIdLst notesMasterIdLst handoutMasterIdLst sldIdLst sldSz notesSz smartTags "
            "embeddedFontLst custShowLst photoAlbum custDataLst kinsoku defaultTextStyle "
            "modifyVerifier extLst"
        ),
    },
    _C: {
        "chartSpace": (
            "date1904 lang roundedCorners AlternateContent style clrMapOvr pivotSource protection "
            "chart spPr txPr externalData printSettings userShapes extLst"
        ),
        "chart": (
            "title autoTitleDeleted pivotFmts view3D floor sideWall backWall plotArea legend "
            "plotVisOnly dispBlanksAs showDLblsOverMax extLst"
        ),
        "plotArea": "layout [barChart lineChart scatterChart] [catAx valAx dateAx] dTable spPr",
        "barChart": "barDir grouping varyColors ser dLbls gapWidth overlap serLines axId extLst",
        "lineChart": (
            "grouping varyColors ser dLbls dropLines hiLowLines upDownBars marker smooth axId"
        ),
        "scatterChart": "scatterStyle varyColors ser dLbls axId extLst",
        "ser": (
            "idx order tx spPr invertIfNegative pictureOptions marker dPt dLbls trendline errBars "
            "cat xVal val yVal smooth shape extLst"
        ),
        "dPt": "idx invertIfNegative marker bubble3D explosion spPr",
        "dLbls": f"dLbl delete {_SHOW}showLeaderLines leaderLines extLst",
        "dLbl": f"idx delete layout tx {_SHOW}extLst",
        "catAx": _AXIS + "auto lblAlgn lblOffset tickLblSkip tickMarkSkip noMultiLvlLbl extLst",
        "valAx": _AXIS + "crossBetween majorUnit minorUnit dispUnits extLst",
        "scaling": "logBase orientation max min",
        "legend": "legendPos legendEntry layout overlay spPr txPr",
        "errBars": "errDir errBarType errValType noEndCap plus minus val spPr",
        "title": "tx layout overlay spPr txPr",
        "marker": "symbol size spPr",
        "spPr": _SHAPE_STYLE,
        "txPr": "bodyPr lstStyle p",
        "rich": "bodyPr lstStyle p",
    },
}
# Elements that a type must have, where it is used at all.
_NEEDED = {
    f"{{{_C}}}dLbl": ("idx",),
    f"{{{_C}}}ser": ("idx", "order"),
    f"{{{_P}}}sp": ("nvSpPr", "spPr"),
    f"{{{_P}}}txBody": ("bodyPr", "p"),
    f"{{{_A}}}txBody": ("bodyPr", "p"),
    f"{{{_A}}}tc": ("txBody", "tcPr"),
}
_FIRST_LAYOUT_ID = 2**31


@dataclass(frozen=True)
class _File:
    """The parts of a file: their bytes, and for each the targets of its relationships."""

    parts: dict[str, bytes]
    targets: dict[str, dict[str, str]]

    def tree(self, name: str) -> etree._Element:
        return etree.fromstring(self.parts[name])


def faults(content: bytes) -> list[str]:
    """Return what breaks the rules, a line each; empty for a file that opens as it is."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names = file.namelist()
        found = [f"{name} is there twice" for name, count in Counter(names).items() if count > 1]
        parts = {name: file.read(name) for name in names}
    deck = _File(parts, {name: _targets(parts, name) for name in parts})
    checks = (_types, _reached, _references, _orders, _numbers, _lists, _axes, _workbooks)
    return [*found, *(fault for check in checks for fault in check(deck))]


def _targets(parts: Mapping[str, bytes], name: str) -> dict[str, str]:
    """Return the parts that a part relates to, by the relationship's name."""
    folder, base = posixpath.split(name)
    rels = posixpath.join(folder, "_rels", f"{base}.rels")
    if rels not in parts:
        return {}
    return {
        entry.get("Id"): (
            "external"
            if entry.get("TargetMode") == "External"
            else posixpath.normpath(posixpath.join("/", folder, entry.get("Target"))).lstrip("/")
        )
        for entry in etree.fromstring(parts[rels])
    }


def _own(deck: _File) -> Iterator[str]:
    """Yield the parts themselves: not the relationships, not the list of types."""
    for name in deck.parts:
        if not name.endswith(".rels") and name != "[Content_Types].xml":
            yield name


def _types(deck: _File) -> Iterator[str]:
    """Every part has a type, and every type its part."""
    entries = deck.tree("[Content_Types].xml")
    named = {entry.get("PartName").lstrip("/") for entry in entries if entry.get("PartName")}
    endings = {entry.get("Extension") for entry in entries if entry.get("Extension")}
    for name in _own(deck):
        if name not in named and name.rsplit(".", 1)[-1] not in endings:
            yield f"{name} has no type"
    yield from (f"{name} has a type and is not there" for name in sorted(named - set(deck.parts)))


def _reached(deck: _File) -> Iterator[str]:
    """Every part is reached from the file's own relationships, and each of them leads somewhere."""
    seen: set[str] = set()
    waiting = set(_targets(deck.parts, "").values())
    while waiting:
        name = waiting.pop()
        if name in seen or name == "external":
            continue
        seen.add(name)
        if name not in deck.parts:
            yield f"{name} is named and is not there"
            continue
        waiting |= set(deck.targets[name].values())
    yield from (f"{name} belongs to nothing" for name in _own(deck) if name not in seen)


def _references(deck: _File) -> Iterator[str]:
    """What an element refers to is among the relationships of its part."""
    for name in _xml(deck):
        for element in deck.tree(name).iter():
            for key, value in element.attrib.items():
                if key.startswith(f"{{{_R}}}") and value not in deck.targets[name]:
                    yield f"{name}: {_tag(element)} refers to {value}, which is not there"


def _orders(deck: _File) -> Iterator[str]:
    for name in _xml(deck):
        for element in deck.tree(name).iter(etree.Element):
            yield from (f"{name}: {fault}" for fault in _order_of(element))


def _order_of(element: etree._Element) -> Iterator[str]:
    space, local = etree.QName(element).namespace, _tag(element)
    order = _ORDERS.get(space or "", {}).get(local)
    children = [_tag(child) for child in element.iterchildren(etree.Element)]
    for needed in _NEEDED.get(str(element.tag), ()):
        if needed not in children:
            yield f"{local} has no {needed}"
    if order is None or (local == "marker" and element.get("val")):
        return
    places = _places(order)
    unknown = [child for child in children if child not in places]
    if unknown:
        yield f"{local} may not hold {unknown[0]}"
        return
    ranks = [places[child] for child in children]
    if ranks != sorted(ranks):
        yield f"{local} holds {' '.join(children)} in a wrong order"


@cache
def _places(order: str) -> dict[str, int]:
    """Return the place of each name of an order; those in brackets share one."""
    groups = re.findall(r"\[[^]]*\]|\S+", order)
    return {name: place for place, group in enumerate(groups) for name in group.strip("[]").split()}


def _numbers(deck: _File) -> Iterator[str]:
    """Shapes have numbers of their own on each slide; slides and layouts in the whole file."""
    for name in _xml(deck):
        numbers = Counter(e.get("id") for e in deck.tree(name).iter(f"{{{_P}}}cNvPr"))
        for number, count in numbers.items():
            if count > 1 or not number.isdigit() or not 0 < int(number) < 2**32:
                yield f"{name}: {count} shapes of number {number}"
    root = deck.tree("ppt/presentation.xml")
    slides = [int(entry.get("id")) for entry in root.iterfind("{*}sldIdLst/{*}sldId")]
    if len(set(slides)) < len(slides) or min(slides) < 256:
        yield f"slides are numbered {slides}"
    layouts = [int(entry.get("id")) for entry in root.iter(f"{{{_P}}}sldMasterId")]
    for name in deck.parts:
        if re.fullmatch(r"ppt/slideMasters/[^/]+\.xml", name):
            layouts += [int(e.get("id")) for e in deck.tree(name).iter(f"{{{_P}}}sldLayoutId")]
    if len(set(layouts)) < len(layouts) or min(layouts) < _FIRST_LAYOUT_ID:
        yield f"masters and layouts are numbered {layouts}"


def _lists(deck: _File) -> Iterator[str]:
    """Every slide has one layout and its own notes; sections list every slide once."""
    root = deck.tree("ppt/presentation.xml")
    slides = list(root.iterfind("{*}sldIdLst/{*}sldId"))
    listed = [e.get("id") for e in root.iterfind(".//{*}section/{*}sldIdLst/{*}sldId")]
    if listed and sorted(listed) != sorted(slide.get("id") for slide in slides):
        yield "the sections do not hold every slide once"
    for slide in slides:
        name = deck.targets["ppt/presentation.xml"][slide.get(f"{{{_R}}}id")]
        kinds = Counter(posixpath.dirname(target) for target in deck.targets[name].values())
        if kinds["ppt/slideLayouts"] != 1:
            yield f"{name} has {kinds['ppt/slideLayouts']} layouts"
        for notes in deck.targets[name].values():
            is_notes = posixpath.dirname(notes) == "ppt/notesSlides"
            if is_notes and name not in deck.targets[notes].values():
                yield f"{notes} is not the notes of {name}"


def _axes(deck: _File) -> Iterator[str]:
    """The axes that a plot names are there, and each crosses another."""
    for name in _xml(deck):
        if "/charts/" not in name:
            continue
        area = deck.tree(name).find(f".//{{{_C}}}plotArea")
        axes = {a.find("{*}axId").get("val") for a in area if _tag(a) in ("catAx", "valAx")}
        plots = [p for p in area if _tag(p).endswith("Chart")]
        used = {e.get("val") for p in plots for e in p.iterfind("{*}axId")}
        crossed = {e.get("val") for e in area.iter(f"{{{_C}}}crossAx")}
        if used != axes or crossed != axes:
            yield f"{name}: the axes are {axes}, used {used}, crossed {crossed}"
        if not all(number.isdigit() and int(number) < 2**32 for number in axes):
            yield f"{name}: the axes are numbered {axes}"


def _workbooks(deck: _File) -> Iterator[str]:
    """The workbook behind a chart holds data only."""
    for name in deck.parts:
        if not name.endswith(".xlsx"):
            continue
        with zipfile.ZipFile(io.BytesIO(deck.parts[name])) as book:
            for part in book.namelist():
                text = book.read(part)
                if b"<f>" in text or b"<f " in text or b'TargetMode="External"' in text:
                    yield f"{name}: {part} holds a formula or an address"


def _xml(deck: _File) -> Iterator[str]:
    for name in _own(deck):
        if name.endswith(".xml") and name.startswith("ppt/"):
            yield name


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname
