// A tile worker: fetches, decodes and draws one tile, and picks its names. The page's own thread only shows it.
"use strict";
importScripts("core.js", "mvt.js", "style.js", "paint.js", "names.js");
(() => {
  const decoded = new CRU.Lru(96);
  let stats = { tiles: 0, fetch: 0, decode: 0, paint: 0 };

  function load(z, x, y) {
    const key = `${z}/${x}/${y}`;
    return decoded.get(key) || decoded.put(key, fetchTile(key).catch(() => forget(key)));
  }

  function forget(key) {
    decoded.held.delete(key);
    return {};
  }

  async function fetchTile(key) {
    const before = performance.now();
    const reply = await fetch(`/tiles/${key}`);
    const bytes = new Uint8Array(await reply.arrayBuffer());
    const got = performance.now();
    const layers = CRU.decodeTile(bytes);
    stats.fetch += got - before;
    stats.decode += performance.now() - got;
    return layers;
  }

  // A town that the pack shows from a lower zoom on matters more than one that comes later.
  async function weigher(z, x, y, low) {
    const first = new Map();
    for (let up = Math.max(7, low); up <= Math.min(9, z); up++) {
      const shift = z - up;
      const layers = await load(up, x >> shift, y >> shift);
      for (const { tags } of layers.place ? layers.place.features : []) {
        const text = tags["name:latin"] || tags.name;
        if (!first.has(text)) first.set(text, (up - 7) * 0.25);
      }
    }
    return (text) => first.get(text) ?? 0.75;
  }

  async function draw({ z, x, y, low, high, ratio, colours }) {
    const dataZ = Math.min(z, high);
    const grow = 2 ** (z - dataZ);
    const [tx, ty] = [Math.floor(x / grow), Math.floor(y / grow)];
    const layers = z < low ? {} : await load(dataZ, tx, ty);
    const weight = await weigher(dataZ, tx, ty, low);
    const scale = (CRU.TILE * grow) / 4096;
    const view = { scale, dx: (x - tx * grow) * CRU.TILE, dy: (y - ty * grow) * CRU.TILE, size: CRU.TILE + 3, z };
    const started = performance.now();
    // A pixel more than its square, see basemap.js.
    const side = Math.ceil((CRU.TILE + 1) * ratio);
    const canvas = new OffscreenCanvas(side, side);
    const ctx = canvas.getContext("2d", { alpha: false });
    ctx.scale(ratio, ratio);
    CRU.paintTile(ctx, layers, view, colours);
    stats.paint += performance.now() - started;
    stats.tiles += 1;
    const at = { scale, x: tx * grow * CRU.TILE, y: ty * grow * CRU.TILE, z };
    return { picture: canvas.transferToImageBitmap(), owner: `${dataZ}/${tx}/${ty}`, names: CRU.namesOf(layers, at, weight) };
  }

  self.onmessage = async ({ data }) => {
    if (data.stats) {
      self.postMessage({ id: data.id, stats });
      stats = { tiles: 0, fetch: 0, decode: 0, paint: 0 };
      return;
    }
    try {
      const answer = await draw(data);
      self.postMessage({ id: data.id, ...answer }, [answer.picture]);
    } catch (error) {
      self.postMessage({ id: data.id, error: String(error) });
    }
  };
})();
