-- One row an item of an order; order_item_id is a line number, not a quantity.
-- Identity: as many rows as the source's table; the sums of price and freight are the source's.
select
    order_id,
    cast(cast(order_item_id as double) as integer) as order_item_id,
    product_id,
    seller_id,
    cast(nullif(trim(shipping_limit_date), '') as timestamp) as shipping_limit_date,
    cast(price as double) as price,
    cast(freight_value as double) as freight_value
from raw_order_items
