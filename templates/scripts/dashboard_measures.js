/* What the page shows for a set of filters, counted from the lines: a pass for each table. */

const DELIVERED = 1;
const CANCELED = 2;
const LOW_REVIEW = 2;
const NORMAL_95 = 1.959963984540054;
const DELAY_PERCENT = 95;
/* The largest number of instalments that the lines can hold. */
const MOST_INSTALMENTS = 127;
const QUARTER_MONTHS = 3;

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
const QUARTER_COUNTS = ["known", "late", "reviews", "low"];

/* When a line was bought, as bits. */
const IN_PERIOD = 1;
const IN_RECENT = 2;
const IN_BEFORE = 4;

function makeTally(groups, counts) {
  const tally = {};
  for (const count of counts) tally[count] = new Float64Array(groups);
  return tally;
}

/* Counts the lines that are inside, by their group: money by line, all else once an order. */
function tallyLines(columns, keys, groups, inside) {
  const tally = makeTally(groups, COUNTS);
  const { orders, delivered, canceled, known, late, reviews, stars, low, revenue, freight } = tally;
  const { order, status, late: isLate, review_score: score } = columns;
  const { revenue_cents: revenueCents, freight_cents: freightCents } = columns;
  const lastOrder = new Int32Array(groups).fill(-1);
  for (let i = 0; i < keys.length; i += 1) {
    const group = keys[i];
    if (inside[i] === 0 || group < 0) continue;
    revenue[group] += revenueCents[i];
    freight[group] += freightCents[i];
    if (lastOrder[group] === order[i]) continue;
    lastOrder[group] = order[i];
    orders[group] += 1;
    if (status[i] === DELIVERED) delivered[group] += 1;
    else if (status[i] === CANCELED) canceled[group] += 1;
    if (isLate[i] >= 0) {
      known[group] += 1;
      late[group] += isLate[i];
    }
    if (score[i] < 0) continue;
    reviews[group] += 1;
    stars[group] += score[i];
    if (score[i] <= LOW_REVIEW) low[group] += 1;
  }
  return tally;
}

/* Counts a quarter's lines by their group, once an order: deliveries and reviews. */
function tallyQuarter(columns, keys, groups, inside) {
  const tally = makeTally(groups, QUARTER_COUNTS);
  const { order, late, review_score: score } = columns;
  const lastOrder = new Int32Array(groups).fill(-1);
  for (let i = 0; i < keys.length; i += 1) {
    const group = keys[i];
    if (inside[i] === 0 || group < 0 || lastOrder[group] === order[i]) continue;
    lastOrder[group] = order[i];
    if (late[i] >= 0) {
      tally.known[group] += 1;
      tally.late[group] += late[i];
    }
    if (score[i] < 0) continue;
    tally.reviews[group] += 1;
    if (score[i] <= LOW_REVIEW) tally.low[group] += 1;
  }
  return tally;
}

/* The figures that only the whole selection and the network have; delays are counted by day. */
function makeDetail(lines) {
  return {
    tally: null,
    months: null,
    firstDay: lines.delayRange.low,
    delays: new Int32Array(lines.delayRange.high - lines.delayRange.low + 1),
    lateDelays: new Int32Array(lines.delayRange.high - lines.delayRange.low + 1),
    delivery: { sum: 0, count: 0 },
    promised: { sum: 0, count: 0 },
    returning: { sum: 0, count: 0 },
    answer: { sum: 0, count: 0 },
    instalments: { sum: 0, count: 0 },
    instalmentCounts: new Int32Array(MOST_INSTALMENTS + 1),
    payments: lines.names.payment_type.map(() => ({
      orders: 0,
      revenue: 0,
      instalments: { sum: 0, count: 0 },
    })),
  };
}

function addTo(mean, value, absent) {
  if (value === absent) return;
  mean.sum += value;
  mean.count += 1;
}

