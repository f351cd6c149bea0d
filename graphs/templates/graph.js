// The picture: one state, and `render` which shows it.
const SVG = "http://www.w3.org/2000/svg";
const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);
const svg = byId("graph");
const stage = makeStage(svg, byId("world"));

const nodes = data.nodes.map((node, index) => ({
  ...node, element: svg.querySelector(`[data-n="${index}"]`), mode: node.key.startsWith("mode:"),
}));
const nodeOf = new Map(nodes.map((node) => [node.key, node]));
const links = data.links.map((link, index) => ({ ...link, element: svg.querySelector(`[data-l="${index}"]`) }));
const modeKey = (index) => `mode:${data.modes[index].name}`;

const shown = {
  kernel: data.current, moved: false, chosen: null, mode: null, path: null, role: "", words: "",
  parts: new Set(["mode"]), kinds: new Set(),
};

const stateOf = (entry, kernel) => {
  const index = kernel >= 0 && kernel < entry.states.of.length ? entry.states.of[kernel] : -1;
  return index < 0 ? null : entry.states.list[index];
};

// What a kernel's statements say, without the lines that they are on.
const saying = (state) => JSON.stringify((state.places || []).map((place) => place.lines.map((line) => line[1]).sort()));

function change(node) {
  const now = stateOf(node, shown.kernel);
  const before = stateOf(node, shown.kernel - 1);
  if (!shown.moved || shown.kernel === 0 || node.mode) return "";
  if (now && !before) return node.there[shown.kernel - 1] ? "joins" : "fresh";
  if (!now && before) return node.there[shown.kernel] ? "leaves" : "gone";
  return now && before && saying(now) !== saying(before) ? "changed" : "";
}

const lost = (how) => how === "gone" || how === "leaves";
const CHANGES = { fresh: "new", joins: "now here", changed: "changed", gone: "gone", leaves: "out" };

const kindOf = (link) => ({ choice: "depends", forbidden: "required", imply: "default", prompt: "default" })[link.kind] || link.kind;

// Links of the kernel with their state; `all` takes in those that the filters leave out.
function current(all) {
  return links.flatMap((link) => {
    const state = stateOf(link, shown.kernel);
    if (!state) return [];
    const wanted = shown.kinds.has(kindOf(link)) && (!state.implied || shown.kinds.has("implied"));
    return all || wanted ? [{ ...link, state }] : [];
  });
}

// The nodes to bring out, null when all are equal.
function litNodes(all) {
  const overlay = data.overlay;
  if (shown.path !== null) return new Set(overlay.paths[shown.path].pairs.flat());
  if (shown.chosen) {
    const near = all.flatMap((link) => (link.s === shown.chosen ? [link.t] : link.t === shown.chosen ? [link.s] : []));
    return new Set([shown.chosen, ...near]);
  }
  if (shown.words) return new Set(nodes.filter((node) => matches(node)).map((node) => node.key));
  if (shown.mode !== null) {
    const own = all.filter((link) => link.s === modeKey(shown.mode)).map((link) => link.t);
    return new Set([modeKey(shown.mode), ...own]);
  }
  if (shown.role) {
    return new Set(nodes.filter((node) => (stateOf(node, shown.kernel) || { roles: [] }).roles.includes(shown.role)).map((node) => node.key));
  }
  return null;
}

const matches = (node) => node.key.replace(/^mode:/, "").toUpperCase().includes(shown.words);

function litLink(link, lit, pairs) {
  if (pairs) return pairs.has(`${link.s} ${link.t}`) && link.sign > 0;
  if (shown.chosen) return link.s === shown.chosen || link.t === shown.chosen;
  return lit.has(link.s) && lit.has(link.t);
}

