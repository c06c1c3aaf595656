-- One row a day on which something was bought by $as_of, with what was known by then.
-- For: the period of a shop whose orders are not all read (analysis/cluster_period.py).
-- last_delivered_purchased_at is the last purchase of the day that was delivered by then, empty
-- where none was.
-- Identity: the sum of orders is the number of orders with order_purchase_timestamp <= $as_of.
select
    strftime(orders.order_purchase_timestamp, '%Y-%m-%d') as purchase_day,
    min(orders.order_purchase_timestamp) as first_purchased_at,
    max(orders.order_purchase_timestamp) as last_purchased_at,
    max(
        case
            when orders.order_status <> 'delivered' then null
            when orders.order_delivered_customer_date > cast($as_of as timestamp) then null
            else orders.order_purchase_timestamp
        end
    ) as last_delivered_purchased_at,
    count(*) as orders
from orders
where orders.order_purchase_timestamp <= cast($as_of as timestamp)
group by strftime(orders.order_purchase_timestamp, '%Y-%m-%d')
order by purchase_day
