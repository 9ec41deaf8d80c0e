// The look of a van: how old its fix is, how sure we are, where it heads, what it does.
"use strict";
(() => {
  const FRESH_S = 30;
  const FADED_S = 600;
  const CAP_M = 4000;
  const UNKNOWN_KMH = 50;

  CRU.ageOf = (van, now) => (now ? Math.max(0, now - van.fix_at) : 0);

  // How far from the fix the van may be by now, in metres: its accuracy, and what it may have driven since.
  CRU.uncertainty = (van, age) => {
    if (van.status === "off duty") return 0;
    const kmh = Math.min(110, Math.max(10, van.speed_kmh ?? UNKNOWN_KMH));
    return Math.min(CAP_M, (van.accuracy_m || 0) + (Math.max(0, age - 5) * kmh) / 3.6);
  };

  // 1 for a fresh fix, falling to 0.45 at ten minutes.
  CRU.strength = (age) => 1 - 0.55 * Math.min(1, Math.max(0, (age - FRESH_S) / (FADED_S - FRESH_S)));

  function tone(van, colours) {
    if (van.emergency) return colours.emergency;
    return van.stale ? colours.stale : colours[van.status] || colours["off duty"];
  }

  CRU.paintRing = (ctx, view, van, at, age, colours) => {
    const radius = CRU.uncertainty(van, age) * view.metre;
    if (radius < 16) return;
    const colour = van.emergency || van.stale ? tone(van, colours) : colours.ring;
    ctx.beginPath();
    ctx.arc(at.x, at.y, radius, 0, 2 * Math.PI);
    ctx.fillStyle = colour;
    ctx.globalAlpha = van.stale ? 0.13 : 0.07;
    ctx.fill();
    ctx.globalAlpha = van.stale ? 0.9 : 0.5;
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1.2;
    ctx.setLineDash([4, 4]);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
  };

  // A different inside for each status, so that colour is never the only sign.
  const inside = {
    available: (ctx) => {
      ctx.lineWidth = 3;
      ctx.stroke();
    },
    committed: (ctx) => ctx.fill(),
    "meal break": (ctx) => {
      ctx.lineWidth = 1.5;
      ctx.stroke();
      ctx.fillRect(-3.2, -3.5, 2.2, 7);
      ctx.fillRect(1, -3.5, 2.2, 7);
    },
    "out of service": (ctx) => {
      ctx.lineWidth = 1.5;
      ctx.stroke();
      ctx.beginPath();
      ctx.moveTo(-3, -3);
      ctx.lineTo(3, 3);
      ctx.moveTo(3, -3);
      ctx.lineTo(-3, 3);
      ctx.lineWidth = 2;
      ctx.stroke();
    },
    "off duty": (ctx) => {
      ctx.lineWidth = 1.5;
      ctx.stroke();
    },
  };

  function body(ctx, van, colour, colours) {
    ctx.beginPath();
    ctx.arc(0, 0, 9, 0, 7);
    ctx.fillStyle = colours.mark;
    ctx.fill();
    ctx.fillStyle = ctx.strokeStyle = colour;
    ctx.beginPath();
    ctx.arc(0, 0, 6, 0, 7);
    (inside[van.status] || inside["off duty"])(ctx);
  }

  function nose(ctx, heading, colour, colours) {
    ctx.save();
    ctx.rotate((heading * Math.PI) / 180);
    ctx.beginPath();
    ctx.moveTo(0, -15);
    ctx.lineTo(5.5, -7.5);
    ctx.quadraticCurveTo(0, -10.5, -5.5, -7.5);
    ctx.closePath();
    ctx.strokeStyle = colours.mark;
    ctx.lineWidth = 3;
    ctx.lineJoin = "round";
    ctx.stroke();
    ctx.fillStyle = colour;
    ctx.fill();
    ctx.restore();
  }

  // The symbol at the fix itself; the heading in steps of 5 degrees so that few pictures serve all vans.
  CRU.vanSymbol = (van, theme) => {
    const colours = CRU.markColours[theme];
    const colour = tone(van, colours);
    const moving = van.heading !== null && (van.speed_kmh === null || van.speed_kmh >= 3);
    const heading = moving ? (Math.round(van.heading / 5) * 5) % 360 : null;
    const key = `van|${theme}|${van.status}|${colour}|${heading}|${van.selected}|${van.emergency}`;
    return CRU.picture(key, () => [36, 36], (ctx) => {
      ctx.translate(18, 18);
      if (van.selected || van.emergency) {
        ctx.beginPath();
        ctx.arc(0, 0, 16, 0, 7);
        ctx.strokeStyle = van.emergency ? colours.emergency : colours.selected;
        ctx.lineWidth = 2;
        ctx.stroke();
      }
      body(ctx, van, colour, colours);
      if (heading !== null) nose(ctx, heading, colour, colours);
    });
  };

  CRU.vanPill = (van, theme) => {
    const colours = CRU.markColours[theme];
    const text = van.label || van.callsign;
    if (van.emergency) {
      return CRU.pill(`EMERGENCY ${text}`, { edge: colours.emergency, ink: colours.onEmergency, fill: colours.emergencyFill });
    }
    const dim = van.stale || van.status === "off duty" || van.status === "out of service";
    const glow = van.selected ? `${colours.selected}55` : "";
    return CRU.pill(text, {
      edge: tone(van, colours),
      ink: dim ? colours.quiet : colours.text,
      fill: colours.pill,
      dash: van.stale,
      glow,
    });
  };

  const order = ["committed", "available", "meal break", "out of service", "off duty"];
  CRU.vanRank = (van) => (van.emergency ? 0 : van.selected ? 1 : van.stale ? 5.5 : 5 + order.indexOf(van.status));

  // As the console tells every age (db/domain/clocks.py); a test holds the two equal.
  CRU.ageText = (age) => {
    const seconds = Math.max(0, Math.floor(age));
    const minutes = Math.floor(seconds / 60);
    const hours = Math.floor(minutes / 60);
    if (seconds < 120) return `${seconds} s`;
    if (minutes < 100) return `${minutes} min`;
    if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, "0")}`;
    const days = Math.floor(hours / 24);
    return days < 10 ? `${days} d ${hours % 24} h` : `${days} d`;
  };

  CRU.vanHint = (van, age) =>
    [
      van.callsign,
      van.emergency ? "EMERGENCY" : van.status,
      `fix ${CRU.ageText(age)} old`,
      van.accuracy_m ? `±${Math.round(van.accuracy_m)} m` : "",
      van.speed_kmh === null ? "" : `${Math.round(van.speed_kmh)} km/h`,
    ]
      .filter(Boolean)
      .join(" · ");
})();
