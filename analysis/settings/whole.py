"""All of playbook.toml, as one value."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from analysis.settings.contract import Contract
from analysis.settings.customers import (
    Actions,
    Customers,
    Dashboard,
    Lifecycle,
    Personas,
    Questions,
    Repurchase,
    Voices,
)
from analysis.settings.inputs import Brand, Client, Consultant, Source, Spark
from analysis.settings.kinds import Section
from analysis.settings.scale import Scale
from analysis.settings.segmentation import Features, Notebooks, Scorecard, Segmentation, Trials
from analysis.settings.stability import Drift, Editions, Stability


class Settings(Section):
    """All of playbook.toml; what is not said there has the value printed by `playbook init`."""

    seed: int = Field(default=20260101, ge=0, lt=2**31)
    as_of: datetime | None = None
    source: Source = Source()
    scale: Scale = Scale()
    spark: Spark = Spark()
    client: Client = Client()
    consultant: Consultant = Consultant()
    brand: Brand = Brand()
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
    editions: Editions = Editions()
    notebooks: Notebooks = Notebooks()
    contract: Contract = Contract()
