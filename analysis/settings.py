"""Settings: playbook.toml, read and checked once. Every threshold and assumption lives here."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from analysis.errors import SettingsError
from analysis.tables import BIDI_CONTROLS, TABLES, mappable_columns


def _known_currency(code: str) -> str:
    """Return a code that ISO 4217 knows; Babel, which writes the amounts, holds the list."""
    from babel.numbers import list_currencies

    if code not in list_currencies():
        raise ValueError("the code of a currency of ISO 4217, such as EUR or BRL")
    return code


Share = Annotated[float, Field(ge=0, le=1)]
PositiveShare = Annotated[float, Field(gt=0, le=1)]
OpenShare = Annotated[float, Field(gt=0, lt=1)]
Days = Annotated[int, Field(gt=0, le=36_500)]
Months = Annotated[int, Field(gt=0, le=1_200)]
Count = Annotated[int, Field(gt=0, le=10_000_000)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$"), AfterValidator(_known_currency)]
Money = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
WorkDays = Annotated[Decimal, Field(ge=0, max_digits=6, decimal_places=2)]


class Section(BaseModel):
    """A table of playbook.toml: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


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


class Questions(Section):
    """[questions]: the client's four questions, as she asked them."""

    late_days: Days = 3
    recent_months: Months = 3
    revenue_above: int = 100_000
    new_seller_months: Months = 3
    items_above: int = 30
    reviews_above: int = 30
    worst_zips: int = 5


class Dashboard(Section):
    """[dashboard]: who is shown."""

    minimum_orders: Count = 30
    complete_share: Share = 0.95


class Customers(Section):
    """[customers]: who is described, over which window (methods, section 1)."""

    window_days: Days = 365
    short_window_days: Days = 180
    same_occasion_hours: Days = 24
    outcome_days: Days = 14
    minimum_customers: Count = 500
    minimum_history_days: Days = 365


class Lifecycle(Section):
    """[lifecycle]: the rule on days since the last order, on top of the segments."""

    active_days: Days = 90
    cooling_days: Days = 180
    cell_customers: Count = 100


class Personas(Section):
    """[personas]: the rules that name a segment from its profile."""

    spend_ratio: float = Field(default=1.4, gt=1)
    satisfied_mean: float = Field(default=4.0, ge=1, le=5)
    unhappy_low_share: Share = 0.5


class Repurchase(Section):
    """[repurchase]: who buys again, and when (methods, section 4.2)."""

    horizon_days: Days = 180
    interval_share: Share = 0.90
    ages_days: tuple[Days, ...] = Field(default=(30, 90, 180, 365), min_length=1)
    quantile_shares: tuple[Share, ...] = (0.01, 0.02, 0.05)
    count_model_share: Share = 0.15


class ActionInputs(Section):
    """What an action costs and may bring: the consultant's own inputs, none by default."""

    contact_cost: Money | None = None
    margin_share: PositiveShare | None = None
    discount: Money | None = None
    reach_share: PositiveShare | None = None
    redemption_share: Share | None = None
    lift_low: Share | None = None
    lift_central: Share | None = None
    lift_high: Share | None = None
    response_share: OpenShare | None = None


PersonaName = Literal[
    "loyal",
    "satisfied_large",
    "satisfied_medium",
    "satisfied_small",
    "mixed_large",
    "mixed_medium",
    "mixed_small",
    "unhappy_large",
    "unhappy_medium",
    "unhappy_small",
    "spend_large",
    "spend_medium",
    "spend_small",
    "unclassified",
]


class Actions(ActionInputs):
    """[actions]: what they cost, and how their effect is tested (methods, sections 4.3 and 4.4).

    `by_persona` replaces single inputs for the segments of a persona.
    """

    alpha: OpenShare = 0.05
    power: OpenShare = 0.80
    held_out_share: OpenShare = 0.20
    target_lift: float = Field(default=0.5, gt=0)
    plausible_lift: float = Field(default=1.0, gt=0)
    by_persona: dict[PersonaName, ActionInputs] = Field(default_factory=dict)


class Voices(Section):
    """[voices]: what customers write."""

    minimum_comments: Count = 100
    minimum_mentions: Count = 20
    terms: Count = 6
    quotes: Count = 3
    shortest: Count = 40
    longest: Count = 160
    prior_comments: Count = 1_000