/* Adds an order by the first of its lines that is inside. */
function addOrder(detail, lines, i) {
  const { columns, absent } = lines;
  addTo(detail.delivery, columns.delivery_days[i], absent.delivery_days);
  addTo(detail.promised, columns.promised_days[i], absent.promised_days);
  addTo(detail.answer, columns.review_answer_days[i], absent.review_answer_days);
  addTo(detail.returning, columns.returning[i], absent.returning);
  addTo(detail.instalments, columns.instalments[i], absent.instalments);
  if (columns.instalments[i] >= 0) detail.instalmentCounts[columns.instalments[i]] += 1;
  const payment = detail.payments[columns.payment_type[i]];
  if (payment !== undefined) {
    payment.orders += 1;
    addTo(payment.instalments, columns.instalments[i], absent.instalments);
  }
  const days = columns.delay_days[i];
  if (days === absent.delay_days) return;
  detail.delays[days - detail.firstDay] += 1;
  if (columns.late[i] > 0) detail.lateDelays[days - detail.firstDay] += 1;
}

function detailOf(lines, inside) {
  const { columns } = lines;
  const detail = makeDetail(lines);
  let lastOrder = -1;
  for (let i = 0; i < lines.rows; i += 1) {
    if (inside[i] === 0) continue;
    const payment = detail.payments[columns.payment_type[i]];
    if (payment !== undefined) payment.revenue += columns.revenue_cents[i];
    if (lastOrder === columns.order[i]) continue;
    lastOrder = columns.order[i];
    addOrder(detail, lines, i);
  }
  detail.tally = tallyLines(columns, new Uint8Array(lines.rows), 1, inside);
  detail.months = tallyLines(columns, columns.month, lines.names.month.length, inside);
  return detail;
}

/* Which filters each line fails. */
function outsideOf(lines, filters) {
  const outside = new Uint8Array(lines.rows);
  for (const grain of GRAINS) {
    const chosen = filters[grain];
    if (chosen < 0) continue;
    const keys = lines.columns[grain];
    for (let i = 0; i < keys.length; i += 1) if (keys[i] !== chosen) outside[i] |= OUTSIDE[grain];
  }
  return outside;
}

