/* One pass over the lines counts everything that the page shows for a set of filters. */

const DELIVERED = 1;
const CANCELED = 2;
const LOW_REVIEW = 2;
const NORMAL_95 = 1.959963984540054;
const QUARTER_MONTHS = 3;
const DAYS_RANGE = 2 ** 15;

/* Which filters a line fails, as bits. A table ignores the filter of its own kind, so that the
   neighbours of what was chosen stay visible; a city lies in its state, so states ignore both. */
const OUTSIDE = { state: 1, city: 2, seller: 4, category: 8 };
const IGNORED = {
  state: OUTSIDE.state | OUTSIDE.city,
  city: OUTSIDE.city,
  seller: OUTSIDE.seller,
  category: OUTSIDE.category,
};
const GRAINS = ["state", "city", "seller", "category"];

const COUNTS = [
  "orders",
  "delivered",
  "canceled",
  "known",
  "late",
  "reviews",
  "stars",
  "low",
  "revenue",
  "freight",
];
const LATE_COUNTS = ["known", "late"];

function makeTally(groups, counts) {
  const tally = { lastOrder: new Int32Array(groups).fill(-1) };
  for (const count of counts) tally[count] = new Float64Array(groups);
  return tally;
}

/* Adds a line's money; adds its order unless a former line of it was in this group. */
function addLine(tally, group, columns, i) {
  tally.revenue[group] += columns.revenue_cents[i];
  tally.freight[group] += columns.freight_cents[i];
  if (tally.lastOrder[group] === columns.order[i]) return false;
  tally.lastOrder[group] = columns.order[i];
  tally.orders[group] += 1;
  if (columns.status[i] === DELIVERED) tally.delivered[group] += 1;
  if (columns.status[i] === CANCELED) tally.canceled[group] += 1;
  if (columns.late[i] >= 0) {
    tally.known[group] += 1;
    tally.late[group] += columns.late[i];
  }
  const stars = columns.review_score[i];
  if (stars >= 0) {
    tally.reviews[group] += 1;
    tally.stars[group] += stars;
    if (stars <= LOW_REVIEW) tally.low[group] += 1;
  }
  return true;
}

function addLate(tally, group, columns, i) {
  if (columns.late[i] < 0 || tally.lastOrder[group] === columns.order[i]) return;
  tally.lastOrder[group] = columns.order[i];
  tally.known[group] += 1;
  tally.late[group] += columns.late[i];
}

/* The figures that only the whole selection and the network have; delays are counted by day. */
function makeDetail(lines) {
  return {
    tally: makeTally(1, COUNTS),
    delays: new Int32Array(2 * DAYS_RANGE),
    lateDelays: new Int32Array(2 * DAYS_RANGE),
    delivery: { sum: 0, count: 0 },
    promised: { sum: 0, count: 0 },
    returning: { sum: 0, count: 0 },
    instalments: { sum: 0, count: 0 },
    payments: new Float64Array(lines.names.payment_type.length),
  };
}

function addTo(mean, value, absent) {
  if (value === absent) return;
  mean.sum += value;
  mean.count += 1;
}

function addDetail(detail, lines, i) {
  const { columns, absent } = lines;
  if (!addLine(detail.tally, 0, columns, i)) return;
  addTo(detail.delivery, columns.delivery_days[i], absent.delivery_days);
  addTo(detail.promised, columns.promised_days[i], absent.promised_days);
  addTo(detail.returning, columns.returning[i], absent.returning);
  addTo(detail.instalments, columns.instalments[i], absent.instalments);
  if (columns.payment_type[i] >= 0) detail.payments[columns.payment_type[i]] += 1;
  const days = columns.delay_days[i];
  if (days === absent.delay_days) return;
  detail.delays[days + DAYS_RANGE] += 1;
  if (columns.late[i] > 0) detail.lateDelays[days + DAYS_RANGE] += 1;
}

