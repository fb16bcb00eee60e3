// The page: asks the server for nights and draws what comes.  One loop sends one request at a time.

import {bar, cross, diamond, drawMap, paint, star, svg, triangle} from "/map.js";
import {drawChart, shown} from "/charts.js";
import {el} from "/nodes.js";
import {buildCalendar, drawCalendar} from "/calendar.js";

const $ = (id) => document.getElementById(id);
const SIDES = ["A", "B"];
const WARM = 10; // nights a request in the warm-up

let opening;              // what the page is made of
let asked;                // {sides: [{scenario, changes}], seed, warmup}: what the user wants
let accepted;             // the same, as last accepted by the server
let values = [];          // values by key of each side, from the server
let names = [];           // names of corridors, nationalities and camps of each side, from the server
let charts = [];          // descriptions of all charts: outcomes of the run, then numbers of the night
let pictures = [], points = [], page = null;
let playing = false, owed = 0, begun = true, refusal = null; // begun: new markets are wanted
let wake = () => {};

async function ask(path, body) {
  const answer = await fetch(path, {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)});
  const content = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(content.error), content, {status: answer.status});
  return content;
}

const rest = (milliseconds) => new Promise((resolve) => {
  const timer = milliseconds === null ? null : setTimeout(resolve, milliseconds);
  wake = () => { clearTimeout(timer); resolve(); };
});

// the loop ------------------------------------------------------------------------------------------------------------
async function loop() {
  for (;;) {
    try {
      if (begun) await begin();
      else if (warming()) await step(Math.min(WARM, -1 - latest()));
      else if (owed > 0) { const nights = Math.min(owed, 7); owed -= nights; await step(nights); }
      else if (playing) {
        const start = performance.now();
        await step(1);
        await rest(Math.max(0, 1000 / Number($("pace").value) - (performance.now() - start)));
        continue;
      } else { await rest(null); continue; }
      await rest(0);
    } catch (error) {
      playing = false; owed = 0;
      if (error.status === undefined) say("The server does not answer. Is python -m sim view still running? Reset tries again.");
      else say(error.message);
      drawButtons();
    }
  }
}

const latest = () => pictures[0].night ?? pictures[0].first - 1; // the last night played
const warming = () => running() && latest() < -1;
const running = () => pictures.length > 0 && pictures[0].running;

async function begin() {
  begun = false; owed = 0; say("");
  const wanted = structuredClone(asked);
  let answer;
  try {
    answer = await ask("/begin", {...wanted, page});
  } catch (error) {
    if (error.status === 400 && accepted) { // the markets on the page stay as they are
      refusal = error; asked = structuredClone(accepted);
      drawRefusal();
      return;
    }
    throw error;
  }
  refusal = null; accepted = wanted; page = answer.page; values = answer.values; names = answer.names; points = [];
  $("download").href = `/nights.csv?page=${encodeURIComponent(page)}`;
  pictures = answer.sides;
  buildCharts(answer.charts); layMaps(); drawControls(); drawCommands(answer.commands); drawRefusal(); draw();
}

async function step(nights) {
  const answer = await ask("/step", {page, nights});
  pictures = answer.sides;
  points.push(...answer.points);
  if (!running()) { playing = false; owed = 0; }
  draw();
}

function restart() { begun = true; wake(); }

function change(edit) { // edit the wanted configuration, soon begin anew
  edit(asked);
  clearTimeout(change.timer);
  change.timer = setTimeout(restart, 120);
}

// drawing -------------------------------------------------------------------------------------------------------------
const scenario = (name) => opening.scenarios.find((one) => one.name === name);
const caption = (side) => scenario(accepted.sides[side].scenario).label + (Object.keys(accepted.sides[side].changes).length ? ", changed" : "");

function say(words) { $("message").textContent = words; }

