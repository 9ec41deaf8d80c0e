// The base map from vector tiles: a Leaflet layer whose tiles are drawn by workers, sharp at any zoom and ratio.
"use strict";
CRU.TileWorkers = class {
  constructor(count) {
    this.workers = Array.from({ length: count }, () => this._make());
    this.queue = [];
    this.waiting = new Map();
    this.next = 1;
  }
  _make() {
    const worker = new Worker("web/worker.js");
    worker.busy = 0;
    worker.onmessage = ({ data }) => this._answer(worker, data);
    worker.onerror = (event) => console.error(`tile worker: ${event.message}`);
    return worker;
  }
  // wanted() is asked just before the work starts: a tile that has left the view costs nothing.
  ask(request, wanted) {
    return new Promise((resolve) => {
      this.queue.push({ request, wanted, resolve });
      // Leaflet only knows the tile once the call that asks for it has returned.
      queueMicrotask(() => this._feed());
    });
  }
  _feed() {
    for (const worker of this.workers) {
      while (worker.busy < 2 && this.queue.length) {
        const job = this.queue.shift();
        if (!job.wanted()) {
          job.resolve(null);
          continue;
        }
        const id = this.next++;
        worker.busy += 1;
        this.waiting.set(id, job.resolve);
        worker.postMessage({ ...job.request, id });
      }
    }
  }
  _answer(worker, data) {
    worker.busy -= 1;
    this.waiting.get(data.id)(data);
    this.waiting.delete(data.id);
    this._feed();
  }
  async stats() {
    const sums = {};
    const ask = (worker) =>
      new Promise((resolve) => {
        const id = this.next++;
        worker.busy += 1;
        this.waiting.set(id, resolve);
        worker.postMessage({ stats: true, id });
      });
    for (const { stats } of await Promise.all(this.workers.map(ask))) {
      for (const [name, value] of Object.entries(stats)) sums[name] = (sums[name] || 0) + value;
    }
    return sums;
  }
};

function scaled(name, by) {
  return name.path ? { ...name, path: name.path.map((at) => at * by) } : { ...name, x: name.x * by, y: name.y * by };
}

CRU.BaseMap = L.GridLayer.extend({
  options: { tileSize: CRU.TILE, keepBuffer: 1, updateWhenIdle: false, updateInterval: 100, className: "cru-base" },

  initialize(base, theme, onNames) {
    L.setOptions(this, {});
    this._base = base;
    this._theme = theme;
    this._onNames = onNames;
    this._names = new Map();
    this._workers = new CRU.TileWorkers(Math.max(1, Math.min(2, (navigator.hardwareConcurrency || 2) - 1)));
    this.on("tileunload", ({ coords }) => this._names.delete(this._tileCoordsToKey(coords)));
  },

  // Leaflet's redraw would ask for tiles of a zoom between two.
  _clampZoom: (zoom) => Math.round(zoom),

  createTile(coords, done) {
    const canvas = document.createElement("canvas");
    const key = this._tileCoordsToKey(coords);
    const request = { ...this._request(coords.z), x: coords.x, y: coords.y, z: coords.z };
    this._workers.ask(request, () => key in this._tiles).then((answer) => {
      if (!answer) return;
      if (answer.error) console.error(`tile ${key}: ${answer.error}`);
      else this._show(key, canvas, answer, request);
      done(answer.error || null, canvas);
    });
    return canvas;
  },

  _request(z) {
    const colours = CRU.palettes[this._theme];
    this._drawnAt = window.devicePixelRatio || 1;
    // Between whole zooms Leaflet magnifies the tiles of the nearest one: they are drawn as fine as they will be seen.
    const ratio = this._drawnAt * Math.max(1, 2 ** (this._map.getZoom() - z));
    return { low: this._base.low, high: this._base.high, ratio, theme: this._theme, colours };
  },

  // Draw anew when the text size or the screen has changed how many dots make a pixel.
  sharpen() {
    if (this._drawnAt && this._drawnAt !== (window.devicePixelRatio || 1)) this.redraw();
  },

  _show(key, canvas, { picture, owner, names }, { ratio, theme, z }) {
    canvas.width = canvas.height = picture.width;
    // A little over its neighbours, or a seam would show between whole zooms.
    canvas.style.width = canvas.style.height = `${picture.width / ratio}px`;
    canvas.getContext("bitmaprenderer").transferFromImageBitmap(picture);
    if (theme !== this._theme || !(key in this._tiles)) return;
    this._names.set(key, { owner, names, z });
    this._onNames();
  },

  // Names of the tiles on show, in pixels of the zoom; a tile that was magnified into several counts once.
  names(zoom) {
    const seen = new Map();
    const whole = Math.round(zoom);
    for (const { owner, names, z } of this._names.values()) if (z === whole) seen.set(owner, names);
    const found = [...seen.values()].flat();
    return zoom === whole ? found : found.map((name) => scaled(name, 2 ** (zoom - whole)));
  },

  settled() {
    return !this.isLoading() && !this._workers.queue.length;
  },

  stats() {
    return this._workers.stats();
  },

  setTheme(theme) {
    if (theme === this._theme) return;
    this._theme = theme;
    this._names.clear();
    this.redraw();
  },
});
