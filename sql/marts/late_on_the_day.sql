-- One row: of the orders bought by $as_of that were delivered by then, how many have both dates,
-- and how many of these came late on the promised day itself.
-- For: what the late rate would be by the day instead of by the hour.
-- Definitions: sql/intermediate/order_facts.sql; a promise is the start of a day.
-- Identity: late_on_the_day is at most dated.
select
    count(order_facts.is_late) as dated,
    coalesce(
        sum(
            case
                when order_facts.is_late = 0 then 0
                when
                    cast(floor(epoch(order_facts.delivered_at)) as bigint) // 86400
                    = cast(floor(epoch(order_facts.estimated_at)) as bigint) // 86400
                    then order_facts.is_late
                else 0
            end
        ),
        0
    ) as late_on_the_day
from order_facts
