-- One row a seller; empty text becomes null, the leading zero of the zip prefix comes back.
-- Identity: as many rows as the source's table, one a seller_id.
select
    seller_id,
    case
        when length(trim(seller_zip_code_prefix)) >= 5 then trim(seller_zip_code_prefix)
        else right('00000' || nullif(trim(seller_zip_code_prefix), ''), 5)
    end as seller_zip_code_prefix,
    nullif(trim(seller_city), '') as seller_city,
    nullif(upper(trim(seller_state)), '') as seller_state
from raw_sellers
