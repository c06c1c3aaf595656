-- One row a key of keyed_orders, a WITH clause of the query that selects from here: it says which
-- orders count for which key.
-- For: the same figures, by the same definitions, at every grain. Late: delivered after the
-- promised moment, among the delivered orders with both dates (dated). Sums of days are of whole
-- days an order, as order_facts counts them. Low reviews have at most $low_review stars.
-- Identity: the sum of orders is the number of rows of keyed_orders; late is at most dated, dated
-- at most delivered, low_reviews at most reviews.
select
    keyed_orders.kpi_key,
    keyed_orders.kpi_label,
    keyed_orders.kpi_state,
    count(*) as orders,
    sum(keyed_orders.is_delivered) as delivered,
    sum(keyed_orders.is_canceled) as canceled,
    count(keyed_orders.is_late) as dated,
    coalesce(sum(keyed_orders.is_late), 0) as late,
    coalesce(sum(keyed_orders.delay_days), 0) as delay_days,
    count(keyed_orders.delivery_days) as received,
    coalesce(sum(keyed_orders.delivery_days), 0) as delivery_days,
    count(keyed_orders.promised_days) as promised,
    coalesce(sum(keyed_orders.promised_days), 0) as promised_days,
    count(keyed_orders.review_score) as reviews,
    coalesce(sum(keyed_orders.review_score), 0) as stars,
    coalesce(sum(case when keyed_orders.review_score <= $low_review then 1 else 0 end), 0)
        as low_reviews,
    sum(keyed_orders.revenue_cents) as revenue_cents,
    sum(keyed_orders.freight_cents) as freight_cents
from keyed_orders
group by keyed_orders.kpi_key, keyed_orders.kpi_label, keyed_orders.kpi_state