function render() {
  const all = current(true);
  const lit = litNodes(all);
  const path = shown.path === null ? null : data.overlay.paths[shown.path];
  const pairs = path && new Set(path.pairs.map((pair) => pair.join(" ")));
  const overlay = data.overlay && shown.kernel === data.current ? data.overlay : null;
  const seen = new Set();

  for (const node of nodes) {
    const how = change(node);
    const state = stateOf(node, shown.kernel) || (lost(how) ? stateOf(node, shown.kernel - 1) : null);
    const visible = state && shown.parts.has(state.part);
    node.element.toggleAttribute("hidden", !visible);
    if (!visible) continue;
    if (!lost(how)) seen.add(node.key);
    const value = overlay && !node.mode ? overlay.values[node.key] : undefined;
    const failing = path && path.pairs.some((pair) => pair[1] === node.key);
    const classes = ["node", state.part, { joins: "fresh", leaves: "gone left" }[how] || how];
    if (node.mode) classes.push(`m${data.modes.findIndex((mode) => `mode:${mode.name}` === node.key) % 9}`);
    if (state.levels.some((level) => level && level[0] === "required")) classes.push("must");
    if (state.void) classes.push("void");
    if (value !== undefined) classes.push(value === "n" ? "off" : "on");
    if (failing) classes.push("bad");
    if (path && path.roots.includes(node.key)) classes.push("root");
    if (lit && !lit.has(node.key)) classes.push("dim");
    if (node.key === shown.chosen) classes.push("chosen");
    node.element.setAttribute("class", classes.filter(Boolean).join(" "));
    node.element.setAttribute("aria-pressed", String(node.key === shown.chosen));
    const asked = state.levels.map((level, index) => level && `${data.modes[index].name} ${level[0]}${level[1] < 0 ? " off" : ""}`);
    node.element.setAttribute("aria-label", [
      `${node.mode ? "mode " : ""}${nameFor(node)}`, ...asked, value === undefined ? "" : `is ${value}`, CHANGES[how] || "",
    ].filter(Boolean).join(", "));
    decorate(node, state, value !== undefined ? `=${value}` : CHANGES[how] || "");
  }

  const visible = new Set(current(false).map((link) => link.element));
  const states = new Map(all.map((link) => [link.element, link]));
  const front = [];
  let count = 0;
  for (const { element } of links) {
    const link = states.get(element);
    const bright = link && lit && litLink(link, lit, pairs);
    const asked = bright && (shown.chosen || pairs);
    const drawn = Boolean(link) && seen.has(link.s) && seen.has(link.t) && (visible.has(element) || asked);
    element.toggleAttribute("hidden", !drawn);
    if (!drawn) continue;
    count += 1;
    const more = bright ? (pairs ? " lit failing" : " lit") : lit ? " dim" : "";
    element.setAttribute("class", link.state.class + more);
    if (bright) front.push(element);
  }
  byId("lines").append(...front);
  const { left } = data.kernels[shown.kernel];
  byId("count").replaceChildren(make("b", {}, String(seen.size)), ` nodes, ${count} lines${left ? `; ${left} more left out` : ""}`);
}

// The marks of the modes, and a word on the corner.
function decorate(node, state, word) {
  for (const old of node.element.querySelectorAll(".mark,.tag,.under")) old.remove();
  const [, , width, height] = node.box;
  state.levels.forEach((level, index) => {
    if (!level) return;
    const x = 8 + index * 14;
    const y = height - 8;
    const off = level[1] < 0;
    const full = level[0] === "required" && !off;
    const mark = document.createElementNS(SVG, off ? "path" : "rect");
    mark.setAttribute("class", `mark ${full ? "full" : "open"} m${index % 9}`);
    const inset = full ? 0 : 0.6;
    const sizes = off ? { d: `M${x + 2} ${y - 1}l6 6m0 -6l-6 6` }
      : { x: x + inset, y: y + inset, width: 11 - 2 * inset, height: 4 - 2 * inset, rx: 2 - inset };
    for (const [name, value] of Object.entries(sizes)) mark.setAttribute(name, value);
    node.element.append(mark);
  });
  if (!word) return;
  const text = word.length > 9 ? `${word.slice(0, 9)}…` : word;
  const wide = text.length * 5.45 + 3;
  const ground = document.createElementNS(SVG, "rect");
  for (const [name, size] of Object.entries({ class: "under", x: width - 1.5 - wide, y: -9.5, width: wide, height: 9 })) {
    ground.setAttribute(name, size);
  }
  const tag = document.createElementNS(SVG, "text");
  tag.setAttribute("class", "tag");
  tag.setAttribute("x", width - 3);
  tag.setAttribute("y", -2);
  tag.textContent = text;
  node.element.append(ground, tag);
}

const say = (text) => { byId("said").textContent = text; };

function choose(key, quiet) {
  const node = nodeOf.get(key);
  if (!node || !stateOf(node, shown.kernel)) return;
  shown.chosen = key;
  shown.path = null;
  pressed("[data-path]", null);
  render();
  details();
  enter(node, quiet);
  history.replaceState(null, "", `#${node.element.dataset.id}`);
  const near = current(true).filter((link) => link.s === key);
  const needs = near.filter((link) => link.kind === "depends").map((link) => link.t);
  say(`${nameFor(node)}: ${needs.length ? `needs ${needs.join(", ")}` : "needs nothing here"}. Its details are shown.`);
}

const nameFor = (node) => node.key.replace(/^mode:/, "");

