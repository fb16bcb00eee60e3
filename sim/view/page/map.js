// One side's stylised map.  No coordinates of any place: corridors stand around three regions as boxes.

const NS = "http://www.w3.org/2000/svg";
const W = 560, H = 436, IN = {left: 84, right: 476, top: 120, bottom: 400};

export function svg(name, attributes = {}, ...content) {
  const node = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) node.setAttribute(key, value);
  node.append(...content.filter((piece) => piece !== null && piece !== undefined));
  return node;
}

const text = (x, y, words, more = {}) => svg("text", {x, y, "font-size": 10, ...more}, words);
const title = (words) => svg("title", {}, words);

// a fixed scatter in the unit square: the same person-dot always falls on the same spot (plastic number sequence)
const spot = (k) => [(0.5 + k * 0.7548776662) % 1, (0.5 + k * 0.5698402910) % 1];

function dots(count, each, place) {
  let path = "";
  for (let k = 0; k < Math.round(count / each); k++) {
    const [x, y] = place(...spot(k));
    path += `M${x.toFixed(1)} ${y.toFixed(1)}h0`;
  }
  return path;
}

const box = (x, y, w, h) => (u, v) => [x + 3 + u * (w - 6), y + 3 + v * (h - 6)];
const disc = (x, y, r, half) => (u, v) => {
  const a = Math.PI * (half * u - half / 2) + (half < 0 ? Math.PI : 0), d = (r - 3) * Math.sqrt(0.05 + 0.95 * v);
  return [x + (half < 0 ? -1 : 1) * Math.max(2, Math.abs(d * Math.cos(a))), y + d * Math.sin(a)];
};

export function star(x, y, size, filled, words) {
  const points = [];
  for (let k = 0; k < 16; k++) {
    const r = k % 2 ? size * 0.45 : size, a = (k * Math.PI) / 8;
    points.push(`${(x + r * Math.sin(a)).toFixed(1)},${(y - r * Math.cos(a)).toFixed(1)}`);
  }
  return svg("polygon", {points: points.join(" "), class: filled ? "clash" : "week"}, words ? title(words) : null);
}

export const triangle = (x, y, s) => svg("path", {d: `M${x} ${y - s}l${s} ${2 * s}h${-2 * s}z`, class: "across"});
export const cross = (x, y, s) => svg("path", {
  d: `M${x - s} ${y - s * 0.6}l${s * 0.4} ${-s * 0.4}l${s * 0.6} ${s * 0.6}l${s * 0.6} ${-s * 0.6}l${s * 0.4} ${s * 0.4}` +
     `l${-s * 0.6} ${s * 0.6}l${s * 0.6} ${s * 0.6}l${-s * 0.4} ${s * 0.4}l${-s * 0.6} ${-s * 0.6}l${-s * 0.6} ${s * 0.6}` +
     `l${-s * 0.4} ${-s * 0.4}l${s * 0.6} ${-s * 0.6}z`, class: "stopped"});

export const diamond = (x, y, s) => svg("path", {d: `M${x} ${y - s}l${s} ${s}l${-s} ${s}l${-s} ${-s}z`, class: "guides"});

// a bar filled to a share, from the left or (upright) from below
export function bar(x, y, w, h, share) {
  const part = Math.max(0, Math.min(1, share)), upright = h > w;
  const filled = upright ? {x, y: y + h * (1 - part), width: w, height: h * part} : {x, y, width: w * part, height: h};
  return svg("g", {}, svg("rect", {...filled, class: "police"}), svg("rect", {x, y, width: w, height: h, class: "empty"}));
}

// the colour of an origin mixed with white (above 0) or black (below 0), in turn for its groups
const MIXED = [0, 0.35, -0.3, 0.6, -0.55, 0.8];

