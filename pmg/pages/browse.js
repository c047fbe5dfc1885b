// Filters, search, order and the keyboard; rows become elements only when they are scrolled to.
const AT_ONCE = 20; // rows that are made at a time

// What is said of a row, to search in; only what stands in the data.
const plain = (words) => words.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const said = (thing) => [thing.id, thing.title, thing.caption];
const texts = {
  samples: (row) => [
    row.id, row.user, row.group, row.preference,
    ...[...row.history, row.target, ...row.outfit].flatMap((place) => said(things[place])),
  ],
  items: (row) => [...said(things[row.thing]), ...Object.values(row.fields)],
  table: (row) => row.filter((value) => typeof value === "string"),
};
const entries = splits.flatMap((split) =>
  split.rows.map((row, place) => {
    let found;
    const words = () => (found ??= plain(texts[split.form](row).filter(Boolean).join("\n")));
    return { split, row, place, words, node: null };
  }),
);

const form = document.querySelector("form");
const box = form.querySelector("input[type=search]");
const count = form.querySelector("output");
const main = document.querySelector("main");
const end = document.getElementById("end");
const chosen = { split: "", user: "", group: "", order: "" };
const ORDERS = {
  "": (a, b) => a.place - b.place,
  "longest history": (a, b) => b.row.history.length - a.row.history.length,
  "shortest history": (a, b) => a.row.history.length - b.row.history.length,
  "best rated history": (a, b) => (b.row.mean ?? -Infinity) - (a.row.mean ?? -Infinity),
  "worst rated history": (a, b) => (a.row.mean ?? Infinity) - (b.row.mean ?? Infinity),
};
let matching = []; // entries, in the order they are shown
let made = 0; // how many of these have elements in the page
let lists = new Map(); // by split: where its rows go

const sectionOf = (split) => {
  if (!lists.has(split)) {
    const [outer, list] = listOf(split);
    const title = text("h2", "", split.name);
    main.append(element("section", { id: `split-${splits.indexOf(split) + 1}` }, title, split.rows.length ? outer : note("No rows to show.")));
    lists.set(split, list);
  }
  return lists.get(split);
};
const make = (wanted) => {
  for (; made < Math.min(wanted, matching.length); made += 1) {
    const entry = matching[made];
    entry.node ??= FORMS[entry.split.form](entry.row, entry.split);
    sectionOf(entry.split).append(entry.node);
  }
};
const fits = (entry, wanted) =>
  (!chosen.split || entry.split.name === chosen.split) &&
  (!chosen.user || entry.row.user === chosen.user) &&
  (!chosen.group || entry.row.group === chosen.group) &&
  (!wanted.length || wanted.every((word) => entry.words().includes(word)));
const show = () => {
  const wanted = plain(box.value).split(/\s+/).filter(Boolean);
  matching = entries.filter((entry) => fits(entry, wanted));
  matching.sort((a, b) => splits.indexOf(a.split) - splits.indexOf(b.split) || ORDERS[chosen.order](a, b) || a.place - b.place);
  made = 0;
  lists = new Map();
  main.replaceChildren();
  const all = !wanted.length && !chosen.user && !chosen.group;
  for (const split of splits) {
    if (all && !split.rows.length && (!chosen.split || split.name === chosen.split)) sectionOf(split);
  }
  make(AT_ONCE);
  const total = entries.length;
  const rows = `${total} ${total === 1 ? "row" : "rows"}`;
  count.value = matching.length === total ? (wanted.length ? `${total} of ${total} match` : rows) : `${matching.length} of ${total} match`;
};

new IntersectionObserver(
  (seen) => seen.some((each) => each.isIntersecting) && make(made + AT_ONCE),
  { rootMargin: "1500px" },
).observe(end);

// Filters.
const optionsOf = (name) => {
  const counts = new Map();
  for (const { row } of entries) if (row[name]) counts.set(row[name], (counts.get(row[name]) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a.localeCompare(b, undefined, { numeric: true }));
};
const choice = (name, label, values) => {
  const all = element("option", { value: "", textContent: label });
  const select = element("select", { name, ariaLabel: label }, all, ...values.map(([value, shown]) => element("option", { value, textContent: shown })));
  select.addEventListener("change", () => { chosen[name] = select.value; show(); });
  form.querySelector(".choices").append(select);
};
const counted = (name) => optionsOf(name).map(([value, rows]) => [value, `${value} (${rows})`]);
const samples = splits.some((split) => split.form === "samples");
if (samples) {
  choice("user", "every user", counted("user"));
  const groups = new Set(splits.map((split) => split.group));
  if (optionsOf("group").length) choice("group", groups.size === 1 ? `every ${[...groups][0]}` : "every kind of target", counted("group"));
  const rated = entries.some(({ row }) => typeof row.mean === "number");
  const orders = Object.keys(ORDERS).filter((name) => name && (rated || !name.includes("rated")));
  choice("order", "as in the file", orders.map((name) => [name, `${name} first`]));
}
for (const button of document.querySelectorAll("nav button")) {
  button.addEventListener("click", () => {
    chosen.split = chosen.split === button.value ? "" : button.value;
    for (const each of document.querySelectorAll("nav button")) {
      each.ariaPressed = String(each.value === chosen.split);
    }
    show();
  });
}
box.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());

// Next and previous, by keyboard or button.
const top = () => document.querySelector(".bar").getBoundingClientRect().bottom + 24;
const current = () => {
  const focused = matching.findIndex(({ node }) => node?.contains(document.activeElement));
  if (focused >= 0) return focused;
  const seen = matching.slice(0, made).findIndex(({ node }) => node.getBoundingClientRect().bottom > top());
  return seen >= 0 && matching[seen].node.getBoundingClientRect().top > top() ? seen - 1 : seen;
};
const go = (by) => {
  const place = Math.max(0, Math.min(current() + by, matching.length - 1));
  make(place + AT_ONCE);
  if (!matching.length) return;
  const { node } = matching[place];
  node.focus({ preventScroll: true });
  node.scrollIntoView({ block: "start" });
};
const KEYS = { j: 1, ArrowRight: 1, k: -1, ArrowLeft: -1 };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const inside = event.target.closest("input, select, .scroll");
  if (event.key === "Escape" && event.target === box) {
    box.value = "";
    box.blur();
    show();
  } else if (!inside && event.key === "/") {
    event.preventDefault();
    box.focus();
  } else if (!inside && event.key in KEYS) {
    event.preventDefault();
    go(KEYS[event.key]);
  }
});
document.getElementById("previous").addEventListener("click", () => go(-1));
document.getElementById("next").addEventListener("click", () => go(1));

const facts = document.querySelector("details");
if (facts && matchMedia("(max-width: 760px)").matches) facts.open = false; // rows come first there
form.hidden = false;
show();
