// The look of a referral: pin for P1, diamond for P2, square for P3, each with its number.
"use strict";
(() => {
  const shapes = {
    P1: (ctx) => {
      ctx.moveTo(0, 0);
      ctx.bezierCurveTo(-3, -7, -11, -11, -11, -19);
      ctx.arc(0, -19, 11, Math.PI, 0);
      ctx.bezierCurveTo(11, -11, 3, -7, 0, 0);
    },
    P2: (ctx) => {
      ctx.moveTo(0, -12);
      ctx.lineTo(12, 0);
      ctx.lineTo(0, 12);
      ctx.lineTo(-12, 0);
      ctx.closePath();
    },
    P3: (ctx) => ctx.roundRect(-9, -9, 18, 18, 3),
  };

  const shapeOf = (priority) => shapes[priority] || shapes.P3;
  CRU.referralMiddle = (mark) => (mark.priority === "P1" ? -19 : 0);

  function outline(ctx, mark, colour, colours) {
    ctx.beginPath();
    shapeOf(mark.priority)(ctx);
    ctx.lineJoin = "round";
    if (mark.selected) {
      ctx.strokeStyle = colours.selected;
      ctx.lineWidth = 7;
      ctx.stroke();
    }
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
    const colour = colours[mark.priority] || colours.P3;
    const key = `ref|${theme}|${mark.priority}|${mark.held}|${mark.selected}`;
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
      edge: mark.selected ? colours[mark.priority] || colours.P3 : "#00000000",
      ink: mark.held ? colours.quiet : colours.text,
      fill: `${colours.pill}d9`,
      glow: mark.selected ? `${colours.selected}55` : "",
    });
  };

  CRU.referralRank = (mark) => (mark.selected ? 1.5 : mark.held ? 4.5 : { P1: 2, P2: 3, P3: 4 }[mark.priority] || 4);
  CRU.referralHint = (mark) => `${mark.priority} · ${mark.label || mark.reference_short}${mark.held ? " · on hold" : ""}`;
})();
