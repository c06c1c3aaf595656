-- One row a standing, place of the nearest centre and stage of the customers who bought by $as_of.
-- For: sizes and revenue of the segments of all customers, where a part was read only. centre is
-- empty but for one-time customers; revenue is that of the window, in integer cents.
-- Definitions: sql/intermediate/customer_facts.sql and sql/marts/customer_assignment.sql.
-- Identity: the sum of customers is the number of rows of customer_facts.
with placed_customers as (
    select
        customer_facts.standing,
        case when customer_facts.standing = 'one_time' then $nearest_centre end as centre,
        $stage_rule as stage,
        customer_facts.revenue_cents,
        customer_facts.review_known
    from customer_facts
)

select
    placed_customers.standing,
    placed_customers.centre,
    placed_customers.stage,
    count(*) as customers,
    coalesce(sum(placed_customers.revenue_cents), 0) as revenue_cents,
    sum(placed_customers.review_known) as reviewed
from placed_customers
group by placed_customers.standing, placed_customers.centre, placed_customers.stage
