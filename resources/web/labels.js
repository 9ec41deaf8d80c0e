// The writing on the base map: one canvas over the whole view, so that no name is cut or doubled at a tile's edge.
"use strict";
(() => {
  const widths = new CRU.Lru(20000);

  function textWidth(ctx, font, text) {
    const key = `${font}|${text}`;
    return widths.get(key) ?? widths.put(key, ((ctx.font = font), ctx.measureText(text).width));
  }

  const looks = {
    town: (z) => ({ size: CRU.ramp([[8, 12.5], [10, 13], [12, 15], [14, 18], [16, 21]], z), weight: 600, colour: "town" }),
    suburb: (z) => ({ size: CRU.ramp([[12, 11], [14, 13.5], [16, 16]], z), weight: 500, colour: "village" }),
    village: (z) => ({ size: CRU.ramp([[11, 11], [13, 12.5], [15, 15], [17, 17]], z), weight: 400, colour: "village" }),
    hamlet: (z) => ({ size: CRU.ramp([[13, 10.5], [16, 13]], z), weight: 400, colour: "hamlet" }),
    district: () => ({ size: 11, weight: 400, colour: "hamlet" }),
    street: (z) => ({ size: CRU.ramp([[14, 10], [16, 11.5], [18, 14]], z), weight: 400, colour: "street" }),
    river: (z) => ({ size: CRU.ramp([[12, 10], [16, 12]], z), weight: 400, colour: "waterName", style: "italic" }),
    lake: () => ({ size: 11, weight: 400, colour: "waterName", style: "italic" }),
    site: () => ({ size: 10.5, weight: 400, colour: "site", dot: true }),
    hospital: (z) => ({ size: 11, weight: 500, colour: "site", cross: true, bare: z < 14 }),
  };

  const MOVABLE = new Set(["town", "suburb", "village"]);

  function look(kind, z) {
    const found = looks[kind](z);
    // In half pixels: a size that nobody used yet is one more question to the console's process, at each step of a zoom.
    found.size = Math.round(found.size * 2) / 2;
    found.font = `${found.style || "normal"} ${found.weight} ${found.size}px ${CRU.FONT}`;
    return found;
  }

  // A long name in two lines, as near to equal as the words allow.
  function wrap(text) {
    if (text.length < 15 || !text.includes(" ")) return [text];
    const words = text.split(" ");
    let best = [text];
    let least = Infinity;
    for (let i = 1; i < words.length; i++) {
      const lines = [words.slice(0, i).join(" "), words.slice(i).join(" ")];
      const longest = Math.max(lines[0].length, lines[1].length);
      if (longest < least) [best, least] = [lines, longest];
    }
    return best;
  }

  class Writer {
    constructor(ctx, view, colours, towns) {
      this.towns = towns;
      this.ctx = ctx;
      this.view = view;
      this.colours = colours;
      this.boxes = new CRU.Boxes();
      for (const box of towns.begin(view)) this.boxes.add(box);
      this.shown = new Map();
      this.looks = {};
      this.count = 0;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.lineJoin = "round";
    }
    look(kind) {
      return this.looks[kind] || (this.looks[kind] = look(kind, this.view.zoom));
    }
    outside(x, y, margin = 40) {
      return x < -margin || y < -margin || x > this.view.width + margin || y > this.view.height + margin;
    }
    // Whether the same text stands nearer than the distance already.
    repeated(text, x, y, distance) {
      const held = this.shown.get(text);
      if (held && held.some(([px, py]) => Math.hypot(px - x, py - y) < distance)) return true;
      return false;
    }
    remember(text, x, y) {
      this.count += 1;
      if (this.shown.has(text)) this.shown.get(text).push([x, y]);
      else this.shown.set(text, [[x, y]]);
    }
    ink(text, x, y, style) {
      const { ctx, colours } = this;
      ctx.font = style.font;
      ctx.strokeStyle = colours.halo;
      ctx.lineWidth = 3;
      ctx.strokeText(text, x, y);
      ctx.fillStyle = colours[style.colour];
      ctx.fillText(text, x, y);
    }
    write(label) {
      if (label.kind === "shield") this.shield(label);
      else if (label.path) this.along(label);
      else this.point(label);
    }
    point({ kind, text, x: worldX, y: worldY }) {
      const x = worldX - this.view.left;
      const y = worldY - this.view.top;
      if (this.outside(x, y) || this.repeated(text, x, y, 60)) return;
      const style = this.look(kind);
      if (style.cross) this.hospital(text, x, y, style);
      else if (MOVABLE.has(kind)) this.place(kind, text, x, y, style);
      else this.block(wrap(text), text, x, y, style, style.dot ? 5 : 0);
    }
    // The name of a place moves a little when a mark stands on it, and keeps where it stands while it can.
    place(kind, text, x, y, style) {
      if (this.towns.told.has(text)) return;
      const lines = wrap(text);
      const [wide, high] = [this.wide(lines, style) + 10, style.size * 1.15 * lines.length + 6];
      const [low, far, out] = [high / 2 + 12, high / 2 + 34, wide / 2 + 12];
      const near = [[0, 0], [0, low], [0, -low], [out, 0], [-out, 0]];
      const spots = [...near, [0, far], [0, -far], [out, low], [out, -low], [-out, low], [-out, -low]];
      const choices = spots.map(([dx, dy]) => [x + dx - wide / 2, y + dy - high / 2, x + dx + wide / 2, y + dy + high / 2]);
      const kept = this.towns.sides.get(text);
      const side = [kept, ...spots.keys()].find((one) => one !== undefined && this.boxes.claim([choices[one]]));
      this.towns.wrote({ kind, text }, choices, side);
      if (side === undefined) return;
      this.lines(lines, x + spots[side][0], choices[side][1] + 3, style);
      this.remember(text, x, y);
    }
    wide(lines, style) {
      return Math.max(...lines.map((line) => textWidth(this.ctx, style.font, line)));
    }
    lines(lines, x, top, style) {
      lines.forEach((line, i) => this.ink(line, x, top + style.size * 1.15 * (i + 0.5), style));
    }
    // Lines centred on the place, or below it by a gap that leaves room for a dot or a sign.
    block(lines, text, x, y, style, gap) {
      const high = style.size * 1.15;
      const wide = this.wide(lines, style);
      const top = gap ? y + gap : y - (high * lines.length) / 2;
      const above = gap < 9 ? gap + 3 : 0;
      const box = [x - wide / 2 - 5, top - above - (gap ? 0 : 3), x + wide / 2 + 5, top + high * lines.length + 3];
      if (!this.boxes.claim([box])) return;
      this.lines(lines, x, top, style);
      if (style.dot) this.dot(x, y);
      this.remember(text, x, y);
    }
    dot(x, y) {
      this.ctx.beginPath();
      this.ctx.arc(x, y, 1.8, 0, 7);
      this.ctx.fillStyle = this.colours.site;
      this.ctx.fill();
    }
    hospital(text, x, y, style) {
      if (!this.boxes.claim([[x - 9, y - 9, x + 9, y + 9]])) return;
      const [ink, ground] = this.colours.hospital;
      const { ctx } = this;
      ctx.fillStyle = ground;
      ctx.beginPath();
      ctx.roundRect(x - 7.5, y - 7.5, 15, 15, 3);
      ctx.fill();
      ctx.fillStyle = ink;
      ctx.font = `700 11px ${CRU.FONT}`;
      ctx.fillText("H", x, y + 0.5);
      this.remember(text, x, y);
      if (!style.bare) this.block(wrap(text), `${text} name`, x, y, style, 10);
    }
    shield({ text, road, path }) {
      const spot = this.middle(path, 0.5);
      if (!spot || this.outside(spot.x, spot.y, 10) || this.repeated(`#${text}`, spot.x, spot.y, 190)) return;
      const font = `600 9.5px ${CRU.FONT}`;
      const wide = textWidth(this.ctx, font, text) / 2 + 4;
      const { x, y } = spot;
      if (!this.boxes.claim([[x - wide - 6, y - 11, x + wide + 6, y + 11]])) return;
      const [ground, ink, edge] = this.colours.shields[road];
      const { ctx } = this;
      ctx.beginPath();
      ctx.roundRect(x - wide, y - 7, wide * 2, 14, 3);
      ctx.fillStyle = ground;
      ctx.fill();
      ctx.strokeStyle = edge;
      ctx.lineWidth = 1;
      ctx.stroke();
      ctx.font = font;
      ctx.fillStyle = ink;
      ctx.fillText(text, x, y + 0.5);
      this.remember(`#${text}`, x, y);
    }
    middle(path, share) {
      const line = new CRU.Line(path, this.view.left, this.view.top);
      return line.length > 24 ? line.at(line.length * share) : null;
    }
    along({ kind, text, path }) {
      const line = new CRU.Line(path, this.view.left, this.view.top);
      const style = this.look(kind);
      const letters = [...text];
      if (line.length < text.length * style.size * 0.45 || !line.meets(this.view)) return;
      const sizes = letters.map((letter) => textWidth(this.ctx, style.font, letter));
      const wide = sizes.reduce((sum, size) => sum + size, 0);
      const room = line.length - wide - 8;
      if (room < 0) return;
      const tries = Math.max(1, Math.min(12, Math.round(line.length / 320)));
      for (let i = 0; i < tries; i++) {
        this.tryAlong(line, text, letters, sizes, wide, 4 + (room * (i + 0.5)) / tries, style);
      }
    }
    tryAlong(line, text, letters, sizes, wide, from, style) {
      const centre = line.at(from + wide / 2);
      if (this.outside(centre.x, centre.y, 0) || this.repeated(text, centre.x, centre.y, 240)) return;
      const start = line.at(from);
      const end = line.at(from + wide);
      const back = end.x < start.x;
      const glyphs = [];
      let walked = 0;
      let last = null;
      for (let i = 0; i < letters.length; i++) {
        const spot = line.at(back ? from + wide - walked - sizes[i] / 2 : from + walked + sizes[i] / 2);
        const angle = back ? spot.angle + Math.PI : spot.angle;
        if (last !== null && Math.abs(Math.atan2(Math.sin(angle - last), Math.cos(angle - last))) > 0.5) return;
        last = angle;
        walked += sizes[i];
        glyphs.push([letters[i], spot.x, spot.y, angle]);
      }
      const half = style.size * 0.6 + 1;
      if (!this.boxes.claim(glyphs.map(([, x, y]) => [x - half, y - half, x + half, y + half]))) return;
      this.spell(glyphs, style);
      this.remember(text, centre.x, centre.y);
    }
    spell(glyphs, style) {
      const { ctx, colours } = this;
      ctx.font = style.font;
      ctx.strokeStyle = colours.halo;
      ctx.fillStyle = colours[style.colour];
      ctx.lineWidth = 3;
      for (const draw of ["strokeText", "fillText"]) {
        for (const [letter, x, y, angle] of glyphs) {
          ctx.save();
          ctx.translate(x, y);
          ctx.rotate(angle);
          ctx[draw](letter, 0, 0);
          ctx.restore();
        }
      }
    }
  }

  // A path in canvas pixels that can be walked by length.
  CRU.Line = class {
    constructor(path, left, top) {
      this.points = [];
      this.sums = [0];
      for (let i = 0; i < path.length; i += 2) this.points.push([path[i] - left, path[i + 1] - top]);
      for (let i = 1; i < this.points.length; i++) {
        const [[x0, y0], [x1, y1]] = [this.points[i - 1], this.points[i]];
        this.sums.push(this.sums[i - 1] + Math.hypot(x1 - x0, y1 - y0));
      }
      this.length = this.sums[this.sums.length - 1];
    }
    meets({ width, height }) {
      return this.points.some(([x, y]) => x > -80 && y > -80 && x < width + 80 && y < height + 80) || this.length > 400;
    }
    at(distance) {
      const { points, sums } = this;
      let i = 1;
      while (i < sums.length - 1 && sums[i] < distance) i++;
      const [[x0, y0], [x1, y1]] = [points[i - 1], points[i]];
      const share = (distance - sums[i - 1]) / (sums[i] - sums[i - 1] || 1);
      return { x: x0 + (x1 - x0) * share, y: y0 + (y1 - y0) * share, angle: Math.atan2(y1 - y0, x1 - x0) };
    }
  };

  // Writes what fits, the most important first; returns how many names were written.
  CRU.writeLabels = (ctx, view, names, colours, towns) => {
    const writer = new Writer(ctx, view, colours, towns);
    const rank = ({ rank, text, path }) => (!path && towns.keep.has(text) ? -1 : rank);
    const order = names.slice().sort((a, b) => rank(a) - rank(b) || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
    for (const label of order) writer.write(label);
    return writer.count;
  };
})();