function layMaps() {
  $("maps").classList.toggle("alone", pictures.length === 1);
  $("maps").replaceChildren(...pictures.map((_, side) => el("figure", {tabindex: 0},
    el("figcaption", {}, el("span", {class: `side-${SIDES[side]}`}, `${SIDES[side]}  ${caption(side)}`),
      ...scenario(accepted.sides[side].scenario).marks.map((mark) => el("span", {class: "mark"}, mark)),
      el("span", {class: "mark", id: `operation-${side}`, hidden: true}, "police operation"),
      el("span", {class: "small whole", id: `tonight-${side}`})),
    svg("svg", {id: `map-${side}`}))));
}

function draw() {
  pictures.forEach((state, side) => {
    drawMap($(`map-${side}`), state, opening, caption(side));
    $(`tonight-${side}`).textContent = `${state.people.all} people · tonight ${state.tonight.attempts} attempts, ${state.tonight.crossings} across, ` +
      `${state.tonight.interceptions} intercepted, ${state.tonight.clashes} clashes`;
    $(`operation-${side}`).hidden = !state.operation;
  });
  charts.forEach((chart, k) => {
    const alike = charts.flatMap((other, number) => (number === k || (chart.family && other.family === chart.family) ? [number] : []));
    drawChart($(`chart-${k}`), points, k, pictures[0].last, alike);
    const latest = points.length ? points[points.length - 1].slice(1) : [];
    $(`values-${k}`).replaceChildren(...latest.map((row, side) => el("span", {class: `side-${SIDES[side]}`}, `${SIDES[side]} ${shown(row[k], chart.digits)} `)));
  });
  drawWhen(); drawButtons(); drawLegend();
  if ($("tables").open) drawTables();
}

function drawWhen() {
  const state = pictures[0], night = state.night;
  const total = state.last - state.first + 1, played = night === null ? 0 : night - state.first + 1;
  $("progress").value = played / total;
  if (night === null) $("when").textContent = "before the first night";
  else if (night < 0) $("when").textContent = `warm-up: ${played} of ${-state.first} nights`;
  else $("when").textContent = `night ${night} of ${state.last}, ${state.date}${running() ? "" : " (end)"}`;
  document.body.dataset.night = night ?? "none";
}

function drawButtons() {
  $("play").textContent = playing ? "Pause" : "Play";
  $("play").setAttribute("aria-pressed", String(playing));
  for (const id of ["play", "step", "week"]) $(id).disabled = !running();
  $("download").setAttribute("aria-disabled", String(!points.length));
}

function drawLegend() {
  const state = pictures[0], mark = (node) => svg("svg", {viewBox: "0 0 16 12", "aria-hidden": "true"}, node);
  const key = JSON.stringify([state.dot, state.groups.map((g) => [g.origin, g.price_owner]), pictures.length]);
  if (drawLegend.key === key) return;
  drawLegend.key = key;
  const origins = [...new Set(state.groups.map((group) => group.origin))];
  const organisations = [...new Set(pictures.flatMap((one) => one.groups.map((group) => group.price_owner)))].filter((name) => opening.organisations[name]);
  const swatch = (colour) => mark(svg("rect", {x: 1, y: 1, width: 14, height: 10, fill: colour}));
  $("legend").replaceChildren(
    el("li", {}, mark(svg("path", {d: "M4 6h0M9 3h0M12 9h0", class: "dots", "stroke-width": 2.6})), `a dot: ${state.dot} people`),
    el("li", {}, mark(triangle(8, 6, 5)), "across tonight"), el("li", {}, mark(cross(8, 6, 5)), "intercepted tonight"),
    el("li", {}, mark(bar(0, 3, 16, 6, 0.6)), "police presence at a corridor (a full bar: 1, a full operation kept up)"),
    el("li", {}, mark(diamond(8, 6, 5)), "guides who stand at a corridor"),
    el("li", {}, mark(star(8, 6, 5, true)), "clash tonight"), el("li", {}, mark(star(8, 6, 5, false)), "clash in seven nights"),
    ...origins.map((origin) => el("li", {}, swatch(opening.origins[origin] || "#888888"), `turf of groups of origin ${origin} (a shade a group)`)),
    ...organisations.map((name) => el("li", {}, swatch(opening.organisations[name]), `turf under organisation ${name} (it decides prices)`)),
    el("li", {}, "circles: staging places, left half informal, right half flats; boxes: camps"));
}

