// Small line charts of the outcomes so far: A solid, B dashed.

import {svg} from "/map.js";

const W = 240, H = 92, BOX = {left: 40, right: 234, top: 6, bottom: 76}, MOST = 400;

const compact = new Intl.NumberFormat("en", {notation: "compact", maximumSignificantDigits: 3});

export function shown(value, digits) {
  if (value === null || value === undefined) return "–";
  if (Math.abs(value) >= 1e6) return `${(value / 1e6).toFixed(1)} M`;
  return value.toLocaleString("en", {minimumFractionDigits: digits, maximumFractionDigits: digits}).replaceAll(",", "\u202f").replace("-", "−");
}

function ceiling(value) {
  if (!(value > 0)) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((k) => k * unit).find((top) => top >= value * 0.999);
}

function extent(points, alike) {
  let low = 0, high = 0;
  for (const [, ...sides] of points) for (const row of sides) for (const k of alike) {
    if (row[k] !== null) { low = Math.min(low, row[k]); high = Math.max(high, row[k]); }
  }
  return [low < 0 ? -ceiling(-low) : 0, ceiling(high)];
}

// points: [night, values of A, values of B]; k: which value; last: last night of the run; alike: values on the same scale
export function drawChart(node, points, k, last, alike = [k]) {
  const [low, high] = extent(points, alike), every = Math.ceil(points.length / MOST) || 1;
  const x = (night) => BOX.left + ((BOX.right - BOX.left) * night) / Math.max(last, 1);
  const y = (value) => BOX.bottom - ((BOX.bottom - BOX.top) * (value - low)) / (high - low);
  const nodes = [low, (low + high) / 2, high].flatMap((value) => [
    svg("line", {x1: BOX.left, x2: BOX.right, y1: y(value), y2: y(value), class: "tick"}),
    svg("text", {x: BOX.left - 4, y: y(value) + 3, "text-anchor": "end", "font-size": 9, class: "soft"}, compact.format(value))]);
  for (const [night, anchor] of [[0, "start"], [Math.round(last / 2), "middle"], [last, "end"]]) {
    nodes.push(svg("text", {x: x(night), y: H - 4, "text-anchor": anchor, "font-size": 9, class: "soft"}, night === 0 ? "night 0" : String(night)));
  }
  const sides = points.length ? points[0].length - 1 : 0;
  for (let side = 0; side < sides; side++) {
    let path = "", pen = "M";
    points.forEach(([night, ...rows], number) => {
      if (number % every && number !== points.length - 1) return;
      const value = rows[side][k];
      if (value === null) { pen = "M"; return; }
      path += `${pen}${x(night).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = "L";
    });
    nodes.push(svg("path", {d: path, class: `line-${"AB"[side]}`}));
  }
  if (!points.length) nodes.push(svg("text", {x: (BOX.left + BOX.right) / 2, y: 44, "text-anchor": "middle", "font-size": 10, class: "soft"}, "recorded from night 0"));
  node.setAttribute("viewBox", `0 0 ${W} ${H}`);
  node.replaceChildren(...nodes);
}
