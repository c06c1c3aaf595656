-- One row a customer of the source whose hash stands from $from_hash on and before $before_hash.
-- For: the stated subset that candidates are tried on, resamples are drawn from and the timeline is
-- followed on. The draw is by the customer's own id, so that the same customers are drawn by any
-- engine, in any order of the rows, whoever else is in the source.
-- Identity: one row a customer_unique_id; subsets between bounds that follow each other are
-- disjoint, and make up the whole from '' to 'g'.
select distinct customers.customer_unique_id
from customers
where
    md5(customers.customer_unique_id) >= $from_hash
    and md5(customers.customer_unique_id) < $before_hash
