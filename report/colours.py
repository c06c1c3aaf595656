"""Colours and their contrast, as WCAG 2.2 defines them, and the nearest one that can be read."""

from __future__ import annotations

from colorsys import hls_to_rgb, rgb_to_hls

# WCAG 2.2, success criterion 1.4.3, level AA, for text of any size.
READABLE = 4.5
STEP = 0.005


def luminance(colour: str) -> float:
    """Return the relative luminance of #RRGGBB: 0 for black, 1 for white (WCAG 2.2)."""
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in _channels(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 (the same) to 21 (black on white).

    >>> round(contrast("#000000", "#FFFFFF"), 1)
    21.0
    """
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable(colour: str, against: str) -> str:
    """Return the colour, darker or lighter until it can be read against another one.

    Hue and saturation stay; it moves away from the other's lightness, in steps of half a percent.
    """
    step = -STEP if luminance(against) > 0.18 else STEP
    hue, lightness, saturation = rgb_to_hls(*_channels(colour))
    found = colour.upper()
    while contrast(found, against) < READABLE and 0 <= lightness + step <= 1:
        lightness += step
        found = _written(hls_to_rgb(hue, lightness, saturation))
    return found


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _written(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(255 * channel):02X}" for channel in channels)
