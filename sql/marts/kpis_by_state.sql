-- One row a state of the customers of the orders bought from $bought_from on and before
-- $bought_before, as known by $as_of; empty where the state is not known.
-- For: which states need follow-up.
-- Definitions and units: sql/intermediate/order_facts.sql and kpi_measures.sql.
-- Identity: every count and sum adds up over the states to that of kpis_total.
with keyed_orders as (
    select
        order_facts.order_id,
        order_facts.customer_state as kpi_key,
        order_facts.customer_state as kpi_label,
        order_facts.customer_state as kpi_state,
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
