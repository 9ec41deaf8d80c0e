// The look of a referral: pin for the first priority, diamond for the second, square for others, each with its code.
"use strict";
(() => {
  const shapes = [
    (ctx) => {
      ctx.moveTo(0, 0);
      ctx.bezierCurveTo(-3, -7, -11, -11, -11, -19);
      ctx.arc(0, -19, 11, Math.PI, 0);
      ctx.bezierCurveTo(11, -11, 3, -7, 0, 0);
    },
    (ctx) => {
      ctx.moveTo(0, -12);
      ctx.lineTo(12, 0);
      ctx.lineTo(0, 12);
      ctx.lineTo(-12, 0);
      ctx.closePath();
    },
    (ctx) => ctx.roundRect(-9, -9, 18, 18, 3),
  ];

  const level = (mark) => Math.min(mark.standing, shapes.length - 1);
  const colourOf = (mark, colours) => colours.priorities[level(mark)];
  CRU.isPin = (mark) => level(mark) === 0;
  CRU.referralMiddle = (mark) => (CRU.isPin(mark) ? -19 : 0);

  function outline(ctx, mark, colour, colours) {
    ctx.beginPath();
    shapes[level(mark)](ctx);
    ctx.lineJoin = "round";
    if (mark.selected) {
      ctx.strokeStyle = colours.selected;
      ctx.lineWidth = 7;
      ctx.stroke();
    }
    // An edge first: the mark stands off from a road of its own colour.
    ctx.strokeStyle = colours.mark;
    ctx.lineWidth = 4;
    ctx.stroke();
    ctx.fillStyle = mark.held ? colours.mark : colour;
    ctx.fill();
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1.8;
    ctx.setLineDash(mark.held ? [3, 2.5] : []);
    ctx.stroke();
  }

  CRU.referralSymbol = (mark, theme) => {
    const colours = CRU.markColours[theme];
    const colour = colourOf(mark, colours);
    // Whatever changes the look stands in the key: a look is drawn once, and copied from then on.
    const key = `ref|${theme}|${mark.priority}|${level(mark)}|${mark.held}|${mark.selected}`;
    return CRU.picture(key, () => [44, 76], (ctx) => {
      ctx.translate(22, 38);
      outline(ctx, mark, colour, colours);
      ctx.fillStyle = mark.held ? colour : colours.mark;
      ctx.font = `700 11px ${CRU.FONT}`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillText(mark.priority, 0, CRU.referralMiddle(mark) + 0.5);
    });
  };

  CRU.referralPill = (mark, theme) => {
    const colours = CRU.markColours[theme];
    const text = (mark.label || mark.reference_short) + (mark.held ? " · held" : "");
    return CRU.pill(text, {
      edge: mark.selected ? colourOf(mark, colours) : "transparent",
      ink: mark.held ? colours.quiet : colours.text,
      fill: `${colours.pill}d9`,
      glow: mark.selected ? `${colours.selected}55` : "",
    });
  };

  CRU.referralRank = (mark) => (mark.selected ? 1.5 : mark.held ? 4.5 : 2 + level(mark));
  CRU.referralHint = (mark) => `${mark.priority} · ${mark.label || mark.reference_short}${mark.held ? " · on hold" : ""}`;
})();