function shade(colour, number) {
  const part = MIXED[number % MIXED.length], towards = part > 0 ? 255 : 0;
  const mixed = [1, 3, 5].map((k) => Math.round(parseInt(colour.slice(k, k + 2), 16) * (1 - Math.abs(part)) + towards * Math.abs(part)));
  return "#" + mixed.map((value) => value.toString(16).padStart(2, "0")).join("");
}

// colours as in the figures: organisations first, then shades of the groups' origins
export function paint(groups, origins, organisations) {
  const rank = {};
  return groups.map((group) => {
    const number = rank[group.origin] || 0;
    rank[group.origin] = number + 1;
    return organisations[group.price_owner] || shade(origins[group.origin] || "#888888", number);
  });
}

function readable(colour) {
  const [r, g, b] = [1, 3, 5].map((k) => parseInt(colour.slice(k, k + 2), 16));
  return 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#000000" : "#ffffff";
}

function band(state, sector, colours, x, y, w, h, upright) {
  const group = svg("g", {}, title(described(state, sector)));
  let at = 0;
  sector.turf.forEach((share, j) => {
    const size = share * (upright ? h : w);
    if (size > 0.3) {
      const [bx, by, bw, bh] = upright ? [x, y + at, w, size] : [x + at, y, size, h];
      group.append(svg("rect", {x: bx.toFixed(2), y: by.toFixed(2), width: bw.toFixed(2), height: bh.toFixed(2), fill: colours[j]}));
      if (size > (upright ? 11 : 21)) {
        group.append(text(bx + bw / 2, by + bh / 2 + 3, state.groups[j].name,
          {"text-anchor": "middle", "font-size": 8.5}));
        group.lastChild.style.fill = readable(colours[j]);
      }
    }
    at += size;
  });
  group.append(svg("rect", {x, y, width: w, height: h, class: "frame"}));
  return group;
}

function described(state, sector) {
  const holders = sector.turf.map((share, j) => [share, state.groups[j].name]).filter(([share]) => share > 0.01)
    .sort((a, b) => b[0] - a[0]).map(([share, name]) => `${name} ${Math.round(100 * share)} %`);
  return `${sector.name} (${state.corridors[sector.corridor]}): turf ${holders.join(", ")}. Tonight ${sector.attempts ?? 0} ` +
    `attempts, ${sector.across ?? 0} across, ${sector.stopped ?? 0} intercepted, ${sector.patrols ?? 0} patrol units, ` +
    `${sector.clashes} clashes (${sector.week} in seven nights)`;
}

const size = (count, each) => Math.min(9, count ? 2 + 1.1 * Math.sqrt(count / each) : 0);

function sectors(state, colours, each) {
  const nodes = [], across = state.sectors, top = across.filter((s) => s.corridor === 0);
  const flank = [1, 0].map((odd) => across.filter((s) => s.corridor > 0 && s.corridor % 2 === odd));
  top.forEach((s, k) => {
    const w = (IN.right - IN.left) / top.length, x = IN.left + k * w, m = x + w / 2;
    nodes.push(band(state, s, colours, x, 42, w - 4, 24, false));
    if (top.length <= 9) {
      nodes.push(text(x, 12, s.name, {class: "soft"}), triangle(m - 18, 28, size(s.across, each)), text(m - 7, 32, s.across ?? ""));
      nodes.push(cross(m - 18, 90, size(s.stopped, each)), text(m - 7, 94, s.stopped ?? ""));
    }
    nodes.push(...clashes(s, x + w - 16, 16));
  });
  flank.forEach((list, side) => list.forEach((s, k) => {
    const h = (IN.bottom - IN.top) / list.length, y = IN.top + k * h, x = side ? 500 : 38, out = side ? 526 : 1;
    nodes.push(band(state, s, colours, x, y, 22, h - 4, true));
    if (list.length <= 6) {
      nodes.push(text(out + 2, y + 10, s.name, {class: "soft"}));
      nodes.push(triangle(out + 7, y + 22, Math.min(6, size(s.across, each))), text(out + 15, y + 26, s.across ?? ""));
      nodes.push(cross(out + 7, y + 39, Math.min(6, size(s.stopped, each))), text(out + 15, y + 43, s.stopped ?? ""));
    }
    nodes.push(...clashes(s, out + 12, y + 62));
  }));
  return nodes;
}

