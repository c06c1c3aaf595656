"""The settings files that come with the program."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from report.wording import templates_folder

if TYPE_CHECKING:
    from analysis.settings import Settings


def commented_settings() -> str:
    """Return a playbook.toml with every key at its default and what it means."""
    return (templates_folder() / "settings" / "playbook.toml").read_text(encoding="utf-8")


def demo_settings() -> Settings:
    """Return the settings of the demo: a made-up client, consultant and day rate."""
    from analysis.settings import check_settings

    path = templates_folder() / "settings" / "demo.toml"
    return check_settings(tomllib.loads(path.read_text(encoding="utf-8")), where=path.name)
