// The one global of the map page and of its tile workers.
"use strict";
self.CRU = self.CRU || {};

CRU.TILE = 256;

// Linear between stops [[zoom, value], ...]; flat beyond the ends.
CRU.ramp = (stops, z) => {
  if (z <= stops[0][0]) return stops[0][1];
  for (let i = 1; i < stops.length; i++) {
    const [z1, v1] = stops[i];
    if (z > z1) continue;
    const [z0, v0] = stops[i - 1];
    return v0 + ((v1 - v0) * (z - z0)) / (z1 - z0);
  }
  return stops[stops.length - 1][1];
};

// A map that forgets what was used longest ago.
CRU.Lru = class {
  constructor(limit) {
    this.limit = limit;
    this.held = new Map();
  }
  get(key) {
    const value = this.held.get(key);
    if (value !== undefined) {
      this.held.delete(key);
      this.held.set(key, value);
    }
    return value;
  }
  put(key, value) {
    this.held.set(key, value);
    if (this.held.size > this.limit) this.held.delete(this.held.keys().next().value);
    return value;
  }
};
