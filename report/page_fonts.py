"""The faces of a page that holds everything, as CSS with the fonts inside."""

from __future__ import annotations

from base64 import b64encode

from report.brand import Brand
from report.wording import templates_folder


def font_rule(name: str, weight: int, brand: Brand) -> str:
    """Return the rule of a face, one of brand.FACES: the client's, or ours.

    A client's is drawn at the size at which it takes no more width than ours, with whose widths
    the drawings were laid out.
    """
    own = brand.face(name)
    if own is None:
        shipped = (templates_folder() / "fonts" / f"Inter-{name}.woff2").read_bytes()
        source = f'url(data:font/woff2;base64,{b64encode(shipped).decode()}) format("woff2")'
    else:
        source = (
            f'url(data:font/ttf;base64,{b64encode(own).decode()}) format("truetype");'
            f"size-adjust:{brand.size:.1%}"
        )
    return f'@font-face{{font-family:"Inter";font-weight:{weight};src:{source}}}\n'
