/* A table as a CSV file that a spreadsheet of the reader's language opens as it stands. */

const FORMULA_STARTS = /^[=+\-@\t\r]/;

function csvNumber(value, digits, comma) {
  if (value === null) return "";
  const text = digits === 0 ? String(value) : value.toFixed(digits);
  return comma ? text.replace(".", ",") : text;
}

/* Quotes a text, and keeps a spreadsheet from reading it as a formula. */
function csvText(text) {
  const safe = FORMULA_STARTS.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/* The exported columns: a key of the texts, the value, its decimals (null for a text). */
function exportColumns(page, view) {
  const place =
    view.grain === "category" ? [] : [["csv_place", (row) => placeOf(page, view.grain, row), null]];
  return [
    [view.grain, (row) => (view.grain === "city" ? splitCity(row.name).city : row.name), null],
    ...place,
    ["csv_orders", (row) => row.orders, 0],
    ["csv_delivered", (row) => row.delivered, 0],
    ["csv_canceled", (row) => row.canceled, 0],
    ["csv_late", (row) => row.late, 0],
    ["csv_late_share", (row) => row.lateShare, 6],
    ["csv_late_low", (row) => row.lateInterval?.low ?? null, 6],
    ["csv_late_high", (row) => row.lateInterval?.high ?? null, 6],
    ["csv_movement", (row) => row.movement?.value ?? null, 6],
    ["csv_movement_low", (row) => row.movement?.low ?? null, 6],
    ["csv_movement_high", (row) => row.movement?.high ?? null, 6],
    ["csv_recent_known", (row) => row.recent.known, 0],
    ["csv_recent_share", (row) => row.present?.lateShare ?? null, 6],
    ["csv_recent_low", (row) => row.present?.lateInterval?.low ?? null, 6],
    ["csv_recent_high", (row) => row.present?.lateInterval?.high ?? null, 6],
    ["csv_reviews", (row) => row.reviews, 0],
    ["csv_mean_review", (row) => row.meanReview, 4],
    ["csv_low", (row) => row.low, 0],
    ["csv_low_share", (row) => row.lowShare, 6],
    ["csv_low_low", (row) => row.lowInterval?.low ?? null, 6],
    ["csv_low_high", (row) => row.lowInterval?.high ?? null, 6],
    ["csv_revenue", (row) => row.revenue / 100, 2],
    ["csv_freight", (row) => row.freight / 100, 2],
    ["csv_follow_late", (row) => page.words.text(row.followUp.late ? "yes" : "no"), null],
    ["csv_follow_reviews", (row) => page.words.text(row.followUp.reviews ? "yes" : "no"), null],
    [
      "csv_follow_standing",
      (row) => (row.present === null ? "" : page.words.text(`standing_${row.present.standing}`)),
      null,
    ],
  ];
}

/* The exported columns of the months: the same, of a month's figures. */
function monthColumns(page) {
  const own = ["csv_place", "csv_movement", "csv_movement_low", "csv_movement_high"];
  const former = exportColumns(page, { grain: "category" }).slice(1);
  return [
    ["csv_month", (row) => row.month, null],
    ...former.filter(([key]) => !own.includes(key) && !/^csv_(follow|recent)/.test(key)),
  ];
}

/* Returns rows as CSV text; the filters stand in the last columns of each row. */
function toCsv(page, columns, listed, filters) {
  const comma = page.words.hasDecimalComma;
  const chosen = describeFilters(page, filters).map(([name, value]) => [
    page.words.text("csv_filter", { name }),
    value,
  ]);
  const header = [
    ...columns.map(([key]) => page.words.text(key, { currency: page.settings.currency })),
    ...chosen.map(([name]) => name),
  ];
  const rows = listed.map((row) => [
    ...columns.map(([, value, digits]) =>
      digits === null ? csvText(value(row)) : csvNumber(value(row), digits, comma),
    ),
    ...chosen.map(([, value]) => csvText(value)),
  ]);
  const separator = comma ? ";" : ",";
  return [header.map(csvText), ...rows].map((cells) => `${cells.join(separator)}\r\n`).join("");
}

function csvName(page, kind, filters) {
  const { names } = page.lines;
  const parts = [page.words.text(`file_${kind}`)];
  for (const grain of ["state", "city", "seller", "category"]) {
    if (filters[grain] >= 0) parts.push(names[grain][filters[grain]]);
  }
  parts.push(names.month[filters.from], names.month[filters.to]);
  return `${parts
    .map((part) =>
      folded(part)
        .replace(/[^a-z0-9-]+/g, "_")
        .slice(0, 40),
    )
    .join("_")}.csv`;
}

function download(name, text) {
  const address = URL.createObjectURL(
    new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }),
  );
  const link = element("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
