/* The cards, the figures beside the network's, payments, the months and the delays. */

/* Where each group of instalments begins. */
const INSTALMENT_GROUPS = [1, 2, 4, 7, 11];

function card(label, value, notes, alarm) {
  return element(
    "div",
    { class: alarm ? "card alarm" : "card" },
    element("dt", {}, label),
    element("dd", { class: "value" }, value),
    ...notes.filter((note) => note).map((note) => element("dd", { class: "note" }, note)),
  );
}

function showCards(page, selection, network) {
  const { words } = page;
  const whole = selection.orders === network.orders;
  const against = (value) => (whole ? "" : words.text("network_value", { value }));
  const above = followUp(selection, network);
  const interval = (range) =>
    range ? words.text("interval_note", { interval: words.interval(range) }) : "";
  /* As precisely as the interval under it. */
  const beside = (share, range) => (range ? words.shareWithin(share, range) : words.share(share));
  const verdict = (alarm) => (alarm && !whole ? words.text("above_network") : "");
  const reviews = (value, ...notes) =>
    page.settings.missing.reviews ? [NO_VALUE, [words.text("not_computed")]] : [value, notes];
  byId("cards").replaceChildren(
    card(words.text("card_orders"), words.count(selection.orders), [
      whole
        ? words.text("canceled_note", { share: words.share(selection.canceledShare) })
        : words.text("share_of_network", {
            share: words.share(ratio(selection.orders, network.orders)),
          }),
    ]),
    card(
      words.text("card_late"),
      beside(selection.lateShare, selection.lateInterval),
      [
        interval(selection.lateInterval),
        against(words.share(network.lateShare)),
        verdict(above.late),
      ],
      above.late && !whole,
    ),
    card(
      words.text("card_review"),
      ...reviews(
        words.decimal(selection.meanReview, 2),
        words.text("reviews_note", { count: selection.reviews }),
        against(words.decimal(network.meanReview, 2)),
      ),
    ),
    card(
      words.text("card_low"),
      ...reviews(
        beside(selection.lowShare, selection.lowInterval),
        interval(selection.lowInterval),
        against(words.share(network.lowShare)),
        verdict(above.reviews),
      ),
      above.reviews && !whole,
    ),
    card(words.text("card_revenue"), words.shortMoney(selection.revenue), [
      words.text("basket_note", { value: words.money(selection.basket) }),
      against(words.money(network.basket)),
    ]),
    card(words.text("card_delivery"), words.decimal(selection.deliveryDays, 1), [
      words.text("promised_note", { value: words.decimal(selection.promisedDays, 1) }),
      against(words.decimal(network.deliveryDays, 1)),
    ]),
  );
}

/* The figures of the selection beside the network's: a text key and how each is written. */
function figureRows(page) {
  const { words, settings } = page;
  const withInterval = (share, range) =>
    range ? `${words.shareWithin(share, range)} (${words.interval(range)})` : NO_VALUE;
  const reviewed = (write) => (figures) => (settings.missing.reviews ? NO_VALUE : write(figures));
  return [
    ["figure_orders", (f) => words.count(f.orders)],
    ["figure_delivered", (f) => words.tableShare(f.deliveredShare)],
    ["figure_canceled", (f) => words.tableShare(f.canceledShare)],
    ["figure_on_time", (f) => words.tableShare(f.lateShare === null ? null : 1 - f.lateShare)],
    ["figure_late", (f) => withInterval(f.lateShare, f.lateInterval)],
    ["figure_mean_delay", (f) => words.decimal(f.meanDelay, 1)],
    ["figure_delay_95", (f) => words.decimal(f.delay95, 0)],
    ["figure_delivery_days", (f) => words.decimal(f.deliveryDays, 1)],
    ["figure_promised_days", (f) => words.decimal(f.promisedDays, 1)],
    ["figure_review", reviewed((f) => words.decimal(f.meanReview, 2))],
    ["figure_low", reviewed((f) => withInterval(f.lowShare, f.lowInterval))],
    ["figure_answer_days", reviewed((f) => words.decimal(f.answerDays, 1))],
    ["figure_revenue", (f) => words.money(f.revenue)],
    ["figure_basket", (f) => words.money(f.basket)],
    ["figure_freight", (f) => words.tableShare(settings.missing.freight ? null : f.freightShare)],
    ["figure_returning", (f) => words.tableShare(f.returningShare)],
    ["figure_instalments", (f) => words.decimal(f.instalments, 1)],
  ].map(([key, write]) => [words.text(key), write]);
}

/* How the selection is paid, beside the network: by type, and in how many instalments. */
function showPayments(page, selection, network) {
  const { words, lines } = page;
  const types = lines.names.payment_type
    .map((name, i) => ({ name, own: selection.payments[i], all: network.payments[i] }))
    .filter(({ all }) => all.orders > 0)
    .sort((a, b) => b.all.orders - a.all.orders)
    .map(({ name, own, all }) =>
      tableRow(element("bdi", {}, words.payment(name)), [
        words.count(own.orders),
        words.tableShare(own.share),
        words.tableShare(all.share),
        words.decimal(own.instalments, 1),
      ]),
    );
  byId("payments").tBodies[0].replaceChildren(...types);
  const [own, all] = [page.result.selection, page.result.network].map(instalmentShares);
  const numbers = own.map(({ from, to, orders, share }, i) =>
    tableRow(instalmentLabel(words, from, to), [
      words.count(orders),
      words.tableShare(share),
      words.tableShare(all[i].share),
    ]),
  );
  byId("instalments").tBodies[0].replaceChildren(...numbers);
}

