"use strict";
// Filters the list of policies; the list itself is plain HTML and is whole without this.
(() => {
  const form = document.getElementById("filter");
  const count = document.getElementById("filter-count");
  const lines = Array.from(document.querySelectorAll("#policies > li"), (line) => ({
    line,
    text: `${line.textContent} ${line.dataset.id}`.toLowerCase(),
  }));
  const fields = ["track", "jurisdiction", "status", "instrument"];
  const apply = () => {
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = fields.map((name) => [name, form.elements[name].value]).filter(([, value]) => value);
    let shown = 0;
    for (const { line, text } of lines) {
      const fits =
        words.every((word) => text.includes(word)) && chosen.every(([name, value]) => line.dataset[name] === value);
      line.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    count.textContent = `${shown.toLocaleString("en-GB")} of ${lines.length.toLocaleString("en-GB")} shown`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  form.hidden = false;
  apply();
})();
