// Vans and referrals on one canvas, above everything else: drawn when something changed, labels never overlap.
"use strict";
// With more marks than that, a van that does nothing urgent gets one try for its label.
CRU.CROWD = 300;

CRU.Marks = class {
  // towns: the names of places; frame(): what lies over the map, boxes in its container.
  constructor(theme, towns, frame) {
    this.theme = theme;
    this.towns = towns;
    this.frame = frame;
    this.vans = new Map();
    this.referrals = new Map();
    this.trails = new Map();
    this.routes = [];
    // Rows of name, latitude, longitude, words, and whether that is long.
    this.cover = [];
    this.coverBoxes = [];
    this.now = 0;
    this.spots = [];
    this.sides = new Map();
    this.frames = 0;
    this.overlay = new CRU.Overlay((ctx, view) => this.paint(ctx, view), { pane: "marks", padding: 0.05 });
  }

  change() {
    this.overlay.redraw();
  }

  paint(ctx, view) {
    this.frames += 1;
    const started = performance.now();
    const colours = CRU.markColours[this.theme];
    const items = this.items(view);
    CRU.paintTrails(ctx, view, this.trails, colours);
    CRU.paintRoutes(ctx, view, this.routes, colours);
    for (const item of items) if (item.van) CRU.paintRing(ctx, view, item.van, item.at, item.age, colours);
    this.spots = [];
    for (let i = items.length - 1; i >= 0; i--) this.symbol(ctx, items[i]);
    this.write(ctx, view, items, colours);
    CRU.drawn();
    this.spent = performance.now() - started;
  }

  // What is in view, the most important first.
  items(view) {
    const items = [];
    const inView = ({ x, y }) => x > -60 && y > -60 && x < view.width + 60 && y < view.height + 60;
    for (const mark of this.referrals.values()) {
      const at = view.point(mark.lat, mark.lon);
      if (!inView(at)) continue;
      const middle = { x: at.x, y: at.y + CRU.referralMiddle(mark) };
      items.push({ kind: "referral", mark, at, middle, rank: CRU.referralRank(mark), reach: 11 });
    }
    for (const mark of this.vans.values()) {
      const at = view.point(mark.lat, mark.lon);
      const age = CRU.ageOf(mark, this.now);
      if (!inView(at) && !this.ringInView(mark, at, age, view)) continue;
      items.push({ kind: "van", mark, van: mark, at, middle: at, age, rank: CRU.vanRank(mark), reach: 13 });
    }
    for (const item of items) {
      const { x, y } = item.middle;
      item.box = [x - 11, y - 11, x + 11, y + 11];
    }
    return items.sort((a, b) => a.rank - b.rank || (a.mark.id < b.mark.id ? -1 : 1));
  }

  ringInView(van, at, age, view) {
    const radius = CRU.uncertainty(van, age) * view.metre;
    return at.x > -radius && at.y > -radius && at.x < view.width + radius && at.y < view.height + radius;
  }

  symbol(ctx, item) {
    const { mark, at, middle, kind } = item;
    const picture = kind === "van" ? CRU.vanSymbol(mark, this.theme) : CRU.referralSymbol(mark, this.theme);
    ctx.globalAlpha = kind === "van" && !mark.emergency ? CRU.strength(item.age) : 1;
    CRU.stamp(ctx, picture, at.x - picture.width / 2, at.y - picture.height / 2);
    ctx.globalAlpha = 1;
    this.spots.push({ kind, id: mark.id, part: "symbol", box: [middle.x - 14, middle.y - 14, middle.x + 14, middle.y + 14] });
  }

  // Labels beside their symbols. The town of what is chosen stays readable, other names make way (names.js).
  write(ctx, view, items, colours) {
    const crowded = items.length > CRU.CROWD;
    const solid = new CRU.Boxes(48);
    for (const item of items) if (items.length <= 80 || item.rank < 5) solid.add(item.box);
    this.keepTowns(view, items, solid);
    for (const box of this.edges()) solid.add(box);
    const wanted = items.filter(({ middle }) => middle.x > 0 && middle.y > 0 && middle.x < view.width && middle.y < view.height);
    const labels = wanted.map((item) => this.wish(item, crowded)).sort((a, b) => b.selected - a.selected);
    const ways = this.routes.map((route, at) => this.wayWish(view, route, at, colours)).filter(Boolean);
    labels.splice(labels.findIndex(({ rank }) => rank >= 2) >>> 0, 0, ...ways);
    // Last: what is quiet makes way for what moves.
    labels.push(...this.cover.map((town) => this.coverWish(view, town, colours)).filter(Boolean));
    if (this.zoom !== view.zoom) this.sides.clear();
    this.zoom = view.zoom;
    const placed = CRU.place(labels, solid, this.towns.boxes(view, solid), this.sides, this.area(view));
    for (const label of labels) this.put(ctx, label, placed.get(label.key), colours);
    this.coverBoxes = labels.filter(({ kind, key }) => kind === "cover" && placed.has(key)).map(({ id, key }) => [id, placed.get(key).box]);
    this.towns.said(this.coverBoxes.map(([name]) => name));
    const covered = [...items.map(({ box }) => box), ...[...placed.values()].map(({ box }) => box), ...this.edges()];
    this.towns.giveWay(view, covered, crowded);
  }

  wish({ kind, mark, middle, reach, rank }, crowded) {
    const pill = kind === "van" ? CRU.vanPill(mark, this.theme) : CRU.referralPill(mark, this.theme);
    const drop = kind === "referral" && CRU.isPin(mark) ? 16 : 0;
    const few = crowded && rank >= 5;
    const size = { width: pill.width - 6, height: pill.height - 6 };
    const wish = { kind, id: mark.id, key: `${kind} ${mark.id}`, rank, pill, x: middle.x, y: middle.y, reach, drop, ...size };
    return { ...wish, selected: mark.selected, must: mark.selected || mark.emergency, rings: rank < 5 ? 3 : rank === 5 ? 2 : 1, tries: few ? 1 : 0 };
  }

  wayWish(view, route, number, colours) {
    const at = route.label && CRU.routeMiddle(view, route);
    if (!at) return null;
    const pill = CRU.pill(route.label, { edge: colours.route, ink: colours.text, fill: colours.pill });
    const size = { width: pill.width - 6, height: pill.height - 6 };
    return { kind: "way", key: `way ${number}`, rank: 2, pill, ...at, reach: 8, rings: 3, ...size };
  }

  coverWish(view, [name, lat, lon, text, long], colours) {
    const { x, y } = view.point(lat, lon);
    if (x < 0 || y < 0 || x > view.width || y > view.height) return null;
    const look = { edge: "transparent", ink: long ? colours.stale : colours.quiet, fill: `${colours.pill}d9` };
    const pill = CRU.pill(`${name} · ${text}${long ? " !" : ""}`, look);
    const size = { width: pill.width - 6, height: pill.height - 6 };
    return { kind: "cover", id: name, key: `cover ${name}`, rank: 6, pill, x, y, reach: 6, drop: 0, rings: 2, ...size };
  }

  put(ctx, { kind, id, key, pill, x, y }, spot, colours) {
    if (!spot) return;
    this.sides.set(key, spot.side);
    const [left, top, right, bottom] = spot.box;
    if (CRU.isFar(spot.side)) {
      const end = [Math.max(left, Math.min(x, right)), Math.max(top, Math.min(y, bottom))];
      CRU.paintLeader(ctx, [x, y], end, colours);
    }
    CRU.stamp(ctx, pill, left - 3, top - 3);
    if (kind !== "way" && kind !== "cover") this.spots.push({ kind, id, part: "label", box: spot.box });
  }

  // The towns that the chosen marks are in.
  keepTowns(view, items, solid) {
    this.towns.keep = new Set();
    for (const { mark, at } of items) {
      const box = mark.selected && this.towns.of(view, at, solid);
      if (box) solid.add(box);
    }
  }

  // What is in sight, on the canvas: a label at the edge of the panel is cut.
  area(view) {
    const { x, y } = this.overlay.toCanvas([0, 0]);
    return [x + 3, y + 3, view.width - x - 3, view.height - y - 3];
  }

  // What stands at the edge of the map: no label goes under it.
  edges() {
    const origin = this.overlay.toCanvas([0, 0]);
    return this.frame().map(([left, top, right, bottom]) => [left + origin.x, top + origin.y, right + origin.x, bottom + origin.y]);
  }

  // The names of this zoom have come: choose once more, since now it is known what to leave free.
  settle(zoom) {
    if (this.settled === zoom) return;
    this.settled = zoom;
    this.sides.clear();
    this.change();
  }

  // The topmost mark at a place in the container, or null.
  at(containerPoint) {
    const { x, y } = this.overlay.toCanvas(containerPoint);
    for (let i = this.spots.length - 1; i >= 0; i--) {
      const [x0, y0, x1, y1] = this.spots[i].box;
      if (x >= x0 && x <= x1 && y >= y0 && y <= y1) return this.spots[i];
    }
    return null;
  }

  // Where a mark's label (or symbol) is in the container: its middle, or null.
  spot(kind, id, part = "label") {
    const found = this.spots.find((spot) => spot.kind === kind && spot.id === id && spot.part === part);
    if (!found) return null;
    const [x0, y0, x1, y1] = found.box;
    return this.overlay.toContainer([(x0 + x1) / 2, (y0 + y1) / 2]);
  }

  hint(spot) {
    if (spot.kind === "referral") return CRU.referralHint(this.referrals.get(spot.id));
    const van = this.vans.get(spot.id);
    return CRU.vanHint(van, CRU.ageOf(van, this.now));
  }

  takeRows(layer, names, { put = [], drop = [] }) {
    for (const row of put) {
      const mark = {};
      for (let i = 0; i < names.length; i++) mark[names[i]] = row[i];
      layer.set(mark.id, mark);
    }
    for (const id of drop) layer.delete(id);
  }
};
