-- One row: every order bought from $bought_from on and before $bought_before, as known by $as_of;
-- no row where there is none.
-- For: the headline figures, and the network's rates that every other row is compared with.
-- Definitions and units: sql/intermediate/order_facts.sql and kpi_measures.sql.
-- Identity: orders is the number of orders bought then; revenue_cents the price of the items of
-- those that were delivered.
with keyed_orders as (
    select
        order_facts.order_id,
        'all' as kpi_key,
        'all' as kpi_label,
        '' as kpi_state,
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
