/* The sortable tables of states, cities, sellers and categories. */

const ROWS_AT_FIRST = { state: 27, city: 12, seller: 12, category: 20 };
const BAR = { width: 56, height: 12 };

/* The columns: how a row is sorted and what its cell shows. Texts are keys. */
const TABLE_COLUMNS = [
  { key: "name", sort: (row) => row.name, cell: nameCell, text: true },
  { key: "orders", sort: (row) => row.orders, cell: (page, row) => page.words.count(row.orders) },
  {
    key: "late",
    sort: (row) => row.lateInterval?.low ?? null,
    cell: (page, row) => page.words.tableShare(row.lateShare),
  },
  { key: "late_bar", cell: barCell, unsorted: true },
  { key: "movement", sort: (row) => row.movement?.value ?? null, cell: movementCell },
  {
    key: "review",
    sort: (row) => row.meanReview,
    cell: (page, row) => page.words.decimal(row.meanReview, 2),
  },
  {
    key: "low",
    sort: (row) => row.lowInterval?.low ?? null,
    cell: (page, row) => page.words.tableShare(row.lowShare),
  },
  {
    key: "revenue",
    sort: (row) => row.revenue,
    cell: (page, row) => page.words.shortAmount(row.revenue),
  },
  { key: "follow_up", sort: (row) => row.followUp.ratio, cell: badgeCell },
];

function nameCell(page, row, view) {
  const { grain } = view;
  const below = placeOf(page, grain, row);
  return element(
    "div",
    {},
    nameButton(page, grain, row, view.chosen),
    below ? element("span", { class: "below" }, below) : null,
  );
}

/* A name that filters by it when it is chosen. */
function nameButton(page, grain, row, chosen) {
  const label = shownName(grain, row.name) || page.words.text("unnamed");
  const button = element(
    "button",
    {
      type: "button",
      class: "name",
      "aria-pressed": row.index === chosen,
      "data-index": row.index,
      title: isolated(label),
    },
    element("bdi", {}, label),
  );
  button.addEventListener("click", () => page.choose(grain, row.index));
  return button;
}

const CATEGORIES = readJson("settings").categories;

/* A name as it is read: a city without its state, a category in the page's language. */
function shownName(grain, name) {
  if (grain === "city") return splitCity(name).city;
  return grain === "category" && Object.hasOwn(CATEGORIES, name) ? CATEGORIES[name] : name;
}

function placeOf(page, grain, row) {
  if (grain === "state") return row.name in STATES ? STATES[row.name][0] : "";
  if (grain === "city") return splitCity(row.name).state;
  if (grain === "seller") return page.lines.names.seller_state[page.sellerStates[row.index]] ?? "";
  return "";
}

/* The late share as a bar, its interval as a line with ends, the network as a mark. */
function barCell(page, row, view) {
  if (row.lateShare === null) return "";
  const x = (share) => (Math.min(share, view.barEnd) / view.barEnd) * BAR.width;
  const { low, high } = row.lateInterval;
  const middle = BAR.height / 2;
  return shape(
    "svg",
    { class: "bar", viewBox: `0 0 ${BAR.width} ${BAR.height}`, "aria-hidden": "true" },
    shape("rect", {
      class: row.followUp.late ? "late" : "usual",
      x: 0,
      y: 2,
      width: x(row.lateShare),
      height: BAR.height - 4,
    }),
    shape("path", {
      class: "interval",
      d: `M${x(low)},${middle}H${x(high)}M${x(low)},3V9M${x(high)},3V9`,
    }),
    shape("path", { class: "network-mark", d: `M${x(view.network.lateShare)},0V${BAR.height}` }),
  );
}

function movementCell(page, row) {
  const { movement } = row;
  if (movement === null) return NO_VALUE;
  const direction = movement.low > 0 ? "up" : movement.high < 0 ? "down" : "unclear";
  const sign = { up: "\u25b2", down: "\u25bc", unclear: "" }[direction];
  return element(
    "span",
    { class: `movement ${direction}` },
    sign ? element("span", { "aria-hidden": "true" }, sign) : null,
    page.words.points(movement.value),
    element("span", { class: "heard" }, ` ${page.words.text(`movement_${direction}`)}`),
  );
}

function badgeCell(page, row) {
  const badges = [];
  if (row.followUp.late)
    badges.push(element("span", { class: "badge" }, page.words.text("badge_late")));
  if (row.followUp.reviews)
    badges.push(element("span", { class: "badge" }, page.words.text("badge_reviews")));
  const now = isListed(row) || isFollowed(row) ? presentCell(page, row) : [];
  return element("div", {}, element("span", { class: "badges" }, ...badges), ...now);
}