function instalmentShares(detail) {
  const total = detail.instalmentCounts.reduce((sum, count) => sum + count, 0);
  return INSTALMENT_GROUPS.map((from, i) => {
    const to = (INSTALMENT_GROUPS[i + 1] ?? MOST_INSTALMENTS + 1) - 1;
    const orders = detail.instalmentCounts.slice(from, to + 1).reduce((sum, n) => sum + n, 0);
    return { from, to, orders, share: ratio(orders, total) };
  });
}

function instalmentLabel(words, from, to) {
  const [low, high] = [words.count(from), words.count(to)];
  if (from === to) return low;
  if (to === MOST_INSTALMENTS) return words.text("days_from", { days: low });
  return words.text("days_between", { low, high });
}

function tableRow(name, cells) {
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, name),
    ...cells.map((cell) => element("td", {}, cell)),
  );
}

function showFigures(page, selection, network) {
  const rows = figureRows(page).map(([label, write]) =>
    tableRow(label, [write(selection), write(network)]),
  );
  byId("figures").tBodies[0].replaceChildren(...rows);
}

/* The months of the period, without those at its ends that have too few orders to be drawn. */
function monthsShown(page, result, filters) {
  const { minimum } = filters;
  const enough = (tally, month) => tally.known[month] >= minimum;
  const months = [];
  for (let month = filters.from; month <= filters.to; month += 1) months.push(month);
  const drawn = months.filter((month) => enough(result.network.months, month));
  return {
    months: months.filter((month) => month >= drawn[0] && month <= drawn.at(-1)),
    few: months.filter((month) => result.selection.months.orders[month] > 0 && !enough(result.selection.months, month))
      .length,
  };
}

function monthSeries(page, result, filters, months, kind) {
  const { words, lines } = page;
  const value = (tally, month) => {
    const figures = figuresOf(tally, month);
    const counted = kind === "late" ? figures.known : figures.reviews;
    if (counted < filters.minimum) return null;
    return kind === "late" ? figures.lateShare : figures.meanReview;
  };
  const write = kind === "late" ? words.share : (stars) => words.decimal(stars, 2);
  const values = months.map((month) => value(result.selection.months, month));
  return {
    keys: months.map((month) => lines.names.month[month]),
    values,
    network: months.map((month) => value(result.network.months, month)),
    compare: result.selection.tally.orders[0] !== result.network.tally.orders[0],
    titles: months.map((month, i) =>
      words.text("month_title", {
        month: words.month(lines.names.month[month]),
        value: write(values[i]),
        count: result.selection.months.orders[month],
      }),
    ),
  };
}

function showMonths(page) {
  const { result, filters, words } = page;
  const { months, few } = monthsShown(page, result, filters);
  const late = monthSeries(page, result, filters, months, "late");
  late.intervals = months.map((month, i) =>
    late.values[i] === null ? null : figuresOf(result.selection.months, month).lateInterval,
  );
  drawMonths(
    byId("late-months"),
    {
      ...late,
      floor: 0,
      label: words.text("late_months_label"),
      write: words.axisShare,
    },
    words,
    page.chartWidth,
  );
  const review = monthSeries(page, result, filters, months, "review");
  drawMonths(
    byId("review-months"),
    {
      ...review,
      label: words.text("review_months_label"),
      write: (stars, step) => words.decimal(stars, step < 0.1 ? 2 : 1),
    },
    words,
    page.chartWidth,
  );
  byId("network-key").hidden = !late.compare || late.values.every((value) => value === null);
  byId("months-note").textContent =
    few === 0
      ? ""
      : words.text("few_months", {
          count: few,
          minimum: filters.minimum,
        });
}

/* The figures of each month of the period, as rows to show and to export. */
function monthRows(page) {
  const { result, filters, lines } = page;
  const rows = [];
  for (let month = filters.from; month <= filters.to; month += 1) {
    rows.push({ month: lines.names.month[month], ...figuresOf(result.selection.months, month) });
  }
  return rows;
}

function showMonthTable(page) {
  const { words } = page;
  const rows = monthRows(page).map((row) =>
    tableRow(words.month(row.month), [
      words.count(row.orders),
      words.tableShare(row.lateShare),
      words.interval(row.lateInterval),
      words.decimal(row.meanReview, 2),
      words.tableShare(row.lowShare),
    ]),
  );
  byId("month-table").tBodies[0].replaceChildren(...rows);
}

function showDelays(page) {
  const { words } = page;
  const bins = drawDelays(byId("delays"), page.result.selection, words, page.chartWidth);
  const rows = bins.map((bin, i) =>
    tableRow(binLabel(bins, i, words), [words.count(bin.all), words.count(bin.late)]),
  );
  byId("delay-table").tBodies[0].replaceChildren(...rows);
}
