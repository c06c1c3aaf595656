-- One row a customer who bought by $as_of, with the segment that the rules for the CRM give.
-- For: the client's analysts, on their own tables. The rules are those printed in the playbook;
-- they agree with the model's own labels (segments.csv) for the share of customers printed there.
-- To label the customers of another day, write its last moment as $as_of, in the clause at the top,
-- and run it again: nothing else changes. Customers without a review keep the scores that stand
-- there; where these are null, they have rules of their own. The stage is told by the days since
-- the last order, whatever the segment. Tables stand under the names that the SQLite form of the
-- public data gives them (order_payments is order_pymts, category_translation is translation):
-- where yours differ, change the names in the script.
-- Who is held out of campaigns stands in segments.csv only (held_out): a draw by the customer's id
-- that SQL does not repeat, and that never changes. Join that file before an offer, and leave out
-- whoever is not in it yet.
-- Identity: one row a customer; segment_by_rule is null exactly where standing is neither one_time
-- nor repeat.
select
    customer_facts.customer_unique_id,
    $segment_rule as segment_by_rule,
    $stage_rule as stage,
    customer_facts.standing,
    customer_facts.spend,
    customer_facts.review,
    customer_facts.occasions,
    customer_facts.recency_days
from customer_facts
order by customer_facts.customer_unique_id
