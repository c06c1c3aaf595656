-- One row an order. Dates are read as timestamps; an empty date becomes null.
-- Identity: as many rows as the source's table, one an order_id.
select
    order_id,
    customer_id,
    coalesce(nullif(lower(trim(order_status)), ''), 'unknown') as order_status,
    cast(nullif(trim(order_purchase_timestamp), '') as timestamp) as order_purchase_timestamp,
    cast(nullif(trim(order_approved_at), '') as timestamp) as order_approved_at,
    cast(nullif(trim(order_delivered_carrier_date), '') as timestamp)
        as order_delivered_carrier_date,
    cast(nullif(trim(order_delivered_customer_date), '') as timestamp)
        as order_delivered_customer_date,
    cast(nullif(trim(order_estimated_delivery_date), '') as timestamp)
        as order_estimated_delivery_date
from raw_orders
