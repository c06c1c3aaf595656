"""What keeps a large shop within the memory and the time of one machine."""

from __future__ import annotations

from pydantic import Field

from analysis.settings.kinds import Section


class Scale(Section):
    """[scale]: who is fitted on, and what the engine may hold."""

    fit_customers: int = Field(default=100_000, ge=1_000)
    draw: int = Field(default=0, ge=0)
    csv_customers: int = Field(default=1_000_000, ge=0)
    memory_gb: float = Field(default=1.0, gt=0.1, le=4_096)
