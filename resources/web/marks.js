// Vans and referrals on one canvas, above everything else: drawn when something changed, labels never overlap.
"use strict";
CRU.Marks = class {
  constructor(theme) {
    this.theme = theme;
    this.vans = new Map();
    this.referrals = new Map();
    this.trails = new Map();
    this.route = null;
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
    CRU.paintRoute(ctx, view, this.route, colours);
    for (const item of items) if (item.van) CRU.paintRing(ctx, view, item.van, item.at, item.age, colours);
    const boxes = new CRU.Boxes(48);
    this.spots = [];
    for (let i = items.length - 1; i >= 0; i--) this.symbol(ctx, items[i]);
    this.crowded = items.length > 300;
    const few = items.length <= 80;
    for (const item of items) if (few || item.rank < 5) boxes.add(item.box);
    this.writeRoute(ctx, view, boxes);
    for (const item of items) this.label(ctx, item, boxes);
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

  // A label keeps its side while it can, so that it does not hop about.
  label(ctx, item, boxes) {
    const { kind, mark, middle } = item;
    const pill = kind === "van" ? CRU.vanPill(mark, this.theme) : CRU.referralPill(mark, this.theme);
    const places = CRU.around(pill, item.reach);
    const key = `${kind} ${mark.id}`;
    const last = this.sides.get(key) || 0;
    const first = kind === "referral" && !this.sides.has(key) ? 2 : last;
    for (const side of this.crowded && item.rank >= 5 ? [first] : [first, 0, 1, 2, 3]) {
      const x = middle.x + places[side][0];
      const y = middle.y + places[side][1] + (side === 2 && kind === "referral" && CRU.isPin(mark) ? 16 : 0);
      const box = [x + 3, y + 3, x + pill.width - 3, y + pill.height - 3];
      const must = item.rank < 2 && side === 3;
      if (!boxes.claim([box]) && !must) continue;
      this.sides.set(key, side);
      CRU.stamp(ctx, pill, x, y);
      this.spots.push({ kind, id: mark.id, part: "label", box });
      return;
    }
  }

  writeRoute(ctx, view, boxes) {
    const at = this.route && this.route.label && CRU.routeMiddle(view, this.route);
    if (!at) return;
    const colours = CRU.markColours[this.theme];
    const pill = CRU.pill(this.route.label, { edge: colours.route, ink: colours.text, fill: colours.pill });
    const x = at.x - pill.width / 2;
    const y = at.y - pill.height / 2;
    boxes.claim([[x, y, x + pill.width, y + pill.height]]);
    CRU.stamp(ctx, pill, x, y);
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
