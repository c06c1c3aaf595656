/* Lines by month and the histogram of delays, as SVG drawn at the width of their place. */

const CHART = { height: 210, left: 52, right: 14, top: 14, bottom: 28, ticks: 4 };
const DELAY_BIN_DAYS = 5;
const DELAY_EDGE_DAYS = 30;

function drawing(width, height, label) {
  return shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
}

function horizontalGrid(svg, scale, ticks, width, write) {
  for (const tick of ticks.values) {
    const y = scale(tick);
    svg.append(
      shape("line", { class: "grid", x1: CHART.left, x2: width - CHART.right, y1: y, y2: y }),
    );
    svg.append(
      shape(
        "text",
        { class: "axis", x: CHART.left - 8, y: y + 4, "text-anchor": "end" },
        write(tick, ticks.step),
      ),
    );
  }
}

function monthAxis(svg, keys, x, words, width) {
  const every = Math.max(1, Math.ceil((keys.length * 84) / width));
  keys.forEach((key, i) => {
    if (i % every) return;
    svg.append(
      shape(
        "text",
        {
          class: "axis",
          x: x(i),
          y: CHART.height - 8,
          "text-anchor": "middle",
        },
        words.month(key),
      ),
    );
  });
}

/* Path of the points that have a value; the pen is lifted where there is none. */
function linePath(values, x, y) {
  let pen = "M";
  return values
    .map((value, i) => {
      if (value === null) {
        pen = "M";
        return "";
      }
      const step = `${pen}${x(i).toFixed(1)},${y(value).toFixed(1)}`;
      pen = "L";
      return step;
    })
    .join("");
}

function bandPaths(intervals, x, y) {
  const paths = [];
  for (let i = 0; i + 1 < intervals.length; i += 1) {
    const [a, b] = [intervals[i], intervals[i + 1]];
    if (a === null || b === null) continue;
    paths.push(
      `M${x(i)},${y(a.low)}L${x(i + 1)},${y(b.low)}L${x(i + 1)},${y(b.high)}L${x(i)},${y(a.high)}Z`,
    );
  }
  return paths.join("");
}

/* Draws {keys, values, intervals, network, compare, label, write, titles, floor}. */
function drawMonths(place, series, words, width) {
  if (series.values.every((value) => value === null)) {
    place.replaceChildren(element("p", { class: "empty" }, words.text("no_month")));
    return;
  }
  const svg = drawing(width, CHART.height, series.label);
  const shown = [...series.values, ...(series.compare ? series.network : [])].filter(
    (value) => value !== null,
  );
  const low = series.floor ?? Math.min(...shown);
  const ticks = ticksOf(low, Math.max(...shown), CHART.ticks);
  const [bottom, top] = [ticks.values[0], ticks.values.at(-1)];
  const y = (value) =>
    CHART.top +
    (1 - (Math.min(Math.max(value, bottom), top) - bottom) / (top - bottom || 1)) *
      (CHART.height - CHART.top - CHART.bottom);
  const span = Math.max(series.keys.length - 1, 1);
  const x = (i) => CHART.left + 6 + (i / span) * (width - CHART.left - CHART.right - 12);
  horizontalGrid(svg, y, ticks, width, series.write);
  monthAxis(svg, series.keys, x, words, width);
  if (series.intervals)
    svg.append(shape("path", { class: "band", d: bandPaths(series.intervals, x, y) }));
  if (series.compare)
    svg.append(shape("path", { class: "network", d: linePath(series.network, x, y) }));
  svg.append(shape("path", { class: "line", d: linePath(series.values, x, y) }));
  series.values.forEach((value, i) => {
    if (value === null) return;
    svg.append(
      shape(
        "circle",
        { class: "dot", cx: x(i), cy: y(value), r: 3.5 },
        shape("title", {}, series.titles[i]),
      ),
    );
  });
  place.replaceChildren(svg);
}

/* Groups delays, in whole days passed since the promise (below zero: early), in bins of five;
   what lies beyond thirty days is in the outer bins. */
function delayBins(detail) {
  const last = DELAY_EDGE_DAYS / DELAY_BIN_DAYS;
  const bins = [];
  for (let bin = -last - 1; bin <= last; bin += 1) {
    const from = bin * DELAY_BIN_DAYS;
    bins.push({ from, to: from + DELAY_BIN_DAYS - 1, late: 0, all: 0 });
  }
  detail.delays.forEach((count, place) => {
    if (count === 0) return;
    const bin = Math.floor((place + detail.firstDay) / DELAY_BIN_DAYS);
    const into = bins[Math.min(Math.max(bin, -last - 1), last) + last + 1];
    into.all += count;
    into.late += detail.lateDelays[place];
  });
  return bins;
}

function binLabel(bins, i, words) {
  if (i === 0) return words.text("days_up_to", { days: words.decimal(bins[i].to, 0) });
  if (i === bins.length - 1)
    return words.text("days_from", { days: words.decimal(bins[i].from, 0) });
  return words.text("days_between", {
    low: words.decimal(bins[i].from, 0),
    high: words.decimal(bins[i].to, 0),
  });
}

function drawBin(svg, bin, place, y, title) {
  const floor = y(0);
  const group = shape("g", {}, shape("title", {}, title));
  const onTime = bin.all - bin.late;
  group.append(
    shape("rect", {
      class: "bar-good",
      x: place.x,
      width: place.width,
      y: y(onTime),
      height: floor - y(onTime),
    }),
    shape("rect", {
      class: "bar-late",
      x: place.x,
      width: place.width,
      y: y(bin.all),
      height: y(onTime) - y(bin.all),
    }),
  );
  svg.append(group);
}

function drawDelays(place, detail, words, width) {
  const bins = delayBins(detail);
  const total = bins.reduce((sum, bin) => sum + bin.all, 0);
  if (total === 0) {
    place.replaceChildren(element("p", { class: "empty" }, words.text("no_delivery")));
    return bins;
  }
  const svg = drawing(width, CHART.height, words.text("delays_label"));
  const ticks = ticksOf(0, Math.max(...bins.map((bin) => bin.all)), CHART.ticks);
  const y = (count) =>
    CHART.top + (1 - count / ticks.values.at(-1)) * (CHART.height - CHART.top - CHART.bottom);
  horizontalGrid(svg, y, ticks, width, (tick) => words.count(tick));
  const slot = (width - CHART.left - CHART.right) / bins.length;
  const middle = bins.findIndex((bin) => bin.from === 0);
  const zero = CHART.left + slot * middle;
  bins.forEach((bin, i) => {
    const title = words.text("bin_title", {
      label: binLabel(bins, i, words),
      count: bin.all,
      late: bin.late,
    });
    drawBin(svg, bin, { x: CHART.left + slot * i + 1, width: slot - 2 }, y, title);
  });
  svg.append(shape("line", { class: "promise", x1: zero, x2: zero, y1: CHART.top - 8, y2: y(0) }));
  const every = slot < 34 ? 2 : 1;
  bins.forEach((bin, i) => {
    if (i === 0 || (i - middle) % every) return;
    svg.append(
      shape(
        "text",
        {
          class: "axis",
          x: CHART.left + slot * i,
          y: CHART.height - 8,
          "text-anchor": "middle",
        },
        words.decimal(bin.from, 0),
      ),
    );
  });
  place.replaceChildren(svg);
  return bins;
}
