"use strict";
(() => {
  let data;
  // Read when the first case is opened: until then the page has nothing to do with it.
  const load = () => (data ??= JSON.parse(document.getElementById("data").textContent));
  const text = (number) => load().s[number];
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Elements: el("b", {class: "v"}, "text", child, …). Text is never markup.
  const el = (name, attributes, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    made.append(...children.flat(Infinity).filter((child) => child !== null && child !== ""));
    return made;
  };
  const badge = (verdict) => el("b", { class: "v " + (verdict === "N/A" ? "NA" : verdict) }, verdict);
  const ms = (us) => (us / 1000).toFixed(1) + " ms";

  // Two values with the digits marked in which they differ.
  const hexLike = (value) => value.length > 2 && /^[0-9A-Fa-f?]+$/.test(value);
  const marked = (value, other) => {
    if (value.length !== other.length || !hexLike(value) || !hexLike(other)) return [value];
    return [...value].map((digit, at) =>
      digit === other[at] || digit === "?" || other[at] === "?" ? digit : el("mark", null, digit));
  };

  const listOf = (pairs) => el("dl", null, pairs.filter(([, value]) => value !== "" && value !== null)
    .map(([name, value]) => [el("dt", null, name), el("dd", null, value)]));

  const table = (heads, rows, kind) => el("div", { class: "scroll" }, el("table", { class: kind },
    el("thead", null, el("tr", null, heads.map((head) => el("th", { scope: "col" }, head)))), el("tbody", null, rows)));

  // A finding: verdict, tap, aspect, what, expected, observed, requirements, notes, step, differences.
  const findingRow = (finding, taps) => {
    const [verdict, tap, aspect, what, expected, observed, requirements, notes, , differences] = finding;
    const [one, other] = [text(expected), text(observed)];
    const bits = differences.map(([at, means, wanted, found]) =>
      el("li", null, text(at) + " ", el("i", null, text(means)), ": ", text(wanted), " expected, ", el("mark", null, text(found)), " observed"));
    const rules = requirements.map((id) => el("div", null, el("a", { href: "#rule-" + text(id) }, el("code", null, text(id))), " ", el("small", null, load().r[text(id)] || "")));
    const held = verdict === "PASS";
    return el("tr", null,
      el("td", null, badge(verdict)),
      el("td", null, el("b", null, text(what)), " ", el("small", null, aspect + (taps > 1 ? `, tap ${tap + 1}` : "")), rules,
        notes.map((note) => el("div", { class: "words" }, text(note))),
        bits.length ? el("ul", { class: "bits" }, bits) : null),
      el("td", { "data-is": "expected" }, el("code", null, held ? one : marked(one, other))),
      el("td", { "data-is": "observed" }, el("code", null, held ? other : marked(other, one))));
  };

  const statements = (findings, taps) => findings.length
    ? table(["", "Statement and requirement", "Expected", "Observed"], findings.map((finding) => findingRow(finding, taps)), "findings") : null;

  // What held is folded away once there is something that did not.
  const folding = (held, taps) => held.length
    ? el("details", null, el("summary", null, `${held.length} statement${held.length > 1 ? "s" : ""} held`), statements(held, taps)) : null;

  const decoded = (number) => {
    const lines = load().d[number].map(text);
    return el("pre", null, lines.map((line, at) => {
      const bit = /^\s*byte \d+( bits? [\d-]+)?/.test(line);
      return [at ? "\n" : "", bit ? el("span", { class: "b" }, line) : line];
    }));
  };

  const row = (kind, at, ...cells) => el("div", { class: "row " + kind }, el("time", null, at === null ? "" : ms(at)), ...cells);
  const right = () => el("div", { class: "right" });
  const left = (...inside) => el("div", { class: "left" }, ...inside);
  const arrow = (kind, ...inside) => el("div", { class: "arrow " + kind }, ...inside);
  const box = (kind, ...inside) => el("span", { class: "box " + kind }, ...inside);

  // Why a step is marked: the failed findings that were made there.
  const reasons = (findings) => findings.map((finding) => el("span", { class: "why" },
    `${finding[0]} ${text(finding[3])}: expected ${text(finding[4])}, observed ${text(finding[5])}`));

  const steps = {
    "+": (step) => row("", step[1], left(box("", "field on")), right()),
    "-": (step) => row("", step[1], left(box("", "field off")), right()),
    "u": (step) => row("", step[1], left(box("ui", "display: " + text(step[2]))), right()),
    "!": (step) => row("", step[1], left(arrow("lost", text(step[2]))), right()),
    "<": (step) => row("", step[1], left(arrow("back", text(step[2]))), right()),
    "h": (step) => row("", step[1], el("div", { class: "wide" }, arrow("back", "host: " + text(step[2])))),
  };

  const folded = (rows, inside) => el("details", null, el("summary", null, rows), el("div", { class: "detail" }, inside));

  const exchange = (step, next, here) => {
    const bytes = (hex) => `${hex.length / 2} bytes`;
    const rows = [row(here.length ? "here" : "", step[1], left(arrow("", el("b", null, text(step[2])), " ", el("small", null, bytes(text(step[3]))))), right())];
    const inside = [];
    if (next) {
      rows.push(row("", next[1], left(arrow("back", text(next[2]) + " ", el("small", null, bytes(text(next[3])) + " · " + ms(next[4])))), right()));
      inside.push(el("div", { class: "hex" }, text(next[3])));
    }
    inside.push(decoded(step[4]));
    rows[0].children[1].append(...reasons(here));
    return folded(rows, inside);
  };

  const sequence = (tap, findings) => {
    const out = [row("head", null, el("div", { class: "left" }, el("span", null, "terminal"), el("span", null, "card")),
      el("div", { class: "right" }, el("span"), el("span", null, "host")))];
    for (let at = 0; at < tap.s.length; at++) {
      const step = tap.s[at];
      const is = (finding) => finding[8] === at || (step[0] === ">" && finding[8] === at + 1 && tap.s[at + 1]?.[0] === "<");
      const here = findings.filter((finding) => finding[0] !== "PASS" && is(finding));
      if (step[0] === ">") {
        const next = tap.s[at + 1]?.[0] === "<" ? tap.s[++at] : null;
        out.push(exchange(step, next, here));
        continue;
      }
      let made;
      if (step[0] === "=") {
        const rows = [row("", step[1], left(box("out", "Outcome: " + text(step[2]))), right())];
        const inside = [["data record", step[3]], ["discretionary data", step[4]]].filter(([, objects]) => objects.length)
          .map(([name, objects]) => [el("h4", null, name), objects.map(decoded)]);
        made = inside.length ? folded(rows, inside) : rows[0];
      } else if (step[0] === "o") {
        const rows = [row("", step[1], el("div", { class: "wide" }, arrow("", el("b", null, "online request"))))];
        made = step[2].length ? folded(rows, step[2].map(decoded)) : rows[0];
      } else {
        made = steps[step[0]](step);
      }
      if (here.length) {
        const first = made.matches(".row") ? made : made.querySelector(".row");
        first.classList.add("here");
        first.children[1].append(...reasons(here));
      }
      out.push(made);
    }
    return el("div", { class: "seq" }, out);
  };

  const tapPage = (tap, at, of, findings) => [
    el("h4", null, of > 1 ? `Tap ${at + 1} of ${of}` : "The tap"),
    listOf(tap.n.map(([name, value]) => [text(name), text(value)])),
    text(tap.e) ? el("p", { class: "warning" }, text(tap.e)) : null,
    sequence(tap, findings.filter((finding) => finding[1] === at)),
    text(tap.w) ? el("p", null, "final word: ", el("b", null, text(tap.w))) : null,
  ];

  const again = (command) => {
    const copy = el("button", { type: "button" }, "copy");
    copy.addEventListener("click", () => navigator.clipboard?.writeText(command).then(() => { copy.textContent = "copied"; }));
    return el("p", { class: "again" }, el("code", null, command), copy);
  };

  const order = { ERROR: 0, FAIL: 1, WARN: 2, INCONCLUSIVE: 3, PASS: 4 };
  const draw = (details) => {
    if (details.dataset.drawn || !details.dataset.n) return;
    details.dataset.drawn = "yes";
    const page = load().c[details.dataset.n];
    const findings = [...page.F].sort((one, other) => order[one[0]] - order[other[0]]);
    details.append(el("div", null,
      text(page.d) ? el("p", null, text(page.d)) : null,
      listOf([["reason", text(page.w)], ["applies if", text(page.p)], ["tags", text(page.g)]]),
      page.a ? again(page.a) : null,
      statements(findings.filter((finding) => finding[0] !== "PASS"), page.T.length),
      folding(findings.filter((finding) => finding[0] === "PASS"), page.T.length),
      page.T.map((tap, at) => tapPage(tap, at, page.T.length, page.F))));
  };
  document.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.matches(".case")) draw(event.target);
  }, true);

  // Links to cases open them.
  const go = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let at = target; at; at = at.parentElement) if (at.matches("details")) at.open = true;
    if (target.matches(".case")) {
      draw(target);
      target.hidden = false;
      target.querySelector("summary").focus({ preventScroll: true });
    }
    target.scrollIntoView();
  };
  addEventListener("hashchange", go);
  // The same link a second time changes no hash.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    if (link && link.getAttribute("href") === location.hash) go();
  });

  // The filter.
  const form = document.querySelector(".filter");
  const [search, output] = [form.querySelector("input"), form.querySelector("output")];
  form.hidden = false;
  const words = (details) => {
    const page = load().c[details.dataset.n];
    return (details.words ??= [page.i, text(page.t), text(page.g), ...page.F.flatMap((finding) => [text(finding[3]), ...finding[6].map(text)])].join(" ").toLowerCase());
  };
  const filter = () => {
    const wanted = all("input:checked", form).map((box) => box.value);
    const parts = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const any = wanted.length > 0 || parts.length > 0;
    let count = 0;
    for (const suite of all(".suite")) {
      let shown = 0;
      for (const details of all(".case", suite)) {
        const fits = (!wanted.length || wanted.includes(details.dataset.v)) && parts.every((part) => words(details).includes(part));
        details.hidden = !fits;
        shown += fits;
      }
      suite.hidden = !shown;
      if (any) suite.open = shown > 0;
      count += shown;
    }
    output.textContent = any ? `${count} shown` : "";
  };
  let waiting;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  form.addEventListener("submit", (event) => event.preventDefault());

  // Keys: / filter, j and k next and previous case, n next case that did not pass.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input")) {
      if (event.key === "Escape") { search.value = ""; filter(); event.target.blur(); }
      return;
    }
    if (event.key === "/") {
      event.preventDefault();
      search.focus();
      form.scrollIntoView({ block: "center" });
      return;
    }
    if (!["j", "k", "n"].includes(event.key)) return;
    const usable = all(".case:not([hidden])").filter((details) => event.key !== "n" || !["PASS", "NA", "SKIP"].includes(details.dataset.v));
    const at = usable.indexOf(document.activeElement.closest?.(".case"));
    const here = document.activeElement.closest?.(".case");
    let next = usable[event.key === "k" ? at - 1 : at + 1];
    if (at < 0 && here) next = usable.find((details) => here.compareDocumentPosition(details) & Node.DOCUMENT_POSITION_FOLLOWING);
    if (!next) return;
    next.closest(".suite").open = true;
    const summary = next.querySelector("summary");
    summary.focus({ preventScroll: true });
    summary.scrollIntoView({ block: "center" });
  });

  // On paper: what did not pass, with its pages, and everything else that is folded.
  addEventListener("beforeprint", () => {
    for (const details of all("section > details, .suite, article details")) details.open = true;
    for (const details of all(".case")) {
      if (["PASS", "NA", "SKIP", "UNSUPPORTED"].includes(details.dataset.v)) continue;
      draw(details);
      details.open = true;
    }
  });

  document.querySelector("nav").append(el("small", null, "keys: / filter · j k cases · n next not passed"));
  if (location.hash) go();
})();
