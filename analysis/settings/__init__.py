"""Settings: playbook.toml, read and checked once. Every threshold and assumption lives here."""

from analysis.settings.contract import (
    Contract,
    Essential,
    Exchange,
    InternalTeam,
    Recommended,
    Sensitivity,
    Serenity,
    Terms,
    TierInput,
)
from analysis.settings.customers import (
    ActionInputs,
    Actions,
    Customers,
    Dashboard,
    Lifecycle,
    PersonaName,
    Personas,
    Questions,
    Repurchase,
    Voices,
)
from analysis.settings.inputs import (
    Brand,
    Client,
    Consultant,
    Party,
    Source,
    Spark,
    TableMapping,
)
from analysis.settings.reading import (
    check_settings,
    read_settings,
    refuse_expired,
    restore_settings,
)
from analysis.settings.scale import Scale
from analysis.settings.segmentation import Features, Notebooks, Scorecard, Segmentation, Trials
from analysis.settings.stability import Drift, Editions, Stability
from analysis.settings.whole import Settings

__all__ = [
    "ActionInputs",
    "Actions",
    "Brand",
    "Client",
    "Consultant",
    "Contract",
    "Customers",
    "Dashboard",
    "Drift",
    "Editions",
    "Essential",
    "Exchange",
    "Features",
    "InternalTeam",
    "Lifecycle",
    "Notebooks",
    "Party",
    "PersonaName",
    "Personas",
    "Questions",
    "Recommended",
    "Repurchase",
    "Scale",
    "Scorecard",
    "Segmentation",
    "Sensitivity",
    "Serenity",
    "Settings",
    "Source",
    "Spark",
    "Stability",
    "TableMapping",
    "Terms",
    "TierInput",
    "Trials",
    "Voices",
    "check_settings",
    "read_settings",
    "refuse_expired",
    "restore_settings",
]