function outsideOf(columns, filters, i) {
  let outside = 0;
  if (filters.state >= 0 && columns.state[i] !== filters.state) outside |= OUTSIDE.state;
  if (filters.city >= 0 && columns.city[i] !== filters.city) outside |= OUTSIDE.city;
  if (filters.seller >= 0 && columns.seller[i] !== filters.seller) outside |= OUTSIDE.seller;
  if (filters.category >= 0 && columns.category[i] !== filters.category) {
    outside |= OUTSIDE.category;
  }
  return outside;
}

/* The last three months of the period that are complete, and the three before them. */
function quartersOf(filters, lastComplete) {
  const end = Math.min(filters.to, lastComplete);
  const recent = { from: end - QUARTER_MONTHS + 1, to: end };
  const before = { from: end - 2 * QUARTER_MONTHS + 1, to: end - QUARTER_MONTHS };
  return { recent, before };
}

function contains(period, month) {
  return month >= period.from && month <= period.to;
}

function makeResult(lines, filters, lastComplete) {
  const result = {
    quarters: quartersOf(filters, lastComplete),
    network: makeDetail(lines),
    selection: makeDetail(lines),
    networkMonths: makeTally(lines.names.month.length, COUNTS),
    months: makeTally(lines.names.month.length, COUNTS),
    grains: {},
  };
  for (const grain of GRAINS) {
    const groups = lines.names[grain].length;
    result.grains[grain] = {
      column: lines.columns[grain],
      ignored: IGNORED[grain],
      all: makeTally(groups, COUNTS),
      recent: makeTally(groups, LATE_COUNTS),
      before: makeTally(groups, LATE_COUNTS),
    };
  }
  return result;
}

function addToGrain(grain, columns, outside, i, time) {
  const group = grain.column[i];
  if (group < 0 || (outside & ~grain.ignored) !== 0) return;
  if (time.inPeriod) addLine(grain.all, group, columns, i);
  if (time.inRecent) addLate(grain.recent, group, columns, i);
  if (time.inBefore) addLate(grain.before, group, columns, i);
}

/* Counts the lines for the filters {state, city, seller, category, from, to}: places in the
   dictionaries, -1 for all. `lastComplete` is the last month whose orders have an outcome. */
function measure(lines, filters, lastComplete) {
  const result = makeResult(lines, filters, lastComplete);
  const grains = GRAINS.map((grain) => result.grains[grain]);
  const { columns } = lines;
  const { recent, before } = result.quarters;
  const time = { inPeriod: false, inRecent: false, inBefore: false };
  for (let i = 0; i < lines.rows; i += 1) {
    const month = columns.month[i];
    time.inPeriod = contains(filters, month);
    time.inRecent = contains(recent, month);
    time.inBefore = contains(before, month);
    if (!time.inPeriod && !time.inRecent && !time.inBefore) continue;
    const outside = outsideOf(columns, filters, i);
    if (time.inPeriod) addToWhole(result, lines, outside, i, month);
    for (const grain of grains) addToGrain(grain, columns, outside, i, time);
  }
  return result;
}

function addToWhole(result, lines, outside, i, month) {
  addDetail(result.network, lines, i);
  addLine(result.networkMonths, month, lines.columns, i);
  if (outside !== 0) return;
  addDetail(result.selection, lines, i);
  addLine(result.months, month, lines.columns, i);
}

/* ---- what follows from the counts; null where there is nothing to divide by */

function ratio(part, whole) {
  return whole > 0 ? part / whole : null;
}

function meanOf(mean) {
  return ratio(mean.sum, mean.count);
}

