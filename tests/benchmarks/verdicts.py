"""One line a limit: what was measured, what was asked, and whether it is met."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field


@dataclass
class Verdicts:
    """Prints each verdict as it falls, and keeps the names of the limits that were missed."""

    missed: list[str] = field(default_factory=list)

    def at_most(self, name: str, found: float, most: float, unit: str = "") -> None:
        """Judge what should be small."""
        self._judge(name, found, f"at most {most:,g}{unit}", unit, met=found <= most)

    def at_least(self, name: str, found: float, least: float, unit: str = "x") -> None:
        """Judge what should be large."""
        self._judge(name, found, f"at least {least:,g}{unit}", unit, met=found >= least)

    def _judge(self, name: str, found: float, asked: str, unit: str, *, met: bool) -> None:
        shown = f"{found:,.0f}" if abs(found) >= 1_000 else f"{found:.4g}"
        verdict = "met" if met else "MISSED"
        say(f"{verdict:7}{name:58}{shown + unit:>10}   asked: {asked}")
        if not met:
            self.missed.append(name)


def say(text: str) -> None:
    """Print at once, also into a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
