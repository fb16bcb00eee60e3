// The editor of the calendar of measures: a list, and a form for one measure.  The server checks what the form sends.

import {el} from "/nodes.js";

let about, apply;         // description of the form; what to do with the edited list of measures
let rows = [], names = {corridors: [], nationality: [], camps: []}, dates = ["", ""];
let open = null;          // number of the measure in the form, rows.length for a new one, null without a form
let sent = false, drawn = "";
let list, place, add;     // nodes: the measures, the place of the form, the button for a new one

const kindOf = (name) => about.kinds.find((one) => one.name === name) || about.kinds[0];
const has = (kind, field) => !(field in about.only) || about.only[field].includes(kind);
const plain = (name) => name.replaceAll("_", " ");

export function buildCalendar(description, whenEdited) {
  about = description;
  apply = (wanted) => { sent = true; whenEdited(wanted); };
  const id = `key-${about.key}`;
  list = el("ul", {class: "measures", id: `${id}-list`, "aria-label": "Measures"});
  place = el("div", {id});
  add = el("button", {type: "button", id: `${id}-add`, onclick: () => edit(rows.length)}, "Add a measure");
  return el("div", {class: "row", id: `${id}-row`, title: about.note},
    el("h3", {}, "Calendar of measures"), el("code", {class: "name"}, about.key),
    el("p", {class: "small"}, "Dated measures of police and the state. ", el("span", {id: `${id}-dates`}), " ", el("span", {id: `${id}-sides`})),
    list, place, el("p", {class: "refusal", id: `${id}-refusal`, role: "alert"}), add);
}

// The measures of one side as the server took them; a form stays open unless they or the names have changed
export function drawCalendar(measures, known, ends) {
  const now = JSON.stringify([measures, known, ends]);
  if (sent || now !== drawn) open = null;
  sent = false; drawn = now;
  rows = measures; names = known; dates = ends;
  document.getElementById(`key-${about.key}-dates`).textContent = `This run lasts from ${dates[0]} to ${dates[1]}.`;
  if (open === null) drawAll();
}

function drawAll() {
  list.replaceChildren(...rows.map((row, k) => el("li", {class: k === open ? "edited" : ""},
    el("div", {}, el("strong", {}, heading(row)), el("div", {class: "small"}, when(row), where(row)), outside(row)),
    el("button", {type: "button", "aria-label": `Change measure ${k + 1}: ${heading(row)}`, onclick: () => edit(k)}, "Change"),
    el("button", {type: "button", "aria-label": `Remove measure ${k + 1}: ${heading(row)}`, onclick: () => apply(rows.filter((_, j) => j !== k))}, "Remove"))));
  if (!rows.length) list.replaceChildren(el("li", {class: "small"}, "no measure"));
  place.replaceChildren(...(open === null ? [] : [form(rows[open] || {kind: about.kinds[0].name, from: dates[0]})]));
  add.hidden = open !== null;
}

function edit(number) {
  open = number; sent = false;
  document.getElementById(`key-${about.key}-refusal`).textContent = "";
  place.removeAttribute("aria-invalid");
  drawAll();
  const first = place.querySelector("select");
  (first || add).focus();
}

function heading(row) {
  const kind = kindOf(row.kind);
  return plain(row.kind) + (row.nationality ? ` for ${row.nationality}` : "") + (kind.low < kind.high ? `, strength ${row.strength ?? 1}` : "");
}

const when = (row) => `from ${row.from}` + (row.until ? ` until ${row.until}` : row.nights ? `, ${row.nights} nights` : ", without end");

function where(row) {
  for (const field of ["corridors", "camps"]) {
    if (!has(row.kind, field)) continue;
    const chosen = row[field];
    return chosen === undefined || chosen === "all" ? `; all ${field}` : `; ${chosen.join(", ")}`;
  }
  return "";
}

function outside(row) {
  const begun = row.from <= dates[1], ended = row.until && row.until < dates[0];
  return begun && !ended ? null : el("div", {class: "small"}, "no night of this run");
}

// the form ------------------------------------------------------------------------------------------------------------
function form(row) {
  const id = `key-${about.key}`, field = (name, value, more) => el("input", {id: `${id}-${name}`, value: value ?? "", ...more});
  const lasting = row.until ? "until" : row.nights ? "nights" : "open";
  const option = (value, words, now) => el("option", {value, selected: value === now}, words);
  const kind = el("select", {id: `${id}-kind`, onchange: show}, ...about.kinds.map((one) => option(one.name, plain(one.name), row.kind)));
  const lasts = el("select", {id: `${id}-lasts`, onchange: show}, option("open", "without end", lasting), option("until", "until a date", lasting), option("nights", "a number of nights", lasting));
  const from = field("from", row.from, {type: "date"}), until = field("until", row.until, {type: "date"});
  const nights = field("nights", row.nights, {type: "number", step: 1}), strength = field("strength", row.strength ?? 1, {type: "number", step: "any"});
  const nationality = el("select", {id: `${id}-nationality`}, ...names.nationality.map((name) => option(name, name, row.nationality)));
  const boxes = {corridors: choices("corridors", row), camps: choices("camps", row)};
  const meaning = el("span", {class: "small"});
  const lines = {until: el("label", {}, "Last date", until), nights: el("label", {}, "Nights", nights),
    strength: el("label", {}, "Strength ", meaning, strength), nationality: el("label", {}, "Nationality (origin)", nationality), ...boxes};

  function show() {
    const one = kindOf(kind.value);
    meaning.textContent = `${one.meaning}; from ${one.low} to ${one.high}`;
    lines.until.hidden = lasts.value !== "until";
    lines.nights.hidden = lasts.value !== "nights";
    lines.strength.hidden = one.low === one.high;
    for (const name of Object.keys(about.only)) lines[name].hidden = !has(kind.value, name);
  }

  function read() { // a field that cannot be read as a number is sent as null, which the server refuses by name
    const number = (node) => (node.value === "" ? null : Number(node.value)), wanted = {kind: kind.value, from: from.value};
    if (!lines.until.hidden) wanted.until = until.value;
    if (!lines.nights.hidden) wanted.nights = number(nights);
    if (!lines.strength.hidden) wanted.strength = number(strength);
    if (!lines.nationality.hidden) wanted.nationality = nationality.value;
    for (const name of ["corridors", "camps"]) if (!lines[name].hidden) wanted[name] = chosen(lines[name]);
    return wanted;
  }

  const whole = el("form", {class: "measure", novalidate: true, "aria-label": "One measure",
    onsubmit: (event) => { event.preventDefault(); apply([...rows.slice(0, open), read(), ...rows.slice(open + 1)]); }},
  el("label", {}, "Kind", kind), el("label", {}, "First date", from), el("label", {}, "How long", lasts), ...Object.values(lines),
  el("div", {class: "buttons"}, el("button", {class: "strong"}, open < rows.length ? "Apply" : "Add"),
    el("button", {type: "button", onclick: () => edit(null)}, "Cancel")));
  show();
  return whole;
}

function choices(field, row) {
  const ticked = row[field] === undefined || row[field] === "all" ? names[field] : row[field];
  return el("fieldset", {}, el("legend", {}, field[0].toUpperCase() + field.slice(1)), ...names[field].map((name) =>
    el("label", {}, el("input", {type: "checkbox", value: name, checked: ticked.includes(name)}), ` ${name}`)));
}

function chosen(fieldset) {
  const boxes = [...fieldset.querySelectorAll("input")], ticked = boxes.filter((one) => one.checked).map((one) => one.value);
  return ticked.length === boxes.length ? "all" : ticked;
}
