-- Question 1: leaving out cancelled orders, which recent orders did customers receive late?
-- One row an order bought after $bought_after that came at least $late_days days after the promised
-- moment, as known on $as_of; the latest first.
-- Identity: as many rows as order_id, none canceled, days_late at least $late_days in each.
with settings as (
    select
        cast($as_of as timestamp) as as_of,
        cast($bought_after as timestamp) as bought_after,
        $late_days as late_days
),

received_orders as (
    select
        orders.order_id,
        orders.customer_id,
        orders.order_status,
        orders.order_purchase_timestamp,
        orders.order_delivered_customer_date,
        orders.order_estimated_delivery_date,
        cast(floor(epoch(orders.order_delivered_customer_date)) as bigint)
        - cast(floor(epoch(orders.order_estimated_delivery_date)) as bigint) as delay_seconds
    from orders
    cross join settings
    where
        orders.order_status <> 'canceled'
        and orders.order_purchase_timestamp > settings.bought_after
        and orders.order_purchase_timestamp <= settings.as_of
        and orders.order_delivered_customer_date <= settings.as_of
)

select
    received_orders.order_id,
    received_orders.customer_id,
    received_orders.order_status,
    received_orders.order_purchase_timestamp,
    received_orders.order_estimated_delivery_date,
    received_orders.order_delivered_customer_date,
    received_orders.delay_seconds // 86400 as days_late
from received_orders
cross join settings
where received_orders.delay_seconds >= settings.late_days * 86400
order by received_orders.delay_seconds desc, received_orders.order_id
