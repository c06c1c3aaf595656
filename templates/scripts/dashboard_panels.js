/* The cards, the figures beside the network's, the months and the delays. */

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
      words.share(selection.lateShare),
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
        words.share(selection.lowShare),
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
  const { words, settings, lines } = page;
  const withInterval = (share, range) =>
    range ? `${words.tableShare(share)} (${words.interval(range)})` : NO_VALUE;
  const reviewed = (write) => (figures) => (settings.missing.reviews ? NO_VALUE : write(figures));
  const rows = [
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
    ["figure_revenue", (f) => words.money(f.revenue)],
    ["figure_basket", (f) => words.money(f.basket)],
    ["figure_freight", (f) => words.tableShare(f.freightShare)],
    ["figure_returning", (f) => words.tableShare(f.returningShare)],
    ["figure_instalments", (f) => words.decimal(f.instalments, 1)],
  ].map(([key, write]) => [words.text(key), write]);
  lines.names.payment_type.forEach((name, i) => {
    rows.push([
      words.text("figure_payment", { name: words.payment(name) }),
      (f) => words.tableShare(f.payments[i]),
    ]);
  });
  return rows;
}

function showFigures(page, selection, network) {
  const rows = figureRows(page).map(([label, write]) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, label),
      element("td", {}, write(selection)),
      element("td", {}, write(network)),
    ),
  );
  byId("figures").tBodies[0].replaceChildren(...rows);
}

/* The months of the period, without those at its ends that have too few orders to be drawn. */
function monthsShown(page, result, filters) {
  const { minimum } = filters;
  const enough = (tally, month) => tally.known[month] >= minimum;
  const months = [];
  for (let month = filters.from; month <= filters.to; month += 1) months.push(month);
  const drawn = months.filter((month) => enough(result.networkMonths, month));
  return {
    months: months.filter((month) => month >= drawn[0] && month <= drawn.at(-1)),
    few: months.filter((month) => result.months.orders[month] > 0 && !enough(result.months, month))
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
  const values = months.map((month) => value(result.months, month));
  return {
    keys: months.map((month) => lines.names.month[month]),
    values,
    network: months.map((month) => value(result.networkMonths, month)),
    compare: result.selection.tally.orders[0] !== result.network.tally.orders[0],
    titles: months.map((month, i) =>
      words.text("month_title", {
        month: words.month(lines.names.month[month]),
        value: write(values[i]),
        count: result.months.orders[month],
      }),
    ),
  };
}

function showMonths(page) {
  const { result, filters, words } = page;
  const { months, few } = monthsShown(page, result, filters);
  const late = monthSeries(page, result, filters, months, "late");
  late.intervals = months.map((month, i) =>
    late.values[i] === null ? null : figuresOf(result.months, month).lateInterval,
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

function showMonthTable(page) {
  const { result, filters, words, lines } = page;
  const rows = [];
  for (let month = filters.from; month <= filters.to; month += 1) {
    const figures = figuresOf(result.months, month);
    rows.push(
      element(
        "tr",
        {},
        element("th", { scope: "row" }, words.month(lines.names.month[month])),
        element("td", {}, words.count(figures.orders)),
        element("td", {}, words.tableShare(figures.lateShare)),
        element("td", {}, words.interval(figures.lateInterval)),
        element("td", {}, words.decimal(figures.meanReview, 2)),
        element("td", {}, words.tableShare(figures.lowShare)),
      ),
    );
  }
  byId("month-table").tBodies[0].replaceChildren(...rows);
}

function showDelays(page) {
  const { words } = page;
  const bins = drawDelays(byId("delays"), page.result.selection, words, page.chartWidth);
  const rows = bins.map((bin, i) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, binLabel(bins, i, words)),
      element("td", {}, words.count(bin.all)),
      element("td", {}, words.count(bin.late)),
    ),
  );
  byId("delay-table").tBodies[0].replaceChildren(...rows);
}
