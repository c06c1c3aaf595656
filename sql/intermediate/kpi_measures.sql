-- One row a key of keyed_orders, a WITH clause of the query that selects from here: it says which
-- orders count for which key, once each, and with how much money. Only the orders bought from
-- $bought_from on and before $bought_before count; what is known of them is what was known by
-- $as_of.
-- For: the same figures, by the same definitions, at every grain and for any period.
-- Counts are of orders. Late: delivered after the promised moment, among the delivered orders with
-- both dates (dated). Sums of days are of whole days an order, as order_facts counts them;
-- delay_days_q95 is the smallest delay, in days, that at least $delay_percent in 100 of the dated
-- orders do not exceed (nearest rank). Canceled orders are those canceled or unavailable. Low
-- reviews have at most $low_review stars; answer_days are of the answered reviews, from the request
-- to the answer. First orders are those of customers who had not bought before, at any time.
-- Instalments are those of the orders with a payment (paid). Money is in integer cents, of
-- delivered orders.
-- Identity: the sum of orders is the number of rows of keyed_orders in the period; late is at most
-- dated, dated at most delivered, low_reviews at most reviews, answered at most reviews;
-- first_orders and returning_orders add up to orders.
with ranked_orders as (
    select
        keyed_orders.kpi_key,
        keyed_orders.kpi_label,
        keyed_orders.kpi_state,
        keyed_orders.revenue_cents,
        keyed_orders.freight_cents,
        order_facts.is_delivered,
        order_facts.is_canceled,
        order_facts.is_late,
        order_facts.delay_days,
        order_facts.delivery_days,
        order_facts.promised_days,
        order_facts.review_score,
        order_facts.review_answer_days,
        order_facts.customer_order_number,
        order_facts.whole_instalments,
        row_number() over (
            partition by
                keyed_orders.kpi_key,
                keyed_orders.kpi_label,
                keyed_orders.kpi_state,
                case when order_facts.delay_days is null then 0 else 1 end
            order by order_facts.delay_days
        ) as delay_place,
        count(order_facts.delay_days) over (
            partition by keyed_orders.kpi_key, keyed_orders.kpi_label, keyed_orders.kpi_state
        ) as delays
    from keyed_orders
    inner join order_facts on order_facts.order_id = keyed_orders.order_id
    where
        order_facts.purchased_at >= cast($bought_from as timestamp)
        and order_facts.purchased_at < cast($bought_before as timestamp)
)

select
    ranked_orders.kpi_key,
    ranked_orders.kpi_label,
    ranked_orders.kpi_state,
    count(*) as orders,
    sum(ranked_orders.is_delivered) as delivered,
    sum(ranked_orders.is_canceled) as canceled,
    count(ranked_orders.is_late) as dated,
    coalesce(sum(ranked_orders.is_late), 0) as late,
    coalesce(sum(ranked_orders.delay_days), 0) as delay_days,
    min(
        case
            when ranked_orders.delay_place * 100 >= ranked_orders.delays * $delay_percent
                then ranked_orders.delay_days
        end
    ) as delay_days_q95,
    count(ranked_orders.delivery_days) as received,
    coalesce(sum(ranked_orders.delivery_days), 0) as delivery_days,
    count(ranked_orders.promised_days) as promised,
    coalesce(sum(ranked_orders.promised_days), 0) as promised_days,
    count(ranked_orders.review_score) as reviews,
    coalesce(sum(ranked_orders.review_score), 0) as stars,
    coalesce(sum(case when ranked_orders.review_score <= $low_review then 1 else 0 end), 0)
        as low_reviews,
    count(ranked_orders.review_answer_days) as answered,
    coalesce(sum(ranked_orders.review_answer_days), 0) as answer_days,
    sum(case when ranked_orders.customer_order_number = 1 then 1 else 0 end) as first_orders,
    sum(case when ranked_orders.customer_order_number > 1 then 1 else 0 end) as returning_orders,
    count(ranked_orders.whole_instalments) as paid,
    coalesce(sum(ranked_orders.whole_instalments), 0) as instalments,
    sum(ranked_orders.revenue_cents) as revenue_cents,
    sum(ranked_orders.freight_cents) as freight_cents
from ranked_orders
group by ranked_orders.kpi_key, ranked_orders.kpi_label, ranked_orders.kpi_state
