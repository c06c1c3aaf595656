/* The query behind each figure, with the filters chosen, as it runs in the SQLite shell. All of
   them start from the query of the lines, sql/marts/dashboard_lines.sql. */

const QUERY_KEYS = {
  state: { name: "customer_state", place: null },
  city: { name: "city_label", place: "customer_state" },
  seller: { name: "seller_id", place: "seller_state" },
  category: { name: "category", place: null },
};
const ORDER_MEASURES = ["is_delivered", "is_canceled", "is_late", "review_score"];
const DETAIL_MEASURES = [
  "delay_days",
  "delivery_days",
  "promised_days",
  "review_answer_days",
  "is_returning",
  "payment_type",
  "instalments",
];

function sqlText(text) {
  return `'${text.replaceAll("'", "''")}'`;
}

/* A city's name as the page writes it; in the data it may stand in small letters or capitals. */
function cityCondition(name) {
  const { city, state } = splitCity(name);
  const spellings = [...new Set([city, city.toLowerCase(), city.toUpperCase()])];
  return [
    `city_label in (${spellings.map(sqlText).join(", ")})`,
    `customer_state = ${sqlText(state)}`,
  ];
}

/* The conditions of the filters on places and sellers, without those of the kinds left aside. */
function placeConditions(page, filters, aside) {
  const { names } = page.lines;
  const conditions = [];
  for (const grain of ["state", "seller", "category"]) {
    if (filters[grain] < 0 || aside.includes(grain)) continue;
    conditions.push(`${QUERY_KEYS[grain].name} = ${sqlText(names[grain][filters[grain]])}`);
  }
  if (filters.city >= 0 && !aside.includes("city")) {
    conditions.push(...cityCondition(names.city[filters.city]));
  }
  return conditions;
}

function monthCondition(page, period) {
  const { month } = page.lines.names;
  const [from, to] = [month[Math.max(period.from, 0)], month[Math.max(period.to, 0)]];
  return `purchase_month between ${sqlText(from)} and ${sqlText(to)}`;
}

function whereOf(conditions) {
  return conditions.length ? `\n    where\n        ${conditions.join("\n        and ")}` : "";
}

/* One row an order (and key): an order with several sellers counts once. */
function chosenOrders(conditions, keys, measures) {
  const columns = [
    ...keys,
    "order_id",
    "purchase_month",
    ...measures.map((name) => `max(${name}) as ${name}`),
    "sum(revenue_cents) as revenue_cents",
    "sum(freight_cents) as freight_cents",
  ];
  const groups = [...keys, "order_id", "purchase_month"];
  return `chosen_orders as (
    select
        ${columns.join(",\n        ")}
    from dashboard_lines${whereOf(conditions)}
    group by ${groups.join(", ")}
)`;
}

const COUNTED = [
  "count(*) as orders",
  "sum(is_delivered) as delivered",
  "sum(is_canceled) as canceled",
  "count(is_late) as dated",
  "coalesce(sum(is_late), 0) as late",
  "count(review_score) as reviews",
  "sum(review_score) as stars",
  `coalesce(sum(case when review_score <= ${LOW_REVIEW} then 1 else 0 end), 0) as low_reviews`,
  "sum(revenue_cents) as revenue_cents",
  "sum(freight_cents) as freight_cents",
];

/* The lower end of the interval of a share, after Wilson (1927); SQLite gives null for a part of
   nothing. */
function wilsonLow(part, whole) {
  const z2 = NORMAL_95 * NORMAL_95;
  return `(
            ${part} + ${z2 / 2}
            - ${NORMAL_95} * sqrt(1.0 * ${part} * (${whole} - ${part}) / ${whole} + ${z2 / 4})
        ) / (${whole} + ${z2})`;
}

const SHARES = [
  "1.0 * late / dated as late_share",
  `${wilsonLow("late", "dated")} as late_low`,
  "1.0 * stars / reviews as mean_review",
  "1.0 * low_reviews / reviews as low_share",
  `${wilsonLow("low_reviews", "reviews")} as low_low`,
  "revenue_cents / 100.0 as revenue",
  "freight_cents / 100.0 as freight",
];

