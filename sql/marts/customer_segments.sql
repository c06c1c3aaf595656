-- One row a customer who bought by $as_of, with the columns of segments.csv, nothing rounded.
-- For: the client's analysts, on their own tables. segment_id is the model's segment: a one-time
-- customer belongs to the nearest of its centres, in its own scale. segment_by_rule is that of the
-- rules printed in the playbook; they agree for the share of customers printed there.
-- To label the customers of another day, write its last moment as $as_of, in the clause at the top,
-- and run it again: nothing else changes. Customers without a review keep the scores that stand
-- there; where these are null, they have rules of their own. The stage is told by the days since
-- the last order, whatever the segment. Tables stand under the names that the SQLite form of the
-- public data gives them (order_payments is order_pymts, category_translation is translation):
-- where yours differ, change the names in the script. SQLite needs its mathematical functions (ln,
-- sqrt), which its shell has since release 3.35.
-- held_out is a draw by the letters of the customer's id: the same in every file and on every day.
-- Identity: one row a customer; reason is empty exactly where segment_id is filled, and
-- segment_by_rule is null exactly where standing is neither one_time nor repeat.
with scaled_customers as (
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
        case when customer_facts.standing in ('one_time', 'repeat') then customer_facts.review end
            as review,
        customer_facts.customer_unique_id
        || '                                                                '
            as spelled_id,
        $scaled_spend as scaled_spend,
        $scaled_review as scaled_review,
        $scaled_recency_days as scaled_recency_days,
        $segment_rule as segment_by_rule,
        $stage_rule as stage
    from customer_facts
),

nearest_customers as (
    select
        scaled_customers.customer_unique_id,
        scaled_customers.standing,
        scaled_customers.spend,
        scaled_customers.occasions,
        scaled_customers.recency_days,
        scaled_customers.lowest_review,
        scaled_customers.lowest_review_order_id,
        scaled_customers.last_purchased_at,
        scaled_customers.last_order_id,
        scaled_customers.last_order_delivered,
        scaled_customers.review_known,
        scaled_customers.review,
        scaled_customers.scaled_spend,
        scaled_customers.scaled_review,
        scaled_customers.scaled_recency_days,
        scaled_customers.segment_by_rule,
        scaled_customers.stage,
        $nearest_distance as nearest_distance,
        $draw as draw
    from scaled_customers
),

placed_customers as (
    select
        nearest_customers.customer_unique_id,
        nearest_customers.standing,
        nearest_customers.spend,
        nearest_customers.occasions,
        nearest_customers.recency_days,
        nearest_customers.lowest_review,
        nearest_customers.lowest_review_order_id,
        nearest_customers.last_purchased_at,
        nearest_customers.last_order_id,
        nearest_customers.last_order_delivered,
        nearest_customers.review_known,
        nearest_customers.review,
        nearest_customers.scaled_spend,
        nearest_customers.scaled_review,
        nearest_customers.scaled_recency_days,
        nearest_customers.segment_by_rule,
        nearest_customers.stage,
        nearest_customers.nearest_distance,
        nearest_customers.draw,
        case when nearest_customers.standing = 'one_time' then $nearest_centre end as centre
    from nearest_customers
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
        placed_customers.draw,
        $segment_name as segment_id,
        $persona_name as persona,
        placed_customers.nearest_distance,
        $second_distance as second_distance
    from placed_customers
)

select
    measured_customers.customer_unique_id,
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
            - sqrt(measured_customers.nearest_distance / measured_customers.second_distance)
        when measured_customers.second_distance = 0 then 0
    end as confidence,
    case when measured_customers.segment_id is null then measured_customers.standing end as reason,
    measured_customers.standing,
    measured_customers.spend,
    measured_customers.review,
    measured_customers.occasions,
    measured_customers.recency_days,
    measured_customers.review_known,
    measured_customers.lowest_review,
    measured_customers.lowest_review_order_id,
    strftime(measured_customers.last_purchased_at, '%Y-%m-%d') as last_order_on,
    measured_customers.last_order_id,
    measured_customers.last_order_delivered,
    strftime(cast($as_of as timestamp), '%Y-%m-%d') as described_on
from measured_customers
order by measured_customers.customer_unique_id