class Segmentation(Section):
    """[segmentation]: what is tried, and the client's minimum (methods, section 1.6)."""

    k_min: int = Field(default=3, ge=2)
    k_max: int = Field(default=8, ge=2)
    starts: Count = 20
    start_sample: Count = 20_000
    silhouette_sample: Count = 5_000
    silhouette_draws: int = Field(default=4, ge=2)
    shuffles: Count = 20
    shuffle_sample: Count = 3_000
    structure_difference: float = 0.05
    smallest_share: Share = 0.03
    counted_share: Share = 0.05
    spend_ratio: float = Field(default=2.0, ge=1)
    cliff_delta: Share = 0.474
    star_gap: float = Field(default=1.0, ge=0)
    low_review_gap: Share = 0.30
    level_ratio: float = Field(default=1.1, ge=1)
    low_review_margin: Share = 0.03
    cells: Count = 3
    eta_squared: Share = 0.14


class Trials(Section):
    """[trials]: the algorithms beside K-Means, and what each is given (methods, section 2.1)."""

    sample: int = Field(default=5_000, ge=100)
    neighbours: Count = 15
    mixture_sample: int = Field(default=5_000, ge=100)
    spectral_sample: int = Field(default=1_500, ge=100, le=5_000)
    spectral_neighbours: tuple[Count, ...] = (15, 50)
    dbscan_neighbours: tuple[Count, ...] = (10, 30)
    hdbscan_shares: tuple[Share, ...] = (0.01, 0.02, 0.05)
    hdbscan_jitter: float = Field(default=0.05, ge=0)
    rfm_segments: int = Field(default=4, ge=2)
    noise: Share = 0.02
    extension_accuracy: Share = 0.95
    later_days: Days = 90
    bootstraps: int = Field(default=500, ge=20)
    resamples: int = Field(default=25, ge=2)
    resample_starts: Count = 10
    resample_rows: int = Field(default=6_000, ge=100)
    costly_resamples: int = Field(default=6, ge=2)
    costly_rows: int = Field(default=1_500, ge=100)
    refits: int = Field(default=8, ge=2)
    refit_rows: int = Field(default=20_000, ge=100)
    jaccard: Share = 0.75
    refit_floor: Share = 0.85
    near_tie_starts: int = Field(default=20, ge=2)
    near_tie_inertia: Share = 0.005
    near_tie_ari: Share = 0.90
    fidelity: Share = 0.90
    recall: Share = 0.80
    timelines: int = Field(default=3, ge=1)
    testable_customers: Count = 2_940
    gap_references: int = Field(default=20, ge=2)
    halvings: int = Field(default=20, ge=2)
    index_customers: int = Field(default=6_000, ge=100)
    prediction_strength: Share = 0.80


class Features(Section):
    """[features]: the evidence on what clusters and what only describes (methods, section 1)."""

    customers: int = Field(default=10_000, ge=100)
    starts: Count = 8
    resamples: int = Field(default=5, ge=2)
    correlation: Share = 0.4
    constant_share: Share = 0.95
    loss: Share = 0.10
    level_share: Share = 0.01
    missing_ceiling: Share = 0.05
    missing_agreement: Share = 0.95


class Scorecard(Section):
    """[scorecard]: the points of each criterion, 100 in all (methods, section 2.4)."""

    actions: float = Field(default=30, ge=0)
    separation: float = Field(default=25, ge=0)
    stability: float = Field(default=20, ge=0)
    explainability: float = Field(default=15, ge=0)
    fit: float = Field(default=10, ge=0)
    tie: float = Field(default=5, ge=0)
    draws: Count = 1_000
    concentration: float = Field(default=20, gt=0)


class Stability(Section):
    """[stability]: the timeline (methods, section 3)."""

    snapshot_days: Days = 14
    origin_days: Days = 28
    threshold_ari: Share = 0.80
    floor_resamples: int = Field(default=6, ge=2)
    warm_tolerance: float = Field(default=0.005, ge=0)
    consecutive: int = Field(default=2, ge=1)
    known_change_share: Share = 0.35
    known_change_deviations: float = Field(default=6.0, gt=0)
    must_hold_days: Days = 91
    origins_needed: int = Field(default=3, ge=1)
    origin_correlation: Share = 0.5
    lifetime_resamples: Count = 20
    lifetime_sample: Count = 10_000
    grid_months: tuple[Months, ...] = Field(default=(1, 2, 3, 4, 6, 12), min_length=1)


class Drift(Section):
    """[drift]: when a cohort of orders counts as different (methods, section 3.4)."""

    cohort_days: Days = 28
    significance: Share = 0.05
    size: Share = 0.10
    stability_index: float = Field(default=0.10, gt=0)
    rare_level: Share = 0.01
    classifier_area: Share = 0.60
    classifier_orders: Count = 4_000
    change_point_months: int = Field(default=12, ge=4)
    change_point_share: Share = 0.50
    resamples: Count = 100