function linesQuery(page) {
  const query = page.settings.linesQuery.trim().replace(/;$/, "");
  return `dashboard_lines as (\n${query}\n)`;
}

function assemble(page, parts, last) {
  return `with ${[linesQuery(page), ...parts].join(",\n\n")}\n\n${last};\n`;
}

/* The share of late orders in each of two quarters, for the keys of a table. */
function quarterShares(page, keys) {
  const quarters = { recent: page.result.quarters.recent, former: page.result.quarters.before };
  const columns = Object.entries(quarters).flatMap(([name, quarter]) => {
    if (quarter.from < 0) return [`0 as ${name}_dated`, `0 as ${name}_late`];
    const inside = `case when ${monthCondition(page, quarter)} then is_late end`;
    return [`count(${inside}) as ${name}_dated`, `sum(${inside}) as ${name}_late`];
  });
  return `quarters as (
    select
        ${[...keys, ...columns].join(",\n        ")}
    from chosen_orders
    group by ${keys.join(", ")}
)`;
}

/* The table of a grain: the rows with enough orders, the most urgent first. */
function grainQuery(page, grain) {
  const { filters } = page;
  const { name, place } = QUERY_KEYS[grain];
  const keys = place === null ? [name] : [name, place];
  const aside = grain === "state" ? ["state", "city"] : [grain];
  const conditions = placeConditions(page, filters, aside);
  if (grain !== "city") conditions.push(`${name} <> ''`);
  const same = keys.map((key) => `quarters.${key} is counted.${key}`).join(" and ");
  const fewest = `min(quarters.recent_dated, quarters.former_dated) >= ${filters.minimum}`;
  const change =
    "1.0 * quarters.recent_late / quarters.recent_dated" +
    "\n        - 1.0 * quarters.former_late / quarters.former_dated";
  return assemble(
    page,
    [
      chosenOrders(conditions, keys, ORDER_MEASURES),
      countedOrders(page, keys, listedOnly(page, grain)),
      quarterShares(page, keys),
      networkShares(page),
    ],
    `select
    ${keys.map((key) => `counted.${key}`).join(",\n    ")},
    counted.orders,
    counted.delivered,
    counted.canceled,
    counted.late,
    counted.late_share,
    counted.late_low,
    case when ${fewest}
        then ${change}
    end as change,
    quarters.recent_dated,
    1.0 * quarters.recent_late / quarters.recent_dated as recent_late_share,
    counted.reviews,
    counted.mean_review,
    counted.low_share,
    counted.low_low,
    counted.revenue,
    counted.freight,
    counted.late_low > network.late_share as follow_for_lateness,
    counted.low_low > network.low_share as follow_for_reviews
from counted
cross join network
inner join quarters on ${same}
order by
    max(
        coalesce(counted.late_low / network.late_share, 0),
        coalesce(counted.low_low / network.low_share, 0)
    ) desc,
    counted.${name}`,
  );
}

/* Rows with enough orders, and the chosen one. */
function listedOnly(page, grain) {
  const { filters } = page;
  const enough = `having count(*) >= ${filters.minimum}`;
  if (filters[grain] < 0) return enough;
  const chosen = placeConditions(page, filters, Object.keys(QUERY_KEYS).filter((g) => g !== grain));
  return `${enough}\n            or (${chosen.join(" and ")})`;
}

function countedOrders(page, keys, ending) {
  const grouped = keys.length ? `\n        group by ${keys.join(", ")}` : "";
  const kept = ending ? `\n        ${ending}` : "";
  return `counted as (
    select
        *,
        ${SHARES.join(",\n        ")}
    from (
        select
            ${[...keys, ...COUNTED].join(",\n            ")}
        from chosen_orders
        where ${monthCondition(page, page.filters)}${grouped}${kept}
    )
)`;
}

