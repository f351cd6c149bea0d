"use strict";
(() => {
  const root = document.documentElement;

  // Light or dark: the system's choice, until the reader makes one.
  const button = document.querySelector("[data-theme-switch]");
  if (button) {
    const dark = () => root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    const show = () => { button.textContent = dark() ? "Light" : "Dark"; };
    button.hidden = false;
    button.addEventListener("click", () => {
      root.dataset.theme = dark() ? "light" : "dark";
      try { localStorage.setItem("kcfg-theme", root.dataset.theme); } catch { /* it lasts for this page then */ }
      show();
      document.dispatchEvent(new CustomEvent("kcfg:theme"));
    });
    show();
  }

  // Tables: sort by a column, filter by words, choose a value of a column with few of them.
  const FEW = 6; // rows that need no filter
  const key = (cell) => cell ? (cell.dataset.key ?? cell.textContent.trim()) : "";
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const labelled = (text, control) => element("label", {}, element("span", { textContent: text }), control);

  for (const frame of document.querySelectorAll("[data-table]")) {
    const table = frame.querySelector("table");
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    const names = heads.map((head) => head.textContent.trim());
    const rows = [...body.rows];
    const caption = table.caption ? table.caption.textContent.trim() : "";
    // On a narrow screen each row is a card, and each cell bears the name of its column (see look.css).
    names.forEach((name, column) => table.style.setProperty(`--head-${column + 1}`, JSON.stringify(name)));

    // Thousands of rows move quickly only outside of the page.
    const place = (ordered) => {
      const next = body.nextSibling;
      body.remove();
      body.append(...ordered);
      table.insertBefore(body, next);
    };

    const sort = (column, down) => {
      for (const other of heads) other.removeAttribute("aria-sort");
      heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
      const number = heads[column].dataset.kind === "number";
      const sign = down ? -1 : 1;
      // Numbers in names count as numbers: a2 comes before a10.
      const padded = (text) => text.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(16, "0"));
      const keyed = rows.map((row, index) => {
        const text = key(row.cells[column]);
        return [number ? parseFloat(text) || 0 : padded(text), index, row];
      });
      keyed.sort((a, b) => (a[0] < b[0] ? -sign : a[0] > b[0] ? sign : a[1] - b[1]));
      place(keyed.map((entry) => entry[2]));
    };
    if (rows.length > 1) {
      heads.forEach((head, column) => {
        if (!names[column] || head.dataset.kind === "none") return;
        const sorter = element("button", { type: "button", textContent: names[column] });
        head.replaceChildren(sorter);
        sorter.addEventListener("click", () => sort(column, head.getAttribute("aria-sort") === "ascending"));
      });
    }

    if (!("filter" in frame.dataset) || rows.length < FEW) continue;
    const tools = element("div", { className: "tools" });
    tools.setAttribute("role", "search");
    tools.setAttribute("aria-label", `Filter ${caption}`);
    const words = element("input", { type: "search", autocomplete: "off", spellcheck: false });
    tools.append(labelled("Filter", words));

    const facets = (frame.dataset.facets || "").split(",").filter(Boolean).map(Number).flatMap((column) => {
      const values = [...new Set(rows.map((row) => key(row.cells[column])))].sort(collator.compare);
      if (values.length < 2) return [];
      const select = element("select", {}, new Option("all", ""));
      select.append(...values.map((value) => new Option(value || "(none)", `=${value}`)));
      tools.append(labelled(names[column], select));
      return [[column, select]];
    });

    const sorting = element("select", {}, new Option("as listed", ""));
    names.forEach((name, column) => {
      if (name && heads[column].dataset.kind !== "none") sorting.append(new Option(name, String(column)));
    });
    const label = labelled("Sort by", sorting);
    label.className = "narrow";
    sorting.addEventListener("change", () => {
      if (sorting.value) return sort(Number(sorting.value), false);
      for (const head of heads) head.removeAttribute("aria-sort");
      place(rows);
    });

    const count = element("output");
    count.setAttribute("aria-live", "polite");
    tools.append(label, count);
    const text = rows.map((row) => row.textContent.toLowerCase());
    const none = element("p", { className: "none", textContent: "Nothing fits.", hidden: true });
    const apply = () => {
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, index) => {
        const fits = wanted.every((word) => text[index].includes(word)) &&
          facets.every(([column, select]) => !select.value || `=${key(row.cells[column])}` === select.value);
        if (row.hidden === fits) row.hidden = !fits;
        shown += fits ? 1 : 0;
      });
      none.hidden = shown > 0;
      count.value = shown === rows.length ? `${shown} rows` : `${shown} of ${rows.length} rows`;
    };
    words.addEventListener("input", apply);
    for (const [, select] of facets) select.addEventListener("change", apply);
    // A link such as #verdicts=merged sets the filter of the table with that id.
    frame.kcfgFilter = (value) => {
      for (const [, select] of facets) select.value = "";
      words.value = "";
      const facet = facets.find(([, select]) => [...select.options].some((option) => option.value === `=${value}`));
      if (facet) facet[1].value = `=${value}`;
      else words.value = value;
      apply();
      frame.scrollIntoView({ block: "start" });
    };
    apply();
    frame.prepend(tools);
    frame.append(none);
  }

  // A link into a closed or filtered place opens it.
  const reveal = () => {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { /* not one of ours */ }
    const target = id && document.getElementById(id);
    if (!target) {
      const [table, value] = id.split("=");
      const frame = value && document.getElementById(table)?.closest("[data-table]");
      if (frame?.kcfgFilter) frame.kcfgFilter(value);
      return;
    }
    for (let at = target; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") at.open = true;
      if (at.tagName === "TR") at.hidden = false;
    }
    target.scrollIntoView({ block: "nearest" });
  };
  addEventListener("hashchange", reveal);
  reveal();
})();
