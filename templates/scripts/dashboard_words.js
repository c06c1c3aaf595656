/* Texts and numbers in the page's language. Texts come from the page, numbers from Intl. */

const NO_VALUE = "\u2013";
const NARROW = 0.02;

/* A minus sign in the place of the hyphen. */
function signed(number) {
  return number.replace("-", "\u2212");
}

function decimalSign(format) {
  return format.formatToParts(0.5).find((part) => part.type === "decimal").value;
}

/* One decimal within ten points of nothing or of everything. */
function shareDecimals(value) {
  const distance = Math.min(value, 1 - value);
  return distance >= 0.0005 && distance < 0.0995 ? 1 : 0;
}

/* One decimal where an end has one, or where without it both ends would be nearly equal; as
   report/wording/language.py says. */
function intervalDecimals({ low, high }) {
  if (high - low < NARROW) return 1;
  return Math.max(shareDecimals(low), shareDecimals(high));
}

function makeWords(settings, texts) {
  const { locale, currency } = settings;
  const plural = new Intl.PluralRules(locale);
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const decimals = [0, 1, 2].map(
    (digits) =>
      new Intl.NumberFormat(locale, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }),
  );
  const percents = [0, 1].map(
    (digits) =>
      new Intl.NumberFormat(locale, {
        style: "percent",
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }),
  );
  const points = new Intl.NumberFormat(locale, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: "exceptZero",
  });
  const money = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    maximumFractionDigits: 0,
  });
  const shortMoney = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    notation: "compact",
    maximumSignificantDigits: 3,
  });
  const shortNumber = new Intl.NumberFormat(locale, {
    notation: "compact",
    maximumSignificantDigits: 3,
  });
  const symbol = money.formatToParts(0).find((part) => part.type === "currency").value;
  const shortMonth = new Intl.DateTimeFormat(locale, {
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
  const list = new Intl.ListFormat(locale);
  const known = (write) => (value) => (value === null ? NO_VALUE : signed(write(value)));

  /* Returns a text with its {names} replaced; a text with forms takes the form of `count`. */
  function text(key, values = {}) {
    const entry = texts[key];
    if (entry === undefined) throw new Error(`no text ${key}`);
    const count = values.count ?? 0;
    const form = typeof entry === "string" ? entry : (entry[plural.select(count)] ?? entry.other);
    return form.replace(/\{(\w+)\}/g, (_, name) => {
      const value = values[name];
      return typeof value === "number" ? whole.format(value) : String(value);
    });
  }

  return {
    text,
    locale,
    /* A spreadsheet that writes decimals with a comma parts its cells by semicolons. */
    hasDecimalComma: decimalSign(decimals[1]) === ",",
    collator: new Intl.Collator(locale, { sensitivity: "base", numeric: true }),
    count: known((value) => whole.format(value)),
    decimal: (value, digits) =>
      value === null ? NO_VALUE : signed(decimals[digits].format(value)),
    /* As in every other document: one decimal within ten points of nothing or everything, and
       what that would round to nothing or to everything is said to be less or more. */
    share: known((value) => {
      if (value > 0 && value < 0.0005) return `<\u00a0${percents[1].format(0.001)}`;
      if (value < 1 && value >= 0.9995) return `>\u00a0${percents[1].format(0.999)}`;
      return percents[shareDecimals(value)].format(value);
    }),
    /* Beside its interval, with the decimals of the interval. */
    shareWithin: (value, interval) =>
      value === null
        ? NO_VALUE
        : percents[Math.max(intervalDecimals(interval), shareDecimals(value))].format(value),
    tableShare: known((value) => percents[1].format(value)),
    axisShare: (value, step) => percents[step < 0.01 ? 1 : 0].format(value),
    points: known((value) => points.format(value * 100)),
    money: known((cents) => money.format(cents / 100)),
    shortMoney: known((cents) => shortMoney.format(cents / 100)),
    shortAmount: known((cents) => shortNumber.format(cents / 100)),
    symbol,
    month: (key) => {
      const [year, month] = key.split("-").map(Number);
      /* Portuguese says "jan. de 2018", too long for an axis. */
      return shortMonth.format(new Date(Date.UTC(year, month - 1, 1))).replace(". de ", "/");
    },
    /* A code from the data in words where there is a text for it, else as it stands. */
    payment: (code) => texts[`payment_${code}`] ?? code.replaceAll("_", " "),
    list: (parts) => list.format(parts),
    interval: (interval) =>
      interval === null
        ? NO_VALUE
        : text("interval", {
            low: percents[intervalDecimals(interval)].format(interval.low),
            high: percents[intervalDecimals(interval)].format(interval.high),
          }),
  };
}

/* Keeps the direction of a name from the data to itself where it cannot stand in an element. */
function isolated(name) {
  return `\u2068${name}\u2069`;
}

/* Returns a text without accents, in lower case, for searching. */
function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
