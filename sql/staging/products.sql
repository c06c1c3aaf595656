-- One row a product. The source's misspelling "lenght" is corrected in the names.
-- Identity: as many rows as the source's table, one a product_id.
select
    product_id,
    nullif(trim(product_category_name), '') as product_category_name,
    cast(nullif(trim(product_name_lenght), '') as double) as product_name_length,
    cast(nullif(trim(product_description_lenght), '') as double) as product_description_length,
    cast(nullif(trim(product_photos_qty), '') as double) as product_photos_qty,
    cast(nullif(trim(product_weight_g), '') as double) as product_weight_g,
    cast(nullif(trim(product_length_cm), '') as double) as product_length_cm,
    cast(nullif(trim(product_height_cm), '') as double) as product_height_cm,
    cast(nullif(trim(product_width_cm), '') as double) as product_width_cm
from raw_products
