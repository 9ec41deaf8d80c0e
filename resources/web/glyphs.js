// Pills and symbols, each drawn once and kept as a picture: a thousand vans cost a thousand copies, not drawings.
"use strict";
(() => {
  // Of what the last drawing did not use so many are kept, those used last: a label that tells minutes is another one
  // each minute, and each canvas keeps its memory.
  const SPARE = 200;
  // In the order in which they were used.
  const pictures = new Map();
  let drawings = 0;
  let inUse = 0;

  CRU.drawn = () => {
    let over = pictures.size - inUse - SPARE;
    for (const [key, picture] of pictures) {
      if (over-- <= 0) break;
      pictures.delete(key);
      picture.canvas.width = picture.canvas.height = 0;
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
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(width * ratio);
    canvas.height = Math.ceil(height * ratio);
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    draw(ctx);
    const made = { canvas, width: canvas.width / ratio, height: canvas.height / ratio, used: drawings };
    pictures.set(full, made);
    inUse += 1;
    return made;
  };

  const measure = document.createElement("canvas").getContext("2d");
  const FONT = `600 12px ${CRU.FONT}`;
  CRU.PILL = 24;

  // style: {edge, ink, fill, dash, glow}
  CRU.pill = (text, style) => {
    const key = `pill|${text}|${style.edge}|${style.ink}|${style.fill}|${style.dash}|${style.glow}`;
    let wide = 0;
    const size = () => {
      measure.font = FONT;
      wide = Math.ceil(measure.measureText(text).width) + 20;
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
    ctx.drawImage(picture.canvas, Math.round(x * ratio) / ratio, Math.round(y * ratio) / ratio, picture.width, picture.height);
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
