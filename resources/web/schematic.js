// The county without a map pack: built-up areas, postcode districts and towns from open data.
"use strict";
(() => {
  function polygons(feature) {
    const { type, coordinates } = feature.geometry;
    return type === "Polygon" ? [coordinates] : type === "MultiPolygon" ? coordinates : [];
  }

  function centre(feature) {
    // The middle of the largest part: that of them all may lie in none.
    let best = null;
    for (const [ring] of polygons(feature)) {
      const bounds = L.latLngBounds(ring.map(([lon, lat]) => [lat, lon]));
      const size = (bounds.getNorth() - bounds.getSouth()) * (bounds.getEast() - bounds.getWest());
      if (!best || size > best.size) best = { size, at: bounds.getCenter() };
    }
    return best && best.at;
  }

  CRU.Schematic = class {
    constructor(theme, onChange, onCredit) {
      this.onCredit = onCredit;
      this.theme = theme;
      this.onChange = onChange;
      this.features = [];
      this.overlay = new CRU.Overlay((ctx, view) => this.paint(ctx, view), { pane: "tilePane" });
    }
    async load() {
      const reply = await fetch("/schematic.json");
      const found = await reply.json();
      this.features = found.features || [];
      this.onCredit(found.attribution || "");
      this.ready = true;
      this.overlay.redraw();
      this.onChange();
    }
    addTo(map) {
      this.overlay.addTo(map);
      this.load().catch((error) => console.error(`schematic: ${error}`));
      return this;
    }
    setTheme(theme) {
      this.theme = theme;
      this.overlay.redraw();
    }
    settled() {
      return Boolean(this.ready);
    }
    paint(ctx, view) {
      const colours = CRU.palettes[this.theme];
      this.shape(ctx, view, "district", colours.land, colours.district);
      this.shape(ctx, view, "built_up", colours.path, null);
    }
    shape(ctx, view, kind, fill, edge) {
      ctx.beginPath();
      for (const feature of this.features) {
        if (feature.properties.kind !== kind) continue;
        for (const ring of polygons(feature).flat()) {
          ring.forEach(([lon, lat], i) => {
            const { x, y } = view.point(lat, lon);
            if (i) ctx.lineTo(x, y);
            else ctx.moveTo(x, y);
          });
        }
      }
      if (fill) {
        ctx.fillStyle = fill;
        // Holes are rings as well.
        ctx.fill("evenodd");
      }
      if (edge) {
        ctx.strokeStyle = edge;
        ctx.lineWidth = 1;
        ctx.setLineDash([4, 4]);
        ctx.stroke();
        ctx.setLineDash([]);
      }
    }
    // Names in the shape that the label layer takes.
    names(zoom) {
      const out = [];
      for (const feature of this.features) {
        const { kind, name, rank } = feature.properties;
        const label = kind === "town" ? this.town(feature, rank, zoom) : kind === "district" ? this.district(feature, zoom) : null;
        if (label && name) out.push({ text: name, ...label });
      }
      return out;
    }
    place(lat, lon, zoom) {
      const { x, y } = L.CRS.EPSG3857.latLngToPoint(L.latLng(lat, lon), zoom);
      return { x, y };
    }
    town({ geometry }, rank, zoom) {
      const [lon, lat] = geometry.coordinates;
      const order = rank || 99;
      if (order > 12 && zoom < 10) return null;
      return { kind: order <= 12 ? "town" : "village", rank: 1 + order / 1000, ...this.place(lat, lon, zoom) };
    }
    district(feature, zoom) {
      const at = centre(feature);
      return at && zoom >= 10 ? { kind: "district", rank: 9, ...this.place(at.lat, at.lng, zoom) } : null;
    }
  };
})();
