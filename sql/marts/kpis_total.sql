-- One row: everything bought by $as_of.
-- For: the headline figures, and the network's rates that every other row is compared with.
-- Definitions: sql/intermediate/order_facts.sql and kpi_measures.sql.
-- Identity: orders is the number of orders bought by $as_of; revenue_cents the price of the items
-- of delivered orders.
with keyed_orders as (
    select
        'all' as kpi_key,
        'all' as kpi_label,
        '' as kpi_state,
        order_facts.is_delivered,
        order_facts.is_canceled,
        order_facts.is_late,
        order_facts.delay_days,
        order_facts.delivery_days,
        order_facts.promised_days,
        order_facts.review_score,
        order_facts.revenue_cents,
        order_facts.delivered_freight_cents as freight_cents
    from order_facts
)

select
    kpi_measures.kpi_key,
    kpi_measures.kpi_label,
    kpi_measures.kpi_state,
    kpi_measures.orders,
    kpi_measures.delivered,
    kpi_measures.canceled,
    kpi_measures.dated,
    kpi_measures.late,
    kpi_measures.delay_days,
    kpi_measures.received,
    kpi_measures.delivery_days,
    kpi_measures.promised,
    kpi_measures.promised_days,
    kpi_measures.reviews,
    kpi_measures.stars,
    kpi_measures.low_reviews,
    kpi_measures.revenue_cents,
    kpi_measures.freight_cents
from kpi_measures
order by kpi_measures.kpi_key
