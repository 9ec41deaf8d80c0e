// The names of places as the base map wrote them, and how they make way for vans and referrals.
"use strict";
CRU.Towns = class {
  // redraw(): write the names anew.
  constructor(redraw) {
    this.redraw = redraw;
    this.places = [];
    this.sides = new Map();
    this.keep = new Set();
    // Those that a label of the marks says already.
    this.told = new Set();
    this.marks = [];
    this.seen = "";
  }

  // A drawing of the names begins; boxes on that canvas of what they must not touch.
  begin(view) {
    if (this.zoom !== view.zoom) this.sides.clear();
    this.zoom = view.zoom;
    this.corner = [view.left, view.top];
    this.places = [];
    return this.marksZoom === view.zoom ? this.marks.map((box) => shift(box, -view.left, -view.top)) : [];
  }

  // choices: the boxes where this name may stand, best first; side: the one that it got, or none.
  wrote(label, choices, side) {
    if (side !== undefined) this.sides.set(label.text, side);
    const [left, top] = this.corner;
    this.places.push({ text: label.text, kind: label.kind, side, choices: choices.map((box) => shift(box, left, top)) });
  }

  known(view) {
    return this.zoom === view.zoom ? this.places : [];
  }

  // What labels rather leave free: each town where it stands, or could.
  boxes(view, symbols) {
    const found = new CRU.Boxes();
    for (const place of this.known(view)) {
      const box = place.kind === "town" && spotOf(place, view, symbols);
      if (box) found.add(box);
    }
    return found;
  }

  // Where the name of the place around a point on that canvas is to stand, clear of the symbols; null for none.
  of(view, { x, y }, symbols) {
    let [town, least] = [null, 90];
    for (const place of this.known(view)) {
      const [x0, y0, x1, y1] = shift(place.choices[0], -view.left, -view.top);
      const away = Math.hypot((x0 + x1) / 2 - x, (y0 + y1) / 2 - y) * (place.kind === "town" ? 0.5 : 1);
      if (away < least) [town, least] = [place, away];
    }
    if (!town) return null;
    this.keep.add(town.text);
    return spotOf(town, view, symbols);
  }

  // Labels say these names now: the map need not write them beside.
  said(names) {
    const same = names.length === this.told.size && names.every((name) => this.told.has(name));
    if (same) return;
    this.told = new Set(names);
    this.redraw();
  }

  // The marks stand there now: names that they touch move or go, but not at each step of a van.
  giveWay(view, marks, crowded) {
    this.marks = crowded ? [] : marks.map((box) => shift(box, view.left, view.top));
    this.marksZoom = view.zoom;
    const boxes = new CRU.Boxes();
    for (const box of this.marks) boxes.add(box);
    const touched = (box) => (box && boxes.hits(box) ? 1 : 0);
    const told = this.known(view).map(({ side, choices }) => `${touched(choices[0])}${touched(choices[side])}`);
    const seen = `${[...this.keep]}|${told}`;
    if (seen === this.seen) return;
    this.seen = seen;
    // A pause, since a thousand vans on the move touch another name at each drawing.
    this.timer ??= setTimeout(() => ((this.timer = null), this.redraw()), told.join("").includes("1") ? 60 : 400);
  }
};

// The first box for a name that no symbol lies on, best where it stands already; null for none.
function spotOf({ side, choices }, view, symbols) {
  const order = [choices[side ?? 0], ...choices].map((box) => shift(box, -view.left, -view.top));
  return order.find((box) => !symbols.hits(box)) || null;
}

function shift([left, top, right, bottom], x, y) {
  return [left + x, top + y, right + x, bottom + y];
}
