-- One row a review of an order of subset_orders with a message that was answered by $as_of, with
-- the score that goes with it.
-- For: what the customers of a segment write.
-- Identity: as many rows as reviews of known orders by $as_of whose message is not empty.
select
    review_comments.review_id,
    review_comments.order_id,
    order_reviews.review_score,
    review_comments.review_comment_message
from review_comments
inner join order_reviews
    on order_reviews.review_id = review_comments.review_id
    and order_reviews.order_id = review_comments.order_id
inner join subset_orders on subset_orders.order_id = review_comments.order_id
where
    review_comments.review_comment_message is not null
    and order_reviews.review_score is not null
    and coalesce(order_reviews.review_answer_timestamp, order_reviews.review_creation_date)
        <= cast($as_of as timestamp)
order by review_comments.review_id, review_comments.order_id
