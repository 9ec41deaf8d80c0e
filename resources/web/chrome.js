// What stands at the edge of the map: state line, exercise mark, scale and attribution, zoom buttons, hint.
"use strict";
CRU.Chrome = class {
  constructor(map, actions) {
    this.map = map;
    this.box = map.getContainer();
    this.state = { lock: false, follow: "", cover: false, banner: "" };
    this._line(actions);
    this.exercise = this._div("cru-exercise", "EXERCISE");
    this.exercise.hidden = true;
    this.hintBox = this._div("cru-hint", "");
    this.hintBox.hidden = true;
    L.control.scale({ imperial: false, maxWidth: 90, position: "bottomleft" }).addTo(map);
    this.credit = L.control.attribution({ prefix: false, position: "bottomleft" }).addTo(map);
    this._foot();
    this._zoom(actions);
  }

  // One above the other, each as high as its words: where those of the sources wrap, what stands above them gives way.
  _foot() {
    const foot = this._div("cru-foot", "");
    this.notice = L.DomUtil.create("div", "cru-notice", foot);
    this.notice.hidden = true;
    foot.append(this.box.querySelector(".leaflet-bottom.leaflet-left"));
  }

  _div(className, text, tag = "div") {
    const found = L.DomUtil.create(tag, className, this.box);
    // As text and never as markup: people typed it.
    found.textContent = text;
    return found;
  }

  _line({ lock, follow, fit, search, cover, keys }) {
    const cap = (act) => Object.keys(keys).find((name) => keys[name] === act);
    const line = this._div("cru-line", "");
    // Else a click on a button would be one on the ground below it, too.
    L.DomEvent.disableClickPropagation(line);
    this.lockButton = this._button(line, cap("lock"), lock);
    this.followButton = this._button(line, cap("follow"), follow);
    this.fitButton = this._button(line, cap("fit"), fit);
    this._button(line, cap("search"), search).firstChild.textContent = "find";
    this.coverButton = this._button(line, cap("cover"), cover);
    this.coverButton.firstChild.textContent = "cover";
    this.fitButton.firstChild.textContent = "fit all";
    this.bannerText = L.DomUtil.create("span", "cru-banner", line);
    this.bannerText.setAttribute("role", "status");
    this.show({});
  }

  _button(parent, key, action) {
    // The map takes the keyboard back after a click, so that its keys go on working.
    const button = L.DomUtil.create("button", "", parent);
    L.DomUtil.create("span", "", button);
    L.DomUtil.create("kbd", "", button).textContent = key;
    button.addEventListener("click", () => {
      this.box.focus();
      action();
    });
    return button;
  }

  _zoom({ zoom }) {
    const box = this._div("cru-zoom", "");
    L.DomEvent.disableClickPropagation(box);
    for (const [text, step, name] of [["+", 1, "Zoom in"], ["−", -1, "Zoom out"]]) {
      const button = L.DomUtil.create("button", "", box);
      button.textContent = text;
      button.setAttribute("aria-label", name);
      button.addEventListener("click", () => {
        zoom(step);
        this.box.focus();
      });
    }
    this.zoomBox = box;
  }

  show(change) {
    Object.assign(this.state, change);
    const { lock, follow, cover, banner } = this.state;
    this.lockButton.firstChild.textContent = lock ? "view held" : "view free";
    this.lockButton.setAttribute("aria-pressed", String(lock));
    this.followButton.firstChild.textContent = follow ? `following ${follow}` : "follow off";
    this.followButton.setAttribute("aria-pressed", String(Boolean(follow)));
    this.coverButton.setAttribute("aria-pressed", String(cover));
    this.bannerText.textContent = banner;
    this.bannerText.hidden = !banner;
    this.fitButton.disabled = lock;
    if (this.zoomBox) this.zoomBox.hidden = lock;
  }

  // What lies over the map, as boxes in its container.
  boxes() {
    const parts = [...this.box.querySelectorAll(".cru-line, .cru-exercise, .cru-notice, .cru-zoom, .leaflet-bottom")];
    const at = this.box.getBoundingClientRect();
    return parts
      .map((part) => part.getBoundingClientRect())
      .filter(({ width }) => width)
      .map(({ left, top, right, bottom }) => [left - at.left, top - at.top, right - at.left, bottom - at.top]);
  }

  setExercise(on) {
    this.exercise.hidden = !on;
    this.box.classList.toggle("cru-practice", on);
  }

  setPicking(on) {
    if (!this.cross) this.cross = this._div("cru-cross", "");
    this.cross.hidden = !on;
  }

  setNotice(text) {
    this.notice.textContent = text;
    this.notice.hidden = !text;
  }

  setHint(text, point) {
    this.hintBox.hidden = !text;
    if (!text) return;
    this.hintBox.textContent = text;
    L.DomUtil.setTransform(this.hintBox, L.point(point.x + 14, point.y + 18).round());
  }
};
