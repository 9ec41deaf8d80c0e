// Where the labels of marks stand: a pure choice, the most important first; what finds no room stays unwritten.
"use strict";
(() => {
  const STEP = 26;
  const RINGS = 6;
  const WAYS = [[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [1, 1], [-1, -1], [-1, 1]];

  // A side is a way, and how many steps farther out than beside the symbol.
  CRU.SIDES = WAYS.length;
  CRU.isFar = (side) => side >= CRU.SIDES;

  // item: {key, x, y, reach, width, height, drop, must, rings, tries}; drop is how much lower than its reach the symbol ends.
  CRU.sideBox = ({ x, y, reach, width, height, drop = 0 }, side) => {
    const [across, down] = WAYS[side % CRU.SIDES];
    const out = (reach + STEP * Math.floor(side / CRU.SIDES)) * (across && down ? 0.75 : 1);
    const left = x + across * out + ((across - 1) / 2) * width;
    const top = y + down * out + (down > 0 ? drop : 0) + ((down - 1) / 2) * height;
    return [left, top, left + width, top + height];
  };

  const within = (box, area) => box[0] >= area[0] && box[1] >= area[1] && box[2] <= area[2] && box[3] <= area[3];

  // What a place costs beyond none; Infinity where a label must not stand. A mark that must be named may lie on symbols.
  function cost(item, box, { solid, soft, taken, held, area }) {
    if (!within(box, area) || taken.hits(box)) return Infinity;
    const hard = solid.hits(box);
    if (hard && !item.must) return Infinity;
    return (hard ? 8 : 0) + (soft.hits(box) ? 2 : 0) + (held.hits(box) ? 1 : 0);
  }

  function choose(item, ground) {
    const { last } = ground;
    const kept = last.get(item.key);
    const keptBox = kept === undefined ? null : CRU.sideBox(item, kept);
    // It keeps its side while it can, so that it does not hop about.
    if (keptBox && within(keptBox, ground.area) && !ground.taken.hits(keptBox) && !ground.solid.hits(keptBox)) {
      return { side: kept, box: keptBox };
    }
    let best = null;
    let least = Infinity;
    const tries = CRU.SIDES * (item.must ? RINGS : item.rings || 1);
    for (let side = 0; side < (item.tries || tries) && least > 0; side++) {
      const box = CRU.sideBox(item, side);
      const spent = cost(item, box, ground);
      if (spent < least) [best, least] = [{ side, box }, spent];
    }
    return best;
  }

  // By key {side, box} of each label that has room. items: the most important first. solid: what no label may cover;
  // soft: what it rather leaves free. last: sides by key as they were. area: [left, top, right, bottom].
  CRU.place = (items, solid, soft, last, area) => {
    const [taken, held] = [new CRU.Boxes(48), new CRU.Boxes(48)];
    for (const item of items) if (last.has(item.key)) held.add(CRU.sideBox(item, last.get(item.key)));
    const ground = { solid, soft, taken, held, last, area };
    const found = new Map();
    for (const item of items) {
      const spot = choose(item, ground);
      if (!spot) continue;
      taken.add(spot.box);
      found.set(item.key, spot);
    }
    return found;
  };
})();
