// Mapbox Vector Tile decoder (specification 2.1): bytes in, layers of features out.
// A feature is {type, tags, parts, box}: parts are flat [x, y, x, y, ...] arrays in tile units.
"use strict";
(() => {
  class Bytes {
    constructor(bytes) {
      this.b = bytes;
      this.p = 0;
      this.end = bytes.length;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    varint() {
      let result = 0;
      // By factors and not by shifts: JavaScript shifts 32 bits, and a varint has up to 64.
      let factor = 1;
      for (;;) {
        if (this.p >= this.end) throw new RangeError("tile cut short");
        const byte = this.b[this.p++];
        result += (byte & 127) * factor;
        if (byte < 128) return result;
        factor *= 128;
      }
    }
    chunk() {
      const size = this.varint();
      const from = this.p;
      this.p += size;
      if (this.p > this.end) throw new RangeError("tile cut short");
      return new Bytes(this.b.subarray(from, this.p));
    }
    text() {
      return decoder.decode(this.chunk().b);
    }
    fixed(size, read) {
      const at = this.p;
      this.p += size;
      return this.view[read](at, true);
    }
    skip(wire) {
      if (wire === 0) this.varint();
      else if (wire === 1) this.p += 8;
      else if (wire === 2) this.p += this.varint();
      else if (wire === 5) this.p += 4;
      else throw new RangeError("not a vector tile");
    }
    // Calls take(field, wire) for each field; fields that it does not take are skipped.
    fields(take) {
      while (this.p < this.end) {
        const key = this.varint();
        const before = this.p;
        take(key >>> 3, key & 7);
        if (this.p === before) this.skip(key & 7);
      }
    }
    packed() {
      const chunk = this.chunk();
      const out = [];
      while (chunk.p < chunk.end) out.push(chunk.varint());
      return out;
    }
  }

  const decoder = new TextDecoder();
  // Likewise without bits, for numbers beyond 32 of them.
  const zigzag = (n) => (n % 2 ? -(n + 1) / 2 : n / 2);

  function readValue(bytes) {
    let value = null;
    bytes.fields((field) => {
      if (field === 1) value = bytes.text();
      else if (field === 2) value = bytes.fixed(4, "getFloat32");
      else if (field === 3) value = bytes.fixed(8, "getFloat64");
      else if (field === 4 || field === 5) value = bytes.varint();
      else if (field === 6) value = zigzag(bytes.varint());
      else if (field === 7) value = bytes.varint() === 1;
    });
    return value;
  }

  function readGeometry(commands) {
    const parts = [];
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    let part = null;
    let x = 0;
    let y = 0;
    for (let i = 0; i < commands.length; ) {
      const id = commands[i] & 7;
      let count = commands[i++] >>> 3;
      if (id === 7) {
        // ClosePath has no numbers of its own.
        if (part) part.push(part[0], part[1]);
        continue;
      }
      while (count-- > 0 && i + 1 < commands.length) {
        x += zigzag(commands[i++]);
        y += zigzag(commands[i++]);
        if (id === 1) parts.push((part = []));
        part.push(x, y);
        if (x < box[0]) box[0] = x;
        if (y < box[1]) box[1] = y;
        if (x > box[2]) box[2] = x;
        if (y > box[3]) box[3] = y;
      }
    }
    return { parts, box };
  }

  function readFeature(bytes, keys, values) {
    let type = 0;
    let tagged = [];
    let commands = [];
    bytes.fields((field) => {
      if (field === 2) tagged = bytes.packed();
      else if (field === 3) type = bytes.varint();
      else if (field === 4) commands = bytes.packed();
    });
    const tags = {};
    for (let i = 0; i + 1 < tagged.length; i += 2) tags[keys[tagged[i]]] = values[tagged[i + 1]];
    return { type, tags, ...readGeometry(commands) };
  }

  function readLayer(bytes) {
    const raw = [];
    const keys = [];
    const values = [];
    let name = "";
    let extent = 4096;
    bytes.fields((field) => {
      if (field === 1) name = bytes.text();
      else if (field === 2) raw.push(bytes.chunk());
      else if (field === 3) keys.push(bytes.text());
      else if (field === 4) values.push(readValue(bytes.chunk()));
      else if (field === 5) extent = bytes.varint();
    });
    return { name, extent, features: raw.map((one) => readFeature(one, keys, values)) };
  }

  // Layers by name. Throws RangeError for bytes that are not a tile.
  CRU.decodeTile = (bytes) => {
    const layers = {};
    const tile = new Bytes(bytes);
    tile.fields((field, wire) => {
      if (field !== 3 || wire !== 2) return;
      const layer = readLayer(tile.chunk());
      layers[layer.name] = layer;
    });
    return layers;
  };
})();
