"""All that was found, as one value."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.findings.changes import Changes
from analysis.findings.contract import Proposal
from analysis.findings.customers import CustomerCounts
from analysis.findings.drift import Drift
from analysis.findings.evidence import Features, NumberOfSegments
from analysis.findings.kpis import Kpis
from analysis.findings.questions import Question
from analysis.findings.segments import Segmentation
from analysis.findings.source import Period, Source
from analysis.findings.stability import Refresh, Stability
from analysis.findings.staleness import Staleness
from analysis.findings.subset import Subset
from analysis.findings.trials import Candidate, Choice
from analysis.findings.values import NotComputed


@dataclass(frozen=True)
class Findings:
    """All that was found. `segmentation` and what follows from it may be NotComputed.

    `changes` is None where no earlier edition was given, `subset` where candidates and the timeline
    were measured on all customers.
    """

    format_version: int
    program_version: str
    seed: int
    source: Source
    period: Period
    kpis: Kpis
    questions: tuple[Question, ...]
    customers: CustomerCounts
    candidates: tuple[Candidate, ...] | NotComputed
    choice: Choice | NotComputed
    features: Features | NotComputed
    number_of_segments: NumberOfSegments | NotComputed
    segmentation: Segmentation | NotComputed
    stability: Stability | NotComputed
    drift: Drift | NotComputed
    refresh: Refresh | NotComputed
    staleness: Staleness | NotComputed
    proposal: Proposal
    changes: Changes | None = None
    subset: Subset | None = None
