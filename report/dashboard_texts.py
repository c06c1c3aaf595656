"""The texts that the dashboard's script needs, by key; {names} in braces are replaced there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from report.wording import message

if TYPE_CHECKING:
    from report.wording import Wording


def plural_message(one: str, many: str) -> tuple[str, str]:
    """Mark a text and its plural for translation where they stand in a table."""
    return one, many


TEXTS = {
    "all_states": message("All states"),
    "all_categories": message("All categories"),
    "state": message("State"),
    "city": message("City"),
    "seller": message("Seller"),
    "category": message("Category"),
    "period": message("Period"),
    "minimum": message("Minimum of orders"),
    "period_range": message("{from} to {to}"),
    "interval": message("{low} to {high}"),
    "named_value": message("{name}: {value}"),
    "unnamed": message("(no name)"),
    "yes": message("yes"),
    "no": message("no"),
    "not_computed": message("not computed"),
    "unknown_filters": message("Not known in these data, and left aside: {list}."),
    "period_reversed": message("The period is empty: it ends before it begins."),
    "no_city": message("No city has this in its name; the figures are those of all cities."),
    "no_seller": message("No seller has this in its code; the figures are those of all sellers."),
    "no_order": message("No order matches these filters."),
    "damaged": message(
        "The data of this page are incomplete ({detail}): make the dashboard again."
    ),
    "old_browser": message(
        "This browser cannot show the page ({detail}): open it with a current one."
    ),
    "copied": message("Query copied."),
    "selected": message("Query selected: copy it with the keyboard."),
    "card_orders": message("orders"),
    "card_late": message("late deliveries"),
    "card_review": message("mean review"),
    "card_low": message("reviews of one or two stars"),
    "card_revenue": message("revenue"),
    "card_delivery": message("days to deliver, on average"),
    "network_value": message("network: {value}"),
    "above_network": message("clearly above the network"),
    "interval_note": message("interval: {interval}"),
    "canceled_note": message("of which {share} canceled or unavailable"),
    "share_of_network": message("{share} of the network's"),
    "basket_note": message("mean basket: {value}"),
    "promised_note": message("promised: {value}"),
    "figure_orders": message("Orders"),
    "figure_delivered": message("Delivered"),
    "figure_canceled": message("Canceled or unavailable"),
    "figure_on_time": message("Delivered on time"),
    "figure_late": message("Delivered late (interval)"),
    "figure_mean_delay": message("Mean delay in days (negative: early)"),
    "figure_delay_95": message("Delay in days that nineteen deliveries in twenty do not pass"),
    "figure_delivery_days": message("Days to deliver, mean"),
    "figure_promised_days": message("Days promised, mean"),
    "figure_review": message("Mean review, out of five"),
    "figure_low": message("Reviews of one or two stars (interval)"),
    "figure_answer_days": message("Days to answer a review questionnaire, mean"),
    "figure_revenue": message("Revenue of delivered orders"),
    "figure_basket": message("Mean basket of delivered orders"),
    "figure_freight": message("Freight, share of what is paid"),
    "figure_returning": message("Orders of returning customers"),
    "figure_instalments": message("Instalments, mean"),
    "payment_credit_card": message("credit card"),
    "payment_debit_card": message("debit card"),
    "payment_boleto": message("boleto (payment slip)"),
    "payment_voucher": message("voucher"),
    "payment_not_defined": message("not defined"),
    "follow_network": message(
        "The network: {late} late, {low} of one or two stars. Listed are those whose interval "
        "lies wholly above it, the most urgent first. In points: the change of the late share "
        "since the quarter before."
    ),
    "follow_now": message(
        "The network in the last quarter: {late} late, {low} of one or two stars. Named are those "
        "whose interval of that quarter lies wholly above it, or whose late share has clearly "
        "risen; the surest excess first. In points: the change of the late share since the quarter "
        "before."
    ),
    "back_to_normal": message("No longer stand out: {list}."),
    "csv_recent_known": message("Last quarter: deliveries"),
    "csv_recent_share": message("Last quarter: late share"),
    "csv_recent_low": message("Last quarter: late share, low end of the interval"),
    "csv_recent_high": message("Last quarter: late share, high end of the interval"),
    "csv_follow_standing": message("Standing by now"),
    "why_late": message("late: {share}"),
    "why_reviews": message("low reviews: {share}"),
    "late_recently": message("late in the last quarter: {share}"),
    "points": message("pts"),
    "nobody_rising": message("None has clearly risen since the quarter before."),
    "column_name": message("Name"),
    "column_orders": message("Orders"),
    "column_late": message("Late"),
    "column_late_bar": message("Late share and its interval, drawn"),
    "column_movement": message("Change (pts)"),
    "column_review": message("Review"),
    "column_low": message("Low reviews"),
    "column_revenue": message("Revenue ({currency})"),
    "column_follow_up": message("Follow-up"),
    "standing_worse": message("getting worse"),
    "standing_above": message("above all orders"),
    "standing_normal": message("no longer stands out"),
    "standing_unsure": message("not settled"),
    "badge_late": message("lateness"),
    "badge_reviews": message("reviews"),
    "movement_up": message("(clear rise)"),
    "movement_down": message("(clear fall)"),
    "movement_unclear": message("(no clear change)"),
    "movement_rule": message(
        "Change: late share of {recent} minus that of {before}, in points; "
        "an arrow where its interval leaves out zero; only where both have the minimum of orders."
    ),
    "no_movement": message(
        "Change: the period begins too early for a former quarter to compare with."
    ),
    "show_fewer": message("Show the first ones only"),
    "no_row": message("Nothing to show with these filters."),
    "tile_few": message("too few orders, {state}"),
    "from_share": message("from {share}"),
    "late_months_label": message(
        "Late share by month of purchase; the table below gives the figures."
    ),
    "review_months_label": message(
        "Mean review by month of purchase; the table below gives the figures."
    ),
    "delays_label": message("Deliveries by delay in days; the table below gives the figures."),
    "no_month": message("No month has enough orders to be drawn: lower the minimum of orders."),
    "no_delivery": message("No delivery to show with these filters."),
    "days_up_to": message("{days} or less"),
    "days_from": message("{days} or more"),
    "days_between": message("{low} to {high}"),
    "csv_month": message("Month"),
    "csv_place": message("Place"),
    "csv_orders": message("Orders"),
    "csv_delivered": message("Delivered orders"),
    "csv_canceled": message("Canceled or unavailable orders"),
    "csv_late": message("Late orders"),
    "csv_late_share": message("Late share"),
    "csv_late_low": message("Late share, low end of the interval"),
    "csv_late_high": message("Late share, high end of the interval"),
    "csv_movement": message("Change of the late share"),
    "csv_movement_low": message("Change, low end of the interval"),
    "csv_movement_high": message("Change, high end of the interval"),
    "csv_reviews": message("Reviews"),
    "csv_mean_review": message("Mean review"),
    "csv_low": message("Reviews of one or two stars"),
    "csv_low_share": message("Share of one or two stars"),
    "csv_low_low": message("Share of one or two stars, low end of the interval"),
    "csv_low_high": message("Share of one or two stars, high end of the interval"),
    "csv_revenue": message("Revenue ({currency})"),
    "csv_freight": message("Freight ({currency})"),
    "csv_follow_late": message("Follow-up for lateness"),
    "csv_follow_reviews": message("Follow-up for reviews"),
    "csv_filter": message("Filter: {name}"),
    "file_state": message("states"),
    "file_city": message("cities"),
    "file_seller": message("sellers"),
    "file_category": message("categories"),
    "file_month": message("months"),
}

PLURAL_TEXTS = {
    "several_city": plural_message(
        "{count} city has this in its name: choose it to filter.",
        "{count} cities have this in their names: choose one in the table to filter.",
    ),
    "several_seller": plural_message(
        "{count} seller has this in its code: choose it to filter.",
        "{count} sellers have this in their codes: choose one in the table to filter.",
    ),
    "heard": plural_message(
        "{count} order, {share} delivered late.",
        "{count} orders, {share} delivered late.",
    ),
    "followed": plural_message(
        "{count} to follow, of {all}; by chance alone about {chance} would be.",
        "{count} to follow, of {all}; by chance alone about {chance} would be.",
    ),
    "nobody_to_follow": plural_message(
        "The only one does not stand out from the network.",
        "None of {count} stands out from the network.",
    ),
    "rising": plural_message(
        "{count} is clearly later than in the quarter before:",
        "{count} are clearly later than in the quarter before:",
    ),
    "orders_of": plural_message("{count} order", "{count} orders"),
    "reviews_note": plural_message("on {count} review", "on {count} reviews"),
    "show_all": plural_message("Show the only one", "Show all {count}"),
    "left_out": plural_message(
        "Not listed: {count} with fewer than {minimum} orders ({orders} orders).",
        "Not listed: {count} with fewer than {minimum} orders each ({orders} orders in all).",
    ),
    "tile": plural_message(
        "late, {state}, {count} order",
        "late, {state}, {count} orders",
    ),
    "month_title": plural_message(
        "{month}: {value} ({count} order)",
        "{month}: {value} ({count} orders)",
    ),
    "few_months": plural_message(
        "{count} month with fewer than {minimum} deliveries is not drawn; the table has it.",
        "{count} months with fewer than {minimum} deliveries are not drawn; the table has them.",
    ),
    "bin_title": plural_message(
        "{label} days: {count} delivery, of which {late} late",
        "{label} days: {count} deliveries, of which {late} late",
    ),
}


def script_texts(wording: Wording) -> dict[str, str | dict[str, str]]:
    """Return the script's texts in a language; a text with a plural as {"one": , "other": }."""
    texts: dict[str, str | dict[str, str]] = {
        key: wording.translation(text) for key, text in TEXTS.items()
    }
    for key, (one, many) in PLURAL_TEXTS.items():
        texts[key] = {
            "one": wording.plural_translation(one, many, 1),
            "other": wording.plural_translation(one, many, 2),
        }
    return texts