// name, police presence and guides of each corridor
function corridors(state) {
  return state.corridors.flatMap((name, c) => {
    const words = name.replaceAll("_", " ").toUpperCase(), said = `${words}: police presence ${state.presence[c].toFixed(2)} ` +
      `(1: a full operation kept up), ${Math.round(state.guides[c])} guides stand there`;
    const flank = state.sectors.filter((s) => s.corridor > 0 && s.corridor % 2 === c % 2), at = flank.flatMap((s, k) => (s.corridor === c ? [k] : []));
    const tall = (IN.bottom - IN.top) / Math.max(flank.length, 1), group = svg("g", {}, title(said));
    if (c === 0) group.append(bar(IN.left, 70, IN.right - IN.left - 4, 6, state.presence[c]));
    else group.append(bar(c % 2 ? 63 : 491, IN.top + at[0] * tall, 6, at.length * tall - 4, state.presence[c]));
    if (c < 3) {
      const [x, y, anchor] = [[IN.left - 6, 40, "end"], [3, 90, "start"], [W - 3, 90, "end"]][c];
      const guides = String(Math.round(state.guides[c])), shift = anchor === "start" ? 5 : -8 - 6.2 * guides.length;
      group.append(text(x, y, words, {"text-anchor": anchor, "font-weight": 600}),
        text(x, y + 12, `police ${state.presence[c].toFixed(2)}`, {"text-anchor": anchor, class: "soft"}),
        diamond(x + shift, y + 20.5, 4), text(anchor === "start" ? x + 13 : x, y + 24, guides, {"text-anchor": anchor}));
    }
    return [group];
  });
}

function clashes(place, x, y) {
  const nodes = [];
  if (place.week) nodes.push(star(x, y, 9, false, `${place.week} clashes in seven nights`));
  if (place.clashes) nodes.push(star(x, y, 6, true, `${place.clashes} clashes tonight`));
  return nodes;
}

function ring(place, colours, x, y, r) {
  const nodes = [];
  let at = -Math.PI / 2;
  place.turf.forEach((share, j) => {
    const turn = Math.min(share, 0.9999) * 2 * Math.PI;
    if (share > 0.005) {
      const [x1, y1, x2, y2] = [x + r * Math.cos(at), y + r * Math.sin(at), x + r * Math.cos(at + turn), y + r * Math.sin(at + turn)];
      nodes.push(svg("path", {d: `M${x1.toFixed(1)} ${y1.toFixed(1)}A${r} ${r} 0 ${turn > Math.PI ? 1 : 0} 1 ${x2.toFixed(1)} ${y2.toFixed(1)}`,
        fill: "none", stroke: colours[j], "stroke-width": 6}));
    }
    at += turn;
  });
  return nodes;
}