function table(name, head, rows) {
  return el("table", {}, el("caption", {}, name), el("thead", {}, el("tr", {}, ...head.map((word) => el("th", {scope: "col"}, word)))),
    el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((cell) => el("td", {}, String(cell)))))));
}

function drawTables() {
  $("rows").replaceChildren(...pictures.flatMap((state, side) => {
    const colours = paint(state.groups, opening.origins, opening.organisations), name = `${SIDES[side]} ${caption(side)}: `;
    const top = (turf) => turf.map((share, j) => [share, state.groups[j].name]).filter(([share]) => share > 0.05).sort((a, b) => b[0] - a[0])
      .map(([share, who]) => `${who} ${Math.round(100 * share)} %`).join(", ");
    const groups = table(`${name}groups`, ["group", "origin", "prices decided by", "price [EUR]", "clients [persons / night]", "members [persons]", "fighters [persons]", "rifles", "extortion [share]"],
      state.groups.filter((g) => g.active).map((g) => [g.name, g.origin, g.price_owner, g.price, g.clients, g.members, g.fighters, g.rifles, g.intensity]));
    state.groups.filter((g) => g.active).forEach((g, k) => { groups.querySelectorAll("tbody tr")[k].firstChild.style.borderLeft = `8px solid ${colours[state.groups.indexOf(g)]}`; });
    return [groups,
      table(`${name}corridors tonight`, ["corridor", "police presence [1: a full operation kept up]", "guides there [persons]", "people without shelter [persons]"],
        state.corridors.map((corridor, c) => [corridor, shown(state.presence[c], 2), shown(state.guides[c], 0), state.people.rough[c]])),
      table(`${name}sectors tonight`, ["sector", "corridor", "patrol units", "attempts", "across", "intercepted", "clashes", "clashes, 7 nights", "turf"],
        state.sectors.map((s) => [s.name, state.corridors[s.corridor], s.patrols ?? "–", s.attempts ?? "–", s.across ?? "–", s.stopped ?? "–", s.clashes, s.week, top(s.turf)])),
      table(`${name}staging places`, ["place", "region", "informal [persons]", "flats [persons]", "clashes, 7 nights", "turf"],
        state.places.map((p) => [p.name, state.regions[p.region], p.informal, p.flat, p.week, top(p.turf)])),
      table(`${name}camps`, ["camp", "region", "state", "people", "places"],
        state.camps.map((c) => [c.name, state.regions[c.region], c.open ? "open" : "closed", c.people, c.capacity])),
      el("p", {class: "small"}, `${state.police.patrols} patrol units on the border; ${state.police.teams} interior teams, ${state.police.served} on a payroll; pressure ${state.heat.toFixed(1)} heat; ` +
        `people who turned back before arriving (below 0: more came): ${state.turned_back.tonight} tonight, ${state.turned_back.week} in seven nights`)];
  }));
}

function drawCommands(commands) {
  $("commands").replaceChildren(...commands.map((words, side) => el("p", {}, `${SIDES[side]}: `, el("code", {}, words))));
}

// controls ------------------------------------------------------------------------------------------------------------
function buildPickers() {
  const option = (one) => el("option", {value: one.name}, one.label);
  const picker = (side, choices) => el("div", {class: "picker"},
    el("label", {class: `side-${SIDES[side]}`}, `${SIDES[side]}  Scenario`, el("select", {id: `scenario-${side}`, onchange: (event) => pick(side, event.target.value)}, ...choices)),
    el("p", {class: "small", id: `sentence-${side}`}), el("p", {class: "refusal", id: `scenario-refusal-${side}`, role: "alert"}));
  $("pickers").replaceChildren(picker(0, opening.scenarios.map(option)),
    picker(1, [el("option", {value: ""}, "no second market"), ...opening.scenarios.map(option)]));
  $("target").append(...[["both", "both sides"], ["0", "A only"], ["1", "B only"]].map(([value, words]) =>
    el("label", {}, el("input", {type: "radio", name: "target", value, checked: value === "both", onchange: drawControls}), ` ${words}`)));
}

