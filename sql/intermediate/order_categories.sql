-- One row an order of subset_orders and category of its items, with how many items.
-- For: how many kinds of goods a customer buys.
-- Identity: as many rows as distinct pairs of order and known category.
select
    order_items.order_id,
    products.product_category_name as category,
    count(*) as items
from order_items
inner join subset_orders on subset_orders.order_id = order_items.order_id
inner join products on products.product_id = order_items.product_id
where products.product_category_name is not null
group by order_items.order_id, products.product_category_name
order by order_items.order_id, products.product_category_name