function networkShares(page) {
  return `network as (
    select
        avg(is_late) as late_share,
        avg(case when review_score <= ${LOW_REVIEW} then 1.0 when review_score is not null then 0 end)
            as low_share
    from dashboard_lines
    where is_first = 1 and ${monthCondition(page, page.filters)}
)`;
}

function selectedOrders(page) {
  const conditions = [
    ...placeConditions(page, page.filters, []),
    monthCondition(page, page.filters),
  ];
  return chosenOrders(conditions, [], [...ORDER_MEASURES, ...DETAIL_MEASURES]);
}

function monthQuery(page) {
  return assemble(
    page,
    [selectedOrders(page), countedOrders(page, ["purchase_month"], "")],
    `select purchase_month, orders, late, late_share, late_low, mean_review, low_share
from counted
order by purchase_month`,
  );
}

function delayQuery(page) {
  const edge = DELAY_EDGE_DAYS;
  const bin = DELAY_BIN_DAYS;
  return assemble(
    page,
    [selectedOrders(page)],
    `select
    case
        when delay_days < ${-edge} then ${-edge - bin}
        when delay_days >= ${edge} then ${edge}
        else (delay_days + ${edge}) / ${bin} * ${bin} - ${edge}
    end as from_days,
    count(*) as deliveries,
    sum(is_late) as late
from chosen_orders
where delay_days is not null
group by from_days
order by from_days`,
  );
}

function totalQuery(page) {
  const rank = `(${DELAY_PERCENT} * count(delay_days) + 99) / 100 - 1`;
  return assemble(
    page,
    [
      selectedOrders(page),
      countedOrders(page, [], ""),
      `means as (
    select
        avg(delay_days) as mean_delay_days,
        avg(delivery_days) as mean_delivery_days,
        avg(promised_days) as mean_promised_days,
        avg(review_answer_days) as mean_answer_days,
        avg(is_returning) as returning_share
    from chosen_orders
)`,
      `longest_delays as (
    select delay_days as delay_days_of_nineteen_in_twenty
    from chosen_orders
    where delay_days is not null
    order by delay_days
    limit 1 offset (select ${rank} from chosen_orders)
)`,
    ],
    `select
    counted.*,
    counted.revenue / counted.delivered as basket,
    counted.freight / (counted.freight + counted.revenue) as freight_share,
    means.*,
    longest_delays.*
from counted
cross join means
left join longest_delays on true`,
  );
}

function paymentQuery(page) {
  return assemble(
    page,
    [selectedOrders(page)],
    `select
    payment_type,
    count(*) as orders,
    1.0 * count(*) / sum(count(*)) over () as order_share,
    avg(instalments) as mean_instalments,
    sum(revenue_cents) / 100.0 as revenue
from chosen_orders
where payment_type <> ''
group by payment_type
order by orders desc`,
  );
}

const QUERIES = {
  state: (page) => grainQuery(page, "state"),
  city: (page) => grainQuery(page, "city"),
  seller: (page) => grainQuery(page, "seller"),
  category: (page) => grainQuery(page, "category"),
  month: monthQuery,
  delays: delayQuery,
  total: totalQuery,
  payments: paymentQuery,
};

/* Writes the queries that are unfolded; the others are written when they are. */
function showQueries(page) {
  for (const details of document.querySelectorAll("details.sql[open]")) showQuery(page, details);
}

function showQuery(page, details) {
  details.querySelector("pre").textContent = QUERIES[details.dataset.figure](page);
}

function listenQueries(page) {
  for (const details of document.querySelectorAll("details.sql")) {
    details.addEventListener("toggle", () => {
      if (details.open) showQuery(page, details);
    });
    details.querySelector("button.copy").addEventListener("click", () => copyQuery(page, details));
  }
}

/* Copies a query; where the browser does not allow it, selects it for the reader to copy. */
async function copyQuery(page, details) {
  const query = details.querySelector("pre");
  try {
    await navigator.clipboard.writeText(query.textContent);
    byId("live").textContent = page.words.text("copied");
  } catch (error) {
    if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
    getSelection().selectAllChildren(query);
    byId("live").textContent = page.words.text("selected");
  }
}
