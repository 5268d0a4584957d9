// The page is complete without this script. With it, findings can be filtered, a
// long list is shown in pages, commands can be copied, and printing opens what is
// folded.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Entries that are not shown are removed from the document, so that the cost of a
  // keystroke depends on the number of shown entries, and not on the length of the report.
  // The style sheet hides the entries after the first page until this script has run.
  const pageSize = 100;
  const searchDelay = 150; // milliseconds after the last keystroke

  const filterItems = (form, list) => {
    const items = all("li.item", list);
    const search = form.querySelector("#q");
    const operation = form.querySelector("#operation");
    const rule = form.querySelector("#rule");
    const chips = all(".chip", form);
    const more = document.querySelector("p.more");
    const texts = new Map();
    let matches = items;
    let limit = pageSize;

    const textOf = (item) => {
      if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
      return texts.get(item);
    };

    const show = () => {
      const shown = matches.slice(0, limit);
      list.replaceChildren(...shown);
      list.classList.remove("whole");
      form.querySelector(".shown").textContent = matches.length === items.length ? "" : `${matches.length} of ${items.length} match`;
      document.querySelector("p.nothing").hidden = matches.length > 0;
      more.hidden = matches.length <= limit;
      more.querySelector("span").textContent = `The first ${shown.length} of ${matches.length} are shown.`;
    };

    const apply = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const marks = new Set(chips.filter((c) => c.getAttribute("aria-pressed") === "true").map((c) => c.dataset.mark));
      matches = items.filter((item) => marks.has(item.dataset.mark) &&
        (!operation?.value || item.dataset.operations.split(" ").includes(operation.value)) &&
        (!rule?.value || item.dataset.rule === rule.value) &&
        words.every((word) => textOf(item).includes(word)));
      limit = pageSize;
      show();
      list.ariaBusy = "false";
    };

    const clear = () => {
      form.reset();
      chips.forEach((c) => c.setAttribute("aria-pressed", "true"));
      apply();
    };

    // A link to an entry must show it even if the filter or the paging hides it.
    const follow = () => {
      const target = items.findIndex((item) => `#${item.id}` === location.hash);
      if (target < 0 || items[target].isConnected) return;
      clear();
      limit = Math.max(limit, target + 1);
      show();
      items[target].scrollIntoView();
    };

    let timer;
    search.addEventListener("input", (event) => {
      event.stopPropagation();
      list.ariaBusy = "true";
      clearTimeout(timer);
      timer = setTimeout(apply, searchDelay);
    });
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    chips.forEach((chip) => chip.addEventListener("click", () => {
      chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
      apply();
    }));
    document.querySelector("#clear").addEventListener("click", () => { clear(); search.focus(); });
    document.querySelector("#next-page").addEventListener("click", () => { limit += pageSize; show(); });
    document.querySelector("#all-pages").addEventListener("click", () => { limit = items.length; show(); });
    addEventListener("hashchange", follow);
    // Printing shows all matching entries.
    addEventListener("beforeprint", () => { limit = items.length; show(); });

    form.hidden = false;
    show();
    follow();
  };

  const form = document.querySelector("form.filter");
  if (form) filterItems(form, document.querySelector("ol.items"));

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