class TierInput(Section):
    """What a tier holds: counts are for a year and grow with the term; delays by severity."""

    monitoring_visits: int = Field(default=12, ge=0)
    reviews: int = Field(default=4, ge=0)
    early_refits: int = Field(default=1, ge=0)
    response_working_days: int = Field(default=5, gt=0)
    major_working_days: int = Field(default=3, gt=0)
    blocking_working_days: int = Field(default=1, gt=0)
    rescoring: Literal["weekly", "monthly"] = "monthly"


class Essential(TierInput):
    """[contract.essential]."""

    monitoring_visits: int = Field(default=4, ge=0)
    reviews: int = Field(default=0, ge=0)
    early_refits: int = Field(default=0, ge=0)
    response_working_days: int = Field(default=10, gt=0)
    major_working_days: int = Field(default=5, gt=0)
    blocking_working_days: int = Field(default=3, gt=0)


class Recommended(TierInput):
    """[contract.recommended]."""


class Serenity(TierInput):
    """[contract.serenity]."""

    early_refits: int = Field(default=4, ge=0)
    response_working_days: int = Field(default=2, gt=0)
    major_working_days: int = Field(default=1, gt=0)
    blocking_working_days: int = Field(default=1, gt=0)
    rescoring: Literal["weekly", "monthly"] = "weekly"


class Exchange(Section):
    """[contract.exchange]: what one unit of the quote's currency is worth in the shop's."""

    rate: Decimal | None = Field(default=None, gt=0, max_digits=18, decimal_places=6)
    quoted_on: date | None = Field(default=None, alias="date")
    source: str = ""


class InternalTeam(Section):
    """[contract.internal]: what the same work would take the client's own team."""

    days: WorkDays | None = None
    day_cost: Money | None = None


class Sensitivity(Section):
    """[contract.sensitivity]: the inputs with which the recommended offer is priced again."""

    rate_share: Decimal = Field(default=Decimal("0.20"), ge=0, lt=1)
    refit_days: tuple[WorkDays, ...] = (Decimal("1.5"), Decimal("2.5"), Decimal("4"))
    intervals: tuple[Months, ...] = (3, 4, 6, 12)
    campaigns: tuple[Count, ...] = (1, 2, 4)
    exchange_share: Decimal = Field(default=Decimal("0.15"), ge=0, lt=1)


class Terms(Section):
    """[contract.terms]: values of the clauses; those of the law are for a lawyer to check."""

    payment_days: Days = 30
    deposit_share: Share = 0.30
    acceptance_working_days: Days = 10
    notice_days: Days = 60
    correction_working_days: Days = 10
    erasure_days: Days = 30
    breach_notice_hours: Count = 48
    fallback_share_moved: Share = 0.50
    fallback_late_days: Days = 30
    fallback_floor: Share = 0.85
    late_penalty_multiple: Count = 3
    recovery_indemnity: Money = Decimal("40")
    indemnity_currency: Currency = "EUR"
    payment_articles: str = "L441-10, D441-5"
    tax_article_none: str = "293 B"
    tax_article_reverse_charge: str = "259-1, 283-2"
    tax_article_outside_eu: str = "259-1"
    law_noted_on: date = date(2025, 1, 1)
    revision_index_base: Decimal | None = Field(default=None, gt=0)
    revision_index_month: str = ""


class Notebooks(Section):
    """[notebooks]: how many customers the pictures that cannot show everybody are drawn from."""

    projection_customers: Annotated[int, Field(ge=100, le=20_000)] = 2_000
    neighbours: Annotated[int, Field(ge=5, le=50)] = 30
    silhouette_customers: Annotated[int, Field(ge=100, le=50_000)] = 5_000


class Contract(Section):
    """[contract]: the consultant's own inputs. Without `day_rate` nothing is priced."""

    currency: Currency = "EUR"
    day_rate: Money | None = None
    infrastructure_per_month: Money = Decimal("0")
    term_months: Months = 12
    number: str = ""
    issued_on: date | None = Field(default=None, alias="date")
    starts_on: date | None = None
    validity_days: Days = 30
    onboarding_days: WorkDays = Decimal("2")
    refit_days: WorkDays = Decimal("2.5")
    monitoring_days: WorkDays = Decimal("0.25")
    review_days: WorkDays = Decimal("0.5")
    line_rounding: Money = Field(default=Decimal("10"), gt=0)
    early_refits_a_year: int = Field(default=4, ge=0)
    simulations: Count = 20_000
    contingency_quantile: Share = 0.80
    campaigns_per_month: Count = 1
    misdirected_contact: Money | None = Field(default=None, gt=0)
    flat_share: Share = 0.10
    tax_mode: Literal["none", "france", "eu_reverse_charge", "outside_eu"] = "outside_eu"
    exchange: Exchange = Exchange()
    internal: InternalTeam = InternalTeam()
    sensitivity: Sensitivity = Sensitivity()
    terms: Terms = Terms()
    essential: Essential = Essential()
    recommended: Recommended = Recommended()
    serenity: Serenity = Serenity()


