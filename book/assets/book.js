// Theme, pages, search and sorting. Without it all is there to read.
"use strict";
{
  const root = document.documentElement;
  const base = document.body.dataset.root;
  const byId = (id) => document.getElementById(id);

  byId("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* no storage, no memory */ }
  });

  byId("menu").addEventListener("click", () => {
    const shown = byId("nav").classList.toggle("shown-now");
    byId("menu").setAttribute("aria-expanded", shown);
  });

  // What a link leads to is not to stay folded.
  const unfold = () => {
    const target = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
    const folded = target && target.closest("details:not([open])");
    if (folded) { folded.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", unfold);
  unfold();

  // A page from disk may fetch nothing: the index is a script, loaded when somebody looks for something.
  const [input, found, count] = [byId("search"), byId("found"), byId("count")];
  let entries = null;
  let selected = -1;
  const load = () => {
    if (entries) return;
    entries = [];
    const script = document.createElement("script");
    script.src = base + "index.js";
    script.onload = () => {
      entries = window.bookIndex.map((entry) => ({ ...entry, low: entry.name.toLowerCase(), all: [entry.name, entry.also, entry.says].join(" ").toLowerCase() }));
      show();
    };
    document.head.append(script);
  };
  const rank = (entry, text, words) => {
    if (!words.every((word) => entry.all.includes(word))) return 0;
    const names = (entry.low + " " + entry.also.toLowerCase()).split(/[^\w]+/);
    // What leads to a line, before what leads to a page.
    if (entry.also && names.includes(text)) return 9;
    if (entry.low === text) return 8;
    if (names.includes(text)) return 7;
    if (entry.low.startsWith(text)) return 6;
    return entry.low.includes(text) ? 5 : entry.also.toLowerCase().includes(text) ? 4 : 1;
  };
  const select = (at) => {
    selected = at;
    [...found.children].forEach((item, position) => item.setAttribute("aria-selected", position === at));
    if (at >= 0) {
      input.setAttribute("aria-activedescendant", found.children[at].id);
      found.children[at].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const hide = () => { found.hidden = true; input.setAttribute("aria-expanded", "false"); select(-1); };
  const go = (item) => { hide(); location.href = base + item.dataset.place; };
  const show = () => {
    const text = input.value.trim().toLowerCase();
    if (!text) { count.textContent = ""; return hide(); }
    const words = text.split(/\s+/);
    const ranked = entries.map((entry) => [rank(entry, text, words), entry]).filter(([rank]) => rank > 0);
    ranked.sort(([one], [other]) => other - one);
    found.replaceChildren(...ranked.slice(0, 12).map(([, entry], position) => {
      const item = document.createElement("li");
      const [name, says] = [document.createElement("b"), document.createElement("span")];
      Object.assign(item, { id: "found-" + position, role: "option" });
      item.setAttribute("role", "option");
      item.dataset.place = entry.place;
      [name.textContent, says.textContent] = [entry.name, entry.says];
      item.append(name, says);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); go(item); });
      return item;
    }));
    count.textContent = ranked.length ? `${ranked.length} found` : "nothing found";
    found.hidden = !ranked.length;
    input.setAttribute("aria-expanded", String(ranked.length > 0));
    select(ranked.length ? 0 : -1);
  };
  input.addEventListener("focus", load);
  input.addEventListener("input", () => { load(); show(); });
  input.addEventListener("blur", hide);
  input.addEventListener("keydown", (event) => {
    const items = found.hidden ? 0 : found.children.length;
    if (event.key === "Escape") hide();
    else if (items && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      select((selected + (event.key === "ArrowDown" ? 1 : items - 1)) % items);
    } else if (items && event.key === "Enter" && selected >= 0) go(found.children[selected]);
  });
  addEventListener("keydown", (event) => {
    const typing = event.target.closest && event.target.closest("input, textarea, select");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); input.focus(); }
  });

  // A table's rows by a column: upwards, downwards, and as they were, in their groups.
  for (const table of document.querySelectorAll("table.sortable")) {
    const bodies = [...table.tBodies];
    const groups = bodies.map((body) => [...body.rows]);
    const key = (row, column) => {
      const cell = row.cells[column];
      return column === 0 ? cell.textContent : cell.dataset.v === undefined ? NaN : Number(cell.dataset.v);
    };
    for (const button of table.querySelectorAll("thead button")) {
      button.addEventListener("click", () => {
        const head = button.closest("th");
        const next = { undefined: "descending", descending: "ascending", ascending: undefined }[head.getAttribute("aria-sort") ?? undefined];
        for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
        if (!next) return groups.forEach((rows, at) => bodies[at].append(...rows));
        head.setAttribute("aria-sort", next);
        const rows = groups.flat().filter((row) => !row.classList.contains("group"));
        for (const row of table.querySelectorAll("tr.group")) row.remove();
        const sign = next === "ascending" ? 1 : -1;
        const compare = (one, other) => typeof one === "string" ? one.localeCompare(other) : one - other;
        const empty = (value) => typeof value === "number" && isNaN(value);
        rows.sort((one, other) => {
          const [a, b] = [key(one, head.cellIndex), key(other, head.cellIndex)];
          return empty(a) - empty(b) || sign * compare(a, b);
        });
        bodies[0].append(...rows);
      });
    }
  }
}
