// Starts the page on the Leaflet map that folium made, takes batches from Python, and tells it what was clicked.
"use strict";
(() => {
  let map, marks, towns, base, labels, chrome, control, pin, bridge, setup;

  const BASES = {
    vector: (spec) => new CRU.BaseMap(spec, setup.theme, () => labels.redraw()),
    schematic: () => new CRU.Schematic(setup.theme, () => labels.redraw(), credit),
    raster: (spec) => L.tileLayer(spec.url, { maxZoom: 18, detectRetina: false }),
  };

  CRU.start = (leafletMap, given) => {
    map = leafletMap;
    setup = given;
    CRU.markColours = byTheme("marks");
    CRU.palettes = byTheme("ground");
    // Names above the tiles (200) and below what Leaflet draws (400); marks above its own markers (600).
    // Clicks fall through to the map, which asks the marks what lies there: one canvas, not an element for each.
    map.createPane("names").style.zIndex = 350;
    map.createPane("marks").style.zIndex = 610;
    for (const name of ["names", "marks"]) map.getPane(name).style.pointerEvents = "none";
    towns = new CRU.Towns(() => labels.redraw());
    const frame = () => (chrome ? chrome.boxes() : []);
    marks = new CRU.Marks(setup.theme, towns, () => [...frame(), ...(pin ? pin.boxes() : [])]);
    control = new CRU.Control(map, marks, setup.home, frame);
    buildChrome();
    control.open();
    labels = new CRU.Overlay(writeNames, { pane: "names" });
    base = BASES[setup.base.kind](setup.base);
    pin = new CRU.Pin(map, (lat, lon) => bridge && bridge.pin(lat, lon));
    setTheme(setup.theme);
    base.addTo(map);
    if (base.on) base.on("load", () => marks.settle(map.getZoom()));
    labels.addTo(map);
    marks.overlay.addTo(map);
    listen();
    connect();
  };

  const byTheme = (part) =>
    Object.fromEntries(Object.entries(setup.colours).map(([theme, colours]) => [theme, colours[part]]));

  function writeNames(ctx, view) {
    const names = base.names ? base.names(view.zoom) : [];
    CRU.named = CRU.writeLabels(ctx, view, names, CRU.palettes[setup.theme], towns);
  }

  function buildChrome() {
    chrome = new CRU.Chrome(map, {
      lock: () => tell("lock"),
      follow: () => tell("follow"),
      fit: () => tell("fit"),
      search: () => tell("search"),
      cover: () => tell("cover"),
      keys: setup.keys,
      zoom: (step) => control.zoom(step),
    });
    chrome.credit.addAttribution(setup.base.attribution || "");
    chrome.setNotice(setup.base.notice || "");
  }

  // It comes with what is drawn, after the view was opened.
  function credit(text) {
    chrome.credit.addAttribution(text);
    control.refit();
  }

  const tell = (name) => bridge && bridge.key(name);

  function listen() {
    map.on("click", ({ containerPoint, latlng }) => onClick(containerPoint, latlng));
    map.on("mousemove", ({ containerPoint }) => onHover(containerPoint));
    map.on("mouseout", () => chrome.setHint(""));
    map.on("moveend", tellView);
    map.on("resize", () => (control.refit(), base.sharpen && base.sharpen()));
    const box = map.getContainer();
    box.addEventListener("pointerdown", () => control.moved(), true);
    box.tabIndex = 0;
    box.setAttribute("role", "application");
    box.setAttribute("aria-label", "Map of vans and referrals");
    document.addEventListener("keydown", onKey);
    new ResizeObserver(() => map.invalidateSize({ animate: false, pan: !control.locked })).observe(box);
  }

  function onClick(point, { lat, lng }) {
    const spot = marks.at(point);
    if (!bridge) return;
    if (!spot) bridge.ground(lat, lng);
    else if (spot.kind === "van") bridge.van(spot.id);
    else bridge.referral(spot.id);
  }

  function onHover(point) {
    const spot = marks.at(point);
    map.getContainer().style.cursor = spot ? "pointer" : "";
    chrome.setHint(spot ? marks.hint(spot) : "", point);
  }

  const STEPS = { Left: [-1, 0], Right: [1, 0], Up: [0, -1], Down: [0, 1] };

  // Keys by the names of the console's table (console/look/key_table.py), wherever in the page the focus is.
  function onKey(event) {
    // Keys with a modifier are the window's own shortcuts.
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter" && event.target.tagName === "BUTTON") return;
    const name = event.key === "Enter" ? "Return" : event.key.replace("Arrow", "");
    const act = setup.keys[name.length === 1 ? name.toUpperCase() : name];
    if (!act) return;
    event.preventDefault();
    if (act === "pan") control.pan(STEPS[name]);
    else if (act === "in" || act === "out") control.zoom(act === "in" ? 1 : -1);
    else if (!event.repeat) {
      if (act === "point") tellView();
      tell(act);
    }
  }

  function tellView() {
    const { lat, lng } = map.getCenter();
    if (bridge) bridge.moved(lat, lng, map.getZoom());
  }

  function connect() {
    if (!self.qt) return;
    new QWebChannel(qt.webChannelTransport, ({ objects }) => {
      bridge = objects.bridge;
      bridge.ready();
    });
  }

  function setTheme(theme) {
    setup.theme = theme;
    marks.theme = theme;
    for (const [name, colour] of Object.entries(setup.colours[theme].chrome)) {
      document.documentElement.style.setProperty(name, colour);
    }
    map.getContainer().style.background = CRU.palettes[theme].ground;
    if (base.setTheme) base.setTheme(theme);
  }

  const SETTERS = {
    theme: setTheme,
    lock: (on) => (control.setLock(on), chrome.show({ lock: on })),
    follow: (id) => control.follow(id),
    now: (seconds) => (marks.now = seconds),
    routes: (routes) => (marks.routes = routes),
    cover: (towns) => ((marks.cover = towns || []), chrome.show({ cover: Boolean(towns) })),
    banner: (text) => chrome.show({ banner: text }),
    exercise: (on) => chrome.setExercise(on),
    pin: (at) => (pin.set(at), marks.change()),
    picking: (on) => chrome.setPicking(on),
    view: (view) => control.restore(view),
  };

  function followName() {
    const van = control.followed && marks.vans.get(control.followed);
    return control.followed ? (van ? van.callsign : "a van without a fix") : "";
  }

  // One batch from Python: differences only.
  CRU.apply = ({ vans, referrals, trails, set = {}, moves = [] }) => {
    if (vans) marks.takeRows(marks.vans, setup.fields.van, vans);
    if (referrals) marks.takeRows(marks.referrals, setup.fields.referral, referrals);
    for (const [id, points] of Object.entries(trails || {})) {
      if (points.length) marks.trails.set(id, points);
      else marks.trails.delete(id);
    }
    // A view that is held stays where it was, whatever else comes with it.
    const { view, lock, ...rest } = set;
    if (view) SETTERS.view(view);
    if (lock !== undefined) SETTERS.lock(lock);
    for (const [name, value] of Object.entries(rest)) SETTERS[name](value);
    for (const { fit, fly, covered, centre, zoom } of moves) {
      if (fit) control.fit();
      else if (fly) control.fly(fly, covered);
      else control.centre(centre, zoom);
    }
    control.track();
    if ("follow" in set || vans) chrome.show({ follow: followName() });
    if ("theme" in set) labels.redraw();
    marks.change();
    return true;
  };

  // Each second leaves a little behind, such as shapes of texts, and the engine lets it lie for an hour, in pieces: by then it
  // holds ten times what is in use. Swept when nothing else is to be done, since it takes as long as two frames.
  CRU.sweep = () => (self.gc ? gc({ type: "major", execution: "async", flavor: "last-resort" }) : Promise.resolve());
  setInterval(() => requestIdleCallback(CRU.sweep, { timeout: 30e3 }), 60e3);

  // What a test or a picture may ask.
  CRU.look = () => ({
    zoom: map.getZoom(),
    centre: [map.getCenter().lat, map.getCenter().lng],
    vans: marks.vans.size,
    referrals: marks.referrals.size,
    spots: marks.spots.length,
    pictures: CRU.pictureCount(),
    names: CRU.named || 0,
    base: setup.base.kind,
    settled: base.settled ? base.settled() : !base.isLoading(),
    line: chrome.box.querySelector(".cru-line").innerText,
    exercise: !chrome.exercise.hidden,
    notice: chrome.notice.textContent,
    credit: chrome.credit.getContainer().innerText,
    theme: setup.theme,
    locked: control.locked,
    pin: pin.marker ? [pin.marker.getLatLng().lat, pin.marker.getLatLng().lng] : null,
  });
  CRU.spot = (kind, id, part) => marks.spot(kind, id, part);
  CRU.tileStats = () => base.stats();
  CRU.parts = () => ({ map, marks, towns, base, labels, control });
})();
