import { percent } from "../run/coco-metrics";
import { escapeHtml } from "./escape-html";

/** Text, a count, or a share of 1 that is shown in per cent (-1 as "-"). */
export type Cell = string | number | { readonly share: number };

/** A table whose columns sort by a click on their head. */
export function htmlTable(id: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const heads = head.map((title) => `<th scope="col"><button type="button">${escapeHtml(title)}</button></th>`);
  const lines = rows.map((row) => `<tr>${row.map(cellOf).join("")}</tr>`);
  return `<table id="${id}"><thead><tr>${heads.join("")}</tr></thead><tbody>${lines.join("")}</tbody></table>`;
}

function cellOf(cell: Cell): string {
  if (typeof cell === "string") return `<td>${escapeHtml(cell)}</td>`;
  const value = typeof cell === "number" ? cell : cell.share;
  return `<td class="number" data-value="${value}">${typeof cell === "number" ? cell : percent(value)}</td>`;
}

/** Sorts a table by the column whose head is clicked, numbers from the largest. */
export const sortScript = `
for (const table of document.querySelectorAll("table")) {
  table.querySelectorAll("th").forEach((head, column) => head.addEventListener("click", () => {
    const body = table.tBodies[0];
    const valueOf = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
    const numeric = [...body.rows].every((row) => row.cells[column].dataset.value !== undefined);
    const sign = head.getAttribute("aria-sort") === "descending" ? 1 : -1;
    table.querySelectorAll("th").forEach((each) => each.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", sign < 0 ? "descending" : "ascending");
    const order = (a, b) => numeric ? Number(valueOf(a)) - Number(valueOf(b)) : valueOf(b).localeCompare(valueOf(a));
    body.append(...[...body.rows].sort((a, b) => sign * order(a, b)));
  }));
}`;
