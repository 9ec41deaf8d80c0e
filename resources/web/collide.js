// Boxes that must not overlap, kept in a coarse grid.
"use strict";
CRU.Boxes = class {
  constructor(cell = 64) {
    this.cell = cell;
    this.grid = new Map();
  }
  *cells(box) {
    const { cell } = this;
    for (let i = Math.floor(box[0] / cell); i <= Math.floor(box[2] / cell); i++) {
      for (let j = Math.floor(box[1] / cell); j <= Math.floor(box[3] / cell); j++) yield i * 65536 + j;
    }
  }
  hits(box) {
    for (const key of this.cells(box)) {
      for (const other of this.grid.get(key) || []) {
        if (box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]) return true;
      }
    }
    return false;
  }
  add(box) {
    for (const key of this.cells(box)) {
      const held = this.grid.get(key);
      if (held) held.push(box);
      else this.grid.set(key, [box]);
    }
  }
  // All of the boxes, or none.
  claim(boxes) {
    if (boxes.some((box) => this.hits(box))) return false;
    boxes.forEach((box) => this.add(box));
    return true;
  }
};
