// Where the view is and who may move it. A held view is moved by nothing: not wheel, drag, key, follow nor program.
"use strict";
CRU.Control = class {
  // frame(): what lies over the map, boxes in its container.
  constructor(map, marks, home, frame) {
    this.map = map;
    this.marks = marks;
    this.frame = frame;
    this.home = L.latLngBounds([home[0], home[1]], [home[2], home[3]]);
    this.locked = false;
    this.followed = null;
    // What shows all that there is again, as long as nothing else moved the view: whatever does sets out by this event,
    // whoever asked. Another size of the panel does not.
    this.again = null;
    map.on("movestart", () => this.moved());
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
    const now = this.map.getZoom();
    // To the next whole zoom but one step: "fit all" ends between two.
    const next = step > 0 ? Math.floor(now + step) : Math.ceil(now + step);
    if (!this.locked) this.map.setZoom(next, { animate: false });
  }

  pan([across, down]) {
    if (!this.locked) this.map.panBy([across * 120, down * 120], { animate: false });
  }

  fit() {
    if (this.locked) return;
    const spots = [...this.marks.vans.values(), ...this.marks.referrals.values()].map(({ lat, lon }) => [lat, lon]);
    if (spots.length) this.whole(L.latLngBounds(spots), spots);
    else this.whole(this.home, this.foot());
    this.again = () => this.fit();
  }

  whole(bounds, spots) {
    this.show(bounds, [0, 0]);
    this.clear(bounds, spots);
  }

  // Room for half a symbol, and for a pin's head; the rest is the county's. more: pixels at the top and the bottom.
  show(bounds, [top, bottom]) {
    const { x, y } = this.map.getSize();
    const [side, above, below] = [Math.min(30, x * 0.05), Math.min(60, y * 0.1), Math.min(24, y * 0.04)];
    const edges = { paddingTopLeft: [side, above + top], paddingBottomRight: [side, below + bottom] };
    this.map.fitBounds(bounds, { ...edges, maxZoom: 14, animate: false });
    // Between two whole zooms every frame draws the tiles scaled: with very many marks that costs the smoothness.
    const zoom = this.map.getZoom();
    if (this.marks.vans.size > 300 && zoom !== Math.floor(zoom)) this.map.setZoom(Math.floor(zoom), { animate: false });
  }

  // Smaller, until nobody is under what lies over the map: each time somebody else may be.
  clear(bounds, spots) {
    const { y: height } = this.map.getSize();
    const more = [0, 0];
    for (let turn = 0; turn < 3; turn++) {
      const wanted = this.room(spots, height);
      if (wanted.every((pixels, end) => pixels <= more[end])) return;
      wanted.forEach((pixels, end) => (more[end] = Math.max(more[end], pixels)));
      if (more[0] + more[1] >= height / 2) return;
      this.show(bounds, more);
    }
  }

  // Pixels at the top and the bottom behind which somebody is.
  room(spots, height) {
    const points = spots.map((spot) => this.map.latLngToContainerPoint(spot));
    const wanted = [0, 0];
    for (const [left, top, right, bottom] of this.frame()) {
      const end = top < height / 2 ? 0 : 1;
      const under = ({ x, y }) => x > left - 12 && x < right + 12 && y > top - 12 && y < bottom + (end ? 12 : 30);
      if (points.some(under)) wanted[end] = Math.max(wanted[end], end ? height - top : bottom - 8);
    }
    return wanted;
  }

  centre([lat, lon], zoom) {
    if (!this.locked) this.map.setView([lat, lon], zoom || this.map.getZoom(), { animate: false });
  }

  // Somebody who types sees where the view goes. covered: pixels at the right under a sheet.
  fly(places, covered) {
    if (this.locked) return;
    // In a low or narrow panel less: edges that leave nothing between them lead nowhere.
    const { x, y } = this.map.getSize();
    const free = Math.max(x - covered, x / 4);
    const [side, above, below] = [Math.min(40, free * 0.1), Math.min(70, y * 0.2), Math.min(40, y * 0.1)];
    const edges = { paddingTopLeft: [side, above], paddingBottomRight: [side + x - free, below] };
    this.map.flyToBounds(L.latLngBounds(places), { ...edges, maxZoom: 15, duration: 0.7 });
  }

  open() {
    this.whole(this.home, this.foot());
    this.again = () => this.open();
  }

  // Whoever is at the area's foot stands above what is written there; the buttons are only at one side of it.
  foot() {
    const [south, west, east] = [this.home.getSouth(), this.home.getWest(), this.home.getEast()];
    return [0, 0.25, 0.5, 0.75].map((part) => [south, west + part * (east - west)]);
  }

  // Somebody has a hand in it, or it goes elsewhere: from then on the view moves only when it is asked to.
  moved() {
    this.again = null;
  }

  // The panel or what lies over the map has another size: what showed all of it does so anew.
  refit() {
    if (!this.locked && !this.followed && this.again) this.again();
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
