/* The states of Brazil as tiles: name, column and row, roughly where they lie. */

const STATES = readJson("settings").states;
const MAP_LEVELS = 5;

function stateLabel(code) {
  return code in STATES ? `${code} \u2013 ${STATES[code][0]}` : code;
}

/* Makes the tiles once; those of states outside Brazil have no place and stay in the table. */
function makeMap(page) {
  const map = byId("map");
  page.tiles = new Map();
  page.lines.names.state.forEach((code, i) => {
    if (!(code in STATES)) return;
    const [, column, row] = STATES[code];
    const tile = element(
      "button",
      { type: "button", class: `tile column-${column} row-${row}` },
      element("span", { class: "code" }, code),
      element("span", { class: "figure" }),
      element("span", { class: "heard" }),
    );
    tile.addEventListener("click", () => page.choose("state", i));
    page.tiles.set(i, tile);
    map.append(tile);
  });
  byId("map-panel").hidden = page.tiles.size === 0;
}

function levelOf(share, step) {
  return Math.min(MAP_LEVELS - 1, Math.floor(share / step + 1e-9));
}

/* Returns a round width of the map's classes, so that the highest share lies in the last one. */
function mapStep(rows) {
  const highest = Math.max(0, ...rows.map((row) => row.lateShare ?? 0));
  return highest > 0 ? roundStep(highest, MAP_LEVELS) : 0.01;
}

function showTile(page, tile, code, row, step) {
  const { words } = page;
  const enough = row !== undefined && row.lateShare !== null;
  tile.dataset.level = enough ? levelOf(row.lateShare, step) : "none";
  tile.classList.toggle("follow", enough && isFollowed(row));
  tile.querySelector(".figure").textContent = enough ? words.share(row.lateShare) : NO_VALUE;
  const more = words.text(enough ? "tile" : "tile_few", {
    state: STATES[code][0],
    count: row?.orders,
  });
  tile.querySelector(".heard").textContent = ` ${more}`;
  tile.title = `${code} ${tile.querySelector(".figure").textContent} ${more}`;
}

function showMap(page, rows, chosen) {
  const step = mapStep(rows.filter((row) => page.tiles.has(row.index)));
  const byIndex = new Map(rows.map((row) => [row.index, row]));
  for (const [i, tile] of page.tiles) {
    showTile(page, tile, page.lines.names.state[i], byIndex.get(i), step);
    tile.setAttribute("aria-pressed", i === chosen);
  }
  const scale = Array.from({ length: MAP_LEVELS }, (_, level) =>
    element(
      "li",
      { "data-level": level },
      page.words.text("from_share", { share: page.words.axisShare(level * step, step) }),
    ),
  );
  byId("map-scale").replaceChildren(...scale);
}
