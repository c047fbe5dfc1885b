// Rows of the content as elements; pictures are decoded only when they are seen.
const { splits, things, pictures } = JSON.parse(document.getElementById("content").textContent);
const LONG = 24; // characters of a text that may not fit its place

const element = (tag, properties, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
};
const text = (tag, className, textContent) => element(tag, { className, textContent, dir: "auto" });
const note = (textContent, tag = "p") => element(tag, { className: "none", textContent });
const clamped = (words, kind) => {
  const whole = text("p", "", words);
  if (words.length > LONG) whole.tabIndex = 0;
  return element("div", { className: `clamp ${kind}` }, whole);
};

const picture = (place, alt) => {
  const { uri, width, height, problem } = pictures[place];
  if (!uri) return element("span", { className: "absent", textContent: problem });
  return element("img", { loading: "lazy", decoding: "async", width, height, alt: alt ?? "", src: uri });
};
const frame = (thing, rank) =>
  element(
    "div",
    { className: "frame" },
    rank ? element("span", { className: "rank", textContent: rank }) : null,
    picture(thing.picture, thing.title ?? thing.id),
  );

// Samples: strips from history to target.
const stars = (rating) => {
  const star = element("span", { textContent: "★" });
  star.setAttribute("aria-hidden", "true");
  const spoken = element("span", { className: "spoken", textContent: "rated" });
  return element("span", { className: "rating" }, star, spoken, ` ${rating}`);
};
const words = (thing, rating, rated) => {
  const facts = element("p", { className: "facts" });
  if (rating) facts.append(stars(rating));
  else if (rated) facts.append(element("span", { textContent: "not rated" }));
  if (thing.id) facts.append(text("span", "id", thing.id));
  return element(
    "div",
    { className: "words" },
    facts,
    thing.title ? clamped(thing.title, "title") : null,
    thing.caption ? clamped(thing.caption, "caption") : note("no caption"),
  );
};
const step = (tag, thing, rank, rating, rated) =>
  element(tag, { className: "step" }, frame(thing, rank), words(thing, rating, rated));
const steps = (places, ratings, rated) =>
  element(
    "ol",
    { className: "steps" },
    ...places.map((place, n) => step("li", things[place], n + 1, ratings?.[n], rated)),
  );
const heading = (title, count) =>
  element("h4", { textContent: title }, count === undefined ? null : element("span", { textContent: ` ${count}` }));
const section = (className, title, count, ...children) =>
  element("section", { className }, heading(title, count), ...children);

const strip = (row) => {
  const arrow = element("div", { className: "arrow", role: "img", ariaLabel: "leads to" });
  const history = row.history.length ? steps(row.history, row.ratings, row.rated) : note("empty");
  return element(
    "div",
    { className: "strip" },
    section("history", "History", row.history.length, history),
    arrow,
    section("target", "Target", undefined, step("div", things[row.target], null, row.rating, false)),
  );
};
const labelled = (label, value) => element("span", {}, `${label} `, text("b", "", value));
const sample = (row, split) =>
  element(
    "article",
    { className: "sample", tabIndex: -1 },
    element(
      "header",
      {},
      text("h3", "", row.id ?? "no id"),
      element(
        "p",
        {},
        row.user ? labelled("user", row.user) : note("no user", "span"),
        element("span", { textContent: split.name }),
        row.group ? labelled(split.group, row.group) : null,
      ),
    ),
    row.preference
      ? section("likes", "Preference", undefined, element("blockquote", {}, clamped(row.preference, "quote")))
      : null,
    strip(row),
    row.outfit.length
      ? section("outfit", "The rest of the outfit", row.outfit.length, steps(row.outfit, null, false))
      : null,
  );

// Items: cards. Anything else: rows of a table.
const field = (name, value) =>
  value.length > LONG
    ? element("div", { className: "long" }, element("dt", { textContent: name }), element("dd", {}, clamped(value, "field")))
    : element("div", {}, element("dt", { textContent: name }), text("dd", "", value));
const card = (row) => {
  const thing = things[row.thing];
  return element(
    "article",
    { className: "card", tabIndex: -1 },
    frame(thing),
    element(
      "div",
      { className: "words" },
      clamped(thing.title ?? "no name", "title"),
      thing.caption ? clamped(thing.caption, "caption") : note("no caption"),
      element(
        "dl",
        {},
        row.size ? field("size", row.size.join(" × ")) : null,
        thing.id ? field("item_id", thing.id) : null,
        ...Object.entries(row.fields).map(([name, value]) => field(name, value)),
      ),
    ),
  );
};
const cell = (value) => {
  if (value === null) return element("td", { className: "none", textContent: "–" });
  if (Array.isArray(value)) return element("td", { className: "pictures" }, ...value.map((place) => picture(place, "")));
  if (value.length > 80) return element("td", {}, clamped(value, "caption"));
  return text("td", "", value);
};
const line = (row) => element("tr", { tabIndex: -1 }, ...row.map(cell));
const tableOf = (split) => {
  const head = split.columns.map((name) => element("th", { scope: "col", textContent: name }));
  const body = element("tbody", {});
  const table = element("table", {}, element("thead", {}, element("tr", {}, ...head)), body);
  const scroll = element("div", { className: "scroll", role: "region", ariaLabel: split.name, tabIndex: 0 }, table);
  return [scroll, body];
};
const FORMS = { samples: sample, items: card, table: line };
const listOf = (split) => {
  if (split.form === "table") return tableOf(split);
  const kind = split.form === "items" ? "cards" : "samples";
  const list = element("div", { className: split.wide ? `${kind} wide` : kind });
  return [list, list];
};
