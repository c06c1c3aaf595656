"""How the made-up marketplace draws and spells: choices, ranks, identifiers, moments, zips."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Names = NDArray[np.str_]

HOUR, DAY = 3_600, 86_400
ABSENT = np.iinfo(np.int64).min  # NaT, where seconds are read as a moment


def choose(draw: Floats, shares: Sequence[float]) -> Ints:
    """Return the position that each draw of [0, 1) falls on; the last one takes what is left."""
    return np.searchsorted(np.cumsum(shares[:-1]), draw, side="right").astype(np.int64)


def draw_ranks(rng: np.random.Generator, names: int, shift: int, count: int) -> Ints:
    """Draw ranks from 0 by Zipf-Mandelbrot's law, P proportional to 1 / (rank + 1 + shift)."""
    cumulated = np.cumsum(1 / (np.arange(names) + 1 + shift))
    ranks: Ints = np.searchsorted(cumulated, rng.random(count) * cumulated[-1], side="right")
    return ranks


def keep(seconds: Ints, kept: Flags) -> Ints:
    """Return the moments that are kept, ABSENT in place of the others."""
    return np.where(kept, seconds, ABSENT)


def make_ids(rng: np.random.Generator, count: int) -> Names:
    """Return identifiers of 32 hexadecimal letters."""
    return np.frombuffer(rng.bytes(16 * count).hex().encode(), dtype="S32").astype(np.str_)


def write_moments(seconds: Ints) -> pd.Series[str]:
    """Return moments as "YYYY-MM-DD HH:MM:SS", missing where ABSENT."""
    text = np.datetime_as_string(seconds.astype("datetime64[s]"))
    letters = text.view("U1").reshape(len(text), -1)
    letters[:, 10] = " "
    return blank(text, seconds == ABSENT)


def write_zips(prefix: Ints) -> Names:
    """Return zip prefixes as five digits, leading zeros kept."""
    return np.char.zfill(prefix.astype(np.str_), 5)


def blank(text: Names, missing: Flags) -> pd.Series[str]:
    """Return the texts as a column, missing where said."""
    return pd.Series(text).mask(missing)
