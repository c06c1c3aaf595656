"""An analysis that stands in the output folder already, for the same data, settings and program.

What may differ is what nothing is computed from: texts, brand, language, template, the names of
both sides. The prices may differ too: they follow from the findings, without the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import OutputError
from report.outputs import read_manifest, read_unchanged
from report.versions import analysis_checksum, versions

if TYPE_CHECKING:
    from analysis.settings import Settings

FINDINGS = "findings.json"
# What a cluster writes of every customer: a folder of files.
ASSIGNED = "segments.parquet"
DATA_FILES = (
    FINDINGS,
    "questions.sql",
    "candidates.csv",
    "segments.csv",
    "segments.parquet",
    "playbook.db",
    "model.json",
    "segments.sql",
)
# What the offer and the documents take from the settings; of the client the rest counts as well.
OF_THE_OFFER = ("brand", "consultant", "contract")
# How a cluster is reached changes no figure.
OF_THE_CLUSTER = ("spark",)
OF_THE_ANALYSIS = ("currency", "language")


@dataclass(frozen=True)
class EarlierRun:
    """What an earlier run left: its data files by name, and what its manifest says."""

    files: Mapping[str, bytes]
    facts: Mapping[str, Any]

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint of the data that it was made of."""
        return str(self.facts["fingerprint"])


def find_again(folder: Path, settings: Settings, engine: str = "duckdb") -> EarlierRun | None:
    """Return the run in a folder if a new one, of the same data, would compute the same.

    None where there is none, where it ran on another engine (which leaves other files), where a
    file of it was changed since, and where it was compared with an earlier edition: that comparison
    is of those two.
    """
    try:
        facts = read_manifest(folder)
        names = [name for name in facts["files"] if name in DATA_FILES or _is_assigned(name)]
        files = read_unchanged(folder, facts, names)
    except (OutputError, OSError):
        # What cannot be read as it was left is no analysis of ours: it is made anew.
        return None
    alike = (
        facts.get("analysis_sha256") == analysis_checksum()
        and facts.get("versions") == versions()
        and facts.get("engine") == engine
        and not facts["compared"]
        and _computed_from(facts["settings"]) == _computed_from(settings.model_dump(mode="json"))
    )
    return EarlierRun(files, facts) if alike and FINDINGS in files else None


def _is_assigned(name: str) -> bool:
    return name.startswith(f"{ASSIGNED}/")


def _computed_from(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that the analysis looks at."""
    kept = {
        name: value
        for name, value in values.items()
        if name not in (*OF_THE_OFFER, *OF_THE_CLUSTER)
    }
    return kept | {"client": {name: values["client"][name] for name in OF_THE_ANALYSIS}}
