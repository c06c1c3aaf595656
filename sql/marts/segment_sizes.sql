-- One row a standing, place of the nearest centre and stage of the customers who bought by $as_of.
-- For: sizes and revenue of the segments of all customers, where a part was read only. centre is
-- empty but for one-time customers; revenue is that of the window, in integer cents. Low reviewers
-- gave a review of at most $low_review stars; rule_differences are customers in a segment whom the
-- rules for the CRM put elsewhere.
-- Definitions: sql/intermediate/customer_facts.sql and sql/marts/customer_assignment.sql.
-- Identity: the sum of customers is the number of rows of customer_facts.
with placed_customers as (
    select
        customer_facts.standing,
        case when customer_facts.standing = 'one_time' then $nearest_centre end as centre,
        $segment_rule as segment_by_rule,
        $stage_rule as stage,
        customer_facts.revenue_cents,
        customer_facts.review_known,
        customer_facts.lowest_review
    from customer_facts
)

select
    placed_customers.standing,
    placed_customers.centre,
    placed_customers.stage,
    count(*) as customers,
    coalesce(sum(placed_customers.revenue_cents), 0) as revenue_cents,
    sum(placed_customers.review_known) as reviewed,
    sum(case when placed_customers.lowest_review <= $low_review then 1 else 0 end)
        as low_reviewers,
    sum(
        case when $segment_name <> coalesce(placed_customers.segment_by_rule, '') then 1 else 0 end
    ) as rule_differences
from placed_customers
group by placed_customers.standing, placed_customers.centre, placed_customers.stage
