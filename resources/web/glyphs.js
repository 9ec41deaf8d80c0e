// Pills and symbols, each drawn once and kept as a picture: a thousand vans cost a thousand copies, not drawings.
"use strict";
(() => {
  const dark = {
    text: "#f2f5f8",
    quiet: "#c3cad2",
    pill: "#151b22",
    available: "#57c98b",
    committed: "#5aa7ff",
    "meal break": "#aab3bd",
    "out of service": "#aab3bd",
    "off duty": "#8b95a1",
    stale: "#ffb81c",
    emergency: "#ff6a5e",
    emergencyFill: "#a81c12",
    P1: "#ff7468",
    P2: "#ffb81c",
    P3: "#b7c1cc",
    ring: "#9fb4cc",
    selected: "#ffffff",
    trail: "#5aa7ff",
    route: "#4b9bff",
    routeEdge: "#0d1a2b",
    mark: "#10151b",
  };
  const light = {
    text: "#161c23",
    quiet: "#3f4954",
    pill: "#ffffff",
    available: "#00703c",
    committed: "#005eb8",
    "meal break": "#4c6272",
    "out of service": "#4c6272",
    "off duty": "#66727d",
    stale: "#9a5b00",
    emergency: "#c11f14",
    emergencyFill: "#c11f14",
    P1: "#c9281b",
    P2: "#9a5b00",
    P3: "#4c6272",
    ring: "#4c6272",
    selected: "#111820",
    trail: "#005eb8",
    route: "#1671cf",
    routeEdge: "#ffffff",
    mark: "#ffffff",
  };
  const contrast = {
    ...dark,
    text: "#ffffff",
    quiet: "#ffffff",
    pill: "#000000",
    available: "#5dff9b",
    committed: "#7cc0ff",
    "meal break": "#e0e0e0",
    "out of service": "#e0e0e0",
    "off duty": "#c8c8c8",
    stale: "#ffd34d",
    P1: "#ff8a80",
    P2: "#ffd34d",
    P3: "#ffffff",
  };
  CRU.markColours = { dark, light, contrast };

  const pictures = new CRU.Lru(4000);

  // A canvas drawn once under that key; size gives its width and height in CSS pixels.
  CRU.picture = (key, size, draw) => {
    const ratio = window.devicePixelRatio || 1;
    const full = `${ratio}|${key}`;
    const held = pictures.get(full);
    if (held) return held;
    const [width, height] = size();
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(width * ratio);
    canvas.height = Math.ceil(height * ratio);
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    draw(ctx);
    return pictures.put(full, { canvas, width: canvas.width / ratio, height: canvas.height / ratio });
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
