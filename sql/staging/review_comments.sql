-- One row a review of an order, with its words; read only when asked for.
-- Identity: as many rows as order_reviews.
select
    review_id,
    order_id,
    nullif(trim(review_comment_title), '') as review_comment_title,
    nullif(trim(review_comment_message), '') as review_comment_message
from raw_review_comments
