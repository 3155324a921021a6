export const pageStyle = `body{font:15px/1.4 system-ui,sans-serif;margin:2em;max-width:90em}form label{margin-right:1em}
figure{display:inline-block;margin:0 1em 1em 0}svg{background:#ddd;max-width:100%}
.object{fill:none;stroke-width:1.5;stroke-dasharray:4 3;pointer-events:none}.anchor.after{fill:#fff;fill-opacity:.6;stroke-width:2}`;

/** Shows the levels and stages that are ticked and counts what is shown. Plain JavaScript: it is written into the page as it is. */
export const pageScript = `
const ticked = (name) => new Set([...document.querySelectorAll("input[name=" + name + "]:checked")].map((input) => input.value));
function show() {
  const levels = ticked("level"), stages = ticked("stage"), counts = { before: 0, after: 0 };
  for (const anchor of document.querySelectorAll(".anchor")) {
    const stage = anchor.classList.contains("after") ? "after" : "before";
    const shown = levels.has(anchor.dataset.level) && stages.has(stage);
    anchor.style.display = shown ? "" : "none";
    if (shown) counts[stage]++;
  }
  document.querySelector("output").textContent = counts.before + " candidates and " + counts.after + " positives shown";
}
const only = /level=(\\d+)/.exec(location.hash);
if (only) for (const input of document.querySelectorAll("input[name=level]")) input.checked = input.value === only[1];
document.querySelector("form").addEventListener("change", show);
show();
`;
