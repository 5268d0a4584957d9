// Uses the page as a reader would and returns a list of problems.
(async () => {
  const problems = [];
  const visible = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true });

  // Nothing is wider than the screen.
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) {
    const widest = [...document.body.querySelectorAll("*")].filter((e) => visible(e) && e.getBoundingClientRect().right > innerWidth + 1).at(-1);
    problems.push(`the page is ${root.scrollWidth} wide on a screen of ${innerWidth}: ${widest?.outerHTML.slice(0, 80)}`);
  }

  // The contrast of text is at least 4.5 to 1, or 3 to 1 for large text.
  const rgba = (color) => {
    const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const luminance = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = rgba(getComputedStyle(e).backgroundColor);
      if (color.a > 0.99) return color;
    }
    const dark = getComputedStyle(root).colorScheme.includes("dark") && matchMedia("screen and (prefers-color-scheme: dark)").matches;
    return rgba(dark ? "rgb(18,18,18)" : "rgb(255,255,255)");
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const reported = new Set();
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !visible(e) || e.closest("script, style, .hide, .skip")) continue;
    const style = getComputedStyle(e);
    const color = e.closest("svg") ? rgba(style.fill) : rgba(style.color);
    const [light, dark] = [luminance(color), luminance(behind(e))].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    const size = parseFloat(style.fontSize);
    const wanted = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    const where = `${e.tagName.toLowerCase()}.${e.className.baseVal ?? e.className}`;
    if (ratio < wanted && !reported.has(where)) {
      reported.add(where);
      problems.push(`contrast ${ratio.toFixed(2)} of ${where} "${walker.currentNode.data.trim().slice(0, 30)}"`);
    }
  }

  // Every control has a name, every picture a label, and every id occurs once.
  for (const e of document.querySelectorAll("input, select")) {
    if (!e.labels?.length && !e.ariaLabel) problems.push(`no label: ${e.id}`);
  }
  for (const e of document.querySelectorAll("button, a")) {
    if (!e.textContent.trim() && !e.ariaLabel) problems.push(`no name: ${e.outerHTML}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  if (new Set(ids).size !== ids.length) problems.push("an id occurs twice");
  for (const e of document.querySelectorAll("[aria-labelledby]")) {
    if (!document.getElementById(e.getAttribute("aria-labelledby"))) problems.push(`aria-labelledby leads nowhere: ${e.tagName}`);
  }
  for (const e of document.querySelectorAll("a[href^='#']")) {
    if (!document.getElementById(e.hash.slice(1))) problems.push(`leads nowhere: ${e.hash}`);
  }

  // On a touch screen, everything that can be pressed is at least 24 pixels in size (WCAG
  // 2.2, 2.5.8).
  for (const e of document.querySelectorAll("button, select, input, summary, nav a")) {
    const box = e.getBoundingClientRect();
    if (matchMedia("screen").matches && visible(e) && (box.height < 23.5 || box.width < 23.5)) problems.push(`too small to press: ${e.outerHTML.slice(0, 60)}`);
  }

  // The filter shows the matching entries, in pages, and all entries when it is cleared.
  const list = document.querySelector("ol.items");
  const form = document.querySelector("form.filter");
  if (form && visible(form)) {
    const shown = () => [...document.querySelectorAll("li.item")].filter(visible);
    const total = Number(document.querySelector("#items .n").textContent);
    const count = () => {
      const more = document.querySelector("p.more");
      return visible(more) ? Number(more.textContent.match(/of (\d+)/)[1]) : shown().length;
    };
    const settled = async () => {
      do await new Promise((done) => setTimeout(done, 20)); while (list.ariaBusy === "true");
    };
    const q = form.querySelector("#q");
    const type = async (text) => { q.value = text; q.dispatchEvent(new Event("input", { bubbles: true })); await settled(); };
    const input = (e) => e.dispatchEvent(new Event("input", { bubbles: true }));

    await type("no such text anywhere");
    if (shown().length !== 0 || !visible(document.querySelector("p.nothing"))) problems.push("a search without matches shows entries");
    document.querySelector("#clear").click();
    if (count() !== total) problems.push("clearing the filter does not show all");
    const first = shown()[0];
    await type(first.querySelector("h3").textContent);
    if (count() < 1 || !shown().includes(first)) problems.push("a search for an entry's own message does not show it");
    await type("");
    const page = shown().length;
    document.querySelector("#next-page").click();
    if (shown().length !== Math.min(2 * page, total)) problems.push("the next page is not shown");
    document.querySelector("#all-pages").click();
    const items = shown();
    if (items.length !== total) problems.push("not all entries are shown on request");
    input(form);

    const last = items.at(-1);
    location.hash = last.id;
    await new Promise((done) => setTimeout(done, 50));
    if (!shown().includes(last)) problems.push("a link to the last entry does not show it");
    input(form);

    const chip = form.querySelector(".chip");
    const of = items.filter((i) => i.dataset.mark === chip.dataset.mark).length;
    chip.click();
    if (count() !== total - of) problems.push("a chip hides the wrong entries");
    chip.click();
    for (const select of form.querySelectorAll("select")) {
      const key = select.id === "rule" ? (i) => [i.dataset.rule] : (i) => i.dataset.operations.split(" ");
      for (const option of [...select.options].slice(1, 10)) {
        select.value = option.value;
        input(select);
        if (count() !== items.filter((i) => key(i).includes(option.value)).length) problems.push(`${select.id} ${option.value} shows the wrong entries`);
      }
      select.value = "";
      input(select);
    }
    if (count() !== total) problems.push("the filter does not return to its initial state");
  }
  return problems;
})();
