// Widths of the base map, by zoom. Its colours come from the console (console/map/cartography.py).
"use strict";
(() => {
  // Fill width of a road in CSS pixels; null below the zoom where the class appears.
  const widths = {
    motorway: [6, [[6, 0.8], [9, 1.8], [12, 3.6], [14, 6], [16, 12], [18, 24]]],
    trunk: [6, [[6, 0.7], [9, 1.5], [12, 3], [14, 5.4], [16, 11], [18, 22]]],
    primary: [8, [[8, 0.6], [10, 1.3], [12, 2.4], [14, 4.8], [16, 10], [18, 20]]],
    secondary: [9, [[9, 0.5], [11, 1.2], [12, 1.8], [14, 4.2], [16, 9], [18, 18]]],
    tertiary: [11, [[11, 0.6], [12, 1.1], [14, 3.4], [16, 8], [18, 17]]],
    minor: [11, [[11, 0.4], [12, 0.6], [13, 1], [14, 2.1], [16, 6.4], [18, 15]]],
    service: [13, [[13, 0.4], [14, 0.9], [16, 3.4], [18, 9]]],
  };
  const classes = {
    motorway: "motorway",
    trunk: "trunk",
    primary: "primary",
    secondary: "secondary",
    tertiary: "tertiary",
    minor: "minor",
    busway: "minor",
    pedestrian: "service",
    raceway: "service",
    service: "service",
  };
  CRU.ROADS = ["service", "minor", "tertiary", "secondary", "primary", "trunk", "motorway"];
  CRU.roadClass = (name) => classes[name] || null;
  CRU.roadWidth = (road, z) => (z < widths[road][0] ? 0 : CRU.ramp(widths[road][1], z));
})();
