// What is known of a node, as elements. Everything comes in as text, never as markup.
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function statement(text, place) {
  return make("li", {}, make("code", {}, text), ...(place ? [make("span", { class: "place" }, place)] : []));
}

function section(title, items, kind) {
  if (!items.length) return [];
  return [make("h3", {}, title), make("ul", kind ? { class: kind } : {}, ...items)];
}

// `known` maps keys to nodes that the picture has now; only those are links.
function nameOf(key, known, note) {
  const node = known.get(key);
  const text = note ? `${key} (${note})` : key;
  return make("li", {}, node ? make("a", { href: `#${node.element.dataset.id}` }, text) : text);
}

function reasonItems(reasons) {
  return reasons.map(([text, place, depth]) => make(
    "li", { style: `--depth:${depth}` }, text, ...(place ? [make("span", { class: "place" }, place)] : [])));
}

function modeDetails(data, mode, state, own, known) {
  const out = [make("p", {}, make("b", {}, mode.title)), make("p", {}, mode.about)];
  if (state.void) out.push(make("p", {}, `Not on this kernel: ${state.void}`));
  for (const level of ["required", "forbidden", "recommended"]) {
    const items = own.filter((link) => link.kind === level);
    out.push(...section(level, items.map((link) => nameOf(
      link.t, known, link.sign < 0 ? "off" : (link.state.alternative ? "or another" : ""))), "chips"));
  }
  const path = data.overlay && data.overlay.paths.find((one) => one.mode === mode.name);
  if (path && path.status !== "pass") {
    out.push(make("h3", {}, `Why ${data.overlay.config} cannot`), make("p", {}, path.note));
    out.push(make("ul", { class: "reasons" }, ...reasonItems(path.reasons)));
  }
  return out;
}

function optionDetails(data, state, value, links, known) {
  const out = [];
  const words = { rule: "named by a mode", gate: "needed by those that the modes name", follows: "selected, or on by default without a prompt" };
  const roles = state.roles.length ? `; ${state.roles.join(", ")}` : "";
  out.push(make("p", {}, `${state.type === "unknown" ? "mentioned, and defined nowhere in this kernel" : state.type + (state.prompt ? "" : ", no prompt: no line can set it")}; ${words[state.part]}${roles}`));
  if (value !== undefined) out.push(make("p", {}, "In ", data.overlay.config, ": ", make("b", {}, value)));
  out.push(...section("Modes", (state.rules || []).map((rule) => make(
    "li", {}, make("b", {}, `${data.modes[rule.mode].name} ${rule.level}: ${rule.text}`), make("span", { class: "why" }, rule.why)))));
  for (const place of state.places) {
    out.push(make("h3", {}, `Defined at ${place.where}`));
    out.push(make("ul", {}, ...place.lines.map(([where, text]) => statement(text, where))));
  }
  const ends = (list, end) => {
    const seen = new Map();
    for (const link of list) {
      const note = link.sign < 0 ? "has to be off" : (link.state.alternative ? "one of several ways" : "");
      if (!seen.has(link[end]) || !note) seen.set(link[end], note);
    }
    return [...seen].map(([key, note]) => nameOf(key, known, note));
  };
  const of = (end, kinds) => links.filter((link) => link[end === "s" ? "t" : "s"] === state.key && kinds.includes(link.kind));
  out.push(...section("Needs, in this picture", ends(of("t", ["depends", "choice"]), "t"), "chips"));
  out.push(...section("Selects, in this picture", ends(of("t", ["select", "imply"]), "t"), "chips"));
  out.push(...section("Needed by, in this picture", ends(of("s", ["depends", "choice"]), "s"), "chips"));
  const selected = (state.selected || []).map(([where, text]) => statement(text, where));
  if (state.more) selected.push(make("li", {}, `and ${state.more} more`));
  out.push(...section("Selected by", selected));
  out.push(...section("Implied by", (state.implied || []).map(([where, text]) => statement(text, where))));
  return out;
}
