-- One row an order of a customer of subset_customers, whenever it was bought.
-- For: what is read of the orders of the stated subset only.
-- Identity: one row an order_id; all orders where the bounds of subset_customers leave nobody out.
select
    orders.order_id,
    orders.customer_id
from orders
inner join customers on customers.customer_id = orders.customer_id
inner join subset_customers
    on subset_customers.customer_unique_id = customers.customer_unique_id
