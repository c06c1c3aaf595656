"""How far a break-even may lie from what it is, and what it rests on, in words."""

from __future__ import annotations

from decimal import Decimal

from analysis.findings import BreakEvenCase, BreakEvenRange, NotComputed, Proposal, Tier
from report.views.contract_prices import recommended_of
from report.views.figures import Column, Table
from report.views.records import Absence
from report.wording import Wording, message

ENDS = message("%(low)s to %(high)s")
CASES = {
    "origins": message("Ageing of the models"),
    "customers": message("Customers in segments"),
    "noise_kept": message("Measurement noise"),
    "observed_ages": message("Ages not observed"),
    "early_refits": message("Early refits"),
}
OVER_DATES = {
    "range": message(
        "Against doing nothing, the recommended offer breaks even at %(pays)s per misdirected "
        "contact; from %(low)s to %(high)s by the starting date and by how many customers the "
        "segments then held: a plain range, not a confidence interval. %(rising)s of %(all)s "
        "starting dates (they overlap, and are worth %(effective)s independent ones) show ageing "
        "beyond the noise."
    ),
    "t_interval": message(
        "Against doing nothing, the recommended offer breaks even at %(pays)s per misdirected "
        "contact; from %(low)s to %(high)s by the starting date (a confidence interval that "
        "allows for their overlap: %(rising)s of %(all)s, worth %(effective)s independent ones) "
        "and by how many customers the segments then held."
    ),
}


def known_range(tier: Tier | None) -> BreakEvenRange | None:
    """Return how far the break-even of an offer may lie from what it is, if it was measured."""
    found = None if tier is None else tier.break_even_range
    return None if isinstance(found, NotComputed) else found


def pays_sentence(proposal: Proposal, wording: Wording) -> str:
    """Return from when on the recommended offer pays, how sure that is, and what is not known."""
    tier = recommended_of(proposal)
    found = known_range(tier)
    if tier is None or found is None or isinstance(tier.break_even, NotComputed):
        return ""
    currency = proposal.currency
    parts = [
        wording.gettext(
            OVER_DATES[found.interval],
            pays=wording.estimate(tier.break_even, currency),
            low=wording.estimate(found.low, currency),
            high=wording.estimate(found.high, currency),
            rising=wording.integer(found.origins),
            all=wording.integer(found.origins + found.flat_origins),
            effective=wording.number(found.effective_origins, 1),
        ),
        _flat(found, wording),
        _observed(found, currency, wording),
    ]
    return " ".join(part for part in parts if part)


def _flat(found: BreakEvenRange, wording: Wording) -> str:
    """Return that no refit pays by some of the starting dates; nothing where there are none."""
    if not found.flat_origins:
        return ""
    return wording.gettext(
        "By the others, followed for %(days)s at most, no refit pays for itself: no upper end is "
        "certain.",
        days=wording.days(found.flat_days),
    )


def _observed(found: BreakEvenRange, currency: str, wording: Wording) -> str:
    """Return what pays were nothing counted of models older than any observed."""
    case = next((case for case in found.cases if case.code == "observed_ages"), None)
    if case is None or not case.from_value:
        return ""
    if isinstance(case.low, NotComputed):
        return wording.gettext(
            "Counting nothing beyond %(days)s, the oldest age observed, it does not pay.",
            days=wording.days(case.from_value),
        )
    return wording.gettext(
        "Counting nothing beyond %(days)s, the oldest age observed: from %(pays)s.",
        days=wording.days(case.from_value),
        pays=wording.estimate(case.low, currency),
    )


def with_range(pays: str, tier: Tier, currency: str, wording: Wording) -> str:
    """Return a break-even, as written; the recommended offer's with both ends of its range."""
    found = known_range(tier) if tier.code == "recommended" else None
    return pays if found is None else f"{pays} [{_ends(found.low, found.high, currency, wording)}]"


def rests_table(proposal: Proposal, wording: Wording) -> Table | Absence:
    """Return what the break-even of the recommended offer rests on, each thing at its ends."""
    _, tier = wording.gettext, recommended_of(proposal)
    if tier is None:
        return Absence(_("No offer can be made yet"))
    found = tier.break_even_range
    if isinstance(found, NotComputed):
        return Absence(wording.not_computed(found))
    return Table(
        caption=_("What the break-even of the recommended offer rests on"),
        columns=(
            Column(_("If this were otherwise"), is_number=False),
            Column(_("Changed to"), is_number=False),
            Column(_("Break-even, per misdirected contact")),
        ),
        rows=tuple(
            (
                _(CASES[case.code]),
                _changed(case, wording),
                _("does not pay")
                if isinstance(case.low, NotComputed) or isinstance(case.high, NotComputed)
                else _ends(case.low, case.high, proposal.currency, wording),
            )
            for case in found.cases
        ),
        note=_(
            "The first two rows make up the range stated above; the others are other ways to "
            "count. Day rate, days and campaigns are assumptions: the offer is priced again below "
            "with other values. What a misdirected contact costs, and how a model older than any "
            "observed ages, cannot be known from the data."
        ),
    )


def _changed(case: BreakEvenCase, wording: Wording) -> str:
    """Return what a thing was changed to."""
    _ = wording.gettext
    if case.code == "customers":
        ends = (wording.integer(case.from_value), wording.integer(case.to_value))
        return _(ENDS, low=ends[0], high=ends[1])
    if case.code == "observed_ages":
        return _("nothing beyond %(days)s", days=wording.days(case.from_value))
    texts = {
        "origins": _("one starting date alone"),
        "noise_kept": _("not taken off"),
        "early_refits": _("all, up to the cap"),
    }
    return texts[case.code]


def _ends(low: Decimal, high: Decimal, currency: str, wording: Wording) -> str:
    """Return two estimates as one range, or the one that they are."""
    first, last = wording.estimate(low, currency), wording.estimate(high, currency)
    return first if first == last else wording.gettext(ENDS, low=first, high=last)
