"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const panel = $("panel"), panelText = $("panel-text"), tabs = $("panel-tabs"), tip = $("tip");
  let opener = null;

  // A link names the stretches it rests on: "document:start-end document:start-end".
  const spansOf = (link) => link.dataset.spans.split(" ").map((one) => {
    const [doc, range] = one.split(":");
    const [start, end] = range.split("-").map(Number);
    return { doc, start, end };
  });

  const show = (doc, spans) => {
    const source = $("doc-" + doc);
    if (!source) return;
    const copy = source.cloneNode(true);
    copy.removeAttribute("id");
    for (const node of copy.querySelectorAll("[id]")) node.removeAttribute("id");
    let first = null;
    for (const run of copy.querySelectorAll(".run")) {
      const start = Number(run.dataset.a), end = Number(run.dataset.b);
      if (spans.some((s) => s.doc === doc && s.start <= start && end <= s.end)) {
        run.classList.add("lit");
        first = first || run;
      }
    }
    panelText.replaceChildren(copy);
    if (first) {
      for (let up = first.parentElement; up && up !== panelText; up = up.parentElement) {
        if (up.tagName === "DETAILS") up.open = true;
      }
      first.scrollIntoView({ block: "center", behavior: "instant" });
    } else {
      panelText.scrollTop = 0;
    }
    for (const tab of tabs.children) tab.setAttribute("aria-pressed", String(tab.dataset.doc === doc));
  };

  const open = (link) => {
    const spans = spansOf(link);
    const docs = [...new Set(spans.map((s) => s.doc))];
    tabs.replaceChildren(...docs.map((doc) => {
      const tab = document.createElement("button");
      tab.type = "button";
      tab.dataset.doc = doc;
      tab.textContent = $("doc-" + doc)?.dataset.label ?? doc;
      tab.addEventListener("click", () => show(doc, spans));
      return tab;
    }));
    opener = link;
    panel.hidden = false;
    document.body.classList.add("reading");
    show(docs[0], spans);
  };

  const close = () => {
    panel.hidden = true;
    document.body.classList.remove("reading");
    if (opener) opener.focus({ preventScroll: true });
    opener = null;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-spans]");
    if (link) {
      event.preventDefault();
      open(link);
      return;
    }
    const run = event.target.closest(".run.c");
    if (run && run.dataset.q && !run.closest("#panel")) location.hash = "q" + run.dataset.q;
  });
  $("panel-close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) close();
  });

  // The sentence of a link, with its stretch marked.
  const hover = (link) => {
    const hit = document.createElement("b");
    hit.textContent = link.dataset.hit;
    const from = document.createElement("small");
    from.textContent = link.dataset.from ?? "";
    tip.replaceChildren(link.dataset.before ?? "", hit, link.dataset.after ?? "", from);
    tip.hidden = false;
    const box = link.getBoundingClientRect(), own = tip.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left, innerWidth - own.width - 8));
    const above = box.top - own.height - 8;
    tip.style.left = left + "px";
    tip.style.top = (above > 8 ? above : Math.min(box.bottom + 8, innerHeight - own.height - 8)) + "px";
  };
  for (const link of document.querySelectorAll("[data-hit]")) {
    link.removeAttribute("title");
    link.addEventListener("mouseenter", () => hover(link));
    link.addEventListener("focus", () => hover(link));
    link.addEventListener("mouseleave", () => { tip.hidden = true; });
    link.addEventListener("blur", () => { tip.hidden = true; });
  }
  addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });

  // Filters and order of the claims.
  const rows = [...document.querySelectorAll("#grid tbody tr")];
  const buttons = [...document.querySelectorAll("#filters button")];
  const find = $("find"), order = $("order"), nothing = $("nothing"), more = $("more");
  // A long list shows its beginning first.
  const FIRST = 30;
  let wanted = "", whole = rows.length <= FIRST + 10;
  const refresh = () => {
    const words = find.value.trim().toLowerCase();
    let seen = 0;
    for (const row of rows) {
      const verdict = row.dataset.verdict === "self-inconsistent" ? "contradicted" : row.dataset.verdict;
      const fits = (wanted === "" || verdict === wanted)
        && (words === "" || row.querySelector(".claim").textContent.toLowerCase().includes(words));
      seen += fits ? 1 : 0;
      row.hidden = !fits || (!whole && seen > FIRST);
    }
    nothing.hidden = seen > 0;
    more.hidden = whole || seen <= FIRST;
    more.textContent = "show all " + seen;
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      wanted = button.dataset.verdict;
      for (const b of buttons) b.setAttribute("aria-pressed", String(b === button));
      refresh();
    });
  }
  if (find && order) {
    find.addEventListener("input", refresh);
    order.addEventListener("change", () => {
      const number = (row, name) => Number(row.dataset[name]);
      const by = {
        importance: (a, b) => number(a, "n") - number(b, "n"),
        origins: (a, b) => number(b, "origins") - number(a, "origins") || number(a, "n") - number(b, "n"),
        text: (a, b) => number(a, "at") - number(b, "at") || number(a, "n") - number(b, "n"),
      }[order.value];
      document.querySelector("#grid tbody").append(...rows.sort(by));
      refresh();
    });
    more.addEventListener("click", () => {
      whole = true;
      refresh();
    });
    refresh();
  }
  // A claim that a filter hides is shown again when a link leads to it.
  const reveal = () => {
    const row = document.getElementById(location.hash.slice(1));
    if (row && row.matches("#grid tr") && row.hidden) {
      whole = true;
      find.value = "";
      buttons[0].click();
      row.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
  reveal();
  // Folding the list has moved what the address leads to.
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView({ behavior: "instant" });
})();
