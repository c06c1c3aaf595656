/* The main path: read the page's data, then measure and show at each change of the filters. */

const VIEWS = ["state", "city", "seller", "category"];

function readJson(id) {
  return JSON.parse(byId(id).textContent);
}

async function openPage() {
  const settings = readJson("settings");
  const words = makeWords(settings, readJson("texts"));
  const page = { settings, words, lines: await unpackLines(readJson("lines")), views: {} };
  const { names } = page.lines;
  page.cityStates = firstValues(page.lines, "city", "state");
  page.sellerStates = firstValues(page.lines, "seller", "seller_state");
  page.search = {
    city: makeSearch(names.city, cityLabel, (name) => splitCity(name).city),
    seller: makeSearch(
      names.seller,
      (name) => name,
      (name) => name,
    ),
  };
  page.citiesInOrder = names.city
    .map((_, i) => i)
    .sort((a, b) => words.collator.compare(page.search.city.labels[a], page.search.city.labels[b]));
  page.chartWidth = chartWidth();
  page.lastComplete = lastCompleteMonth(names.month, settings.completeMonth);
  for (const grain of VIEWS) {
    page.views[grain] = {
      grain,
      place: `${grain}-table`,
      sort: { key: "follow_up", descending: true },
      all: false,
    };
  }
  return page;
}

function lastCompleteMonth(months, complete) {
  const later = months.findIndex((month) => month > complete);
  return later < 0 ? months.length - 1 : later - 1;
}

/* ---- showing */

function showTables(page, network) {
  const { result, filters, lines } = page;
  const matches = { city: filters.cityMatches, seller: filters.sellerMatches };
  for (const grain of VIEWS) {
    const listed = rowsOf(
      result.grains[grain],
      lines.names[grain],
      network,
      { minimum: filters.minimum, normalRatio: page.settings.normalRatio },
      filters[grain],
    );
    const narrowed = filters[grain] >= 0 ? null : (matches[grain] ?? null);
    updateView(page, page.views[grain], listed, narrowed, network, filters);
    if (grain === "state") showMap(page, listed.rows, filters.state);
  }
}

function showMovementNote(page) {
  const { words, lines, result } = page;
  const span = ({ from, to }) =>
    words.text("period_range", {
      from: words.month(lines.names.month[from]),
      to: words.month(lines.names.month[to]),
    });
  const { recent, before } = result.quarters;
  byId("movement-note").textContent =
    before.from < 0
      ? words.text("no_movement")
      : words.text("movement_rule", { recent: span(recent), before: span(before) });
}

function showNotices(page, unknown) {
  const { words, filters, result } = page;
  const notices = [];
  if (unknown.length) notices.push(words.text("unknown_filters", { list: words.list(unknown) }));
  if (filters.from > filters.to) notices.push(words.text("period_reversed"));
  for (const grain of ["city", "seller"]) {
    const matches = filters[`${grain}Matches`];
    if (matches === null || filters[grain] >= 0) continue;
    notices.push(
      words.text(matches.size ? `several_${grain}` : `no_${grain}`, { count: matches.size }),
    );
  }
  if (result.selection.tally.orders[0] === 0) notices.push(words.text("no_order"));
  byId("notices").replaceChildren(...notices.map((notice) => element("p", {}, notice)));
}

function showSelection(page, selection) {
  const { words, filters } = page;
  const parts = describeFilters(page, filters).map(([name, value]) =>
    words.text("named_value", { name, value: isolated(value) }),
  );
  byId("selection").textContent = parts.join(" \u00b7 ");
  byId("live").textContent = words.text("heard", {
    count: selection.orders,
    share: words.share(selection.lateShare),
  });
}

function show(page, unknown) {
  const selection = detailFigures(page.result.selection);
  const network = detailFigures(page.result.network);
  network.recent = levelsOf(quarterOf(page.result.recent, 0));
  showNotices(page, unknown);
  showSelection(page, selection);
  showCards(page, selection, network);
  showTables(page, network);
  showMonths(page);
  showMonthTable(page);
  showDelays(page);
  showFigures(page, selection, network);
  showPayments(page, selection, network);
  showFollowUp(page, network);
  showMovementNote(page);
  showQueries(page);
}

