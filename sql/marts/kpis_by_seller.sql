-- One row a seller with an item in an order bought from $bought_from on and before $bought_before,
-- as known by $as_of.
-- For: which sellers need follow-up. An order with items of two sellers counts for both, with its
-- dates and its review; the money of each is that of its own items.
-- Definitions and units: sql/intermediate/order_facts.sql, order_lines.sql and kpi_measures.sql.
-- Identity: revenue_cents and freight_cents add up over the sellers to those of kpis_total; orders
-- add up to the pairs of an order and a seller.
with keyed_orders as (
    select
        order_lines.order_id,
        order_lines.seller_id as kpi_key,
        order_lines.seller_id as kpi_label,
        coalesce(order_lines.seller_state, '') as kpi_state,
        order_lines.revenue_cents,
        order_lines.delivered_freight_cents as freight_cents
    from order_lines
    where order_lines.seller_id is not null
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
    kpi_measures.delay_days_q95,
    kpi_measures.received,
    kpi_measures.delivery_days,
    kpi_measures.promised,
    kpi_measures.promised_days,
    kpi_measures.reviews,
    kpi_measures.stars,
    kpi_measures.low_reviews,
    kpi_measures.answered,
    kpi_measures.answer_days,
    kpi_measures.first_orders,
    kpi_measures.returning_orders,
    kpi_measures.paid,
    kpi_measures.instalments,
    kpi_measures.revenue_cents,
    kpi_measures.freight_cents
from kpi_measures
order by kpi_measures.kpi_key