function pick(side, name) { // a scenario starts from its own values
  change((all) => {
    if (name) all.sides[side] = {scenario: name, changes: {}};
    else all.sides.splice(side, 1);
  });
}

function targets() {
  const chosen = document.querySelector("input[name=target]:checked").value;
  const there = asked.sides.map((_, side) => side);
  return chosen === "both" ? there : there.filter((side) => side === Number(chosen));
}

function set(key, value) {
  change((all) => targets().forEach((side) => { all.sides[side].changes[key] = value; }));
}

const neat = (value) => Number(Number(value).toPrecision(3));

function buildControls() {
  const headings = [...new Set(opening.controls.map((one) => one.heading))];
  $("controls").replaceChildren(...headings.flatMap((heading) => [el("h3", {}, heading),
    heading === "Levers" ? el("p", {class: "small"}, "What the organisation decides for its groups; without control or takeover it has none.") : null,
    ...opening.controls.filter((one) => one.heading === heading).map(control)]).filter(Boolean));
}

function control(one) {
  const id = `key-${one.key}`, said = `${one.key}: ${one.allowed}. ${one.status}: ${one.source}`;
  const about = el("p", {class: "small", id: `${id}-help`}, `${one.help} `, one.source.includes("contested") ? el("span", {class: "mark"}, "contested") : null, el("span", {id: `${id}-sides`}));
  const refused = el("p", {class: "refusal", id: `${id}-refusal`, role: "alert"});
  const name = one.key.replace(/^organisation\.levers\./, "");
  if (one.type === "bool") {
    return el("div", {class: "row", id: `${id}-row`, title: said}, el("label", {class: "check"},
      el("input", {type: "checkbox", id, "aria-describedby": `${id}-help`, onchange: (event) => set(one.key, event.target.checked)}), " ", el("code", {class: "name"}, name)), about, refused);
  }
  const head = el("div", {class: "head"}, el("label", {for: id}, el("code", {class: "name"}, name)), el("span", {class: "small"}, one.unit));
  if (one.type === "choice") {
    return el("div", {class: "row", id: `${id}-row`, title: said}, head, el("select", {id, "aria-describedby": `${id}-help`, onchange: (event) => set(one.key, event.target.value)},
      ...one.choices.map((choice) => el("option", {value: choice}, choice))), about, refused);
  }
  const whole = one.type === "int", number = (text) => (text.trim() === "" ? null : Number(text));
  const slider = el("input", {type: "range", id, min: one.low, max: one.high, step: whole ? 1 : "any", "aria-describedby": `${id}-help`,
    oninput: (event) => { field.value = neat(event.target.value); }, onchange: (event) => set(one.key, neat(event.target.value))});
  const field = el("input", {type: "number", id: `${id}-field`, step: "any", "aria-label": `${one.key}, ${one.unit || "a number"}`,
    onchange: (event) => set(one.key, number(event.target.value))});
  return el("div", {class: "row", id: `${id}-row`, title: said}, head, el("div", {class: "pair"}, slider, field), about, refused);
}

const said = (value) => (typeof value === "boolean" ? (value ? "on" : "off") : String(value));

function drawControls() {
  if (!values.length) return;
  const only = document.querySelector("input[name=target][value='1']");
  only.disabled = asked.sides.length < 2;
  if (only.disabled && only.checked) document.querySelector("input[name=target][value=both]").checked = true;
  const wanted = targets()[0] ?? 0, chosen = wanted < values.length ? wanted : 0; // a side just added has no values yet
  for (const one of opening.controls) {
    const node = $(`key-${one.key}`), value = values[chosen][one.key];
    if (one.type === "bool") node.checked = value;
    else node.value = value;
    if ($(`key-${one.key}-field`)) $(`key-${one.key}-field`).value = value;
    const differ = values.length > 1 && values[0][one.key] !== values[1][one.key];
    $(`key-${one.key}-sides`).textContent = differ ? ` — A ${said(values[0][one.key])}, B ${said(values[1][one.key])}` : "";
    $(`key-${one.key}-row`).classList.toggle("changed", accepted.sides.some((side) => one.key in side.changes));
  }
  drawMeasures(chosen);
  SIDES.forEach((_, side) => {
    const now = accepted.sides[side];
    $(`scenario-${side}`).value = now ? now.scenario : "";
    $(`sentence-${side}`).textContent = now ? scenario(now.scenario).sentence : "";
  });
  $("seed").value = accepted.seed;
  $("warmup").checked = accepted.warmup;
}

