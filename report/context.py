"""Findings and a language -> what a page may say. Chooses, orders and words; computes nothing."""

from __future__ import annotations

from analysis.findings import Findings, NotComputed
from report.brand import HOUSE, Brand
from report.content import load_content
from report.views import Absence, Card, Cover, ReportContext
from report.views.candidates import candidates_view
from report.views.changes import changes_view
from report.views.customers import customers_view
from report.views.drift import drift_view
from report.views.evidence import evidence_view
from report.views.hand_over import customer_messages, hand_over_view
from report.views.headlines import build_headlines
from report.views.kpis import kpi_view, total_cards
from report.views.method import glossary, limits, method, source_table, subset_view
from report.views.proposal import proposal_view
from report.views.questions import question_views
from report.views.refresh import refresh_view
from report.views.segments import segmentation_view
from report.views.snapshot import snapshot_view
from report.views.stability import stability_view
from report.views.staleness import staleness_view
from report.wording import BLANK, Wording

__all__ = ["Absence", "ReportContext", "build_context"]


def build_context(findings: Findings, wording: Wording, brand: Brand = HOUSE) -> ReportContext:
    """Return all that the documents may say of the findings, in the wording's language.

    Raises:
        RenderError: the content files lack a persona or a group that the findings name.
    """
    content, subset = load_content(wording.language), subset_view(findings, wording)
    return ReportContext(
        language=wording.language,
        as_of=findings.period.as_of,
        brand=brand,
        cover=_cover(findings, wording),
        key_figures=_key_figures(findings, wording),
        headlines=build_headlines(findings, wording, content),
        snapshot=snapshot_view(findings, wording),
        kpis=kpi_view(findings, wording),
        questions=question_views(findings, wording),
        customers=customers_view(findings, wording, content),
        candidates=candidates_view(findings, wording),
        evidence=evidence_view(findings, wording),
        segmentation=segmentation_view(findings, wording, content),
        hand_over=hand_over_view(findings, wording, content),
        messages=customer_messages(findings, wording, content),
        stability=stability_view(findings, wording, content),
        changes=changes_view(findings, wording, content),
        drift=drift_view(findings, wording),
        refresh=refresh_view(findings, wording),
        staleness=staleness_view(findings, wording),
        proposal=proposal_view(findings, wording, content),
        method=method(findings, subset, wording),
        subset=subset,
        limits=limits(findings, wording),
        source=source_table(findings, wording),
        glossary=glossary(findings, wording, content),
        queries=tuple((query.name, query.sql) for query in findings.kpis.queries),
    )


def _period(findings: Findings, wording: Wording) -> str:
    """Return the months of the orders, and from when on they are regular where that is later."""
    period = findings.period
    months = [
        wording.month(day) for day in (period.first_purchase, period.as_of, period.started_on)
    ]
    values = dict(zip(("first", "last", "start"), months, strict=True))
    if months[0] == months[2]:
        return wording.gettext("%(first)s to %(last)s", **values)
    return wording.gettext("%(first)s to %(last)s, regular activity from %(start)s", **values)


def _cover(findings: Findings, wording: Wording) -> Cover:
    _, period = wording.gettext, findings.period
    return Cover(
        report_title=_("Customers, segments and their stability"),
        playbook_title=_("Segment playbook"),
        deck_title=_deck_title(findings, wording),
        proposal_title=_("Maintenance proposal"),
        dashboard_title=_("Customer experience dashboard"),
        client=findings.proposal.client or BLANK,
        consultant=findings.proposal.consultant or BLANK,
        period=_period(findings, wording),
        as_of=wording.date(period.as_of),
        source=_source_line(findings, wording),
        basis=_basis(findings, wording),
        version=findings.program_version,
    )


def _deck_title(findings: Findings, wording: Wording) -> str:
    """Return how many segments there are, where there are any."""
    found = findings.segmentation
    if isinstance(found, NotComputed):
        return wording.gettext("Our customers: what these data say, and what they do not")
    count = len(found.segments)
    return wording.ngettext(
        "%(count)s customer segment, and how long it holds",
        "%(count)s customer segments, and how long they hold",
        count,
        count=wording.spelled(count).capitalize(),
    )


def _source_line(findings: Findings, wording: Wording) -> str:
    """Return the line under every figure: what it comes from, up to when."""
    values = {
        "name": findings.source.name,
        "orders": wording.integer(findings.period.orders),
        "day": wording.date(findings.period.as_of),
    }
    if findings.source.kind == "demo":
        return wording.gettext(
            "Source: made-up marketplace for demonstration, %(orders)s orders up to %(day)s.",
            **values,
        )
    return wording.gettext("Source: %(name)s, %(orders)s orders up to %(day)s.", **values)


def _basis(findings: Findings, wording: Wording) -> str:
    """Return what the study looked at, with the shop's two figures that everybody remembers."""
    _, total = wording.gettext, findings.kpis.total
    parts = [
        wording.ngettext("%(number)s customer", "%(number)s customers", findings.customers.total),
        wording.ngettext("%(number)s order", "%(number)s orders", total.orders),
    ]
    if not isinstance(total.late_share, NotComputed):
        parts.append(_("%(share)s late deliveries", share=wording.share(total.late_share)))
    if not isinstance(total.mean_review, NotComputed):
        parts.append(_("a mean review of %(stars)s", stars=wording.stars(total.mean_review)))
    return _(
        "The study behind it, from %(start)s to %(end)s: %(parts)s.",
        start=wording.date(findings.period.first_purchase),
        end=wording.date(findings.period.as_of),
        parts=wording.listing(parts),
    )


def _key_figures(findings: Findings, wording: Wording) -> tuple[Card, ...]:
    """Return the figures of the first page: the shop's, then the customers'."""
    counts = findings.customers
    return (
        *total_cards(findings, wording),
        Card(
            "customers",
            wording.integer(counts.total),
            wording.gettext("customers"),
            wording.gettext(
                "of which %(described)s in segments",
                described=wording.integer(counts.one_time + counts.repeat),
            ),
        ),
    )
