-- Question 3: which new sellers are already very active?
-- One row a seller whose first sale, of any status, came after $first_sale_after and who sold more
-- than $items_above items by $as_of. A line of order_items is one item.
-- Identity: without the thresholds, items add up over the sellers to the lines of order_items.
with settings as (
    select
        cast($as_of as timestamp) as as_of,
        cast($first_sale_after as timestamp) as first_sale_after,
        $items_above as items_above
),

sales_per_seller as (
    select
        order_items.seller_id,
        min(orders.order_purchase_timestamp) as first_sale_at,
        count(distinct order_items.order_id) as orders,
        count(*) as items
    from order_items
    inner join orders on orders.order_id = order_items.order_id
    cross join settings
    where orders.order_purchase_timestamp <= settings.as_of
    group by order_items.seller_id
)

select
    sales_per_seller.seller_id,
    sellers.seller_city,
    sellers.seller_state,
    sales_per_seller.first_sale_at,
    sales_per_seller.orders,
    sales_per_seller.items
from sales_per_seller
cross join settings
left join sellers on sellers.seller_id = sales_per_seller.seller_id
where
    sales_per_seller.first_sale_at > settings.first_sale_after
    and sales_per_seller.items > settings.items_above
order by sales_per_seller.items desc, sales_per_seller.seller_id