/* The last quarter of a row that stands out, or stood out: its level and the verdict. */
function presentCell(page, row) {
  if (row.present === null) return [];
  const { words } = page;
  const { standing, lateShare, lateInterval } = row.present;
  return [
    element("span", { class: `now ${standing}` }, words.text(`standing_${standing}`)),
    ...(lateShare === null
      ? []
      : [
          element("span", { class: "now level" }, words.shareWithin(lateShare, lateInterval)),
          element("span", { class: "now level" }, `(${words.interval(lateInterval)})`),
        ]),
    ...presentReasons(page, row).slice(1),
  ];
}

/* Sorts in place, names as they are read; what has no value comes last, whatever the direction. */
function sortRows(rows, sort, collator, grain) {
  const { sort: valueOf, text } = TABLE_COLUMNS.find((column) => column.key === sort.key);
  const sign = sort.descending ? -1 : 1;
  return rows.sort((a, b) => {
    if (text) {
      const [one, other] = [a, b].map((row) => shownName(grain, row.name));
      return sign * collator.compare(one, other) || a.index - b.index;
    }
    const [left, right] = [valueOf(a), valueOf(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * (left - right) || a.index - b.index;
  });
}

function headerCell(page, column, view) {
  const label = page.words.text(`column_${column.key}`, { currency: page.words.symbol });
  if (column.unsorted) {
    return element(
      "th",
      { scope: "col", class: column.key },
      element("span", { class: "heard" }, label),
    );
  }
  const sorted = view.sort.key === column.key;
  const mark = sorted ? (view.sort.descending ? " \u25bc" : " \u25b2") : "";
  const button = element(
    "button",
    { type: "button" },
    label,
    element("span", { class: "mark", "aria-hidden": "true" }, mark),
  );
  button.addEventListener("click", () => {
    view.sort = { key: column.key, descending: sorted ? !view.sort.descending : !column.text };
    showTable(page, view);
    byId(view.place).querySelector(`th.${column.key} button`).focus();
  });
  return element(
    "th",
    {
      scope: "col",
      class: column.key,
      "aria-sort": sorted ? (view.sort.descending ? "descending" : "ascending") : "none",
    },
    button,
  );
}

function bodyRow(page, row, view) {
  const cells = TABLE_COLUMNS.map((column) => {
    const content = column.cell(page, row, view);
    return column.key === "name"
      ? element("th", { scope: "row", class: "name" }, content)
      : element("td", { class: column.key }, content);
  });
  return element("tr", { class: row.index === view.chosen ? "chosen" : "" }, ...cells);
}

/* The rows to show: the first ones, and always the chosen one. */
function visibleRows(view) {
  if (view.all) return view.rows;
  const shown = view.rows.slice(0, ROWS_AT_FIRST[view.grain]);
  const chosen = view.rows.find((row) => row.index === view.chosen);
  if (chosen !== undefined && !shown.includes(chosen)) shown.push(chosen);
  return shown;
}

function moreButton(page, view) {
  const hidden = view.rows.length > ROWS_AT_FIRST[view.grain];
  const button = byId(`${view.place}-more`);
  button.hidden = !hidden;
  button.setAttribute("aria-expanded", view.all);
  button.textContent = view.all
    ? page.words.text("show_fewer")
    : page.words.text("show_all", { count: view.rows.length });
}

function leftOutNote(page, view) {
  const { leftOut, leftOutOrders } = view.listed;
  if (leftOut === 0) return "";
  return page.words.text("left_out", {
    count: leftOut,
    orders: leftOutOrders,
    minimum: view.minimum,
  });
}

/* Shows a view {grain, place, sort, all, rows, listed, chosen, network, minimum, barEnd}. */
function showTable(page, view) {
  sortRows(view.rows, view.sort, page.words.collator, view.grain);
  const head = element("tr", {}, ...TABLE_COLUMNS.map((column) => headerCell(page, column, view)));
  const rows = visibleRows(view).map((row) => bodyRow(page, row, view));
  if (rows.length === 0) {
    rows.push(
      element(
        "tr",
        {},
        element("td", { class: "empty", colspan: TABLE_COLUMNS.length }, page.words.text("no_row")),
      ),
    );
  }
  const table = byId(view.place);
  table.tHead.replaceChildren(head);
  table.tBodies[0].replaceChildren(...rows);
  moreButton(page, view);
  byId(`${view.place}-note`).textContent = leftOutNote(page, view);
}

function updateView(page, view, listed, matches, network, filters) {
  Object.assign(view, {
    listed,
    rows: matches === null ? listed.rows : listed.rows.filter((row) => matches.has(row.index)),
    chosen: filters[view.grain],
    network,
    minimum: filters.minimum,
  });
  const highest = view.rows.map((row) =>
    Math.min(row.lateInterval?.high ?? 0, 1.6 * (row.lateShare ?? 0)),
  );
  view.barEnd = Math.max(0.01, network.lateShare ?? 0, ...highest);
  showTable(page, view);
}
