-- One row a review of an order; an order may have several, and a review several orders.
-- The comments are left in the source: see review_comments.sql.
-- A score that is no whole number becomes 0, which the check of the content refuses.
-- Identity: as many rows as the source's table.
select
    review_id,
    order_id,
    cast(
        case
            when
                cast(nullif(trim(review_score), '') as double)
                <> floor(cast(nullif(trim(review_score), '') as double))
                then 0
            else cast(nullif(trim(review_score), '') as double)
        end as integer
    ) as review_score,
    cast(nullif(trim(review_creation_date), '') as timestamp) as review_creation_date,
    cast(nullif(trim(review_answer_timestamp), '') as timestamp) as review_answer_timestamp
from raw_order_reviews
