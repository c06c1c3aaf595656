"""The playbook as a PDF, and how any page becomes a PDF that archives and screen readers take."""

from report.pdf.playbook import render_playbook

__all__ = ["render_playbook"]
