/* The lines of the page as typed arrays: one row an order and seller, an order's rows together.
   Integers are little-endian in the page, as they are in every browser's typed arrays. */

const ARRAY_KINDS = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  float64: Float64Array,
};
const LINE_COLUMNS = [
  "first",
  "month",
  "state",
  "city",
  "seller",
  "seller_state",
  "category",
  "status",
  "late",
  "delay_days",
  "delivery_days",
  "promised_days",
  "review_score",
  "review_answer_days",
  "revenue_cents",
  "freight_cents",
  "returning",
  "payment_type",
  "instalments",
];

class DataError extends Error {}

function unpackBase64(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i += 1) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

async function unpackColumn(column, rows) {
  const stream = new Blob([unpackBase64(column.data)]).stream();
  const inflated = stream.pipeThrough(new DecompressionStream("deflate"));
  const values = new ARRAY_KINDS[column.kind](await new Response(inflated).arrayBuffer());
  if (values.length !== rows) throw new DataError(column.name);
  return values;
}

/* Numbers the orders in the sequence of the lines: 0, 1, 2... */
function numberOrders(first) {
  const order = new Int32Array(first.length);
  let number = -1;
  for (let i = 0; i < first.length; i += 1) {
    number += first[i];
    order[i] = number;
  }
  return order;
}

/* Returns {rows, columns: {name: typed array}, names: {name: texts}, absent: {name: number}}. */
async function unpackLines(packed) {
  const given = new Set(packed.columns.map((column) => column.name));
  const missing = LINE_COLUMNS.filter((name) => !given.has(name));
  if (missing.length) throw new DataError(missing.join(", "));
  const lines = { rows: packed.rows, columns: {}, names: {}, absent: {} };
  await Promise.all(
    packed.columns.map(async (column) => {
      lines.columns[column.name] = await unpackColumn(column, packed.rows);
      lines.names[column.name] = column.names;
      lines.absent[column.name] = column.absent;
    }),
  );
  lines.columns.order = numberOrders(lines.columns.first);
  lines.delayRange = rangeOf(lines.columns.delay_days, lines.absent.delay_days);
  return lines;
}

/* The smallest and the largest of the values that are there; zero where none is. */
function rangeOf(values, absent) {
  const range = { low: 0, high: 0 };
  for (const value of values) {
    if (value === absent) continue;
    if (value < range.low) range.low = value;
    if (value > range.high) range.high = value;
  }
  return range;
}

/* Returns for each place of a dictionary the value of another column on its first line. */
function firstValues(lines, by, of) {
  const values = new Int32Array(lines.names[by].length).fill(-1);
  const keys = lines.columns[by];
  const others = lines.columns[of];
  for (let i = 0; i < lines.rows; i += 1) {
    if (keys[i] >= 0 && values[keys[i]] < 0) values[keys[i]] = others[i];
  }
  return values;
}
