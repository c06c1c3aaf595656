-- One row a place that was seen for a zip prefix; a prefix has many. Read only when asked for.
-- Identity: as many rows as the source's table.
select
    case
        when length(trim(geolocation_zip_code_prefix)) >= 5 then trim(geolocation_zip_code_prefix)
        else right('00000' || nullif(trim(geolocation_zip_code_prefix), ''), 5)
    end as geolocation_zip_code_prefix,
    cast(geolocation_lat as double) as geolocation_lat,
    cast(geolocation_lng as double) as geolocation_lng,
    nullif(trim(geolocation_city), '') as geolocation_city,
    nullif(upper(trim(geolocation_state)), '') as geolocation_state
from raw_geolocation
