// Picks what is to be written on one tile; runs in a worker. Where it is written is decided over the whole view.
// A label is {kind, text, rank, x, y} or {kind, text, rank, path}, in CSS pixels of the world at the map's zoom.
"use strict";
(() => {
  // class: [first zoom, kind, rank: lower is placed first]
  const PLACES = {
    city: [6, "town", 0],
    town: [7, "town", 1],
    suburb: [12, "suburb", 6],
    quarter: [12, "suburb", 6],
    village: [11, "village", 5],
    hamlet: [13, "hamlet", 8],
    neighbourhood: [14, "hamlet", 9],
    locality: [15, "hamlet", 12],
    isolated_dwelling: [15, "hamlet", 12],
    farm: [15, "hamlet", 12],
  };
  const SHIELD_FROM = { motorway: 8, trunk: 9, primary: 10, secondary: 12 };
  const SHIELD_RANK = { motorway: 2, trunk: 3, primary: 4, secondary: 7 };
  const STREET_FROM = { trunk: 14, primary: 14, secondary: 14, tertiary: 14, minor: 15, service: 16, pedestrian: 15 };
  const STREET_RANK = { trunk: 9, primary: 9, secondary: 9, tertiary: 10, minor: 11, service: 13, pedestrian: 12 };
  const SITES = {
    hospital: 15,
    railway: 13,
    school: 16,
    college: 15,
    beer: 17,
    place_of_worship: 17,
    park: 15,
    grocery: 17,
    fuel: 17,
    town_hall: 17,
    library: 17,
    police: 14,
    fire_station: 15,
    doctors: 17,
    pharmacy: 17,
    lodging: 17,
    attraction: 16,
    bus: 17,
  };

  const nameOf = (tags) => tags["name:latin"] || tags["name:en"] || tags.name || "";

  function point(feature, at) {
    return { x: feature.parts[0][0] * at.scale + at.x, y: feature.parts[0][1] * at.scale + at.y };
  }

  function places(layer, at, weight) {
    const out = [];
    for (const feature of layer.features) {
      const rule = PLACES[feature.tags.class];
      const text = nameOf(feature.tags);
      if (!rule || !text || at.z < rule[0]) continue;
      const rank = rule[2] + (rule[1] === "town" ? weight(text) : 0);
      out.push({ kind: rule[1], text, rank, ...point(feature, at) });
    }
    return out;
  }

  const isHospital = (tags) => tags.class === "hospital" && tags.subclass === "hospital";

  function sites(layer, at) {
    const out = [];
    for (const { tags, parts } of layer.features) {
      const text = nameOf(tags);
      const from = isHospital(tags) ? 11 : SITES[tags.class];
      if (!text || !from || at.z < from) continue;
      const kind = isHospital(tags) ? "hospital" : "site";
      out.push({ kind, text, rank: isHospital(tags) ? 2.5 : 14 + (tags.rank || 20) / 100, ...point({ parts }, at) });
    }
    return out;
  }

  function toWorld(part, at) {
    const path = new Float64Array(part.length);
    for (let i = 0; i < part.length; i += 2) {
      path[i] = part[i] * at.scale + at.x;
      path[i + 1] = part[i + 1] * at.scale + at.y;
    }
    return path;
  }

  function lines(layer, at) {
    const out = [];
    for (const { tags, parts } of layer.features) {
      const road = tags.class;
      const text = nameOf(tags);
      const shield = tags.ref && at.z >= (SHIELD_FROM[road] || 99);
      const street = text && at.z >= (STREET_FROM[road] || 99);
      if (!shield && !street) continue;
      for (const part of parts) {
        if (part.length < 4) continue;
        const path = toWorld(part, at);
        if (shield) out.push({ kind: "shield", road, text: tags.ref.split(";")[0], rank: SHIELD_RANK[road], path });
        if (street) out.push({ kind: "street", road, text, rank: STREET_RANK[road], path });
      }
    }
    return out;
  }

  function waters(layer, at, from) {
    const out = [];
    for (const feature of layer.features) {
      const text = nameOf(feature.tags);
      if (!text || at.z < from) continue;
      if (feature.type === 1) out.push({ kind: "lake", text, rank: 8, ...point(feature, at) });
      else for (const part of feature.parts) if (part.length > 3) out.push({ kind: "river", text, rank: 11, path: toWorld(part, at) });
    }
    return out;
  }

  // at: {scale, x, y, z}: tile units to world pixels, the tile's corner, the map's zoom.
  CRU.namesOf = (layers, at, weight) => [
    ...(layers.place ? places(layers.place, at, weight) : []),
    ...(layers.poi ? sites(layers.poi, at) : []),
    ...(layers.transportation_name ? lines(layers.transportation_name, at) : []),
    ...(layers.water_name ? waters(layers.water_name, at, 13) : []),
    ...(layers.waterway && !layers.water_name ? waters(layers.waterway, at, 12) : []),
  ];
})();
