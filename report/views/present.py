"""Who stands out by now in words: the headline, the rule, and where each row stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.findings import (
    Findings,
    FollowUpReason,
    KpiRow,
    KpiTable,
    Level,
    NetworkLevels,
    NotComputed,
    Present,
)
from report.dashboard_texts import TEXTS
from report.views.names import cut_name
from report.views.records import Headline
from report.wording import Wording, message

NAMED_STATES = 5
# A state is named for what it holds of the late orders where it holds most of them.
MOST = 0.5
# Names in a sentence, at most.
MOST_LISTED = 12
NORMAL = message("No longer stand out: %(states)s.")
IN_DOUBT = message("Not settled: %(states)s.")
STANDINGS = {
    "worse": TEXTS["standing_worse"],
    "above": TEXTS["standing_above"],
    "normal": TEXTS["standing_normal"],
    "unsure": TEXTS["standing_unsure"],
}
LEVELS = {
    "late": message("late: %(share)s (%(interval)s)"),
    "reviews": message("low reviews: %(share)s (%(interval)s)"),
}


def follow_up_headline(findings: Findings, wording: Wording) -> Headline | None:
    """Return who is to be followed by now, or that nobody is any more; None where nobody was."""
    kpis = findings.kpis
    states, sellers = kpis.by_state.followed_now, len(kpis.by_seller.followed_now)
    if states:
        text = _states_named(states, quarter_span(findings, wording), wording)
        return Headline("follow_up", text, _detail(findings, wording))
    if sellers:
        text = wording.ngettext(
            "%(number)s seller needs close follow-up",
            "%(number)s sellers need close follow-up",
            sellers,
        )
        return Headline("follow_up", text, recovered_sentence(findings, wording))
    if kpis.by_state.back_to_normal:
        text = wording.gettext("No state stands out any more")
        return Headline("follow_up", text, recovered_sentence(findings, wording))
    return None


def present_sentence(findings: Findings, wording: Wording) -> str:
    """Return how all orders of the recent quarter did, and when a row stands out by now."""
    _, kpis = wording.gettext, findings.kpis
    network = kpis.present
    if isinstance(network, NotComputed):
        return wording.not_computed(network)
    said = [
        _(
            "By now: the orders bought %(span)s, of which %(levels)s.",
            span=quarter_span(findings, wording),
            levels=wording.listing(_network_levels(network, wording)),
        ),
        _(
            "Above: the row's whole confidence interval lies above these. Getting worse: its late "
            "rate rose beyond chance since the quarter before, and is not surely below. No longer "
            "stands out: both intervals end under %(times)s times these. Not settled: neither can "
            "be told, or the row has fewer than %(minimum)s deliveries in the quarter.",
            times=wording.exact(network.normal_ratio),
            minimum=wording.integer(network.minimum_deliveries),
        ),
    ]
    return " ".join(said)


def recovered_sentence(findings: Findings, wording: Wording) -> str:
    """Return which of the states listed over the period no longer stand out, and which may be."""
    table = findings.kpis.by_state
    groups = ((NORMAL, table.back_to_normal), (IN_DOUBT, table.in_doubt))
    return " ".join(
        wording.gettext(text, states=_names(rows, wording)) for text, rows in groups if rows
    )


def _names(rows: Sequence[KpiRow], wording: Wording) -> str:
    names = [cut_name(row.label) for row in rows[:MOST_LISTED]]
    if len(rows) > MOST_LISTED:
        more = len(rows) - MOST_LISTED
        names.append(wording.ngettext("%(number)s other", "%(number)s others", more))
    return wording.listing(names)


def quarter_span(findings: Findings, wording: Wording) -> str:
    """Return the recent quarter: "from June 2018 to August 2018"; nothing without one."""
    quarters = findings.kpis.quarters
    if isinstance(quarters, NotComputed):
        return ""
    return wording.gettext(
        "from %(first)s to %(last)s",
        first=wording.month(quarters.recent_from),
        last=wording.month(quarters.recent_until),
    )


def present_cell(row: KpiRow, wording: Wording) -> str:
    """Return the shares of the recent quarter with their intervals: lateness, and its reasons."""
    found = row.present
    if isinstance(found, NotComputed):
        return wording.gettext("not computed")
    levels: dict[FollowUpReason, Level | NotComputed] = {"late": found.late}
    if "reviews" in found.reasons or (row.needs_follow_up and not row.is_listed_for("late")):
        levels["reviews"] = found.reviews
    known = ((reason, level) for reason, level in levels.items() if isinstance(level, Level))
    written = wording.clauses(
        wording.gettext(
            LEVELS[reason],
            share=wording.share_within(level.share, level.interval),
            interval=wording.interval(level.interval),
        )
        for reason, level in known
    )
    return written or wording.gettext("no delivery")


def standing_cell(row: KpiRow, wording: Wording) -> str:
    """Return where a row stands by now; nothing for one that never stood out."""
    found = row.present
    if isinstance(found, NotComputed) or not (row.needs_follow_up or row.is_followed_now):
        return ""
    return wording.gettext(STANDINGS[found.standing])


def in_order(table: KpiTable) -> tuple[KpiRow, ...]:
    """Return the rows with those that stand out by now first."""
    return (*table.followed_now, *(row for row in table.rows if not row.is_followed_now))


def followed_note(table: KpiTable, wording: Wording) -> str:
    """Return how many rows stand out by now, and how many would by chance alone.

    Over the whole period where there is no recent quarter.
    """
    if not any(isinstance(row.present, Present) for row in table.rows):
        return wording.gettext(
            "%(listed)s listed of %(judged)s, about %(chance)s by chance alone.",
            listed=wording.integer(len(table.followed_now)),
            judged=wording.integer(len(table.rows)),
            chance=wording.integer(table.listed_by_chance),
        )
    return wording.gettext(
        "By now %(followed)s stand out, about %(chance)s would by chance alone.",
        followed=wording.integer(len(table.followed_now)),
        chance=wording.integer(table.followed_by_chance),
    )


def _states_named(states: Sequence[KpiRow], span: str, wording: Wording) -> str:
    """Return how many states are to be followed, by which quarter, and the first of them."""
    named = wording.listing(_followed_name(row, wording) for row in states[:NAMED_STATES])
    if len(states) > NAMED_STATES:
        named = wording.gettext("first %(states)s", states=named)
    if not span:
        return wording.ngettext(
            "%(number)s state to follow closely: %(states)s",
            "%(number)s states to follow closely: %(states)s",
            len(states),
            states=named,
        )
    return wording.ngettext(
        "%(number)s state to follow closely, by the orders %(span)s: %(states)s",
        "%(number)s states to follow closely, by the orders %(span)s: %(states)s",
        len(states),
        span=span,
        states=named,
    )


def _followed_name(row: KpiRow, wording: Wording) -> str:
    """Return a row's name; of one that is not late, what it is followed for."""
    name = cut_name(row.label)
    if not row.is_followed_for_reviews_only:
        return name
    return wording.gettext("%(state)s (reviews only)", state=name)


