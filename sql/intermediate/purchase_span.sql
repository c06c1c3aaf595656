-- One row: the first and the last purchase, and whether a moment of an order lies inside a second.
-- For: which day the orders are described as of.
-- Identity: one row; first_purchased_at is at most last_purchased_at.
select
    min(orders.order_purchase_timestamp) as first_purchased_at,
    max(orders.order_purchase_timestamp) as last_purchased_at,
    coalesce(
        max(
            case
                when cast(orders.order_purchase_timestamp as text) like '%.%' then 1
                when cast(orders.order_delivered_customer_date as text) like '%.%' then 1
                else 0
            end
        ),
        0
    ) as has_fractions
from orders
