-- Question 2: which sellers brought more than $revenue_above of revenue on delivered orders?
-- One row a seller. Revenue is the price of the items of orders delivered by $as_of; with
-- freight_counted = 1 their freight is added. Items are joined to orders only: joined to payments
-- as well, they would multiply the money.
-- Identity: without the threshold, revenue adds up over the sellers to the price of all items of
-- delivered orders.
with settings as (
    select
        cast($as_of as timestamp) as as_of,
        $revenue_above as revenue_above,
        $freight_counted as freight_counted
),

delivered_orders as (
    select orders.order_id
    from orders
    cross join settings
    where
        orders.order_status = 'delivered'
        and orders.order_purchase_timestamp <= settings.as_of
        and coalesce(orders.order_delivered_customer_date, settings.as_of) <= settings.as_of
),

revenue_per_seller as (
    select
        order_items.seller_id,
        count(distinct order_items.order_id) as orders,
        count(*) as items,
        sum(cast(round(order_items.price * 100) as bigint)) as price_cents,
        sum(cast(round(order_items.freight_value * 100) as bigint)) as freight_cents
    from order_items
    inner join delivered_orders on delivered_orders.order_id = order_items.order_id
    group by order_items.seller_id
)

select
    revenue_per_seller.seller_id,
    sellers.seller_city,
    sellers.seller_state,
    revenue_per_seller.orders,
    revenue_per_seller.items,
    cast(
        revenue_per_seller.price_cents
        + settings.freight_counted * revenue_per_seller.freight_cents as double
    ) / 100 as revenue
from revenue_per_seller
cross join settings
left join sellers on sellers.seller_id = revenue_per_seller.seller_id
where
    revenue_per_seller.price_cents + settings.freight_counted * revenue_per_seller.freight_cents
    > settings.revenue_above * 100
order by revenue desc, revenue_per_seller.seller_id
