// The page tells everything without this script; with it, findings can be
// filtered and commands copied, and printing opens what is folded.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const form = document.querySelector("form.filter");
  const items = all("li.item");

  if (form) {
    const search = form.querySelector("#q");
    const operation = form.querySelector("#operation");
    const rule = form.querySelector("#rule");
    const chips = all(".chip", form);
    const texts = new Map(items.map((item) => [item, item.textContent.toLowerCase()]));

    const apply = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const marks = new Set(chips.filter((c) => c.getAttribute("aria-pressed") === "true").map((c) => c.dataset.mark));
      let shown = 0;
      for (const item of items) {
        const keep = marks.has(item.dataset.mark) &&
          (!operation?.value || item.dataset.operations.split(" ").includes(operation.value)) &&
          (!rule?.value || item.dataset.rule === rule.value) &&
          words.every((word) => texts.get(item).includes(word));
        item.hidden = !keep;
        shown += keep ? 1 : 0;
      }
      form.querySelector(".shown").textContent = shown === items.length ? "" : `${shown} of ${items.length} shown`;
      document.querySelector("p.nothing").hidden = shown > 0;
    };

    const clear = () => {
      form.reset();
      chips.forEach((c) => c.setAttribute("aria-pressed", "true"));
      apply();
    };

    form.hidden = false;
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    chips.forEach((chip) => chip.addEventListener("click", () => {
      chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
      apply();
    }));
    document.querySelector("#clear").addEventListener("click", () => { clear(); search.focus(); });
    // A link to an entry must lead there whatever the filter hides.
    addEventListener("hashchange", () => {
      if (items.some((item) => item.hidden && `#${item.id}` === location.hash)) {
        clear();
        document.querySelector(location.hash).scrollIntoView();
      }
    });
  }

  all(".copy").forEach((button) => {
    const code = button.parentElement.querySelector("code");
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 1500);
      } catch {
        getSelection().selectAllChildren(code);
      }
    });
  });

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    folded.forEach((d) => { d.open = true; });
  });
  addEventListener("afterprint", () => folded.forEach((d) => { d.open = false; }));
})();
