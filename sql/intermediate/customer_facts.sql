-- One row a customer who bought by $as_of, with what the last $window_seconds until then say.
-- For: segments.sql, which gives the client's own tables the labels of segments.csv.
-- Definitions: analysis/customers.py, held equal by a test. Orders less than $occasion_seconds
-- after the one before are the same purchase occasion. A customer without a review, whose orders
-- came (or should have come) $patience_seconds ago, takes the median score of the customers with
-- the same outcome: $review_on_time or $review_late, null where too many are silent for that.
-- Identity: as many rows as customers with an order by $as_of; standing is never null.
with window_orders as (
    select
        order_facts.order_id,
        order_facts.customer_unique_id,
        order_facts.purchased_at,
        order_facts.review_score,
        order_facts.is_delivered,
        case when order_facts.delivered_at is not null then order_facts.revenue_cents else 0 end
            as revenue_cents,
        coalesce(
            order_facts.payment_cents, order_facts.price_cents + order_facts.freight_cents
        ) as paid_cents,
        case
            when order_facts.estimated_at is null then 0
            when
                coalesce(order_facts.delivered_at, cast($as_of as timestamp))
                > order_facts.estimated_at
                then 1
            else 0
        end as is_late,
        case
            when
                cast(floor(epoch(cast($as_of as timestamp))) as bigint)
                - cast(floor(epoch(order_facts.delivered_at)) as bigint)
                >= $patience_seconds
                then 1
            when
                cast(floor(epoch(cast($as_of as timestamp))) as bigint)
                - cast(floor(epoch(order_facts.estimated_at)) as bigint)
                >= $patience_seconds
                then 1
            else 0
        end as has_outcome,
        row_number() over (
            partition by order_facts.customer_unique_id
            order by order_facts.purchased_at desc, order_facts.order_id desc
        ) as place_from_last,
        row_number() over (
            partition by order_facts.customer_unique_id
            order by
                coalesce(order_facts.review_score, 9),
                order_facts.purchased_at desc,
                order_facts.order_id desc
        ) as place_from_lowest,
        cast(floor(epoch(order_facts.purchased_at)) as bigint)
        - cast(
            floor(
                epoch(
                    lag(order_facts.purchased_at) over (
                        partition by order_facts.customer_unique_id
                        order by order_facts.purchased_at, order_facts.order_id
                    )
                )
            ) as bigint
        ) as seconds_since_previous
    from order_facts
    where
        order_facts.is_canceled = 0
        and cast(floor(epoch(cast($as_of as timestamp))) as bigint)
        - cast(floor(epoch(order_facts.purchased_at)) as bigint)
        < $window_seconds
),

customers_in_window as (
    select
        window_orders.customer_unique_id,
        cast(sum(window_orders.paid_cents) as double) / 100 as spend,
        cast(sum(window_orders.revenue_cents) as bigint) as revenue_cents,
        cast(sum(window_orders.review_score) as double)
        / nullif(count(window_orders.review_score), 0) as review,
        max(window_orders.is_late) as is_late,
        max(window_orders.has_outcome) as has_outcome,
        max(window_orders.purchased_at) as last_purchased_at,
        max(case when window_orders.place_from_last = 1 then window_orders.order_id end)
            as last_order_id,
        max(case when window_orders.place_from_last = 1 then window_orders.is_delivered end)
            as last_order_delivered,
        min(window_orders.review_score) as lowest_review,
        max(
            case
                when window_orders.place_from_lowest = 1 and window_orders.review_score is not null
                    then window_orders.order_id
            end
        ) as lowest_review_order_id,
        sum(
            case
                when window_orders.seconds_since_previous < $occasion_seconds then 0
                else 1
            end
        ) as occasions
    from window_orders
    group by window_orders.customer_unique_id
),

customers_ever as (
    select
        order_facts.customer_unique_id,
        max(1 - order_facts.is_canceled) as has_valid_order
    from order_facts
    group by order_facts.customer_unique_id
)

select
    customers_ever.customer_unique_id,
    customers_in_window.spend,
    customers_in_window.revenue_cents,
    customers_in_window.occasions,
    cast(
        cast(floor(epoch(cast($as_of as timestamp))) as bigint)
        - cast(floor(epoch(customers_in_window.last_purchased_at)) as bigint) as double
    ) / 86400 as recency_days,
    case
        when customers_in_window.review is not null then customers_in_window.review
        when customers_in_window.is_late = 1 then $review_late
        else $review_on_time
    end as review,
    case when customers_in_window.review is not null then 1 else 0 end as review_known,
    customers_in_window.lowest_review,
    customers_in_window.lowest_review_order_id,
    customers_in_window.last_purchased_at,
    customers_in_window.last_order_id,
    customers_in_window.last_order_delivered,
    case
        when customers_ever.has_valid_order = 0 then 'no_valid_order'
        when customers_in_window.customer_unique_id is null then 'inactive'
        when customers_in_window.occasions >= 2 then 'repeat'
        when customers_in_window.review is null and customers_in_window.has_outcome = 0
            then 'waiting'
        else 'one_time'
    end as standing
from customers_ever
left join customers_in_window
    on customers_in_window.customer_unique_id = customers_ever.customer_unique_id
