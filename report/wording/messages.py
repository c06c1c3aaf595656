"""Texts that stand in tables: why a value is not there, and what figures and gaps are called."""

from __future__ import annotations


def message(text: str) -> str:
    """Mark a text for translation where it stands in a table, before the language is known."""
    return text


NOT_COMPUTED = {
    "missing_table": message("Not computed: the data do not hold %(expected)s."),
    "missing_column": message("Not computed: the data do not hold %(expected)s."),
    "no_rows": message("Not computed: there is no row to compute it from."),
    "too_few_customers": message(
        "Not computed: %(found)s customers were found, at least %(expected)s are needed."
    ),
    "all_repeat": message(
        "Not computed: nearly all customers came back (%(found)s of them) and are a segment by "
        "rule; at least %(expected)s who bought once are needed to tell others apart."
    ),
    "too_few_reviews": message(
        "Not computed: %(found)s customers of the window left a review, at least %(expected)s are "
        "needed."
    ),
    "too_many_orders": message(
        "Not shown: the filters work on each order, and %(found)s orders are too many for one "
        "page; the tables of the report are those of all orders."
    ),
    "too_few_deliveries": message(
        "Not computed: %(found)s deliveries were found, at least %(expected)s are needed."
    ),
    "no_complete_month": message(
        "Not computed: no month has ended with an outcome for nearly all of its orders."
    ),
    "too_short_history": message(
        "Not computed: the history covers %(found)s, at least %(expected)s are needed."
    ),
    "no_variation": message("Not computed: the values are the same for everybody."),
    "no_candidate_passed": message("Not computed: no partition that was tried passes every gate."),
    "stopped_at_gate": message(
        "Not computed: none of the %(expected)s partitions that were tried passes every gate; "
        "those that come farthest fail this one: %(found)s."
    ),
    "not_observed": message("Not observed within %(found)s."),
    "not_known_beyond": message("Not known beyond %(found)s, the oldest age observed."),
    "breaks_early": message(
        "Not recommended: the model breaks after %(found)s, before the shortest interval on offer."
    ),
    "design_not_valid": message(
        "Design not valid: the control failed, so nothing is recommended on these data."
    ),
    "change_not_seen": message(
        "Design not valid: the control failed, a change made on purpose was not reported as it "
        "should, so nothing is recommended."
    ),
    "no_decay": message("Not computed: the agreement does not fall with age."),
    "no_day_rate": message("Not priced: the day rate is not given yet."),
    "no_action_inputs": message("Not computed: the client has not given %(expected)s."),
    "too_few_comments": message(
        "Not shown: customers of this segment wrote %(found)s comments, at least %(expected)s are "
        "needed."
    ),
    "known_later": message(
        "Not computed: it depends on the last order, so at the first one nobody has a segment."
    ),
    "cannot_show": message("Not computed: %(found)s customers cannot show a lift of any size."),
    "nobody_left_out": message("What is done here is for all of them: nobody is left out."),
    "no_exchange_rate": message(
        "Not converted: no rate of exchange is given from %(found)s to %(expected)s."
    ),
    "no_rise": message(
        "Not computed: an older model does not misplace more customers than chance does."
    ),
    "no_contact_value": message("Not known: what a misdirected contact costs is not given."),
    "no_refit_in_term": message("Not computed: this offer holds no refit within the term."),
    "not_given": message("Not given."),
    "no_source": message(
        "Not shown: %(found)s is not there. Put it beside the output folder, or give its path in "
        "the environment variable %(expected)s, and run this notebook again."
    ),
    "depends_on": message("Not computed: it follows from %(found)s, which could not be computed."),
    "no_earlier_file": message(
        "Not told: %(expected)s does not stand beside the findings of the earlier edition."
    ),
    "no_earlier_interval": message(
        "Not weighed: the earlier edition recommended no interval between refits."
    ),
    "no_earlier_segments": message("Not compared: the earlier edition has no segments."),
    "other_data": message("Not shown: it was measured on the data of another shop."),
    "not_measured_then": message(
        "Not computed: the version that wrote these findings did not measure it."
    ),
    "other_segments": message(
        "Not computed: a fit on other customers gave %(found)s segments in place of %(expected)s."
    ),
    "not_reached": message("Not measured: the candidate was refused before."),
}

FIGURE_NAMES = {
    "kpis": message("the key figures"),
    "customers": message("the customer table"),
    "candidates": message("the trials"),
    "segmentation": message("the segmentation"),
    "stability": message("the stability timeline"),
    "refresh": message("the refresh interval"),
    "proposal": message("the proposal"),
    "day_rate": message("the day rate"),
    "first_alarm_days": message("the first alarm"),
    "exchange": message("the rate of exchange"),
    "G1": message("operability"),
    "G2": message("the client's minimum"),
    "G3": message("sizes"),
    "G4": message("stability"),
    "G5": message("explainability"),
    "G6": message("maintainability"),
}

# What the client may say of an action, by the setting that holds it.
ACTION_INPUTS = {
    "contact_cost": message("the cost of a message"),
    "margin_share": message("the margin on an order"),
    "discount": message("the cost of a discount"),
    "reach_share": message("the share of customers who read a message"),
    "redemption_share": message("the share who take the discount"),
    "lift_low": message("the cautious effect expected"),
    "lift_central": message("the central effect expected"),
    "lift_high": message("the bold effect expected"),
    "response_share": message("the usual rate of response"),
    "work_hours": message("the hours of work"),
}

# What a source may lack and a shop be studied without; whatever else is named by its column.
GAP_NAMES = {
    "order_reviews": message("the customers' reviews"),
    "order_payments": message("the payments"),
    "products": message("the list of products"),
    "sellers": message("the list of sellers"),
    "customers.customer_zip_code_prefix": message("the customers' postal codes"),
    "customers.customer_city": message("the customers' cities"),
    "customers.customer_state": message("the customers' states"),
    "orders.order_delivered_customer_date": message("the dates of delivery"),
    "orders.order_estimated_delivery_date": message("the promised dates of delivery"),
    "order_items.product_id": message("the products of the orders"),
    "order_items.seller_id": message("the sellers of the orders"),
    "order_items.freight_value": message("the freight"),
    "order_payments.payment_type": message("the types of payment"),
    "order_payments.payment_installments": message("the number of instalments"),
    "products.product_category_name": message("the categories of the products"),
}

COUNTS = (
    message("two"),
    message("three"),
    message("four"),
    message("five"),
    message("six"),
    message("seven"),
    message("eight"),
    message("nine"),
)