def _heaviest(findings: Findings, wording: Wording) -> Iterator[str]:
    """Yield the state that holds most late orders of the quarter, with its part of the period."""
    for row in findings.kpis.by_state.rows:
        part = row.present.late_part if isinstance(row.present, Present) else 0.0
        whole = findings.kpis.late_part(row)
        if not isinstance(part, NotComputed) and not isinstance(whole, NotComputed) and part > MOST:
            yield wording.gettext(
                "%(state)s alone makes %(part)s of the late orders of that quarter, and "
                "%(whole)s of those of the whole period.",
                state=cut_name(row.label),
                part=wording.share(part),
                whole=wording.share(whole),
            )


def _detail(findings: Findings, wording: Wording) -> str:
    kpis = findings.kpis
    network = kpis.present
    if isinstance(network, NotComputed):
        said = [
            wording.gettext(
                "Their late rate or their share of low reviews lies above that of all orders by "
                "more than chance explains."
            )
        ]
    else:
        said = [
            wording.gettext(
                "Named are those above all orders %(span)s (%(levels)s), or getting worse, beyond "
                "what chance explains.",
                span=quarter_span(findings, wording),
                levels=wording.listing(_network_levels(network, wording)),
            ),
            *_heaviest(findings, wording),
            recovered_sentence(findings, wording),
        ]
    sellers = len(kpis.by_seller.followed_now)
    if sellers:
        said.append(
            wording.ngettext(
                "%(number)s seller is in the same case.",
                "%(number)s sellers are in the same case.",
                sellers,
            )
        )
        said.append(_sellers_by_chance(findings, wording))
    return " ".join(text for text in said if text)


def _sellers_by_chance(findings: Findings, wording: Wording) -> str:
    table = findings.kpis.by_seller
    looked_at = wording.integer(len(table.rows))
    if isinstance(findings.kpis.present, NotComputed):
        return wording.gettext(
            "Of %(judged)s sellers looked at, about %(chance)s would be listed by chance alone.",
            judged=looked_at,
            chance=wording.integer(table.listed_by_chance),
        )
    return wording.gettext(
        "Of %(all)s sellers looked at, %(judged)s had enough deliveries to be judged; about "
        "%(chance)s would be listed by chance alone.",
        all=looked_at,
        judged=wording.integer(findings.kpis.judged_now(table)),
        chance=wording.integer(table.followed_by_chance),
    )


def _network_levels(network: NetworkLevels, wording: Wording) -> Iterator[str]:
    yield wording.gettext("%(share)s came late", share=wording.share(network.late.share))
    if not isinstance(network.reviews, NotComputed):
        yield wording.gettext(
            "%(share)s of the reviews are low", share=wording.share(network.reviews.share)
        )
