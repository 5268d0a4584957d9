// Tries the page as a reader would and gives a list of what is wrong with it.
(() => {
  const faults = [];
  const visible = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true });

  // Nothing is wider than the screen.
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) {
    const widest = [...document.body.querySelectorAll("*")].filter((e) => visible(e) && e.getBoundingClientRect().right > innerWidth + 1).at(-1);
    faults.push(`the page is ${root.scrollWidth} wide on a screen of ${innerWidth}: ${widest?.outerHTML.slice(0, 80)}`);
  }

  // Text stands out from what is behind it: 4.5 to 1, or 3 to 1 where it is large.
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
  const told = new Set();
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
    if (ratio < wanted && !told.has(where)) {
      told.add(where);
      faults.push(`contrast ${ratio.toFixed(2)} of ${where} "${walker.currentNode.data.trim().slice(0, 30)}"`);
    }
  }

  // Every control has a name, every picture a label, every id is there once.
  for (const e of document.querySelectorAll("input, select")) {
    if (!e.labels?.length && !e.ariaLabel) faults.push(`no label: ${e.id}`);
  }
  for (const e of document.querySelectorAll("button, a")) {
    if (!e.textContent.trim() && !e.ariaLabel) faults.push(`no name: ${e.outerHTML}`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  if (new Set(ids).size !== ids.length) faults.push("an id is there twice");
  for (const e of document.querySelectorAll("[aria-labelledby]")) {
    if (!document.getElementById(e.getAttribute("aria-labelledby"))) faults.push(`aria-labelledby leads nowhere: ${e.tagName}`);
  }
  for (const e of document.querySelectorAll("a[href^='#']")) {
    if (!document.getElementById(e.hash.slice(1))) faults.push(`leads nowhere: ${e.hash}`);
  }

  // On a touch screen what is pressed is at least 24 pixels (WCAG 2.2, 2.5.8).
  for (const e of document.querySelectorAll("button, select, input, summary, nav a")) {
    const box = e.getBoundingClientRect();
    if (matchMedia("screen").matches && visible(e) && (box.height < 23.5 || box.width < 23.5)) faults.push(`too small to press: ${e.outerHTML.slice(0, 60)}`);
  }

  // The filter shows what it should, and all again when it is cleared.
  const items = [...document.querySelectorAll("li.item")];
  const shown = () => items.filter(visible).length;
  const form = document.querySelector("form.filter");
  if (form && visible(form)) {
    const q = form.querySelector("#q");
    const type = (text) => { q.value = text; q.dispatchEvent(new Event("input", { bubbles: true })); };
    type("no such text anywhere");
    if (shown() !== 0 || !visible(document.querySelector("p.nothing"))) faults.push("a search for nothing shows something");
    document.querySelector("#clear").click();
    if (shown() !== items.length) faults.push("clearing the filter does not show all");
    type(items[0].querySelector("h3").textContent);
    if (shown() < 1 || !visible(items[0])) faults.push("a search for an entry's own message does not show it");
    type("");
    const chip = form.querySelector(".chip");
    const of = items.filter((i) => i.dataset.mark === chip.dataset.mark).length;
    chip.click();
    if (shown() !== items.length - of) faults.push("a chip hides the wrong entries");
    chip.click();
    for (const select of form.querySelectorAll("select")) {
      const key = select.id === "rule" ? (i) => [i.dataset.rule] : (i) => i.dataset.operations.split(" ");
      for (const option of [...select.options].slice(1)) {
        select.value = option.value;
        select.dispatchEvent(new Event("input", { bubbles: true }));
        if (shown() !== items.filter((i) => key(i).includes(option.value)).length) faults.push(`${select.id} ${option.value} shows the wrong entries`);
      }
      select.value = "";
      select.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (shown() !== items.length) faults.push("the filter does not end where it began");
  }
  return faults;
})();
