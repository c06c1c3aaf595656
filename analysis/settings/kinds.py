"""The kinds of value that settings are made of, and what a section is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _known_currency(code: str) -> str:
    """Return a code that ISO 4217 knows; Babel, which writes the amounts, holds the list."""
    from babel.numbers import list_currencies

    if code not in list_currencies():
        raise ValueError("the code of a currency of ISO 4217, such as EUR or BRL")
    return code


def _known_days(text: str) -> str:
    """Return a stretch of days whose ends are days of the year, in their order."""
    first, last = text.split("/")
    if date.fromisoformat(f"2000-{first}") > date.fromisoformat(f"2000-{last}"):
        raise ValueError("two days of one year in their order, such as 11-23/11-30")
    return text


Share = Annotated[float, Field(ge=0, le=1)]
PositiveShare = Annotated[float, Field(gt=0, le=1)]
OpenShare = Annotated[float, Field(gt=0, lt=1)]
Multiple = Annotated[float, Field(ge=1, le=100)]
Days = Annotated[int, Field(gt=0, le=36_500)]
Months = Annotated[int, Field(gt=0, le=1_200)]
YearlyDays = Annotated[str, Field(pattern=r"^\d\d-\d\d/\d\d-\d\d$"), AfterValidator(_known_days)]
Count = Annotated[int, Field(gt=0, le=10_000_000)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$"), AfterValidator(_known_currency)]
Money = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
Colour = Annotated[str, Field(pattern="^(#[0-9A-Fa-f]{6})?$")]
WorkDays = Annotated[Decimal, Field(ge=0, max_digits=6, decimal_places=2)]


class Section(BaseModel):
    """A table of playbook.toml: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
