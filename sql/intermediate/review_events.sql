-- One row a review of an order that can be dated, by the moment when it was answered.
-- For: what was known of satisfaction at any date; the last of an order counts.
-- Identity: as many rows as order_reviews, less those without a score or without any date.
select
    order_reviews.order_id,
    order_reviews.review_score,
    coalesce(order_reviews.review_answer_timestamp, order_reviews.review_creation_date)
        as review_answered_at
from order_reviews
where
    coalesce(order_reviews.review_answer_timestamp, order_reviews.review_creation_date) is not null
    and order_reviews.review_score is not null
order by
    order_reviews.order_id,
    coalesce(order_reviews.review_answer_timestamp, order_reviews.review_creation_date),
    coalesce(order_reviews.review_id, ''),
    order_reviews.review_score
