// The pin for a place that is being chosen: it can be dragged.
"use strict";
CRU.Pin = class {
  constructor(map, onMoved) {
    this.map = map;
    this.onMoved = onMoved;
    this.marker = null;
  }
  set(at) {
    if (this.marker) this.marker.remove();
    this.marker = null;
    if (!at) return;
    const icon = L.divIcon({ className: "cru-pin", iconSize: [28, 38], iconAnchor: [14, 37], html: "<span></span>" });
    this.marker = L.marker(at, { icon, draggable: true, autoPan: false, keyboard: false, title: "Drag to the right place" });
    this.marker.on("dragend", () => {
      const { lat, lng } = this.marker.getLatLng();
      this.onMoved(lat, lng);
    });
    this.marker.addTo(this.map);
  }

  // Where it stands in the map's container: no label may cover the place that is being chosen.
  boxes() {
    if (!this.marker) return [];
    const { x, y } = this.map.latLngToContainerPoint(this.marker.getLatLng());
    return [[x - 14, y - 37, x + 14, y + 1]];
  }
};
