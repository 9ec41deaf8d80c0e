// Trails of the vans, and the way to go.
"use strict";
(() => {
  function trace(ctx, view, points) {
    ctx.beginPath();
    points.forEach(([lat, lon], i) => {
      const { x, y } = view.point(lat, lon);
      if (i) ctx.lineTo(x, y);
      else ctx.moveTo(x, y);
    });
  }

  // A trail is drawn in a few pieces that grow stronger towards now.
  CRU.paintTrails = (ctx, view, trails, colours) => {
    const pieces = 6;
    ctx.lineCap = ctx.lineJoin = "round";
    ctx.strokeStyle = colours.trail;
    for (const points of trails.values()) {
      const step = Math.max(1, Math.ceil((points.length - 1) / pieces));
      for (let i = 0, part = 1; i < points.length - 1; i += step, part++) {
        trace(ctx, view, points.slice(i, i + step + 1));
        ctx.globalAlpha = 0.2 + (0.6 * part) / pieces;
        ctx.lineWidth = 2.5;
        ctx.stroke();
      }
    }
    ctx.globalAlpha = 1;
  };

  // The quickest way above the others.
  CRU.paintRoutes = (ctx, view, routes, colours) => {
    for (const route of [...routes].reverse()) paintRoute(ctx, view, route, colours);
    ctx.globalAlpha = 1;
  };

  function paintRoute(ctx, view, { points, faint }, colours) {
    if (points.length < 2) return;
    ctx.lineCap = ctx.lineJoin = "round";
    ctx.globalAlpha = faint ? 0.6 : 1;
    trace(ctx, view, points);
    ctx.strokeStyle = colours.routeEdge;
    ctx.lineWidth = faint ? 6 : 9;
    ctx.stroke();
    ctx.strokeStyle = colours.route;
    ctx.lineWidth = faint ? 3 : 5;
    ctx.stroke();
  }

  // From a symbol to a label that found no room beside it.
  CRU.paintLeader = (ctx, [x0, y0], [x1, y1], colours) => {
    const share = Math.min(1, 13 / Math.hypot(x1 - x0, y1 - y0));
    ctx.beginPath();
    ctx.moveTo(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share);
    ctx.lineTo(x1, y1);
    ctx.strokeStyle = colours.quiet;
    ctx.lineWidth = 1.5;
    ctx.stroke();
  };

  // Where the label of the way goes: half-way along the part that is in view.
  CRU.routeMiddle = (view, route) => {
    const inside = route.points
      .map(([lat, lon]) => view.point(lat, lon))
      .filter(({ x, y }) => x > 60 && y > 40 && x < view.width - 60 && y < view.height - 40);
    return inside[Math.floor(inside.length / 2)] || null;
  };
})();
