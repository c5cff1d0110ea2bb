// The table of certificates: sorts, filters and shows a few rows at a time of what is
// embedded. Text of an input is only ever set as text, never as markup.
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const STEP = 25;
  const statuses = ["ok", "warning", "critical", "expired", "not-yet-valid"];
  // A row is [name, status, notBefore, notAfter, kind, CA, issuer, serial, sha256, count, places, codes].
  const [NAME, STATUS, BEGIN, END, KIND, CA, ISSUER, SERIAL, SHA, COUNT, PLACES, CODES] = Array(12).keys();
  const rows = data.rows;
  const texts = rows.map((row) => row.flat(2).join("\n").toLowerCase());
  const by = (id) => document.getElementById(id);

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {}))
      key === "click" ? made.addEventListener("click", value) : made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  const date = (seconds) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");

  function span(seconds) {
    const units = [[31536000, "y"], [86400, "d"], [3600, "h"], [60, "m"], [1, "s"]];
    const at = units.findIndex(([size]) => seconds >= size);
    if (at < 0) return "0s";
    const [size, letter] = units[at];
    const rest = at + 1 < units.length ? Math.floor((seconds % size) / units[at + 1][0]) : 0;
    return Math.floor(seconds / size) + letter + (rest ? " " + rest + units[at + 1][1] : "");
  }
  const relative = (seconds) =>
    seconds < data.at ? span(data.at - seconds) + " ago" : "in " + span(seconds - data.at);

  const columns = [
    ["Status", (row) => [3, 2, 4, 1, 0].indexOf(row[STATUS])],
    ["Expires", (row) => row[END]],
    ["Name", (row) => row[NAME].toLowerCase()],
    ["Kind", (row) => row[KIND]],
    ["Where", (row) => row[PLACES].flat().join(" ")],
    ["Findings", (row) => -row[CODES].length],
  ];

  const state = { sort: 1, down: false, text: "", kind: "", hidden: new Set(), shown: STEP, list: [] };

  const place = ([resource, where]) =>
    resource ? element("div", {}, resource, element("small", {}, where)) : element("div", {}, where);
  const exactPlace = ([resource, where, pointer]) => [resource, where, pointer].filter(Boolean).join(" ");

  function details(row) {
    const list = element("dl");
    const add = (term, ...values) => {
      list.append(element("dt", {}, term));
      for (const value of values) list.append(element("dd", {}, value));
    };
    if (row[BEGIN] !== null) add("not before", date(row[BEGIN]));
    add("not after", date(row[END]));
    // What is only listed, and a token, has neither of them.
    if (row[ISSUER] || row[SHA]) add("issuer", row[ISSUER]);
    if (row[SERIAL]) add("serial", row[SERIAL]);
    if (row[SHA]) add("SHA-256", row[SHA]);
    add("is a CA", row[CA] ? "yes" : "no");
    add("places", ...row[PLACES].map(exactPlace));
    if (row[COUNT] > row[PLACES].length) add("", "and " + (row[COUNT] - row[PLACES].length) + " more");
    return element("tr", { class: "more" }, element("td", { colspan: columns.length }, list));
  }

  function toggle(event) {
    const button = event.currentTarget;
    const line = button.closest("tr");
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    if (open) line.nextSibling.remove();
    else line.after(details(rows[button.dataset.row]));
  }

  function line(number) {
    const row = rows[number];
    const word = statuses[row[STATUS]];
    const where = element("td", {}, ...row[PLACES].slice(0, 1).map(place));
    if (row[COUNT] > 1) where.append(element("small", {}, "and " + (row[COUNT] - 1) + " more"));
    const begins = row[STATUS] === 4;
    return element("tr", {},
      element("td", {}, element("span", { class: "badge " + word }, word)),
      element("td", { class: "when" }, begins ? "begins " + relative(row[BEGIN]) : relative(row[END]),
        element("small", {}, date(begins ? row[BEGIN] : row[END]))),
      element("td", { class: "name" },
        element("button", { type: "button", class: "open", "aria-expanded": "false", "data-row": number, click: toggle },
          row[NAME] || "(no name)")),
      element("td", { class: "kind" }, row[KIND]),
      where,
      element("td", { class: "codes" }, ...row[CODES].map((code) => element("a", { href: "#f-" + code }, code))));
  }

  function show(from) {
    if (from === 0) by("rows").replaceChildren();
    by("rows").append(...state.list.slice(from, state.shown).map(line));
    by("count").textContent = state.list.length === rows.length
      ? rows.length + " certificates" : state.list.length + " of " + rows.length + " certificates";
    const left = Math.max(state.list.length - state.shown, 0);
    by("further").hidden = left === 0;
    by("further").textContent = "Show " + Math.min(left, STEP) + " more of " + left;
  }

  function update() {
    const words = state.text.toLowerCase().split(/\s+/).filter(Boolean);
    const key = columns[state.sort][1];
    const keys = rows.map(key);
    state.list = [...rows.keys()].filter((i) => !state.hidden.has(rows[i][STATUS]) &&
      (state.kind === "" || rows[i][KIND] === state.kind) && words.every((word) => texts[i].includes(word)));
    state.list.sort((a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : a - b));
    if (state.down) state.list.reverse();
    state.shown = STEP;
    document.querySelectorAll("#heads th").forEach((head, i) =>
      head.setAttribute("aria-sort", i !== state.sort ? "none" : state.down ? "descending" : "ascending"));
    show(0);
  }

  columns.forEach(([title], i) => by("heads").append(element("th", { scope: "col" },
    element("button", { type: "button", click: () => {
      state.down = state.sort === i && !state.down;
      state.sort = i;
      update();
    } }, title))));

  statuses.forEach((word, status) => {
    const count = rows.filter((row) => row[STATUS] === status).length;
    if (count === 0) return;
    by("chips").append(element("button", { type: "button", class: "chip", "aria-pressed": "true", click: (event) => {
      const on = state.hidden.delete(status);
      if (!on) state.hidden.add(status);
      event.currentTarget.setAttribute("aria-pressed", String(on));
      update();
    } }, word + " " + count));
  });

  for (const kind of [...new Set(rows.map((row) => row[KIND]))].sort())
    by("kind").append(element("option", { value: kind }, kind));
  by("kind").addEventListener("change", (event) => { state.kind = event.target.value; update(); });
  by("filter").addEventListener("input", (event) => { state.text = event.target.value; update(); });
  by("further").addEventListener("click", () => {
    const first = state.shown;
    state.shown += STEP;
    show(first);
    const next = by("rows").querySelectorAll(".open")[first];
    if (next) next.focus({ preventScroll: true });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || /^(INPUT|SELECT)$/.test(document.activeElement.tagName)) return;
    event.preventDefault();
    by("filter").focus();
  });
  // A link to a code unfolds it.
  const unfold = () => {
    const target = by(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") target.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();
  by("table").hidden = false;
  update();
})();