/* ---- acting */

function update(page, filters, unknown = []) {
  const start = performance.now();
  resolveFilters(page, filters);
  page.filters = filters;
  page.result = measure(page.lines, filters, page.lastComplete, page.result);
  show(page, unknown);
  performance.measure("filter", { start, end: performance.now() });
}

function changed(page, filters) {
  update(page, filters);
  keepAddress(page, filters);
}

/* Chooses a state, city, seller or category by its place; choosing it again lets it go. */
function choose(page, grain, index) {
  const filters = { ...page.filters };
  const again = filters[grain] === index;
  if (grain === "city") filters.cityText = again ? "" : page.search.city.labels[index];
  else if (grain === "seller") filters.sellerText = again ? "" : page.search.seller.labels[index];
  else filters[grain] = again ? -1 : index;
  if (grain === "state") filters.cityText = "";
  const key = document.activeElement?.closest("table, ol")?.id;
  changed(page, filters);
  showControls(page, filters);
  if (key) byId(key).querySelector(`[data-index="${index}"]`)?.focus();
}

/* Sets the period to the last complete months, or to all of them. */
function choosePeriod(page, months) {
  const filters = { ...page.filters, ...makePeriod(page) };
  if (months) {
    filters.to = page.lastComplete;
    filters.from = Math.max(0, page.lastComplete - months + 1);
  }
  changed(page, filters);
  showControls(page, filters);
}

function listen(page) {
  page.choose = (grain, index) => choose(page, grain, index);
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").addEventListener("input", (event) => {
    if (event.target.id === "state") byId("city").value = "";
    changed(page, readControls(page));
  });
  byId("reset").addEventListener("click", () => {
    const filters = makeFilters(page);
    changed(page, filters);
    showControls(page, filters);
  });
  byId("print").addEventListener("click", () => window.print());
  window.addEventListener("hashchange", () => followAddress(page));
  for (const grain of VIEWS) listenTable(page, page.views[grain]);
  byId("month-export").addEventListener("click", () => {
    download(
      csvName(page, "month", page.filters),
      toCsv(page, monthColumns(page), monthRows(page), page.filters),
    );
  });
  for (const button of document.querySelectorAll("button.preset")) {
    button.disabled = page.lastComplete < 0 && button.dataset.months !== "0";
    button.addEventListener("click", () => choosePeriod(page, Number(button.dataset.months)));
  }
  byId("city").addEventListener("focus", () => fillCities(page, page.filters));
  listenQueries(page);
  listenFollowUp(page);
  new ResizeObserver(() => fitCharts(page)).observe(byId("late-months"));
}

/* Reading a width makes the browser lay the page out: only when it may have changed. */
function fitCharts(page) {
  const width = chartWidth();
  if (width === page.chartWidth) return;
  page.chartWidth = width;
  showMonths(page);
  showDelays(page);
}

function chartWidth() {
  return Math.max(280, Math.round(byId("late-months").clientWidth));
}

function listenTable(page, view) {
  byId(`${view.place}-more`).addEventListener("click", () => {
    view.all = !view.all;
    showTable(page, view);
  });
  byId(`${view.place}-export`).addEventListener("click", () => {
    download(
      csvName(page, view.grain, page.filters),
      toCsv(page, exportColumns(page, view), view.rows, page.filters),
    );
  });
}

function followAddress(page) {
  clearTimeout(page.keeping);
  const { filters, unknown } = fromAddress(page, location.hash.slice(1));
  showControls(page, filters);
  update(page, filters, unknown);
  showControls(page, filters);
}

function showFailure(error) {
  const texts = readJson("texts");
  const reason = error instanceof DataError ? texts.damaged : texts.old_browser;
  byId("notices").replaceChildren(element("p", {}, reason.replace("{detail}", error.message)));
}

async function start() {
  if (typeof DecompressionStream === "undefined") {
    showFailure(new Error("DecompressionStream"));
    return;
  }
  try {
    const page = await openPage();
    fillControls(page);
    makeMap(page);
    listen(page);
    followAddress(page);
  } catch (error) {
    showFailure(error);
    throw error;
  }
  document.documentElement.dataset.ready = "yes";
  performance.measure("ready", { start: 0, end: performance.now() });
}

start();
