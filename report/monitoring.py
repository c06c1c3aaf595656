"""One look at a stored model in words: on a terminal, for a program, on one page to hand over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, time

from analysis.findings import NotComputed
from analysis.looks import Deadline, DriftWarning, Monitoring, NewCustomers, Reason, Verdict
from report.brand import HOUSE, Brand
from report.content import load_content
from report.views.drift_tables import FEATURES
from report.views.figures import Column, Table
from report.views.refusals import figure, label, limit
from report.wording import BLANK, Wording, make_environment, message

WIDTH = 120

VERDICTS: dict[Verdict, str] = {
    "fresh": message("Fresh"),
    "watch": message("To be watched"),
    "refresh_due": message("Refresh due"),
}
MEANINGS: dict[Verdict, str] = {
    "fresh": message("The segments still say what a new fit would say: nothing is to be done."),
    "watch": message(
        "Something moved that does not call for a refit, or not yet: keep the segments, and look "
        "again on a later extract."
    ),
    "refresh_due": message("The model is to be refitted, as the contract says."),
}
SINGLE = {
    "agreement": message(
        "The model and a refit agree by %(ari)s (ARI), below the threshold of %(threshold)s and "
        "below what chance alone does, %(floor)s."
    ),
    "sizes": message(
        "%(segment)s went from %(before)s to %(now)s of the customers: a share that moves by more "
        "than %(limit)s of itself is an alarm."
    ),
    "minimum": message(
        "Among the customers who came since, the segments no longer tell apart what was asked: "
        "%(check)s is %(value)s, at least %(threshold)s is asked."
    ),
    "drift": message(
        "The orders have changed in two cohorts in a row against the model's own window: "
        "%(features)s."
    ),
    "interval": message(
        "The interval that was agreed, %(months)s, ended on %(due)s: a refit is planned whatever "
        "else is found."
    ),
}


@dataclass(frozen=True)
class MonitoringView:
    """The page, every text in its language; `verdict_code` chooses the colour."""

    title: str
    basis: str
    verdict_code: Verdict
    verdict: str
    meaning: str
    reasons: tuple[str, ...]
    facts: tuple[str, ...]
    checks: Table
    sizes: Table
    minimum: Table
    memory: str


def monitoring_view(found: Monitoring, wording: Wording) -> MonitoringView:
    """Return a look at a model in words."""
    _ = wording.gettext
    return MonitoringView(
        title=_("Do the segments still hold?"),
        basis=_(
            "Model of %(model)s, looked at on %(seen)s (%(age)s later). Source: %(source)s.",
            model=wording.date(found.model_on),
            seen=wording.date(found.seen_on),
            age=wording.days(found.age_days),
            source=found.source,
        ),
        verdict_code=found.verdict,
        verdict=_(VERDICTS[found.verdict]),
        meaning=_(MEANINGS[found.verdict]),
        reasons=tuple(_reason(reason, found, wording) for reason in found.reasons),
        facts=tuple(_facts(found, wording)),
        checks=_checks_table(found, wording),
        sizes=_sizes_table(found, wording),
        minimum=_minimum_table(found, wording),
        memory=_memory(found, wording),
    )


def monitoring_text(found: Monitoring, language: str) -> str:
    """Return a look as text for a terminal."""
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    view = monitoring_view(found, Wording(language))
    stream = StringIO()
    console = Console(file=stream, width=WIDTH, no_color=True, highlight=False, markup=False)
    console.print(Text(f"{view.verdict}\n{view.meaning}\n"))
    for line in (*view.reasons, *view.facts):
        console.print(Text(f"- {line}"))
    for table in (view.checks, view.sizes, view.minimum):
        console.print(Text(f"\n{table.caption}"))
        if table.rows:
            console.print(_for_terminal(table))
        if table.note:
            console.print(Text(table.note))
    console.print(Text(f"\n{view.memory}\n{view.basis}"))
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def monitoring_json(found: Monitoring, language: str) -> str:
    """Return a look for a program: the figures, and the reasons as sentences besides."""
    wording = Wording(language)
    sentences = [_reason(reason, found, wording) for reason in found.reasons]
    record = {**asdict(found), "sentences": sentences}
    return json.dumps(record, indent=1, ensure_ascii=False, default=str) + "\n"


@dataclass(frozen=True)
class Dress:
    """What the page wears: the brand, and whose logos they are."""

    brand: Brand = HOUSE
    client: str = BLANK
    consultant: str = BLANK


def render_monitoring(found: Monitoring, language: str, dress: Dress = Dress()) -> bytes:
    """Return a look as one page of PDF, in a brand.

    Raises:
        RenderError: the page could not be made fit to hand over.
    """
    from report.pdf.document import render_pdf

    wording = Wording(language)
    page = make_environment(wording).get_template("pages/monitoring.html")
    seen_on = datetime.combine(found.seen_on, time())
    view = monitoring_view(found, wording)
    return render_pdf(page.render(view=view, dress=dress), as_of=seen_on, brand=dress.brand)


def _reason(reason: Reason, found: Monitoring, wording: Wording) -> str:
    """Return the sentence of a reason with its figures, and whether it is confirmed."""
    _ = wording.gettext
    sentence = wording.gettext(SINGLE[reason.code], **_values(reason, found, wording))
    if reason.code in ("drift", "interval"):
        return sentence
    if reason.code == "sizes" and not found.agreement.alarm:
        sentence = _(
            "%(sentence)s The map holds, so it is the mix that moved: give customers their segment "
            "again and adjust the budgets; that calls for no refit.",
            sentence=sentence,
        )
    if reason.confirmed:
        return _("%(sentence)s It holds on looks in a row: confirmed.", sentence=sentence)
    return _("%(sentence)s It has not held on looks in a row: to be confirmed.", sentence=sentence)


def _values(reason: Reason, found: Monitoring, wording: Wording) -> dict[str, str]:
    """Return the figures that the sentence of a reason names."""
    if reason.code == "agreement":
        return {
            "ari": wording.index(found.agreement.ari_warm),
            "threshold": wording.exact(found.agreement.threshold_ari),
            "floor": wording.index(found.agreement.floor_ari),
        }
    if reason.code == "sizes":
        worst = max(
            (size for size in found.sizes if size.alarm),
            key=lambda size: 0 if isinstance(size.moved_share, NotComputed) else size.moved_share,
        )
        return {
            "segment": load_content(wording.language).persona(worst.persona).name,
            "before": wording.share(worst.share_before),
            "now": wording.share(worst.share),
            "limit": wording.tick_share(found.size_limit_share),
        }
    return _more_values(reason, found, wording)


def _more_values(reason: Reason, found: Monitoring, wording: Wording) -> dict[str, str]:
    new, deadline, drift = found.new_customers, found.deadline, found.drift
    if reason.code == "minimum" and isinstance(new, NewCustomers):
        failed = next(check for check in new.checks if not check.passed)
        return {
            "check": label(failed, wording),
            "value": figure(failed, wording),
            "threshold": limit(failed, wording),
        }
    if reason.code == "interval" and isinstance(deadline, Deadline):
        return {"months": wording.months(deadline.months), "due": wording.date(deadline.due_on)}
    return {"features": _changed(drift, True, wording)}


def _changed(
    drift: tuple[DriftWarning, ...] | NotComputed, in_model: bool, wording: Wording
) -> str:
    """Return the features that changed, of those that the model looks at or of the others."""
    warnings = () if isinstance(drift, NotComputed) else drift
    return wording.listing(
        wording.gettext(FEATURES[warning.feature])
        for warning in warnings
        if warning.in_model == in_model
    )


def _facts(found: Monitoring, wording: Wording) -> Iterator[str]:
    """Yield what is to be known whatever the verdict."""
    _, kept = wording.gettext, found.agreement
    yield _(
        "Of the customers of today, %(share)s get from the stored model the segment that a refit "
        "would give them.",
        share=wording.share(kept.agreement_warm),
    )
    yield _(
        "On the customers of the model's own date, model and refit agree by %(old)s; since then, "
        "%(moved)s of the customers moved between the shares of the segments. Where the first "
        "stays high, the mix changed and the map did not.",
        old=wording.share(kept.old_agreement),
        moved=wording.share(kept.sizes_moved_share),
    )
    others = _changed(found.drift, False, wording)
    if others:
        yield _(
            "For information: what the model does not look at has changed too in the orders: "
            "%(features)s.",
            features=others,
        )
    if isinstance(found.deadline, NotComputed):
        yield _("Interval between refits: %(why)s", why=wording.not_computed(found.deadline))
    elif not found.deadline.passed:
        yield _(
            "The next refit is planned on %(due)s (%(months)s after the model).",
            due=wording.date(found.deadline.due_on),
            months=wording.months(found.deadline.months),
        )


def _checks_table(found: Monitoring, wording: Wording) -> Table:
    """Return one row a check: what was found, what is an alarm, and whether there is one."""
    _ = wording.gettext
    kept, drift, new = found.agreement, found.drift, found.new_customers
    moved = [s.moved_share for s in found.sizes if not isinstance(s.moved_share, NotComputed)]
    low = min(kept.threshold_ari, kept.floor_ari)
    calm, alarm, unknown = _("calm"), _("alarm"), _("not computed")
    rows = [
        (
            _("Agreement with a refit (ARI)"),
            wording.index(kept.ari_warm),
            _("below %(limit)s", limit=wording.index(low)),
            alarm if kept.alarm else calm,
        ),
        (
            _("Largest relative move of a segment's share"),
            wording.share(max(moved)) if moved else unknown,
            _("above %(limit)s", limit=wording.tick_share(found.size_limit_share)),
            alarm if any(size.alarm for size in found.sizes) else calm,
        ),
    ]
    failed = _("checks failed")
    if isinstance(new, NotComputed):
        rows.append((_("The client's minimum on new customers"), unknown, failed, unknown))
    else:
        count = sum(not check.passed for check in new.checks)
        rows.append(
            (
                _("The client's minimum on new customers"),
                wording.integer(count),
                failed,
                alarm if new.alarm else calm,
            )
        )
    confirmed = _("two cohorts in a row")
    if isinstance(drift, NotComputed):
        rows.append((_("Features of the orders that changed"), unknown, confirmed, unknown))
    else:
        count_text = wording.integer(len(drift))
        watched = any(warning.in_model for warning in drift)
        state = _("to be watched") if watched else _("for information") if drift else calm
        rows.append((_("Features of the orders that changed"), count_text, confirmed, state))
    return Table(
        caption=_("What was checked"),
        columns=(
            Column(_("Check"), is_number=False),
            Column(_("Found")),
            Column(_("An alarm when"), is_number=False),
            Column(_("State"), is_number=False),
        ),
        rows=tuple(rows),
        note=wording.not_computed(drift) if isinstance(drift, NotComputed) else "",
    )


def _sizes_table(found: Monitoring, wording: Wording) -> Table:
    """Return one row a segment: its share then and now."""
    _, content = wording.gettext, load_content(wording.language)
    return Table(
        caption=_("The segments, then and now"),
        columns=(
            Column(_("Segment"), is_number=False),
            Column(_("Customers then")),
            Column(_("Share then")),
            Column(_("Customers now")),
            Column(_("Share now")),
            Column(_("Relative move")),
        ),
        rows=tuple(
            (
                content.persona(size.persona).name,
                wording.integer(size.customers_before),
                wording.share(size.share_before),
                wording.integer(size.customers),
                wording.share(size.share),
                wording.cell(size.moved_share, wording.share),
            )
            for size in found.sizes
        ),
        note=_(
            "Shares are of the customers who have a segment under the stored model. A move that "
            "chance could make in so small a segment raises no alarm."
        ),
    )


def _minimum_table(found: Monitoring, wording: Wording) -> Table:
    """Return the client's minimum on the customers who came since, or why it is not known."""
    _, new = wording.gettext, found.new_customers
    caption = _("The client's minimum on customers who came since the model")
    columns = (
        Column(_("Check"), is_number=False),
        Column(_("Reached")),
        Column(_("Asked")),
        Column(_("Verdict"), is_number=False),
    )
    if isinstance(new, NotComputed):
        return Table(caption, columns, (), note=wording.not_computed(new))
    return Table(
        caption,
        columns,
        tuple(
            (
                label(check, wording),
                figure(check, wording),
                _("at least %(threshold)s", threshold=limit(check, wording)),
                _("passed") if check.passed else _("failed"),
            )
            for check in new.checks
        ),
        note=wording.ngettext("%(number)s customer.", "%(number)s customers.", new.customers),
    )


def _memory(found: Monitoring, wording: Wording) -> str:
    """Return what is remembered of the look before, and the rule that needs it."""
    _ = wording.gettext
    rule = _(
        "An alarm is confirmed when it holds on %(looks)s looks in a row, at least %(days)s apart.",
        looks=wording.spelled(found.consecutive),
        days=wording.days(found.snapshot_days),
    )
    if found.previous is None:
        return _("%(rule)s This is the first look at this model.", rule=rule)
    return _(
        "%(rule)s The look before, on %(date)s, said: %(verdict)s.",
        rule=rule,
        date=wording.date(found.previous.seen_on),
        verdict=wording.gettext(VERDICTS[found.previous.verdict]),
    )


def _for_terminal(table: Table) -> object:
    """Return a table as rich prints it."""
    from rich.table import Table as RichTable
    from rich.text import Text

    shown = RichTable(box=None, pad_edge=False)
    for column in table.columns:
        shown.add_column(Text(column.label), justify="right" if column.is_number else "left")
    for row in table.rows:
        shown.add_row(*(Text(cell) for cell in row))
    return shown
