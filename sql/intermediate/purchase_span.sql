-- One row: the first and the last purchase, and whether any moment of an order lies inside a second.
-- For: which day the orders are described as of.
-- Identity: one row; first_purchased_at is at most last_purchased_at.
select
    min(orders.order_purchase_timestamp) as first_purchased_at,
    max(orders.order_purchase_timestamp) as last_purchased_at,
    coalesce(
        max(
            case
                when
                    epoch(orders.order_purchase_timestamp)
                    <> floor(epoch(orders.order_purchase_timestamp))
                    then 1
                when
                    epoch(orders.order_delivered_customer_date)
                    <> floor(epoch(orders.order_delivered_customer_date))
                    then 1
                else 0
            end
        ),
        0
    ) as has_fractions
from orders
