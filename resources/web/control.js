// Where the view is and who may move it. A held view is moved by nothing: not wheel, drag, key, follow nor program.
"use strict";
CRU.Control = class {
  constructor(map, marks, home) {
    this.map = map;
    this.marks = marks;
    this.home = L.latLngBounds([home[0], home[1]], [home[2], home[3]]);
    this.locked = false;
    this.followed = null;
  }

  setLock(locked) {
    this.locked = locked;
    const handlers = ["dragging", "scrollWheelZoom", "doubleClickZoom", "boxZoom", "touchZoom", "tapHold"];
    if (locked) this.map.stop();
    for (const name of handlers) {
      const handler = this.map[name];
      if (handler) handler[locked ? "disable" : "enable"]();
    }
  }

  zoom(step) {
    // At once: a second press during an animation would start from the zoom before it.
    if (!this.locked) this.map.setZoom(this.map.getZoom() + step, { animate: false });
  }

  pan([across, down]) {
    if (!this.locked) this.map.panBy([across * 120, down * 120], { animate: false });
  }

  fit() {
    if (this.locked) return;
    const spots = [...this.marks.vans.values(), ...this.marks.referrals.values()].map(({ lat, lon }) => [lat, lon]);
    const bounds = spots.length ? L.latLngBounds(spots) : this.home;
    this.map.fitBounds(bounds, { padding: [70, 60], maxZoom: 14, animate: false });
  }

  centre([lat, lon], zoom) {
    if (!this.locked) this.map.setView([lat, lon], zoom || this.map.getZoom(), { animate: false });
  }

  open() {
    this.map.fitBounds(this.home, { animate: false });
  }

  // Put the view where it was before the page was lost, held or not.
  restore([lat, lon, zoom]) {
    this.map.setView([lat, lon], zoom, { animate: false });
  }

  follow(id) {
    this.followed = id;
    this.track();
  }

  track() {
    const van = this.followed && this.marks.vans.get(this.followed);
    if (!van || this.locked) return;
    const away = this.map.latLngToContainerPoint([van.lat, van.lon]).distanceTo(this.map.getSize().divideBy(2));
    if (away > 2) this.map.panTo([van.lat, van.lon], { animate: false });
  }
};
