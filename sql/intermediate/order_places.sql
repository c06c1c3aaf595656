-- One row an order of subset_orders whose customer and whose dearest item's seller both have a
-- known place.
-- For: how far the goods travel; described, never clustered on. A zip prefix stands at the mean of
-- the places seen for it, in whole millionths of a degree so that every engine adds up the same.
-- Identity: at most one row an order_id.
with places as (
    select
        geolocation.geolocation_zip_code_prefix as zip_code_prefix,
        cast(sum(cast(round(geolocation.geolocation_lat * 1000000) as bigint)) as double)
        / nullif(count(*), 0) / 1000000 as latitude,
        cast(sum(cast(round(geolocation.geolocation_lng * 1000000) as bigint)) as double)
        / nullif(count(*), 0) / 1000000 as longitude
    from geolocation
    where
        geolocation.geolocation_lat is not null
        and geolocation.geolocation_lng is not null
    group by geolocation.geolocation_zip_code_prefix
),

customers_placed as (
    select customers.customer_id, places.latitude, places.longitude
    from customers
    inner join places on places.zip_code_prefix = customers.customer_zip_code_prefix
),

sellers_placed as (
    select sellers.seller_id, places.latitude, places.longitude
    from sellers
    inner join places on places.zip_code_prefix = sellers.seller_zip_code_prefix
),

items_by_price as (
    select
        order_items.order_id,
        order_items.seller_id,
        row_number() over (
            partition by order_items.order_id
            order by order_items.price desc, order_items.order_item_id
        ) as place
    from order_items
    inner join subset_orders on subset_orders.order_id = order_items.order_id
)

select
    subset_orders.order_id,
    customers_placed.latitude as customer_latitude,
    customers_placed.longitude as customer_longitude,
    sellers_placed.latitude as seller_latitude,
    sellers_placed.longitude as seller_longitude
from subset_orders
inner join customers_placed on customers_placed.customer_id = subset_orders.customer_id
inner join items_by_price
    on items_by_price.order_id = subset_orders.order_id and items_by_price.place = 1
inner join sellers_placed on sellers_placed.seller_id = items_by_price.seller_id
order by subset_orders.order_id
