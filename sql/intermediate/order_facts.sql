-- One row an order bought by $as_of, with what was known of it by then.
-- For: everything about customers, and the dashboard. Payments, items and reviews are brought to
-- one row an order before anything is joined: joined as they are, they would multiply the money.
-- Revenue, defined here and nowhere else: the price of the items of delivered orders, without
-- freight. Late: delivered after the promised moment. delay_days counts whole days after (before,
-- when negative) the promised moment, rounded down; delivery_days and promised_days are rounded to
-- whole days from the purchase; all of them are those of delivered orders with their dates. A
-- review counts once an order, the last that was answered (by its creation where the answer is not
-- dated); review_answer_days is rounded to whole days, from the day on which the shop asked for
-- that review to its answer. whole_instalments is the mean number of instalments of the payments,
-- weighted by their value and rounded. City and state are empty where not known. Money is in
-- integer cents.
-- Identity: as many rows as orders with order_purchase_timestamp <= $as_of; with the last date as
-- $as_of, the sums of price_cents, freight_cents and payment_cents are those of their tables.
with items_per_order as (
    select
        order_items.order_id,
        count(*) as item_count,
        cast(sum(cast(round(order_items.price * 100) as bigint)) as bigint) as price_cents,
        cast(sum(cast(round(order_items.freight_value * 100) as bigint)) as bigint)
            as freight_cents
    from order_items
    group by order_items.order_id
),

items_by_price as (
    select
        order_items.order_id,
        products.product_category_name as category,
        row_number() over (
            partition by order_items.order_id
            order by order_items.price desc, order_items.order_item_id
        ) as place
    from order_items
    left join products on products.product_id = order_items.product_id
),

payments_per_order as (
    select
        order_payments.order_id,
        cast(sum(cast(round(order_payments.payment_value * 100) as bigint)) as bigint)
            as payment_cents,
        sum(
            cast(round(order_payments.payment_value * 100) as bigint)
            * order_payments.payment_installments
        ) as instalment_cents
    from order_payments
    group by order_payments.order_id
),

payments_by_value as (
    select
        order_payments.order_id,
        order_payments.payment_type,
        row_number() over (
            partition by order_payments.order_id
            order by
                order_payments.payment_value desc,
                coalesce(order_payments.payment_sequential, 0),
                order_payments.payment_type
        ) as place
    from order_payments
),

reviews_by_answer as (
    select
        order_reviews.order_id,
        order_reviews.review_score,
        coalesce(order_reviews.review_answer_timestamp, order_reviews.review_creation_date)
            as review_answered_at,
        case
            when order_reviews.review_answer_timestamp >= order_reviews.review_creation_date
                then (
                    cast(floor(epoch(order_reviews.review_answer_timestamp)) as bigint)
                    - cast(floor(epoch(order_reviews.review_creation_date)) as bigint)
                    + 43200
                ) // 86400
        end as review_answer_days,
        row_number() over (
            partition by order_reviews.order_id
            order by
                coalesce(
                    order_reviews.review_answer_timestamp, order_reviews.review_creation_date
                ) desc,
                coalesce(order_reviews.review_id, '') desc,
                order_reviews.review_score desc
        ) as place
    from order_reviews
    where
        coalesce(order_reviews.review_answer_timestamp, order_reviews.review_creation_date)
            <= cast($as_of as timestamp)
        and order_reviews.review_score is not null
),

orders_by_then as (
    select
        orders.order_id,
        customers.customer_unique_id,
        coalesce(customers.customer_city, '') as customer_city,
        coalesce(customers.customer_state, '') as customer_state,
        orders.order_status,
        orders.order_purchase_timestamp as purchased_at,
        orders.order_estimated_delivery_date as estimated_at,
        case
            when orders.order_delivered_customer_date <= cast($as_of as timestamp)
                then orders.order_delivered_customer_date
        end as delivered_at,
        case
            when orders.order_status <> 'delivered' then 0
            when orders.order_delivered_customer_date > cast($as_of as timestamp) then 0
            else 1
        end as is_delivered,
        row_number() over (
            partition by customers.customer_unique_id
            order by orders.order_purchase_timestamp, orders.order_id
        ) as customer_order_number
    from orders
    inner join customers on customers.customer_id = orders.customer_id
    where orders.order_purchase_timestamp <= cast($as_of as timestamp)
),

durations as (
    select
        orders_by_then.order_id,
        cast(floor(epoch(orders_by_then.delivered_at)) as bigint)
        - cast(floor(epoch(orders_by_then.estimated_at)) as bigint) as delay_seconds,
        cast(floor(epoch(orders_by_then.delivered_at)) as bigint)
        - cast(floor(epoch(orders_by_then.purchased_at)) as bigint) as delivery_seconds,
        cast(floor(epoch(orders_by_then.estimated_at)) as bigint)
        - cast(floor(epoch(orders_by_then.purchased_at)) as bigint) as promised_seconds
    from orders_by_then
    where orders_by_then.is_delivered = 1 and orders_by_then.delivered_at is not null
)

select
    orders_by_then.order_id,
    orders_by_then.customer_unique_id,
    orders_by_then.customer_city,
    orders_by_then.customer_state,
    orders_by_then.order_status,
    orders_by_then.purchased_at,
    orders_by_then.estimated_at,
    orders_by_then.delivered_at,
    orders_by_then.is_delivered,
    case when orders_by_then.order_status in ('canceled', 'unavailable') then 1 else 0 end
        as is_canceled,
    orders_by_then.customer_order_number,
    case when durations.delay_seconds > 0 then 1 when durations.delay_seconds <= 0 then 0 end
        as is_late,
    case
        when durations.delay_seconds >= 0 then durations.delay_seconds // 86400
        else -((86399 - durations.delay_seconds) // 86400)
    end as delay_days,
    (durations.delivery_seconds + 43200) // 86400 as delivery_days,
    (durations.promised_seconds + 43200) // 86400 as promised_days,
    reviews_by_answer.review_score,
    reviews_by_answer.review_answered_at,
    reviews_by_answer.review_answer_days,
    coalesce(items_per_order.item_count, 0) as item_count,
    coalesce(items_per_order.price_cents, 0) as price_cents,
    coalesce(items_per_order.freight_cents, 0) as freight_cents,
    orders_by_then.is_delivered * coalesce(items_per_order.price_cents, 0) as revenue_cents,
    orders_by_then.is_delivered * coalesce(items_per_order.freight_cents, 0)
        as delivered_freight_cents,
    payments_per_order.payment_cents,
    cast(payments_per_order.instalment_cents as double)
        / nullif(payments_per_order.payment_cents, 0)
        as instalments,
    cast(
        (2 * payments_per_order.instalment_cents + payments_per_order.payment_cents)
        // nullif(2 * payments_per_order.payment_cents, 0) as bigint
    ) as whole_instalments,
    payments_by_value.payment_type,
    coalesce(category_translation.product_category_name_english, items_by_price.category)
        as category
from orders_by_then
left join durations on durations.order_id = orders_by_then.order_id
left join items_per_order on items_per_order.order_id = orders_by_then.order_id
left join payments_per_order on payments_per_order.order_id = orders_by_then.order_id
left join items_by_price
    on items_by_price.order_id = orders_by_then.order_id and items_by_price.place = 1
left join category_translation
    on category_translation.product_category_name = items_by_price.category
left join payments_by_value
    on payments_by_value.order_id = orders_by_then.order_id and payments_by_value.place = 1
left join reviews_by_answer
    on reviews_by_answer.order_id = orders_by_then.order_id and reviews_by_answer.place = 1