/* The 95 % interval of a share after Wilson (1927), both ends between 0 and 1. */
function wilson(part, whole) {
  if (whole === 0) return null;
  const share = part / whole;
  const z2 = NORMAL_95 * NORMAL_95;
  const centre = (share + z2 / (2 * whole)) / (1 + z2 / whole);
  const spread = Math.sqrt((share * (1 - share)) / whole + z2 / (4 * whole * whole));
  const half = (NORMAL_95 * spread) / (1 + z2 / whole);
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/* The difference of two shares and its 95 % interval after Newcombe (1998), method 10; null where
   one of the quarters has fewer deliveries than the minimum. */
function difference(recent, before, minimum) {
  if (Math.min(recent.known, before.known) < Math.max(minimum, 1)) return null;
  const now = recent.late / recent.known;
  const then = before.late / before.known;
  const a = wilson(recent.late, recent.known);
  const b = wilson(before.late, before.known);
  return {
    value: now - then,
    low: now - then - Math.hypot(now - a.low, b.high - then),
    high: now - then + Math.hypot(a.high - now, then - b.low),
  };
}

/* The figures of one group of a tally. */
function figuresOf(tally, group) {
  const figures = {};
  for (const count of COUNTS) figures[count] = tally[count][group];
  figures.deliveredShare = ratio(figures.delivered, figures.orders);
  figures.canceledShare = ratio(figures.canceled, figures.orders);
  figures.lateShare = ratio(figures.late, figures.known);
  figures.lateInterval = wilson(figures.late, figures.known);
  figures.meanReview = ratio(figures.stars, figures.reviews);
  figures.lowShare = ratio(figures.low, figures.reviews);
  figures.lowInterval = wilson(figures.low, figures.reviews);
  figures.basket = ratio(figures.revenue, figures.delivered);
  figures.freightShare = ratio(figures.freight, figures.revenue + figures.freight);
  return figures;
}

/* The smallest delay that at least `share` of the deliveries do not pass (nearest rank). */
function delayQuantile(delays, share) {
  const needed = share * delays.reduce((sum, count) => sum + count, 0);
  let counted = 0;
  for (let place = 0; place < delays.length; place += 1) {
    counted += delays[place];
    if (counted > 0 && counted >= needed) return place - DAYS_RANGE;
  }
  return null;
}

function meanDelay(delays) {
  const mean = { sum: 0, count: 0 };
  delays.forEach((count, place) => {
    mean.sum += (place - DAYS_RANGE) * count;
    mean.count += count;
  });
  return meanOf(mean);
}

function detailFigures(detail) {
  const figures = figuresOf(detail.tally, 0);
  figures.meanDelay = meanDelay(detail.delays);
  figures.delay95 = delayQuantile(detail.delays, 0.95);
  figures.deliveryDays = meanOf(detail.delivery);
  figures.promisedDays = meanOf(detail.promised);
  figures.returningShare = meanOf(detail.returning);
  figures.instalments = meanOf(detail.instalments);
  const paid = detail.payments.reduce((sum, count) => sum + count, 0);
  figures.payments = Array.from(detail.payments, (count) => ratio(count, paid));
  return figures;
}

/* Why a group needs close follow-up: its interval lies wholly above the network's share. */
function followUp(figures, network) {
  return {
    late: figures.lateInterval !== null && figures.lateInterval.low > network.lateShare,
    reviews: figures.lowInterval !== null && figures.lowInterval.low > network.lowShare,
  };
}

function rowOf(tallies, names, group, network, minimum) {
  const row = figuresOf(tallies.all, group);
  row.index = group;
  row.name = names[group];
  row.followUp = followUp(row, network);
  row.recent = { known: tallies.recent.known[group], late: tallies.recent.late[group] };
  row.before = { known: tallies.before.known[group], late: tallies.before.late[group] };
  row.movement = difference(row.recent, row.before, minimum);
  return row;
}

/* Returns the rows with at least `minimum` orders, or chosen, and how many were left out. */
function rowsOf(tallies, names, network, minimum, chosen) {
  const listed = { rows: [], leftOut: 0, leftOutOrders: 0 };
  for (let group = 0; group < names.length; group += 1) {
    const orders = tallies.all.orders[group];
    if (orders >= Math.max(minimum, 1) || group === chosen) {
      listed.rows.push(rowOf(tallies, names, group, network, minimum));
    } else if (orders > 0) {
      listed.leftOut += 1;
      listed.leftOutOrders += orders;
    }
  }
  return listed;
}
