-- Question 4: which customers' zip prefixes give the worst reviews, among those with more than
-- $more_than reviews? Until it was changed, the question said orders: counted says which.
-- One row a zip prefix, the worst $worst_zips. Reviews are those from $since to $as_of, by their
-- creation or by the purchase, as dated_by says; orders are those bought then.
-- Identity: without the threshold, reviews add up over the prefixes to the reviews of that time,
-- once for every order that they belong to.
with settings as (
    select
        cast($as_of as timestamp) as as_of,
        cast($since as timestamp) as since,
        $more_than as more_than,
        $counted as counted,
        $dated_by as dated_by
),

orders_with_zip as (
    select
        orders.order_id,
        orders.order_purchase_timestamp,
        customers.customer_zip_code_prefix
    from orders
    inner join customers on customers.customer_id = orders.customer_id
    cross join settings
    where orders.order_purchase_timestamp <= settings.as_of
),

orders_per_zip as (
    select
        orders_with_zip.customer_zip_code_prefix,
        count(*) as orders
    from orders_with_zip
    cross join settings
    where orders_with_zip.order_purchase_timestamp > settings.since
    group by orders_with_zip.customer_zip_code_prefix
),

reviews_per_zip as (
    select
        orders_with_zip.customer_zip_code_prefix,
        count(order_reviews.review_score) as reviews,
        sum(order_reviews.review_score) as stars
    from order_reviews
    inner join orders_with_zip on orders_with_zip.order_id = order_reviews.order_id
    cross join settings
    where
        order_reviews.review_creation_date <= settings.as_of
        and case settings.dated_by
            when 'purchase' then orders_with_zip.order_purchase_timestamp
            else order_reviews.review_creation_date
        end > settings.since
    group by orders_with_zip.customer_zip_code_prefix
)

select
    reviews_per_zip.customer_zip_code_prefix,
    reviews_per_zip.reviews,
    coalesce(orders_per_zip.orders, 0) as orders,
    cast(reviews_per_zip.stars as double) / reviews_per_zip.reviews as mean_review
from reviews_per_zip
cross join settings
left join orders_per_zip
    on orders_per_zip.customer_zip_code_prefix = reviews_per_zip.customer_zip_code_prefix
where
    case settings.counted when 'orders' then orders_per_zip.orders else reviews_per_zip.reviews end
    > settings.more_than
    and reviews_per_zip.reviews > 0
order by mean_review, reviews_per_zip.customer_zip_code_prefix
limit $worst_zips
