-- One row a customer who bought by $known_until, with the model's segment as of $as_of.
-- For: the customers of a shop that is read on a cluster, assigned where the data are; the same
-- segments as analysis/segmentation.py gives, held equal by a test. A one-time customer belongs to
-- the nearest centre of the model: $nearest_centre is its place, $nearest_distance and
-- $second_distance are squared distances in the model's own scale. Repeat buyers are a segment by
-- rule, certain where there is one ($repeat_confidence). confidence is 1 less the distance to the
-- nearest centre over that to the second nearest, empty where there is one centre only. Nothing is
-- rounded. held_out is the draw of analysis/experiments.py, by the letters of the customer's id.
-- Identity: one row a customer_unique_id; reason is empty exactly where segment_id is filled.
with known_customers as (
    select customers.customer_unique_id
    from orders
    inner join customers on customers.customer_id = orders.customer_id
    where orders.order_purchase_timestamp <= cast($known_until as timestamp)
    group by customers.customer_unique_id
),

placed_customers as (
    select
        customer_facts.customer_unique_id,
        customer_facts.standing,
        customer_facts.spend,
        customer_facts.occasions,
        customer_facts.recency_days,
        customer_facts.lowest_review,
        customer_facts.lowest_review_order_id,
        customer_facts.last_purchased_at,
        customer_facts.last_order_id,
        customer_facts.last_order_delivered,
        customer_facts.review_known,
        customer_facts.customer_unique_id
        || '                                                                '
            as spelled_id,
        case when customer_facts.standing in ('one_time', 'repeat') then customer_facts.review end
            as review,
        case when customer_facts.standing = 'one_time' then $nearest_centre end as centre,
        $segment_rule as segment_by_rule,
        $stage_rule as stage
    from customer_facts
),

measured_customers as (
    select
        placed_customers.customer_unique_id,
        placed_customers.standing,
        placed_customers.spend,
        placed_customers.occasions,
        placed_customers.recency_days,
        placed_customers.lowest_review,
        placed_customers.lowest_review_order_id,
        placed_customers.last_purchased_at,
        placed_customers.last_order_id,
        placed_customers.last_order_delivered,
        placed_customers.review_known,
        placed_customers.review,
        placed_customers.segment_by_rule,
        placed_customers.stage,
        $draw as draw,
        $segment_name as segment_id,
        $persona_name as persona,
        case when placed_customers.centre is not null then $nearest_distance end
            as nearest_distance,
        case when placed_customers.centre is not null then $second_distance end as second_distance
    from placed_customers
)

select
    known_customers.customer_unique_id,
    measured_customers.segment_id,
    measured_customers.persona,
    measured_customers.segment_by_rule,
    measured_customers.stage,
    case
        when measured_customers.segment_id is null then null
        when $is_tested and $is_drawn then 1
        else 0
    end as held_out,
    case
        when measured_customers.standing = 'repeat' then $repeat_confidence
        when measured_customers.second_distance > 0
            then 1
            - sqrt(
                measured_customers.nearest_distance
                / nullif(measured_customers.second_distance, 0)
            )
        when measured_customers.second_distance = 0 then cast(0 as double)
    end as confidence,
    case
        when measured_customers.segment_id is null
            then coalesce(measured_customers.standing, 'not_yet')
    end as reason,
    coalesce(measured_customers.standing, 'not_yet') as standing,
    measured_customers.spend,
    measured_customers.review,
    measured_customers.occasions,
    measured_customers.recency_days,
    coalesce(measured_customers.review_known, 0) as review_known,
    measured_customers.lowest_review,
    measured_customers.lowest_review_order_id,
    measured_customers.last_purchased_at as last_order_at,
    measured_customers.last_order_id,
    measured_customers.last_order_delivered,
    cast($as_of as timestamp) as described_at
from known_customers
left join measured_customers
    on measured_customers.customer_unique_id = known_customers.customer_unique_id
