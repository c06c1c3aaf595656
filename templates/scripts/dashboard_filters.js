/* The filters: from the controls to places in the dictionaries, and to the address and back. */

const PERIOD_ENDS = ["from", "to"];
const ADDRESS_DELAY_MS = 100;

/* "Salvador|BA" is shown as "Salvador (BA)". */
function splitCity(name) {
  const bar = name.lastIndexOf("|");
  return bar < 0
    ? { city: name, state: "" }
    : { city: name.slice(0, bar), state: name.slice(bar + 1) };
}

function cityLabel(name) {
  const { city, state } = splitCity(name);
  return state ? `${city} (${state})` : city;
}

function makeSearch(names, label, short) {
  return {
    labels: names.map(label),
    keys: names.map((name) => folded(label(name))),
    shortKeys: names.map((name) => folded(short(name))),
  };
}

/* Returns {index, matches}: the one name that a text means (or -1), and all that contain it. */
function resolveText(search, text, allowed) {
  const key = folded(text);
  if (key === "") return { index: -1, matches: null };
  const exact = search.labels.findIndex((label, i) => label === text && allowed(i));
  if (exact >= 0) return { index: exact, matches: new Set([exact]) };
  const matches = [];
  const equal = [];
  search.keys.forEach((candidate, i) => {
    if (!allowed(i) || !candidate.includes(key)) return;
    matches.push(i);
    if (candidate === key || search.shortKeys[i] === key) equal.push(i);
  });
  const index = equal.length === 1 ? equal[0] : matches.length === 1 ? matches[0] : -1;
  return { index, matches: new Set(index >= 0 ? [index] : matches) };
}

function makePeriod(page) {
  return { from: 0, to: page.lines.names.month.length - 1 };
}

function makeFilters(page) {
  return {
    state: -1,
    category: -1,
    ...makePeriod(page),
    minimum: page.settings.minimum,
    cityText: "",
    sellerText: "",
    city: -1,
    seller: -1,
    cityMatches: null,
    sellerMatches: null,
  };
}

/* Completes the filters with what the two search fields mean. */
function resolveFilters(page, filters) {
  const inState = (i) => filters.state < 0 || page.cityStates[i] === filters.state;
  const city = resolveText(page.search.city, filters.cityText, inState);
  const seller = resolveText(page.search.seller, filters.sellerText, () => true);
  Object.assign(filters, {
    city: city.index,
    cityMatches: city.matches,
    seller: seller.index,
    sellerMatches: seller.matches,
  });
}

/* ---- the address */

function toAddress(page, filters) {
  const { names } = page.lines;
  const start = makeFilters(page);
  const parameters = new URLSearchParams();
  for (const grain of ["state", "category"]) {
    if (filters[grain] >= 0) parameters.set(grain, names[grain][filters[grain]]);
  }
  if (filters.cityText) parameters.set("city", filters.cityText);
  if (filters.sellerText) parameters.set("seller", filters.sellerText);
  for (const end of PERIOD_ENDS) {
    if (filters[end] !== start[end]) parameters.set(end, names.month[filters[end]]);
  }
  if (filters.minimum !== start.minimum) parameters.set("minimum", filters.minimum);
  return parameters.toString();
}

/* Returns the filters of an address, and the parts of it that these data do not know. */
function fromAddress(page, address) {
  const { names } = page.lines;
  const filters = makeFilters(page);
  const unknown = [];
  const place = (key, list) => (value) => {
    const found = list.indexOf(value);
    if (found < 0) unknown.push(value);
    else filters[key] = found;
  };
  const readers = {
    state: place("state", names.state),
    category: place("category", names.category),
    from: place("from", names.month),
    to: place("to", names.month),
    city: (value) => {
      filters.cityText = value;
    },
    seller: (value) => {
      filters.sellerText = value;
    },
    minimum: (value) => {
      if (/^[1-9]\d{0,6}$/.test(value)) filters.minimum = Number(value);
      else unknown.push(value);
    },
  };
  for (const [key, value] of new URLSearchParams(address)) {
    if (key in readers) readers[key](value);
    else unknown.push(key);
  }
  return { filters, unknown };
}

/* Keeps the filters in the address, after the page is drawn: browsers take their time over it.
   In a frame without an address of its own the filters work, but cannot be kept there. */
function keepAddress(page, filters) {
  clearTimeout(page.keeping);
  page.keeping = setTimeout(() => {
    try {
      history.replaceState(null, "", `#${toAddress(page, filters)}`);
    } catch (error) {
      if (error.name !== "SecurityError") throw error;
    }
  }, ADDRESS_DELAY_MS);
}

/* ---- the controls */

function fillControls(page) {
  const { lines, words } = page;
  const byName = (grain) =>
    lines.names[grain]
      .map((name, i) => [i, shownName(grain, name)])
      .sort((a, b) => words.collator.compare(a[1], b[1]));
  byId("state").append(
    option(-1, words.text("all_states")),
    ...byName("state").map(([i, name]) => option(i, stateLabel(name))),
  );
  byId("category").append(
    option(-1, words.text("all_categories")),
    ...byName("category").map(([i, name]) => option(i, name)),
  );
  for (const end of PERIOD_ENDS) {
    byId(end).append(...lines.names.month.map((key, i) => option(i, words.month(key))));
  }
  byId("sellers-known").append(
    ...lines.names.seller.map((name) => element("option", { value: name })),
  );
}

/* The suggestions of cities: thousands, so they are made when somebody is about to type. */
function fillCities(page, filters) {
  if (page.citiesOf === filters.state) return;
  page.citiesOf = filters.state;
  const options = page.citiesInOrder
    .filter((i) => filters.state < 0 || page.cityStates[i] === filters.state)
    .map((i) => element("option", { value: page.search.city.labels[i] }));
  byId("cities-known").replaceChildren(...options);
}

function showControls(page, filters) {
  for (const key of ["state", "category", "from", "to", "minimum"]) byId(key).value = filters[key];
  byId("city").value = filters.cityText;
  byId("seller").value = filters.sellerText;
}

function readControls(page) {
  const filters = makeFilters(page);
  for (const key of ["state", "category", "from", "to"]) filters[key] = Number(byId(key).value);
  filters.minimum = Math.max(1, Math.floor(Number(byId("minimum").value)) || 1);
  filters.cityText = byId("city").value.trim();
  filters.sellerText = byId("seller").value.trim();
  return filters;
}

/* What is chosen, in words: for the line under the filters, the printed page and the export. */
function describeFilters(page, filters) {
  const { words, lines } = page;
  const { names } = lines;
  const parts = [];
  if (filters.state >= 0) parts.push([words.text("state"), stateLabel(names.state[filters.state])]);
  if (filters.city >= 0) parts.push([words.text("city"), cityLabel(names.city[filters.city])]);
  if (filters.seller >= 0) parts.push([words.text("seller"), names.seller[filters.seller]]);
  if (filters.category >= 0) {
    parts.push([words.text("category"), shownName("category", names.category[filters.category])]);
  }
  parts.push([
    words.text("period"),
    words.text("period_range", {
      from: words.month(names.month[filters.from]),
      to: words.month(names.month[filters.to]),
    }),
  ]);
  parts.push([words.text("minimum"), words.count(filters.minimum)]);
  return parts;
}
