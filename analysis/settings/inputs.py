"""[source], [client], [consultant], [brand]: what is read, for whom, by whom, in what dress."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator

from analysis.settings.kinds import Colour, Currency, Section


class TableMapping(Section):
    """[source.mapping.TABLE]: the rows of a canonical table, said in the shop's own.

    `from` names a table or holds a select; `columns` are the other keys: canonical column to an
    SQL expression over columns that are text.
    """

    origin: str = Field(alias="from", min_length=1)
    where: str = ""
    distinct: bool = False
    columns: dict[str, str] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _gather_columns(cls, values: Any) -> Any:
        """Bring the keys that name a column together."""
        if not isinstance(values, dict) or isinstance(values.get("columns"), dict):
            return values
        own = {key: value for key, value in values.items() if key in ("from", "where", "distinct")}
        return {**own, "columns": {k: v for k, v in values.items() if k not in own}}


class Source(Section):
    """[source]: how the shop's database is read."""

    database_schema: str = Field(default="", alias="schema")
    time_zone: str = Field(default="UTC", pattern=r"^[A-Za-z0-9_+/-]+$")
    connect_seconds: int = Field(default=10, gt=0, le=3_600)
    query_seconds: int = Field(default=600, gt=0, le=86_400)
    mapping: dict[str, TableMapping] = Field(default_factory=dict)


class Party(Section):
    """A party of the contract; what is empty is a blank to fill in the proposal."""

    legal_form: str = ""
    address: str = ""
    city: str = ""
    registration: str = ""
    vat_number: str = ""
    signatory: str = ""
    email: str = ""


class Client(Party):
    """[client]: for whom."""

    name: str = "Olist"
    currency: Currency = "BRL"
    language: Annotated[str, Field(pattern="^([a-z]{2,3}(-[A-Z]{2})?)?$")] = "pt-BR"


class Consultant(Party):
    """[consultant]: by whom."""

    name: str = ""


class Brand(Section):
    """[brand]: what the documents wear; files are named from the folder of playbook.toml."""

    client_logo: str = ""
    consultant_logo: str = ""
    accent: Colour = ""
    cover: Colour = ""
    font_regular: str = ""
    font_semibold: str = ""
    font_bold: str = ""
    font_italic: str = ""


class Spark(Section):
    """[spark]: the cluster that `--engine spark` runs on."""

    answer_seconds: int = Field(default=90, gt=0, le=3_600)
    memory: str = Field(default="3g", pattern="^[1-9][0-9]*[mg]$")
    partitions: int = Field(default=16, gt=0, le=100_000)
    options: dict[str, str] = Field(default_factory=dict)
