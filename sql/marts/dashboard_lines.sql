-- One row an order bought by $as_of, from $lines_from on, and seller; an order without items has
-- one row, without a seller.
-- For: the dashboard, which filters and adds these rows up. Orders are counted by is_first; with a
-- filter on sellers or categories, by the rows that it keeps. The city is the spelling of
-- sql/intermediate/order_cities.sql.
-- Definitions: sql/intermediate/order_facts.sql and order_lines.sql.
-- Identity: with the first purchase as $lines_from, the sum of is_first is orders of kpis_total,
-- the sums of revenue_cents and freight_cents are those of kpis_total.
select
    order_lines.order_id,
    order_lines.is_first,
    strftime(order_facts.purchased_at, '%Y-%m') as purchase_month,
    order_facts.customer_state as customer_state,
    order_cities.customer_city,
    order_cities.city_key,
    order_cities.city_label,
    order_lines.seller_id,
    order_lines.seller_state,
    order_lines.category,
    order_facts.is_delivered,
    order_facts.is_canceled,
    order_facts.is_late,
    order_facts.delay_days,
    order_facts.delivery_days,
    order_facts.promised_days,
    order_facts.review_score,
    order_facts.review_answer_days,
    order_lines.revenue_cents,
    order_lines.delivered_freight_cents as freight_cents,
    case when order_facts.customer_order_number > 1 then 1 else 0 end as is_returning,
    order_facts.payment_type,
    order_facts.whole_instalments as instalments
from order_lines
inner join order_facts on order_facts.order_id = order_lines.order_id
inner join order_cities on order_cities.order_id = order_facts.order_id
where order_facts.purchased_at >= cast($lines_from as timestamp)
order by
    order_facts.purchased_at,
    order_facts.order_id,
    order_lines.is_first desc,
    order_lines.seller_id
