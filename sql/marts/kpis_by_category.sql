-- One row a category of products in the orders bought from $bought_from on and before
-- $bought_before, as known by $as_of. Each seller's part of an order has the category of its
-- dearest item; parts without one are in no row.
-- For: which categories need follow-up. An order with parts of two categories counts for both, with
-- its dates and its review; the money of each is that of its own parts.
-- Definitions and units: sql/intermediate/order_facts.sql, order_lines.sql and kpi_measures.sql.
-- Identity: revenue_cents and freight_cents, with those of the parts without a category, add up to
-- those of kpis_total; orders add up to the pairs of an order and a category.
with keyed_orders as (
    select
        order_lines.order_id,
        order_lines.category as kpi_key,
        order_lines.category as kpi_label,
        '' as kpi_state,
        sum(order_lines.revenue_cents) as revenue_cents,
        sum(order_lines.delivered_freight_cents) as freight_cents
    from order_lines
    where order_lines.category is not null
    group by order_lines.order_id, order_lines.category
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
