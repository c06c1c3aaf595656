"""The deck: the story told in slides, measured, drawn and checked against a client's template."""

from report.deck.check import TemplateFinding, check_template
from report.deck.render import render_deck

__all__ = ["TemplateFinding", "check_template", "render_deck"]