function regions(state, colours, each) {
  const nodes = [], height = (IN.bottom - IN.top) / state.regions.length;
  state.regions.forEach((name, r) => {
    const y = IN.top + r * height, places = state.places.filter((p) => p.region === r), camps = state.camps.filter((c) => c.region === r);
    nodes.push(svg("rect", {x: IN.left, y, width: IN.right - IN.left, height: height - 4, rx: 5, class: "land"}));
    nodes.push(text(IN.left + 6, y + 12, name, {"font-weight": 600}));
    places.forEach((place, k) => {
      const radius = Math.min(30, 78 / Math.max(places.length, 1)), x = IN.left + 44 + k * (2 * radius + 18), m = y + height / 2 + 3;
      const group = svg("g", {}, title(`${place.name}: ${place.informal} people sleeping rough or informally, ${place.flat} in groups’ flats`));
      group.append(svg("circle", {cx: x, cy: m, r: radius - 3, class: "room"}), ...ring(place, colours, x, m, radius));
      group.append(svg("line", {x1: x, x2: x, y1: m - radius + 4, y2: m + radius - 4, class: "tick"}));
      group.append(svg("path", {d: dots(place.informal, each, disc(x, m, radius - 3, -1)) + dots(place.flat, each, disc(x, m, radius - 3, 1)), class: "dots", "stroke-width": 2.2}));
      group.append(text(x - 8, m + radius + 12, place.name, {class: "soft", "font-size": 9}), ...clashes(place, x + radius, m - radius + 2));
      nodes.push(group);
    });
    const columns = camps.length > 8 ? Math.ceil(camps.length / 2) : 3, from = IN.left + 178, wide = (IN.right - 6 - from) / columns;
    const rows = Math.max(2, Math.ceil(camps.length / columns)), tall = (height - 12) / rows;
    camps.forEach((camp, k) => {
      const x = from + (k % columns) * wide, cy = y + 5 + Math.floor(k / columns) * tall, w = wide - 5, h = tall - 14;
      const group = svg("g", {}, title(`${camp.name}: ${camp.open ? "open" : "closed"}, ${camp.people} people at dawn, ${camp.capacity} places`));
      group.append(svg("rect", {x, y: cy, width: w, height: h, class: camp.open ? "room" : "shut"}));
      group.append(svg("path", {d: dots(camp.people, each, box(x, cy, w, h)), class: "dots", "stroke-width": 2.2}));
      group.append(text(x + 1, cy + h + 9, camp.open ? `${camp.name}  ${camp.people}` : `${camp.name} closed`, {class: "soft", "font-size": 9}));
      nodes.push(group);
    });
  });
  return nodes;
}

function others(state, each) {
  const zones = [[IN.left, 101, IN.right - IN.left, 16], [69, IN.top, 14, IN.bottom - IN.top], [477, IN.top, 14, IN.bottom - IN.top]];
  const nodes = state.people.rough.map((count, c) => {
    const zone = zones[c === 0 ? 0 : 2 - (c % 2)];
    return svg("g", {}, title(`${count} people without shelter behind ${state.corridors[c]}`),
      svg("path", {d: dots(count, each, box(...zone)), class: "dots", "stroke-width": 2.2}));
  });
  const back = state.turned_back.week;
  const cells = [[state.people.held, "held for", "ransom"], [state.people.moved, "moved south", "by police"],
    [back, back < 0 ? "more came than" : "turned back", back < 0 ? "by the season, 7 nights" : "before arriving, 7 nights"]];
  cells.forEach(([count, name, more], k) => {
    const x = 3 + 178 * k, y = 404, w = 56;
    nodes.push(svg("rect", {x, y, width: w, height: 28, rx: 3, class: "land"}));
    nodes.push(svg("path", {d: dots(Math.max(count, 0), each, box(x, y, w, 28)), class: "dots", "stroke-width": 2.2}),
      text(x + w + 6, y + 12, `${Math.abs(count)} ${name}`), text(x + w + 6, y + 24, more));
  });
  return nodes;
}

// The whole map of one side
export function drawMap(node, state, palette, name) {
  const each = state.dot;
  const colours = paint(state.groups, palette.origins, palette.organisations);
  const said = `Stylised map of ${name}: ${state.people.all} people, ${state.tonight.attempts} attempts, ` +
    `${state.tonight.crossings} across, ${state.tonight.interceptions} intercepted, ${state.tonight.clashes} clashes tonight; ` +
    `${state.turned_back.week} turned back before arriving in seven nights.`;
  node.setAttribute("viewBox", `0 0 ${W} ${H}`);
  node.setAttribute("role", "img");
  node.setAttribute("aria-label", said);
  node.replaceChildren(...regions(state, colours, each), ...others(state, each), ...sectors(state, colours, each), ...corridors(state));
}
