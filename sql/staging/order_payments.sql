-- One row a payment of an order; an order may be paid in several.
-- Identity: as many rows as the source's table; the sum of payment_value is the source's.
select
    order_id,
    cast(cast(nullif(trim(payment_sequential), '') as double) as integer) as payment_sequential,
    coalesce(nullif(lower(trim(payment_type)), ''), 'not_defined') as payment_type,
    cast(cast(nullif(trim(payment_installments), '') as double) as integer)
        as payment_installments,
    cast(payment_value as double) as payment_value
from raw_order_payments