function details() {
  const node = nodeOf.get(shown.chosen);
  const state = node && stateOf(node, shown.kernel);
  byId("details").hidden = !state;
  if (!state) return;
  const known = new Map(nodes.filter((one) => stateOf(one, shown.kernel)).map((one) => [one.key, one]));
  const own = current(true);
  byId("details-name").textContent = nameFor(node);
  const mode = data.modes.find((one) => `mode:${one.name}` === node.key);
  const value = data.overlay && shown.kernel === data.current ? data.overlay.values[node.key] : undefined;
  const body = mode
    ? modeDetails(data, mode, state, own.filter((link) => link.s === node.key), known)
    : optionDetails(data, { ...state, key: node.key }, value, own, known);
  byId("details-body").replaceChildren(...body);
  byId("details").scrollTop = 0;
}

function clear() {
  const was = nodeOf.get(shown.chosen);
  Object.assign(shown, { chosen: null, path: null, mode: null });
  pressed("[data-path],[data-mode]", null);
  byId("details").hidden = true;
  stage.back();
  history.replaceState(null, "", location.pathname + location.search);
  render();
  if (was && byId("stage").contains(document.activeElement)) was.element.focus({ preventScroll: true });
}

// The box around nodes, in the drawing: left, top, width, height.
function around(keys) {
  const boxes = [...keys].map((key) => nodeOf.get(key)).filter((node) => !node.element.hasAttribute("hidden")).map((node) => node.box);
  const left = Math.min(...boxes.map((box) => box[0]));
  const top = Math.min(...boxes.map((box) => box[1]));
  const right = Math.max(...boxes.map((box) => box[0] + box[2]));
  const bottom = Math.max(...boxes.map((box) => box[1] + box[3]));
  return [left + 16, top + 16, right - left, bottom - top];
}

// One node is in the tab order: the one that was entered last.
function enter(node, quiet) {
  for (const other of nodes) other.element.setAttribute("tabindex", other === node ? "0" : "-1");
  const covered = byId("details").hidden || matchMedia("(max-width: 60rem)").matches ? 0 : byId("details").offsetWidth;
  if (node.key === shown.chosen) stage.remember();
  const near = node.key === shown.chosen ? litNodes(current(true)) : [node.key];
  if (!stage.frame(...around(near), covered)) stage.show(...around([node.key]), covered);
  if (!quiet) node.element.focus({ preventScroll: true });
}

const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

function neighbour(node, [dx, dy]) {
  const middle = ({ box }) => [box[0] + box[2] / 2, box[1] + box[3] / 2];
  const [x, y] = middle(node);
  let best = null;
  let least = Infinity;
  for (const other of nodes) {
    if (other === node || other.element.hasAttribute("hidden")) continue;
    const [ox, oy] = middle(other);
    const along = (ox - x) * dx + (oy - y) * dy;
    const aside = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
    if (along <= 8) continue;
    const cost = along + aside * 2.5;
    if (cost < least) [best, least] = [other, cost];
  }
  return best;
}

function pressed(selector, which) {
  if (data.overlay && !which && selector.includes("data-path")) byId("why").replaceChildren();
  for (const button of document.querySelectorAll(selector)) button.setAttribute("aria-pressed", String(button === which));
}

svg.addEventListener("click", (event) => {
  if (stage.wasDragged()) return;
  const element = event.target.closest(".node");
  if (element) choose(nodes[Number(element.dataset.n)].key);
  else if (shown.chosen || shown.path !== null) clear();
});
svg.addEventListener("dblclick", (event) => { if (!event.target.closest(".node")) stage.zoom(1.5); });
svg.addEventListener("keydown", (event) => {
  const element = event.target.closest(".node");
  if (!element || event.ctrlKey || event.metaKey || event.altKey) return;
  const node = nodes[Number(element.dataset.n)];
  const keys = { "+": () => stage.zoom(1.25), "=": () => stage.zoom(1.25), "-": () => stage.zoom(0.8), "0": () => stage.fit() };
  if (ARROWS[event.key]) {
    const next = neighbour(node, ARROWS[event.key]);
    if (next) enter(next);
  } else if (event.key === "Enter" || event.key === " ") choose(node.key);
  else if (keys[event.key]) keys[event.key]();
  else return;
  event.preventDefault();
});
addEventListener("keydown", (event) => { if (event.key === "Escape" && (shown.chosen || shown.path !== null || shown.mode !== null)) clear(); });
byId("close").addEventListener("click", clear);
for (const button of document.querySelectorAll("[data-zoom]")) {
  button.addEventListener("click", () => ({ in: () => stage.zoom(1.3), out: () => stage.zoom(1 / 1.3), fit: () => stage.fit() })[button.dataset.zoom]());
}

