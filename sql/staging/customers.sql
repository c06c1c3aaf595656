-- One row a customer_id, which the shop gives anew with every order; the person is
-- customer_unique_id. Renames nothing; empty text becomes null, the leading zero of the zip
-- prefix comes back.
-- Identity: as many rows as the source's table, one a customer_id.
select
    customer_id,
    customer_unique_id,
    case
        when length(trim(customer_zip_code_prefix)) >= 5 then trim(customer_zip_code_prefix)
        else right('00000' || nullif(trim(customer_zip_code_prefix), ''), 5)
    end as customer_zip_code_prefix,
    nullif(trim(customer_city), '') as customer_city,
    nullif(upper(trim(customer_state)), '') as customer_state
from raw_customers
