"""The days of the contract in words: dates where they are known, months from the signature else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from analysis.findings import NotComputed, Proposal, Tier
from report.wording import Wording

# A cell names so many visits, and says that there are more.
LISTED = 6


def issued_text(proposal: Proposal, wording: Wording) -> str:
    """Return the day on which the offer is sent, or that it is a draft."""
    if isinstance(proposal.issued_on, NotComputed):
        return wording.gettext("DRAFT, not dated")
    return wording.date(proposal.issued_on)


def valid_text(proposal: Proposal, wording: Wording) -> str:
    """Return until when the offer may be accepted."""
    validity = wording.days(proposal.validity_days)
    if isinstance(proposal.valid_until, NotComputed):
        return wording.gettext("%(validity)s from the day on which it is sent", validity=validity)
    return f"{wording.date(proposal.valid_until)} ({validity})"


def stands_sentence(proposal: Proposal, wording: Wording) -> str:
    """Return the date and the validity of the offer, or that it is a draft, without a full stop."""
    _, validity = wording.gettext, wording.days(proposal.validity_days)
    if isinstance(proposal.issued_on, NotComputed) or isinstance(proposal.valid_until, NotComputed):
        return _(
            "Draft, not dated: the offer is dated when it is sent, and then stands for "
            "%(validity)s",
            validity=validity,
        )
    return _(
        "Offer of %(issued)s, valid for %(validity)s, until %(until)s",
        issued=wording.date(proposal.issued_on),
        validity=validity,
        until=wording.date(proposal.valid_until),
    )


def contract_span(proposal: Proposal, wording: Wording) -> str:
    """Return from when to when the contract runs: "from ... to ...", or from the signature on."""
    if isinstance(proposal.starts_on, NotComputed) or isinstance(proposal.ends_on, NotComputed):
        return wording.gettext("from the signature on")
    return wording.gettext(
        "from %(start)s to %(end)s",
        start=wording.date(proposal.starts_on),
        end=wording.date(proposal.ends_on),
    )


def visits(tier: Tier, kind: str, wording: Wording) -> str:
    """Return when refits or reviews take place: dates, or months counted from the signature."""
    dates: Sequence[date] = getattr(tier, f"{kind}_dates")
    months: Sequence[int] = getattr(tier, f"{kind}_months")
    texts = [wording.short_date(day) for day in dates] or [
        wording.gettext("M+%(month)s", month=wording.integer(month)) for month in months
    ]
    listed = wording.listing(texts[:LISTED])
    return f"{listed}…" if len(texts) > LISTED else listed or "–"


def calendar_note(proposal: Proposal, wording: Wording) -> str:
    """Return how the dates of the calendar are to be read."""
    _ = wording.gettext
    first = (
        _(
            "M: the month of the signature. Reviews and refits fall on working days, Monday to "
            "Friday."
        )
        if isinstance(proposal.starts_on, NotComputed)
        else _("A review or a refit that would fall on a weekend is on the next working day.")
    )
    return " ".join(
        (
            first,
            _("Public holidays are not known here: they move a date to the next working day."),
            _("An early refit moves the dates after it by the same time."),
        )
    )
