// Draws the decoded layers of one tile on a canvas; runs in a worker.
// view: {scale, dx, dy, size, z}: tile units to CSS pixels, the shift of a magnified tile, side, map zoom.
"use strict";
(() => {
  const LANDCOVER = { wood: "wood", grass: "green", wetland: "green", sand: "sand" };
  const LANDUSE = {
    residential: "built",
    suburb: "built",
    neighbourhood: "built",
    industrial: "works",
    commercial: "works",
    retail: "works",
    railway: "works",
    school: "campus",
    kindergarten: "campus",
    college: "campus",
    university: "campus",
    hospital: "campus",
    military: "works",
    cemetery: "green",
    pitch: "green",
    playground: "green",
    stadium: "green",
  };

  function visible(feature, view) {
    // A line is wider than its path: one that passes just outside may reach in.
    const margin = 24 / view.scale;
    const [x0, y0, x1, y1] = feature.box;
    const left = view.dx / view.scale;
    const top = view.dy / view.scale;
    const side = view.size / view.scale;
    return x1 >= left - margin && y1 >= top - margin && x0 <= left + side + margin && y0 <= top + side + margin;
  }

  function trace(ctx, feature, view) {
    const { scale, dx, dy } = view;
    for (const part of feature.parts) {
      ctx.moveTo(part[0] * scale - dx, part[1] * scale - dy);
      for (let i = 2; i < part.length; i += 2) ctx.lineTo(part[i] * scale - dx, part[i + 1] * scale - dy);
    }
  }

  // Features of a layer in groups: one path a group is far quicker than one a feature.
  function groups(layer, view, nameOf) {
    const found = new Map();
    for (const feature of layer ? layer.features : []) {
      const name = nameOf(feature);
      if (!name || !visible(feature, view)) continue;
      if (!found.has(name)) found.set(name, []);
      found.get(name).push(feature);
    }
    return found;
  }

  function fill(ctx, features, view, colour) {
    ctx.beginPath();
    for (const feature of features || []) trace(ctx, feature, view);
    ctx.fillStyle = colour;
    ctx.fill();
  }

  function stroke(ctx, features, view, colour, width, dash = []) {
    ctx.beginPath();
    for (const feature of features || []) trace(ctx, feature, view);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.setLineDash(dash);
    ctx.stroke();
  }

  const isArea = (feature) => feature.type === 3;

  function ground(ctx, layers, view, colours) {
    const use = groups(layers.landuse, view, (f) => isArea(f) && LANDUSE[f.tags.class]);
    const cover = groups(layers.landcover, view, (f) => isArea(f) && LANDCOVER[f.tags.class]);
    for (const name of ["built", "works", "campus"]) fill(ctx, use.get(name), view, colours[name]);
    for (const name of ["green", "sand", "wood"]) fill(ctx, cover.get(name), view, colours[name]);
    // Last, since cemeteries and pitches lie within what is built up.
    fill(ctx, use.get("green"), view, colours.green);
  }

  function water(ctx, layers, view, colours) {
    fill(ctx, (layers.water ? layers.water.features : []).filter((f) => visible(f, view)), view, colours.water);
    const lines = groups(layers.waterway, view, (f) =>
      f.type !== 2 || f.tags.brunnel === "tunnel" ? null : /river|canal/.test(f.tags.class) ? "river" : "stream",
    );
    const river = CRU.ramp([[8, 0.5], [11, 1], [14, 2.2], [16, 4], [18, 7]], view.z);
    stroke(ctx, lines.get("river"), view, colours.stream, river);
    if (view.z >= 13) stroke(ctx, lines.get("stream"), view, colours.stream, river * 0.45);
  }

  function aeroway(ctx, layers, view, colours) {
    const found = groups(layers.aeroway, view, (f) => (isArea(f) ? "area" : f.tags.class));
    fill(ctx, found.get("area"), view, colours.built);
    stroke(ctx, found.get("runway"), view, colours.runway, CRU.ramp([[10, 1], [12, 4], [14, 12], [18, 60]], view.z));
    stroke(ctx, found.get("taxiway"), view, colours.runway, CRU.ramp([[11, 0.5], [14, 4], [18, 20]], view.z));
  }

  function boundary(ctx, layers, view, colours) {
    const found = groups(layers.boundary, view, (f) =>
      f.tags.maritime === 1 ? null : f.tags.admin_level <= 6 ? "county" : f.tags.admin_level <= 8 ? "district" : null,
    );
    const width = CRU.ramp([[8, 1], [12, 1.6], [16, 2.4]], view.z);
    stroke(ctx, found.get("district"), view, colours.district, width * 0.7, [3, 3]);
    stroke(ctx, found.get("county"), view, colours.county, width, [8, 3, 2, 3]);
  }

  function rail(ctx, layers, view, colours) {
    const lines = groups(layers.transportation, view, (f) =>
      /^(rail|transit|preserved|narrow_gauge)$/.test(f.tags.class) && f.tags.brunnel !== "tunnel"
        ? f.tags.service
          ? "siding"
          : "rail"
        : null,
    );
    const width = CRU.ramp([[9, 0.7], [12, 1.3], [14, 2.2], [16, 3.4], [18, 5]], view.z);
    if (view.z >= 14) stroke(ctx, lines.get("siding"), view, colours.rail, width * 0.4);
    stroke(ctx, lines.get("rail"), view, colours.rail, width);
    if (view.z >= 13) stroke(ctx, lines.get("rail"), view, colours.railGap, width * 0.55, [7, 7]);
  }

  function paths(ctx, layers, view, colours) {
    if (view.z < 14) return;
    const lines = groups(layers.transportation, view, (f) => (/^(path|track)$/.test(f.tags.class) ? f.tags.class : null));
    const width = CRU.ramp([[14, 0.6], [18, 2]], view.z);
    stroke(ctx, lines.get("track"), view, colours.path, width, [6, 3]);
    stroke(ctx, lines.get("path"), view, colours.path, width, [2.5, 2.5]);
  }

  const level = (f) => (f.tags.brunnel === "tunnel" ? "tunnel" : f.tags.brunnel === "bridge" ? "bridge" : "road");

  function roads(ctx, layers, view, colours) {
    const found = groups(layers.transportation, view, (f) => {
      const road = f.type === 2 && CRU.roadClass(f.tags.class);
      return road && `${level(f)} ${road}${f.tags.ramp ? " ramp" : ""}`;
    });
    // On each level every edge before any surface, so that crossings are open.
    for (const at of ["tunnel", "road", "bridge"]) {
      for (const paintOne of [casing, surface]) {
        for (const road of CRU.ROADS) {
          const width = CRU.roadWidth(road, view.z);
          if (!width) continue;
          paintOne(ctx, found.get(`${at} ${road} ramp`), view, colours.roads[road], width * 0.6, at);
          paintOne(ctx, found.get(`${at} ${road}`), view, colours.roads[road], width, at);
        }
      }
    }
  }

  function casing(ctx, features, view, [, edge], width, at) {
    if (!features || width < 1.4) return;
    // The round end of a bridge's edge would lie across the road that goes on.
    ctx.lineCap = at === "bridge" ? "butt" : "round";
    stroke(ctx, features, view, edge, width + CRU.ramp([[11, 1], [14, 1.5], [18, 2.5]], view.z), at === "tunnel" ? [4, 3] : []);
    ctx.lineCap = "round";
  }

  function surface(ctx, features, view, [inside], width, at) {
    if (!features) return;
    ctx.globalAlpha = at === "tunnel" ? 0.45 : 1;
    stroke(ctx, features, view, inside, width);
    ctx.globalAlpha = 1;
  }

  CRU.paintTile = (ctx, layers, view, colours) => {
    ctx.fillStyle = colours.ground;
    ctx.fillRect(0, 0, view.size, view.size);
    ctx.lineJoin = "round";
    ctx.lineCap = "round";
    for (const step of [ground, water, aeroway, boundary, paths, rail, roads]) step(ctx, layers, view, colours);
  };
})();