function drawMeasures(side) {
  const key = opening.calendar.key, numbers = values.map((of) => of[key].length), state = pictures[side];
  const differ = values.length > 1 && JSON.stringify(values[0][key]) !== JSON.stringify(values[1][key]);
  $(`key-${key}-sides`).textContent = differ ? `A has ${numbers[0]}, B ${numbers[1]}; shown are those of ${SIDES[side]}` +
    (targets().length > 1 ? ", and a change gives them to both sides." : ".") : "";
  $(`key-${key}-row`).classList.toggle("changed", accepted.sides.some((one) => key in one.changes));
  drawCalendar(values[side][key], names[side], state.dates);
}

function drawRefusal() { // beside the slider it is about; what was typed stays to be mended
  document.querySelectorAll(".refusal").forEach((node) => { node.textContent = ""; });
  document.querySelectorAll("[aria-invalid]").forEach((node) => node.removeAttribute("aria-invalid"));
  if (!refusal) return;
  const side = SIDES.indexOf(refusal.side), words = `${refusal.message}; nothing was changed`;
  const where = $(`key-${refusal.key}-refusal`) || (refusal.key === "seed" && $("seed-refusal")) || (refusal.key === "scenario" && $(`scenario-refusal-${Math.max(side, 0)}`));
  if (!where) { say(words); return; }
  where.textContent = words;
  const field = refusal.key === "seed" ? $("seed") : $(`key-${refusal.key}-field`) || $(`key-${refusal.key}`);
  if (field) field.setAttribute("aria-invalid", "true");
}

function buildCharts(ofNights) {
  charts = [...opening.outcomes, ...ofNights];
  const figures = charts.map((chart, k) => el("figure", {title: chart.meaning},
    el("figcaption", {}, chart.label),
    el("div", {class: "values"}, el("span", {class: "small"}, chart.unit), el("span", {id: `values-${k}`})),
    svg("svg", {id: `chart-${k}`, role: "img", "aria-label": `${chart.label}, ${chart.unit}: ${chart.meaning}`})));
  $("charts").replaceChildren(...figures.slice(0, opening.outcomes.length));
  $("night-charts").replaceChildren(...figures.slice(opening.outcomes.length));
}

function build() {
  $("label").textContent = opening.label;
  buildPickers(); buildControls();
  $("calendar").replaceChildren(buildCalendar(opening.calendar, (rows) => set(opening.calendar.key, rows)));
  $("play").addEventListener("click", () => { playing = !playing && running(); drawButtons(); wake(); });
  $("step").addEventListener("click", () => { playing = false; owed += 1; drawButtons(); wake(); });
  $("week").addEventListener("click", () => { playing = false; owed += 7; drawButtons(); wake(); });
  $("reset").addEventListener("click", () => { playing = false; restart(); });
  $("pace").addEventListener("change", () => wake());
  $("clear").addEventListener("click", () => change((all) => all.sides.forEach((side) => { side.changes = {}; })));
  $("seed").addEventListener("change", (event) => change((all) => { all.seed = event.target.value.trim() === "" ? null : Number(event.target.value); }));
  $("warmup").addEventListener("change", (event) => change((all) => { all.warmup = event.target.checked; }));
  $("tables").addEventListener("toggle", () => { if ($("tables").open && pictures.length) drawTables(); });
}

try {
  opening = await (await fetch("/opening")).json();
  asked = structuredClone(opening.start);
  build();
  loop();
} catch {
  say("The server does not answer. Is python -m sim view still running?");
}