for (const kind of ["kind", "part"]) {
  for (const input of document.querySelectorAll(`[data-${kind}]`)) {
    const set = shown[`${kind}s`];
    const read = () => { if (input.checked) set.add(input.dataset[kind]); else set.delete(input.dataset[kind]); };
    input.addEventListener("change", () => { read(); render(); });
    read();
  }
}
for (const button of document.querySelectorAll("[data-mode]")) {
  button.addEventListener("click", () => {
    const index = Number(button.dataset.mode);
    const off = shown.mode === index;
    Object.assign(shown, { mode: off ? null : index, chosen: null, path: null });
    byId("details").hidden = true;
    pressed("[data-path]", null);
    pressed("[data-mode]", off ? null : button);
    render();
  });
}
for (const button of document.querySelectorAll("[data-path]")) {
  button.addEventListener("click", () => {
    const index = Number(button.dataset.path);
    const off = shown.path === index;
    if (shown.kernel !== data.current) turnTo(data.current);
    shown.chosen = null;
    shown.path = off ? null : index;
    pressed("[data-path]", off ? null : button);
    byId("details").hidden = true;
    const path = data.overlay.paths[index];
    byId("why").replaceChildren(...(off ? [] : reasonItems(path.reasons)));
    render();
    if (!off) say(`${path.mode} fails at ${path.roots.join(", ")}.`);
  });
}

byId("role").addEventListener("change", () => { shown.role = byId("role").value; render(); });

const find = byId("find");
byId("names").append(...nodes.map((node) => new Option(nameFor(node))));
find.addEventListener("input", () => {
  shown.words = find.value.trim().replace(/^CONFIG_/i, "").toUpperCase();
  if (shown.words) Object.assign(shown, { chosen: null, path: null });
  byId("details").hidden = !shown.chosen;
  render();
  if (!shown.words) return;
  const found = nodes.filter((node) => matches(node) && stateOf(node, shown.kernel));
  say(`${found.length} found`);
  if (found.length === 1) stage.show(...around([found[0].key]), 0);
});
find.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !shown.words) return;
  event.preventDefault();
  const found = nodes.filter((node) => matches(node) && stateOf(node, shown.kernel));
  const rank = (node) => (nameFor(node).toUpperCase() === shown.words ? 0 : nameFor(node).toUpperCase().startsWith(shown.words) ? 1 : 2);
  found.sort((a, b) => rank(a) - rank(b) || a.key.length - b.key.length);
  if (found.length) choose(found[0].key);
});

function turnTo(kernel) {
  shown.kernel = kernel;
  if (shown.path !== null) {
    shown.path = null;
    pressed("[data-path]", null);
  }
  const version = data.kernels[kernel].version;
  byId("series").textContent = version.split(".").slice(0, 2).join(".");
  const slider = byId("kernel");
  if (slider) {
    slider.value = String(kernel);
    slider.setAttribute("aria-valuetext", `Linux ${version}`);
    byId("kernel-name").value = version;
  }
  if (shown.chosen && !stateOf(nodeOf.get(shown.chosen), kernel)) shown.chosen = null;
  render();
  details();
  tellChanges();
}

function tellChanges() {
  const at = shown.kernel;
  const line = byId("changes");
  line.hidden = at === 0 || !shown.moved;
  if (line.hidden) return;
  const parts = Object.fromEntries(Object.keys(CHANGES).map((how) => [how, []]));
  for (const node of nodes) if (change(node)) parts[change(node)].push(node);
  const out = [`Since ${data.kernels[at - 1].version}: `];
  const words = { fresh: "new", joins: "now in the picture", changed: "changed", gone: "gone", leaves: "no more in the picture" };
  for (const [how, word] of Object.entries(words)) {
    if (!parts[how].length) continue;
    if (out.length > 1) out.push("; ");
    out.push(`${word} `);
    parts[how].forEach((node, index) => out.push(
      index ? ", " : "", lost(how) ? nameFor(node) : make("a", { href: `#${node.element.dataset.id}` }, nameFor(node))));
  }
  line.replaceChildren(...(out.length > 1 ? out : [`${out[0]}nothing here`]));
}

const slider = byId("kernel");
if (slider) {
  slider.addEventListener("input", () => {
    shown.moved = true;
    turnTo(Number(slider.value));
    say(`Linux ${data.kernels[shown.kernel].version}: ${byId("count").textContent}`);
  });
}

function fromAddress(quiet) {
  const id = decodeURIComponent(location.hash.slice(1));
  const node = id && nodes.find((one) => one.element.dataset.id === id);
  if (!node) return;
  if (!stateOf(node, shown.kernel)) turnTo(data.kernels.findIndex((_, kernel) => stateOf(node, kernel)));
  choose(node.key, quiet);
  byId("stage").scrollIntoView({ block: "nearest" });
}
addEventListener("hashchange", () => fromAddress(false));

const heads = nodes.filter((node) => node.mode);
const low = Math.min(...heads.map((node) => node.box[1]));
const high = Math.max(...heads.map((node) => node.box[1] + node.box[3]));
stage.fit((low + high) / 2);
turnTo(data.current);
fromAddress(true);
document.documentElement.dataset.ready = String(Math.round(performance.now()));
