-- One row an order and seller, for the orders of order_facts; an order without items has one row,
-- without a seller.
-- For: the figures of sellers, and the dashboard's lines. is_first marks one row an order, so that
-- orders can be counted from lines. The category is that of the seller's dearest item.
-- Identity: the sum of is_first is the number of orders, the sum of revenue_cents that of
-- order_facts.
with items_by_seller as (
    select
        order_items.order_id,
        order_items.seller_id,
        count(*) as item_count,
        cast(sum(cast(round(order_items.price * 100) as bigint)) as bigint) as price_cents,
        cast(sum(cast(round(order_items.freight_value * 100) as bigint)) as bigint)
            as freight_cents,
        min(order_items.order_item_id) as first_item
    from order_items
    group by order_items.order_id, order_items.seller_id
),

seller_items_by_price as (
    select
        order_items.order_id,
        order_items.seller_id,
        products.product_category_name as category,
        row_number() over (
            partition by order_items.order_id, order_items.seller_id
            order by order_items.price desc, order_items.order_item_id
        ) as place
    from order_items
    left join products on products.product_id = order_items.product_id
)

select
    order_facts.order_id,
    items_by_seller.seller_id,
    sellers.seller_state,
    case
        when
            row_number() over (
                partition by order_facts.order_id
                order by items_by_seller.first_item, items_by_seller.seller_id
            ) = 1
            then 1
        else 0
    end as is_first,
    coalesce(
        category_translation.product_category_name_english, seller_items_by_price.category
    ) as category,
    coalesce(items_by_seller.item_count, 0) as item_count,
    order_facts.is_delivered * coalesce(items_by_seller.price_cents, 0) as revenue_cents,
    order_facts.is_delivered * coalesce(items_by_seller.freight_cents, 0)
        as delivered_freight_cents
from order_facts
left join items_by_seller on items_by_seller.order_id = order_facts.order_id
left join sellers on sellers.seller_id = items_by_seller.seller_id
left join seller_items_by_price
    on
        seller_items_by_price.order_id = items_by_seller.order_id
        and seller_items_by_price.seller_id = items_by_seller.seller_id
        and seller_items_by_price.place = 1
left join category_translation
    on category_translation.product_category_name = seller_items_by_price.category
