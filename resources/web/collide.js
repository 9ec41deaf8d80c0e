// Boxes that must not overlap, kept in a coarse grid.
"use strict";
CRU.Boxes = class {
  constructor(cell = 64) {
    this.cell = cell;
    this.grid = new Map();
  }
  // The first cell whose visit says yes. Plain loops: this runs for each label at each drawing.
  some(box, visit) {
    const { cell } = this;
    const right = Math.floor(box[2] / cell);
    const bottom = Math.floor(box[3] / cell);
    for (let i = Math.floor(box[0] / cell); i <= right; i++) {
      for (let j = Math.floor(box[1] / cell); j <= bottom; j++) if (visit(i * 65536 + j)) return true;
    }
    return false;
  }
  hits(box) {
    return this.some(box, (key) => {
      const held = this.grid.get(key);
      if (!held) return false;
      for (const other of held) {
        if (box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]) return true;
      }
      return false;
    });
  }
  add(box) {
    this.some(box, (key) => {
      const held = this.grid.get(key);
      if (held) held.push(box);
      else this.grid.set(key, [box]);
      return false;
    });
  }
  // All of the boxes, or none.
  claim(boxes) {
    if (boxes.some((box) => this.hits(box))) return false;
    boxes.forEach((box) => this.add(box));
    return true;
  }
};
