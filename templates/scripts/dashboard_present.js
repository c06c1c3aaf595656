/* Where a group stands in the recent quarter against the network, as analysis/standing.py says. */

/* Of groups like the network, this part has an interval wholly above its share. */
const UPPER_TAIL = 0.025;

/* The shares of a quarter's counts, with their intervals. */
function levelsOf({ known, late, reviews, low }) {
  return {
    known,
    lateShare: ratio(late, known),
    lateInterval: wilson(late, known),
    lowShare: ratio(low, reviews),
    lowInterval: wilson(low, reviews),
  };
}

/* The levels of a row and its standing: worse, above, normal or unsure; null without a network. */
function presentOf(recent, network, movement, { minimum, normalRatio }) {
  if (network.lateShare === null) return null;
  const own = levelsOf(recent);
  const ratios = {
    late: atLeast(own.lateInterval, network.lateShare),
    reviews: atLeast(own.lowInterval, network.lowShare),
  };
  const known = Object.values(ratios).filter((multiple) => multiple !== null);
  const judged = recent.known >= Math.max(minimum, 1);
  const reasons = {
    late: judged && ratios.late !== null && ratios.late > 1,
    reviews: judged && ratios.reviews !== null && ratios.reviews > 1,
  };
  const rose = movement !== null && movement.low > 0;
  const isNormal = (interval, share) =>
    interval === null || share === null || interval.high < normalRatio * share;
  let standing = "unsure";
  if (judged && rose && own.lateInterval.high >= network.lateShare) standing = "worse";
  else if (reasons.late || reasons.reviews) standing = "above";
  else if (
    judged &&
    isNormal(own.lateInterval, network.lateShare) &&
    isNormal(own.lowInterval, network.lowShare)
  )
    standing = "normal";
  return { ...own, reasons, ratio: known.length ? Math.max(...known) : 0, standing };
}

function isListed(row) {
  return row.followUp.late || row.followUp.reviews;
}

/* Whether a row stands out by now; over the period where there is no recent quarter. */
function isFollowed(row) {
  if (row.present === null) return isListed(row);
  return row.present.standing === "worse" || row.present.standing === "above";
}

function followedRatio(row) {
  return (row.present === null ? row.followUp.ratio : row.present.ratio) ?? 0;
}

/* How many would stand out by now, were all like the network: one interval in forty. */
function followedByChance(rows, minimum) {
  const judged = rows.filter(
    ({ present }) => present !== null && present.known >= Math.max(minimum, 1),
  );
  const tests = judged.reduce(
    (sum, { present, movement }) =>
      sum + 1 + Number(present.lowInterval !== null) + Number(movement !== null),
    0,
  );
  return tests * UPPER_TAIL;
}

/* What the recent quarter says of a row: lateness, and the reviews where they are a reason. */
function presentReasons(page, row) {
  const { present } = row;
  if (present === null || present.known === 0) return [];
  const { reasons: bad } = present;
  const reasons = [reason(page, "late", present.lateShare, present.lateInterval, bad.late)];
  if (present.lowShare !== null && (present.reasons.reviews || (isListed(row) && !row.followUp.late)))
    reasons.push(reason(page, "reviews", present.lowShare, present.lowInterval, bad.reviews));
  return reasons;
}