/* 1 for the lines bought at a time, and outside of none but the ignored filters. */
function insideOf(lines, outside, ignored, months, time) {
  const inside = new Uint8Array(lines.rows);
  const { month } = lines.columns;
  const counted = ~ignored;
  for (let i = 0; i < inside.length; i += 1) {
    if ((outside[i] & counted) === 0 && (months[month[i]] & time) !== 0) inside[i] = 1;
  }
  return inside;
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

function timesOf(months, filters, { recent, before }) {
  return Uint8Array.from(months, (_, month) => {
    const inPeriod = contains(filters, month) ? IN_PERIOD : 0;
    const inRecent = contains(recent, month) ? IN_RECENT : 0;
    return inPeriod | inRecent | (contains(before, month) ? IN_BEFORE : 0);
  });
}

/* Counts the lines for the filters {state, city, seller, category, from, to}: places in the
   dictionaries, -1 for all. `lastComplete` is the last month whose orders have an outcome,
   `former` the result before this one: the network depends on the period only. */
function measure(lines, filters, lastComplete, former) {
  const { from, to } = filters;
  const quarters = quartersOf(filters, lastComplete);
  const months = timesOf(lines.names.month, filters, quarters);
  const outside = outsideOf(lines, filters);
  const everything = OUTSIDE.state | OUTSIDE.city | OUTSIDE.seller | OUTSIDE.category;
  const isSame = former !== undefined && former.from === from && former.to === to;
  const network = isSame
    ? former.network
    : detailOf(lines, insideOf(lines, outside, everything, months, IN_PERIOD));
  const recent = isSame
    ? former.recent
    : tallyQuarter(
        lines.columns,
        new Uint8Array(lines.rows),
        1,
        insideOf(lines, outside, everything, months, IN_RECENT),
      );
  const isWhole = GRAINS.every((grain) => filters[grain] < 0);
  const selection = isWhole
    ? network
    : detailOf(lines, insideOf(lines, outside, 0, months, IN_PERIOD));
  const grains = {};
  for (const grain of GRAINS) {
    const keys = lines.columns[grain];
    const groups = lines.names[grain].length;
    const at = (time) => insideOf(lines, outside, IGNORED[grain], months, time);
    grains[grain] = {
      all: tallyLines(lines.columns, keys, groups, at(IN_PERIOD)),
      recent: tallyQuarter(lines.columns, keys, groups, at(IN_RECENT)),
      before: tallyQuarter(lines.columns, keys, groups, at(IN_BEFORE)),
    };
  }
  return { from, to, quarters, network, recent, selection, grains };
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

/* The smallest delay that at least `percent` of the deliveries do not pass (nearest rank). */
function delayQuantile({ delays, firstDay }, percent) {
  const needed = percent * delays.reduce((sum, count) => sum + count, 0);
  let counted = 0;
  for (let place = 0; place < delays.length; place += 1) {
    counted += delays[place];
    if (counted > 0 && counted * 100 >= needed) return place + firstDay;
  }
  return null;
}

function meanDelay({ delays, firstDay }) {
  const mean = { sum: 0, count: 0 };
  delays.forEach((count, place) => {
    mean.sum += (place + firstDay) * count;
    mean.count += count;
  });
  return meanOf(mean);
}

function detailFigures(detail) {
  const figures = figuresOf(detail.tally, 0);
  figures.meanDelay = meanDelay(detail);
  figures.delay95 = delayQuantile(detail, DELAY_PERCENT);
  figures.deliveryDays = meanOf(detail.delivery);
  figures.promisedDays = meanOf(detail.promised);
  figures.answerDays = meanOf(detail.answer);
  figures.returningShare = meanOf(detail.returning);
  figures.instalments = meanOf(detail.instalments);
  const paid = detail.payments.reduce((sum, payment) => sum + payment.orders, 0);
  figures.payments = detail.payments.map((payment) => ({
    ...payment,
    share: ratio(payment.orders, paid),
    instalments: meanOf(payment.instalments),
  }));
  return figures;
}

/* The lower end of a share's interval as a multiple of the network's share; 0 where that is 0. */
function atLeast(interval, share) {
  if (interval === null || share === null) return null;
  return share > 0 ? interval.low / share : 0;
}

/* Why a group needs close follow-up: its interval lies wholly above the network's share. The
   larger multiple ranks the groups, as analysis/follow_up.py does. */
function followUp(figures, network) {
  const late = atLeast(figures.lateInterval, network.lateShare);
  const reviews = atLeast(figures.lowInterval, network.lowShare);
  const known = [late, reviews].filter((multiple) => multiple !== null);
  return {
    late: late !== null && late > 1,
    reviews: reviews !== null && reviews > 1,
    ratio: known.length ? Math.max(...known) : null,
  };
}

/* The counts of one group of a quarter. */
function quarterOf(tally, group) {
  return Object.fromEntries(QUARTER_COUNTS.map((count) => [count, tally[count][group]]));
}

function rowOf(tallies, names, group, network, rule) {
  const row = figuresOf(tallies.all, group);
  row.index = group;
  row.name = names[group];
  row.followUp = followUp(row, network);
  row.recent = quarterOf(tallies.recent, group);
  row.before = quarterOf(tallies.before, group);
  row.movement = difference(row.recent, row.before, rule.minimum);
  row.present = presentOf(row.recent, network.recent, row.movement, rule);
  return row;
}

/* Returns the rows with at least the rule's `minimum` orders, or chosen, and how many were left
   out. */
function rowsOf(tallies, names, network, rule, chosen) {
  const listed = { rows: [], leftOut: 0, leftOutOrders: 0 };
  for (let group = 0; group < names.length; group += 1) {
    const orders = tallies.all.orders[group];
    if (orders >= Math.max(rule.minimum, 1) || group === chosen) {
      listed.rows.push(rowOf(tallies, names, group, network, rule));
    } else if (orders > 0) {
      listed.leftOut += 1;
      listed.leftOutOrders += orders;
    }
  }
  return listed;
}
