-- One row an order bought by $as_of, with its customer's city under one name.
-- For: the figures of cities. The rule: no accents, no capitals; what follows a slash, a comma, a
-- bracket or a dash between spaces is cut off ("sao paulo - sp", "rio de janeiro / rio de
-- janeiro"); apostrophes and hyphens count as spaces; the state's own code at the end is cut off.
-- The label is the most frequent spelling. Each spelling is looked at once, not at every order.
-- Identity: as many rows as order_facts; a spelling and state have one city_key, a city_key and
-- state one label.
with order_spellings as (
    select
        orders.order_id,
        coalesce(customers.customer_city, '') as customer_city,
        coalesce(customers.customer_state, '') as customer_state
    from orders
    inner join customers on customers.customer_id = orders.customer_id
    where orders.order_purchase_timestamp <= cast($as_of as timestamp)
),

written_cities as (
    select
        order_spellings.customer_city,
        order_spellings.customer_state,
        translate(
            translate(
                order_spellings.customer_city,
                'ÁÀÂÃÄÉÈÊËÍÎÏÓÒÔÕÖÚÙÛÜÇÑ',
                'AAAAAEEEEIIIOOOOOUUUUCN'
            ),
            'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
            'abcdefghijklmnopqrstuvwxyz'
        ) as small_city,
        count(*) as spelling_orders
    from order_spellings
    group by order_spellings.customer_city, order_spellings.customer_state
),

plain_cities as (
    select
        written_cities.customer_city,
        written_cities.customer_state,
        written_cities.spelling_orders,
        translate(
            written_cities.small_city, 'áàâãäéèêëíîïóòôõöúùûüçñ', 'aaaaaeeeeiiiooooouuuucn'
        ) as plain_city
    from written_cities
),

marked_cities as (
    select
        plain_cities.customer_city,
        plain_cities.customer_state,
        plain_cities.spelling_orders,
        translate(replace(plain_cities.plain_city, ' - ', '/'), ',(\', '///') || '/'
            as marked_city
    from plain_cities
),

first_parts as (
    select
        marked_cities.customer_city,
        marked_cities.customer_state,
        marked_cities.spelling_orders,
        substr(marked_cities.marked_city, 1, strpos(marked_cities.marked_city, '/') - 1)
            as first_part
    from marked_cities
),

spaced_cities as (
    select
        first_parts.customer_city,
        first_parts.customer_state,
        first_parts.spelling_orders,
        trim(replace(translate(first_parts.first_part, '''`´-', '    '), '  ', ' '), ' ')
            as spaced_city
    from first_parts
),

city_keys as (
    select
        spaced_cities.customer_city,
        spaced_cities.customer_state,
        spaced_cities.spelling_orders,
        case
            when
                right(spaced_cities.spaced_city, 3)
                = ' '
                || translate(
                    spaced_cities.customer_state,
                    'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
                    'abcdefghijklmnopqrstuvwxyz'
                )
                then substr(spaced_cities.spaced_city, 1, length(spaced_cities.spaced_city) - 3)
            else spaced_cities.spaced_city
        end as city_key
    from spaced_cities
)

select
    order_spellings.order_id,
    order_spellings.customer_city,
    order_spellings.customer_state,
    city_keys.city_key,
    -- Over the orders rather than the spellings: SQLite then joins these two by an index.
    first_value(order_spellings.customer_city) over (
        partition by order_spellings.customer_state, city_keys.city_key
        order by city_keys.spelling_orders desc, order_spellings.customer_city
    ) as city_label
from order_spellings
inner join city_keys
    on
        city_keys.customer_city = order_spellings.customer_city
        and city_keys.customer_state = order_spellings.customer_state
