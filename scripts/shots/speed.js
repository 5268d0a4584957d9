// Returns when the page is painted after a keystroke that puts text into the search field,
// if it has one. The value is the duration in milliseconds.
async (text) => {
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const begin = performance.now();
  const search = document.querySelector("#q");
  if (search && search.value !== text) {
    search.value = text;
    search.dispatchEvent(new Event("input", { bubbles: true }));
  }
  do await painted(); while (document.querySelector("[aria-busy=true]"));
  return performance.now() - begin;
}