class Settings(Section):
    """All of playbook.toml; what is not said there has the value printed by `playbook init`."""

    seed: int = Field(default=20260101, ge=0, lt=2**31)
    as_of: datetime | None = None
    source: Source = Source()
    client: Client = Client()
    consultant: Consultant = Consultant()
    questions: Questions = Questions()
    dashboard: Dashboard = Dashboard()
    customers: Customers = Customers()
    lifecycle: Lifecycle = Lifecycle()
    personas: Personas = Personas()
    repurchase: Repurchase = Repurchase()
    actions: Actions = Actions()
    voices: Voices = Voices()
    segmentation: Segmentation = Segmentation()
    features: Features = Features()
    trials: Trials = Trials()
    scorecard: Scorecard = Scorecard()
    stability: Stability = Stability()
    drift: Drift = Drift()
    notebooks: Notebooks = Notebooks()
    contract: Contract = Contract()


def read_settings(path: Path | None) -> Settings:
    """Read a playbook.toml, or take every default when path is None.

    Raises:
        SettingsError: not TOML, an unknown key (with the nearest known one), or a wrong value.
    """
    if path is None:
        return Settings()
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"the settings cannot be read: {error}",
            where=str(path),
            expected="a TOML file",
            todo="check the path, or write one with `playbook init`",
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"not valid TOML: {error}",
            where=str(path),
            expected="key = value lines under [sections]",
            todo="compare with what `playbook init` writes",
        ) from error
    return check_settings(values, where=str(path))


def restore_settings(values: dict[str, Any], where: str) -> Settings:
    """Return the settings of an earlier run, as its manifest holds them.

    Raises:
        SettingsError: they are not those of this version.
    """
    try:
        return Settings.model_validate(values, by_name=True)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"{place}: {first['msg']}",
            where=where,
            expected="the settings as a build of this version wrote them",
            todo="build again",
        ) from error


def check_settings(values: dict[str, Any], where: str = "settings") -> Settings:
    """Return the settings that the values make.

    Raises:
        SettingsError: an unknown key (with the nearest known one), or a wrong value.
    """
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        place = [str(part) for part in first["loc"]]
        if first["type"] == "extra_forbidden":
            raise _unknown_key(place, where) from error
        raise _wrong_value(place, first["input"], first["msg"], where) from error
    if settings.segmentation.k_min > settings.segmentation.k_max:
        raise SettingsError(
            f"segmentation.k_min = {settings.segmentation.k_min}, above k_max",
            where=where,
            expected=f"at most k_max = {settings.segmentation.k_max}",
            todo="lower k_min or raise k_max",
        )
    stability = settings.stability
    if stability.origin_days % stability.snapshot_days:
        raise SettingsError(
            f"stability.origin_days = {stability.origin_days}",
            where=where,
            expected=f"a multiple of snapshot_days = {stability.snapshot_days}",
            todo="change one of the two: origins stand on the grid of snapshots",
        )
    if settings.lifecycle.active_days >= settings.lifecycle.cooling_days:
        raise SettingsError(
            f"lifecycle.active_days = {settings.lifecycle.active_days}",
            where=where,
            expected=f"less than cooling_days = {settings.lifecycle.cooling_days}",
            todo="lower active_days or raise cooling_days",
        )
    _check_names(settings, where)
    _check_mapping(settings.source.mapping, where)
    _check_lifts(settings.actions, where)
    _check_contract(settings.contract, where)
    return settings


def refuse_expired(settings: Settings, today: date) -> None:
    """Refuse to make a proposal that could no longer be signed.

    Only a date that was given can be in the past by mistake; without one the proposal bears the
    date of the data.

    Raises:
        SettingsError: the validity that starts at [contract] date ended before today.
    """
    contract = settings.contract
    if contract.issued_on is None:
        return
    until = contract.issued_on + timedelta(days=contract.validity_days)
    if until < today:
        raise SettingsError(
            f"contract.date = {contract.issued_on}: the proposal was valid until {until}",
            where="[contract] in the settings",
            expected=f"a validity that has not ended on {today}",
            todo="give the date on which the proposal is sent, or a longer validity_days",
        )


