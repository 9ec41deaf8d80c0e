// Pills and symbols, each drawn once and kept as a picture: a thousand vans cost a thousand copies, not drawings.
"use strict";
(() => {
  // Of what the last drawing did not use so many are kept, those used last: a label that tells minutes is another one
  // each minute, and each canvas keeps its memory.
  const SPARE = 100;
  // In the order in which they were used.
  const pictures = new Map();
  let drawings = 0;
  let inUse = 0;

  // Their canvases are drawn on again: memory that is taken and given back all shift long is left in pieces. Widths
  // and heights go by steps, so that one of them fits many texts.
  const free = new Map();
  const FREE_OF_A_SIZE = 24;
  const STEP = 32;
  const stepped = (length) => Math.ceil(length / STEP) * STEP;
  const sizeOf = ({ width, height }) => `${width}x${height}`;
  const blank = (width, height) => {
    const canvas = free.get(sizeOf({ width, height }))?.pop() || document.createElement("canvas");
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    canvas.getContext("2d").reset();
    return canvas;
  };

  CRU.drawn = () => {
    let over = pictures.size - inUse - SPARE;
    for (const [key, picture] of pictures) {
      if (over-- <= 0) break;
      pictures.delete(key);
      const alike = free.get(sizeOf(picture.canvas)) || [];
      if (alike.length < FREE_OF_A_SIZE) free.set(sizeOf(picture.canvas), [...alike, picture.canvas]);
    }
    drawings += 1;
    inUse = 0;
  };
  CRU.pictureCount = () => pictures.size;

  // A canvas drawn once under that key; size gives its width and height in CSS pixels.
  CRU.picture = (key, size, draw) => {
    const ratio = window.devicePixelRatio || 1;
    const full = `${ratio}|${key}`;
    const held = pictures.get(full);
    if (held) {
      if (held.used !== drawings) {
        held.used = drawings;
        inUse += 1;
        pictures.delete(full);
        pictures.set(full, held);
      }
      return held;
    }
    const [width, height] = size();
    const dots = [Math.ceil(width * ratio), Math.ceil(height * ratio)];
    const canvas = blank(...dots.map(stepped));
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    draw(ctx);
    const made = { canvas, dots, width: dots[0] / ratio, height: dots[1] / ratio, used: drawings };
    pictures.set(full, made);
    inUse += 1;
    return made;
  };

  const measure = document.createElement("canvas").getContext("2d");

  // The first of them that this computer has. The engine asks the console's process, and waits, for each family before
  // it, and anew for each size: within a flight some hundred times, and now and then the answer never came.
  const isHere = (family) => {
    const wide = (font) => ((measure.font = `40px ${font}`), measure.measureText("Wil0 map").width);
    return ["serif", "monospace"].some((other) => wide(`"${family}", ${other}`) !== wide(other));
  };
  const here = ["Inter", "Segoe UI", "Noto Sans", "DejaVu Sans"].find(isHere);
  CRU.FONT = here ? `"${here}", sans-serif` : "sans-serif";

  const FONT = `600 12px ${CRU.FONT}`;
  CRU.PILL = 24;

  // style: {edge, ink, fill, dash, glow}
  CRU.pill = (text, style) => {
    const key = `pill|${text}|${style.edge}|${style.ink}|${style.fill}|${style.dash}|${style.glow}`;
    let wide = 0;
    const size = () => {
      measure.font = FONT;
      wide = Math.ceil(measure.measureText(text).width) + 20;
      // A canvas lets go of the texts that it measured when a frame of it ends, and it has none where nothing is drawn:
      // two kilobytes a label, for as long as the page lives.
      measure.clearRect(0, 0, 1, 1);
      return [wide + 6, CRU.PILL + 6];
    };
    return CRU.picture(key, size, (ctx) => {
      ctx.translate(3, 3);
      ctx.beginPath();
      ctx.roundRect(1, 1, wide - 2, CRU.PILL - 2, CRU.PILL / 2 - 1);
      ctx.fillStyle = style.fill;
      ctx.fill();
      if (style.glow) {
        ctx.strokeStyle = style.glow;
        ctx.lineWidth = 5;
        ctx.stroke();
      }
      ctx.strokeStyle = style.edge;
      ctx.lineWidth = 2;
      ctx.setLineDash(style.dash ? [4, 3] : []);
      ctx.stroke();
      ctx.font = FONT;
      ctx.fillStyle = style.ink;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillText(text, wide / 2, CRU.PILL / 2 + 0.5);
    });
  };

  // Copied on whole device pixels: between them each copy would be filtered, at several times the cost.
  CRU.stamp = (ctx, picture, x, y) => {
    const ratio = window.devicePixelRatio || 1;
    const [left, top] = [Math.round(x * ratio) / ratio, Math.round(y * ratio) / ratio];
    ctx.drawImage(picture.canvas, 0, 0, ...picture.dots, left, top, picture.width, picture.height);
  };

  // Where a pill may stand around a symbol, best first: [x, y] from the symbol to the pill's top left.
  CRU.around = (pill, reach) => {
    const { width, height } = pill;
    return [
      [reach, -height / 2],
      [-width / 2, -height - reach],
      [-width / 2, reach],
      [-width - reach, -height / 2],
    ];
  };
})();
