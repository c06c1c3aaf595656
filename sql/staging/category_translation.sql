-- One row a category, with its English name.
-- Identity: one row a product_category_name, though the source may repeat it.
select
    trim(product_category_name) as product_category_name,
    min(nullif(trim(product_category_name_english), '')) as product_category_name_english
from raw_category_translation
where nullif(trim(product_category_name), '') is not null
group by trim(product_category_name)
