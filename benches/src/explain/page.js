"use strict";
(() => {
  const id = (name) => document.getElementById(name);
  const list = (where, what) => [...where.querySelectorAll(what)];
  const form = id("filters");
  const gold = document.body.classList.contains("gold");
  const wrong = ["missed", "partly", "other", "false"];

  const texts = list(id("texts"), "article").map((node) => ({
    node,
    lang: node.dataset.l,
    words: null,
    marks: list(node, "mark").map((mark) => ({
      mark,
      kind: mark.dataset.k,
      score: mark.dataset.s === undefined ? null : Number(mark.dataset.s),
      state: mark.classList[0],
      on: true,
    })),
  }));
  const lines = list(document, "#errors li").map((node) => ({
    node,
    text: Number(node.dataset.t) - 1,
    mark: id(node.querySelector("a").getAttribute("href").slice(1)),
  }));

  // The text as it stands, without labels, read only once somebody searches.
  const wordsOf = (text) => {
    if (text.words === null) {
      const copy = text.node.querySelector("p").cloneNode(true);
      list(copy, "b").forEach((b) => b.remove());
      text.words = (copy.textContent + "\n" + text.node.querySelector("h3 span").textContent).toLowerCase();
    }
    return text.words;
  };
  const ticked = (where) => new Set(list(id(where), "input:checked").map((box) => box.value));

  let stops = [];
  let at = -1;
  const place = () => {
    const what = gold ? "errors" : "marks";
    id("place").textContent = stops.length === 0 ? "no " + what : (at < 0 ? stops.length + " " + what : at + 1 + " of " + stops.length);
  };

  const apply = () => {
    const kinds = ticked("kinds");
    const langs = ticked("langs");
    const states = ticked("states");
    const low = Number(id("low").value);
    const high = Number(id("high").value);
    const show = form.elements.show.value;
    const query = id("search").value.trim().toLowerCase();
    const now = at < 0 ? null : stops[at];
    id("low-out").value = low.toFixed(2);
    id("high-out").value = high.toFixed(2);
    document.body.classList.toggle("reasons", id("why").checked);
    stops = [];
    let seen = 0;
    let marks = 0;
    for (const text of texts) {
      let on = 0;
      const errors = [];
      for (const one of text.marks) {
        const isError = wrong.includes(one.state);
        const keep = kinds.has(one.kind)
          && (one.score === null || (one.score >= low && one.score <= high))
          && (!isError || states.has(one.state));
        if (keep !== one.on) {
          one.on = keep;
          one.mark.classList.toggle("off", !keep);
        }
        if (keep) {
          on += 1;
          if (gold ? isError : true) errors.push(one.mark);
        }
      }
      const fits = langs.has(text.lang)
        && (show === "all" || (show === "errors" && errors.length > 0) || (show === "marks" && on > 0) || (show === "none" && on === 0))
        && (query === "" || wordsOf(text).includes(query));
      text.fits = fits;
      if (text.node.hidden === fits) text.node.hidden = !fits;
      if (fits) {
        seen += 1;
        marks += on;
        stops.push(...errors);
      }
    }
    for (const line of lines) {
      const hide = !texts[line.text].fits || line.mark.classList.contains("off");
      if (line.node.hidden !== hide) line.node.hidden = hide;
    }
    at = now === null ? -1 : stops.indexOf(now);
    id("shown").textContent = seen + " of " + texts.length + " texts, " + marks + " marks" + (gold ? ", " + stops.length + " errors" : "");
    place();
  };

  const go = (to) => {
    if (stops.length === 0) return;
    document.querySelector("mark.now")?.classList.remove("now");
    at = (to + stops.length) % stops.length;
    const mark = stops[at];
    mark.classList.add("now");
    if (!mark.hasAttribute("tabindex")) mark.tabIndex = -1;
    mark.focus({ preventScroll: true });
    // Twice: what was never drawn has its height only after the first time.
    mark.scrollIntoView({ block: "center" });
    requestAnimationFrame(() => mark.scrollIntoView({ block: "center" }));
    place();
  };
  const arrive = () => {
    const mark = id(location.hash.slice(1));
    const found = mark === null ? -1 : stops.indexOf(mark);
    if (found >= 0) go(found);
  };

  let later = 0;
  form.addEventListener("input", (event) => {
    clearTimeout(later);
    later = setTimeout(apply, event.target.type === "search" || event.target.type === "range" ? 120 : 0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  id("next").addEventListener("click", () => go(at + 1));
  id("prev").addEventListener("click", () => go(at < 0 ? -1 : at - 1));
  window.addEventListener("hashchange", arrive);
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input[type=search]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") go(at + 1);
    else if (event.key === "k") go(at < 0 ? -1 : at - 1);
    else if (event.key === "/") {
      event.preventDefault();
      id("search").focus();
    }
  });
  // A browser may keep what was ticked over a reload.
  form.reset();
  apply();
  arrive();
})();
