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
with orders_by_delay as (
    select
        keyed_orders.kpi_key,
        keyed_orders.kpi_label,
        keyed_orders.kpi_state,
        order_facts.delay_days,
        count(*) as orders,
        sum(order_facts.is_delivered) as delivered,
        sum(order_facts.is_canceled) as canceled,
        count(order_facts.is_late) as dated,
        coalesce(sum(order_facts.is_late), 0) as late,
        count(order_facts.delay_days) as delays,
        count(order_facts.delivery_days) as received,
        coalesce(sum(order_facts.delivery_days), 0) as delivery_days,
        count(order_facts.promised_days) as promised,
        coalesce(sum(order_facts.promised_days), 0) as promised_days,
        count(order_facts.review_score) as reviews,
        coalesce(sum(order_facts.review_score), 0) as stars,
        coalesce(sum(case when order_facts.review_score <= $low_review then 1 else 0 end), 0)
            as low_reviews,
        count(order_facts.review_answer_days) as answered,
        coalesce(sum(order_facts.review_answer_days), 0) as answer_days,
        sum(case when order_facts.customer_order_number = 1 then 1 else 0 end) as first_orders,
        sum(case when order_facts.customer_order_number > 1 then 1 else 0 end) as returning_orders,
        count(order_facts.whole_instalments) as paid,
        coalesce(sum(order_facts.whole_instalments), 0) as instalments,
        sum(keyed_orders.revenue_cents) as revenue_cents,
        sum(keyed_orders.freight_cents) as freight_cents
    from keyed_orders
    inner join order_facts on order_facts.order_id = keyed_orders.order_id
    where
        order_facts.purchased_at >= cast($bought_from as timestamp)
        and order_facts.purchased_at < cast($bought_before as timestamp)
    group by
        keyed_orders.kpi_key,
        keyed_orders.kpi_label,
        keyed_orders.kpi_state,
        order_facts.delay_days
),

ranked_delays as (
    select
        orders_by_delay.kpi_key,
        orders_by_delay.kpi_label,
        orders_by_delay.kpi_state,
        orders_by_delay.delay_days,
        orders_by_delay.orders,
        orders_by_delay.delivered,
        orders_by_delay.canceled,
        orders_by_delay.dated,
        orders_by_delay.late,
        orders_by_delay.received,
        orders_by_delay.delivery_days,
        orders_by_delay.promised,
        orders_by_delay.promised_days,
        orders_by_delay.reviews,
        orders_by_delay.stars,
        orders_by_delay.low_reviews,
        orders_by_delay.answered,
        orders_by_delay.answer_days,
        orders_by_delay.first_orders,
        orders_by_delay.returning_orders,
        orders_by_delay.paid,
        orders_by_delay.instalments,
        orders_by_delay.revenue_cents,
        orders_by_delay.freight_cents,
        sum(orders_by_delay.delays) over (
            partition by
                orders_by_delay.kpi_key, orders_by_delay.kpi_label, orders_by_delay.kpi_state
            order by orders_by_delay.delay_days
        ) as delay_place,
        sum(orders_by_delay.delays) over (
            partition by
                orders_by_delay.kpi_key, orders_by_delay.kpi_label, orders_by_delay.kpi_state
        ) as delays
    from orders_by_delay
)

select
    ranked_delays.kpi_key,
    ranked_delays.kpi_label,
    ranked_delays.kpi_state,
    cast(sum(ranked_delays.orders) as bigint) as orders,
    sum(ranked_delays.delivered) as delivered,
    sum(ranked_delays.canceled) as canceled,
    sum(ranked_delays.dated) as dated,
    sum(ranked_delays.late) as late,
    coalesce(sum(ranked_delays.delay_days * ranked_delays.orders), 0) as delay_days,
    min(
        case
            when ranked_delays.delay_place * 100 >= ranked_delays.delays * $delay_percent
                then ranked_delays.delay_days
        end
    ) as delay_days_q95,
    sum(ranked_delays.received) as received,
    sum(ranked_delays.delivery_days) as delivery_days,
    sum(ranked_delays.promised) as promised,
    sum(ranked_delays.promised_days) as promised_days,
    sum(ranked_delays.reviews) as reviews,
    sum(ranked_delays.stars) as stars,
    sum(ranked_delays.low_reviews) as low_reviews,
    sum(ranked_delays.answered) as answered,
    sum(ranked_delays.answer_days) as answer_days,
    sum(ranked_delays.first_orders) as first_orders,
    sum(ranked_delays.returning_orders) as returning_orders,
    sum(ranked_delays.paid) as paid,
    sum(ranked_delays.instalments) as instalments,
    sum(ranked_delays.revenue_cents) as revenue_cents,
    sum(ranked_delays.freight_cents) as freight_cents
from ranked_delays
group by ranked_delays.kpi_key, ranked_delays.kpi_label, ranked_delays.kpi_state
