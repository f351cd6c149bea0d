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
      show();
      document.dispatchEvent(new CustomEvent("kcfg:theme"));
    });
    show();
  }

  // Tables: sort by a column, filter by words, choose a value of a column with few of them.
  const key = (cell) => cell ? (cell.dataset.key ?? cell.textContent.trim()) : "";
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  let serial = 0;

  for (const frame of document.querySelectorAll("[data-table]")) {
    const table = frame.querySelector("table");
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    const rows = [...body.rows];

    heads.forEach((head, column) => {
      const name = head.textContent.trim();
      if (!name || head.dataset.kind === "none") return;
      const sorter = document.createElement("button");
      sorter.type = "button";
      sorter.textContent = name;
      head.replaceChildren(sorter);
      sorter.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const sign = down ? -1 : 1;
        const number = head.dataset.kind === "number";
        const keyed = rows.map((row, index) => [key(row.cells[column]), index, row]);
        keyed.sort((a, b) => {
          const order = number ? (parseFloat(a[0]) || 0) - (parseFloat(b[0]) || 0) : collator.compare(a[0], b[0]);
          return sign * order || a[1] - b[1];
        });
        body.append(...keyed.map((entry) => entry[2]));
      });
    });

    if (!("filter" in frame.dataset) || rows.length < 2) continue;
    const tools = document.createElement("div");
    tools.className = "tools";
    tools.setAttribute("role", "search");
    const caption = table.caption ? table.caption.textContent.trim() : "";
    tools.setAttribute("aria-label", `Filter ${caption}`);
    const words = document.createElement("input");
    words.type = "search";
    words.id = `filter-${serial += 1}`;
    const label = document.createElement("label");
    label.append("Filter ", words);
    tools.append(label);

    const facets = (frame.dataset.facets || "").split(",").filter(Boolean).map(Number).map((column) => {
      const values = [...new Set(rows.map((row) => key(row.cells[column])))].sort(collator.compare);
      const select = document.createElement("select");
      const any = new Option("all", "");
      select.append(any, ...values.map((value) => new Option(value || "(none)", `=${value}`)));
      const name = document.createElement("label");
      name.append(`${heads[column].textContent.trim()} `, select);
      tools.append(name);
      return [column, select];
    });

    const count = document.createElement("output");
    count.setAttribute("aria-live", "polite");
    tools.append(count);
    const text = rows.map((row) => row.textContent.toLowerCase());
    const apply = () => {
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, index) => {
        const fits = wanted.every((word) => text[index].includes(word)) &&
          facets.every(([column, select]) => !select.value || `=${key(row.cells[column])}` === select.value);
        row.hidden = !fits;
        shown += fits ? 1 : 0;
      });
      count.value = shown === rows.length ? `${shown} rows` : `${shown} of ${rows.length} rows`;
    };
    words.addEventListener("input", apply);
    for (const [, select] of facets) select.addEventListener("change", apply);
    apply();
    frame.prepend(tools);
  }

  // A link into a closed or filtered place opens it.
  const reveal = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && document.getElementById(id);
    if (!target) return;
    for (let at = target; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") at.open = true;
      if (at.tagName === "TR") at.hidden = false;
    }
    target.scrollIntoView({ block: "nearest" });
  };
  addEventListener("hashchange", reveal);
  reveal();
})();
