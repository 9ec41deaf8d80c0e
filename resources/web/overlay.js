// A canvas over the whole view that moves with the map and is drawn anew when the map comes to rest.
"use strict";
CRU.Overlay = L.Layer.extend({
  options: { pane: "overlayPane", padding: 0.15 },

  // paint(ctx, view): view has the pixel bounds, the zoom and point(lat, lon).
  initialize(paint, options) {
    this._paint = paint;
    L.setOptions(this, options);
  },

  onAdd() {
    this._canvas = L.DomUtil.create("canvas", "cru-overlay leaflet-zoom-animated", this.getPane());
    this._canvas.setAttribute("aria-hidden", "true");
    this.reset();
  },

  onRemove() {
    cancelAnimationFrame(this._asked);
    this._canvas.remove();
  },

  getEvents() {
    return { moveend: this.reset, resize: this.reset, zoomanim: this._onZoomAnim };
  },

  // Draw at the next frame; any number of calls make one drawing.
  redraw() {
    if (!this._asked && this._map) this._asked = requestAnimationFrame(() => this._draw());
  },

  reset() {
    const size = this._map.getSize();
    const pad = size.multiplyBy(this.options.padding).round();
    this._zoom = this._map.getZoom();
    this._origin = this._map.containerPointToLayerPoint(L.point(-pad.x, -pad.y)).round();
    this._size = size.add(pad.multiplyBy(2));
    this._centre = this._map.getCenter();
    L.DomUtil.setTransform(this._canvas, this._origin, 1);
    this._resize(window.devicePixelRatio || 1);
    cancelAnimationFrame(this._asked);
    this._draw();
  },

  _resize(ratio) {
    const { x, y } = this._size;
    const canvas = this._canvas;
    if (canvas.width !== Math.round(x * ratio) || canvas.height !== Math.round(y * ratio)) {
      canvas.width = Math.round(x * ratio);
      canvas.height = Math.round(y * ratio);
      canvas.style.width = `${x}px`;
      canvas.style.height = `${y}px`;
    }
    this._ratio = ratio;
  },

  _draw() {
    this._asked = 0;
    if (!this._map || !this._size.x) return;
    const ctx = this._canvas.getContext("2d");
    ctx.setTransform(this._ratio, 0, 0, this._ratio, 0, 0);
    ctx.clearRect(0, 0, this._size.x, this._size.y);
    this._paint(ctx, this.frame());
  },

  // The geometry of the drawing: canvas pixels from degrees and from world pixels.
  frame() {
    const map = this._map;
    const corner = map.getPixelOrigin().add(this._origin);
    const zoom = this._zoom;
    const crs = map.options.crs;
    return {
      zoom,
      width: this._size.x,
      height: this._size.y,
      left: corner.x,
      top: corner.y,
      point: (lat, lon) => crs.latLngToPoint(L.latLng(lat, lon), zoom)._subtract(corner),
      metre: 1 / ((40075016.686 * Math.cos((this._centre.lat * Math.PI) / 180)) / (256 * 2 ** zoom)),
    };
  },

  // A place on the canvas for a place in the container.
  toCanvas(containerPoint) {
    return this._map.containerPointToLayerPoint(containerPoint).subtract(this._origin);
  },

  toContainer(point) {
    return this._map.layerPointToContainerPoint(L.point(point).add(this._origin));
  },

  _onZoomAnim({ center, zoom }) {
    const scale = this._map.getZoomScale(zoom, this._zoom);
    const corner = this._map.layerPointToLatLng(this._origin);
    const offset = this._map._latLngToNewLayerPoint(corner, zoom, center);
    L.DomUtil.setTransform(this._canvas, offset, scale);
  },
});
