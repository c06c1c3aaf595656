"""The clauses of the proposal, their placeholders replaced by what the findings say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from analysis.findings import Findings, NotComputed
from report.content import Clause, ClauseKey, Content
from report.views.contract_records import ClauseView
from report.views.figures import Column, Table
from report.views.values import Values, content_values, fill_if_known
from report.wording import Wording

# In the order of the documents, which number them through.
SIX_POINTS = ("frequency", "performance_tools", "model_update", "new_data", "resources", "fallback")
TERMS = (
    *("trigger", "service_levels", "scope_in", "scope_out", "acceptance", "change_control"),
    *("subcontracting", "reversibility", "order_of_documents", "validity", "renewal"),
    *("payment", "late_payment", "price_revision", "tax", "insurance", "confidentiality"),
    *("data_protection", "intellectual_property", "liability", "force_majeure", "termination"),
    "jurisdiction",
)
# The law wants the choice of a court in very apparent type (French code of civil procedure).
APPARENT = "jurisdiction"


def clause_views(findings: Findings, wording: Wording, content: Content) -> dict[str, ClauseView]:
    """Return the clauses by key, numbered; the annex `data_agreement` has no number.

    `frequency` and `tax` are those that the findings call for.

    A paragraph that names a value which could not be computed is left out; a clause that has none
    left says why.
    """
    values = content_values(findings, wording)
    chosen = {key: content.clause(key) for key in get_args(ClauseKey) if not _is_variant(key)}
    known = "frequency" if "refit_months" in values else "frequency_unknown"
    chosen["frequency"] = content.clause(known)
    chosen["tax"] = content.clause(f"tax_{findings.proposal.tax_mode}")
    reason = _why_incomplete(findings, wording)
    numbers = {key: str(place) for place, key in enumerate((*SIX_POINTS, *TERMS), start=1)}
    views = {}
    for key, clause in chosen.items():
        view = _view(clause, content, values, reason, wording)
        views[key] = replace(view, number=numbers.get(key, ""), is_apparent=key == APPARENT)
    return views


def _is_variant(key: str) -> bool:
    """Tell whether a clause is one of several, of which one is chosen."""
    return key.startswith(("tax_", "frequency"))


def _view(
    clause: Clause, content: Content, values: Values, reason: str, wording: Wording
) -> ClauseView:
    def filled(texts: tuple[str, ...]) -> tuple[str, ...]:
        known = (fill_if_known(content, text, values, wording) for text in texts)
        return tuple(text for text in known if text)

    return ClauseView(
        heading=clause.heading,
        paragraphs=filled(clause.paragraphs) or (reason,),
        points=filled(clause.points),
        remarks=filled(clause.remarks),
    )


def remarks_table(
    views: dict[str, ClauseView], blanks: Sequence[str], warnings: Sequence[str], wording: Wording
) -> Table:
    """Return what is to be settled before anybody signs, each with the clause that it concerns."""
    _ = wording.gettext
    named = ((views[key], f"{views[key].number}. {views[key].heading}") for key in views)
    numbered = sorted(named, key=lambda pair: int(pair[0].number or len(views) + 1))
    rows = [
        (name if view.number else _("Annex"), text)
        for view, name in numbered
        for text in view.remarks
    ]
    return Table(
        caption=_("To settle before signing: no part of the contract"),
        columns=(
            Column(_("Clause"), is_number=False),
            Column(_("What is to be checked or settled"), is_number=False),
        ),
        rows=(
            *((_("The parties"), text) for text in blanks),
            *((_("Price terms"), text) for text in warnings),
            *rows,
        ),
        note=_("These remarks are no legal advice."),
    )


def _why_incomplete(findings: Findings, wording: Wording) -> str:
    """Return why values of the contract are not known, or nothing when they all are."""
    parts = (findings.proposal.tiers, findings.stability, findings.refresh)
    missing = [part for part in parts if isinstance(part, NotComputed)]
    return wording.not_computed(missing[0]) if missing else ""