def _check_contract(contract: Contract, where: str) -> None:
    """Refuse a rate of exchange that nobody could check, and a start before the offer."""
    exchange = contract.exchange
    if exchange.rate is not None and not (exchange.quoted_on and exchange.source):
        raise SettingsError(
            f"contract.exchange.rate = {exchange.rate} without its date or its source",
            where=where,
            expected="the three together: rate, date and source",
            todo="add the day of the rate and who published it: both are printed beside it",
        )
    if contract.issued_on and contract.starts_on and contract.starts_on < contract.issued_on:
        raise SettingsError(
            f"contract.starts_on = {contract.starts_on}, before the proposal of "
            f"{contract.issued_on}",
            where=where,
            expected="a start on the date of the proposal or later",
            todo="correct one of the two dates",
        )


def _check_mapping(mapping: dict[str, TableMapping], where: str) -> None:
    """Refuse canonical tables and columns that do not exist, and needed ones that are left out."""
    tables = {table.name: table for table in TABLES}
    for name, mapped in mapping.items():
        place = f"[source.mapping.{name}] in {where}"
        if name not in tables:
            raise SettingsError(
                f"a mapping of an unknown table: {name}{_nearest(name, tables)}",
                where=place,
                expected=f"one of {', '.join(tables)}",
                todo="correct the name; `playbook init` writes an example",
            )
        known = mappable_columns(tables[name])
        for column in mapped.columns:
            if column not in known:
                raise SettingsError(
                    f"a mapping of an unknown column: {column}{_nearest(column, known)}",
                    where=place,
                    expected=f"one of {', '.join(known)}",
                    todo="correct the name; from, where and distinct say which rows are taken",
                )
        missing = [column for column in tables[name].needed if column not in mapped.columns]
        if missing:
            raise SettingsError(
                f"a mapping without {', '.join(missing)}",
                where=place,
                expected=f"at least {', '.join(tables[name].needed)}",
                todo="add it; a constant is written in two kinds of quotes: \"'delivered'\"",
            )


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _check_lifts(actions: Actions, where: str) -> None:
    """Check that the lifts of each set of inputs stand in their order."""
    for name, inputs in (("actions", actions), *actions.by_persona.items()):
        lifts = [inputs.lift_low, inputs.lift_central, inputs.lift_high]
        given = [lift for lift in lifts if lift is not None]
        if given != sorted(given):
            raise SettingsError(
                f"{name}: lifts {', '.join(str(lift) for lift in given)}",
                where=where,
                expected="lift_low at most lift_central, lift_central at most lift_high",
                todo="put the three in order",
            )


def _wrong_value(place: list[str], value: object, message: str, where: str) -> SettingsError:
    """Return the error for a value; a number with a comma is told how to be written."""
    number = isinstance(value, str) and re.fullmatch(r"[\d\s.]*,\d*", value.strip())
    written = str(value).replace(".", "").replace(" ", "").replace(",", ".")
    return SettingsError(
        f"{'.'.join(place)} = {value!r}",
        where=where,
        expected=f"a number with a point: write {written}" if number else message,
        todo="correct the value; `playbook init` writes every key with its meaning",
    )


def _check_names(settings: Settings, where: str) -> None:
    """Refuse names with characters that nobody sees, or that turn the text around them."""
    names = {"client.name": settings.client.name, "consultant.name": settings.consultant.name}
    for key, name in names.items():
        hidden = [letter for letter in name if letter in BIDI_CONTROLS or ord(letter) < ord(" ")]
        if hidden:
            raise SettingsError(
                f"{key} holds an invisible character, U+{ord(hidden[0]):04X}",
                where=where,
                expected="a name as it is to be printed",
                todo="type the name again instead of pasting it",
            )


def _unknown_key(place: list[str], where: str) -> SettingsError:
    """Return the error for a key that no section knows, with the nearest that it does."""
    section: Any = Settings
    for part in place[:-1]:
        # Under a table of tables any name stands for one of the same kind.
        named = get_origin(section) is dict
        section = get_args(section)[1] if named else section.model_fields[part].annotation
    near = difflib.get_close_matches(place[-1], section.model_fields, n=1)
    suggestion = ".".join([*place[:-1], near[0]]) if near else ""
    return SettingsError(
        f"unknown key {'.'.join(place)}",
        where=where,
        expected=f"did you mean {suggestion}?"
        if near
        else f"one of {', '.join(section.model_fields)}",
        todo="correct or remove the key; `playbook init` writes every key with its meaning",
    )
