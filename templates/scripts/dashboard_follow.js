/* Who needs close follow-up, at the top of the page: the most urgent of each kind, and why. */

const FOLLOWED = ["state", "city", "seller"];
const FOLLOWED_AT_FIRST = 5;

function showFollowUp(page, network) {
  const { words } = page;
  const isKnown = network.recent.lateShare !== null;
  const { lateShare, lowShare } = isKnown ? network.recent : network;
  byId("follow-network").textContent = words.text(isKnown ? "follow_now" : "follow_network", {
    late: words.share(lateShare),
    low: page.settings.missing.reviews ? NO_VALUE : words.share(lowShare),
  });
  for (const grain of FOLLOWED) showFollowed(page, grain);
  showRising(page);
}

function showFollowed(page, grain) {
  const { rows } = page.views[grain];
  const listed = rows
    .filter(isFollowed)
    .sort((a, b) => followedRatio(b) - followedRatio(a) || a.index - b.index);
  byId(`follow-${grain}-note`).textContent = followedNote(page, rows, listed.length);
  byId(`follow-${grain}`).replaceChildren(
    ...listed.slice(0, FOLLOWED_AT_FIRST).map((row) => followedItem(page, grain, row)),
  );
  byId(`follow-${grain}-all`).hidden = listed.length <= FOLLOWED_AT_FIRST;
  const normal = rows
    .filter((row) => isListed(row) && row.present?.standing === "normal")
    .sort((a, b) => b.followUp.ratio - a.followUp.ratio || a.index - b.index)
    .map((row) => isolated(shownStart(grain, row.name)));
  byId(`follow-${grain}-normal`).textContent = normal.length
    ? ended(page.words.text("back_to_normal", { list: page.words.list(normal) }))
    : "";
}

/* A sentence that ends in a name cut short has no full stop after its three. */
function ended(sentence) {
  return sentence.replace(/(\u2026\u2069?)\.$/u, "$1");
}

/* A name in a sentence: of a seller's code the start. */
function shownStart(grain, name) {
  return grain === "seller" ? `${name.slice(0, 8)}\u2026` : shownName(grain, name);
}

/* How many are listed, and how many of so many would be by chance, were all like the network. */
function followedNote(page, rows, count) {
  const { words } = page;
  if (rows.length === 0) return words.text("no_row");
  if (count === 0) return words.text("nobody_to_follow", { count: rows.length });
  const judged = rows.reduce(
    (sum, row) => sum + Number(row.lateInterval !== null) + Number(row.lowInterval !== null),
    0,
  );
  const isKnown = rows.some((row) => row.present !== null);
  const chance = isKnown ? followedByChance(rows, page.filters.minimum) : judged * UPPER_TAIL;
  return words.text("followed", {
    count,
    all: words.count(rows.length),
    chance: words.decimal(chance, 0),
  });
}

function followedItem(page, grain, row) {
  if (row.present !== null) return listItem(page, grain, row, presentReasons(page, row));
  const reasons = [];
  if (row.followUp.late) reasons.push(reason(page, "late", row.lateShare, row.lateInterval));
  if (row.followUp.reviews) reasons.push(reason(page, "reviews", row.lowShare, row.lowInterval));
  return listItem(page, grain, row, reasons);
}

/* One figure of a row with its interval; in red where it is what stands out. */
function reason(page, kind, share, interval, isBad = true) {
  const { words } = page;
  const written = words.shareWithin(share, interval);
  return element(
    "span",
    { class: isBad ? "reason bad" : "reason" },
    element("strong", {}, words.text(`why_${kind}`, { share: written })),
    ` (${words.interval(interval)})`,
  );
}

function listItem(page, grain, row, reasons) {
  const { words } = page;
  const where = placeOf(page, grain, row);
  const orders = words.text("orders_of", { count: row.orders });
  const unit = words.text("points");
  return element(
    "li",
    {},
    nameButton(page, grain, row, page.filters[grain]),
    element(
      "span",
      { class: "below" },
      element("bdi", {}, where),
      where ? " \u00b7 " : "",
      orders,
      ...(row.movement === null ? [] : [" \u00b7 ", movementCell(page, row), " ", unit]),
    ),
    ...reasons,
  );
}

/* Those whose late share has clearly risen since the quarter before, listed or not yet. */
function showRising(page) {
  const { words } = page;
  const rising = FOLLOWED.flatMap((grain) =>
    page.views[grain].rows
      .filter((row) => row.movement !== null && row.movement.low > 0)
      .map((row) => ({ grain, row })),
  ).sort((a, b) => b.row.movement.low - a.row.movement.low);
  byId("rising-note").textContent = rising.length
    ? words.text("rising", { count: rising.length })
    : words.text("nobody_rising");
  byId("rising").replaceChildren(
    ...rising.slice(0, FOLLOWED_AT_FIRST).map(({ grain, row }) =>
      listItem(page, grain, row, [
        element(
          "span",
          { class: "reason" },
          words.text("late_recently", {
            share: words.share(ratio(row.recent.late, row.recent.known)),
          }),
        ),
      ]),
    ),
  );
}

/* Shows a whole table, the most urgent rows first. */
function listenFollowUp(page) {
  for (const grain of FOLLOWED) {
    byId(`follow-${grain}-all`).addEventListener("click", () => {
      const view = page.views[grain];
      view.sort = { key: "follow_up", descending: true };
      view.all = true;
      showTable(page, view);
      byId(`${grain}-title`).scrollIntoView();
      byId(view.place).querySelector("th.follow_up button").focus({ preventScroll: true });
    });
  }
}
