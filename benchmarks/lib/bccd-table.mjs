import { bccdMethods } from "./bccd-runs.mjs";
import { mean, quantile, standardDeviation } from "./statistics.mjs";

/** The results of a table's runs in Markdown: a line a network, mean ± standard deviation over the seeds, in per cent. */
export function bccdTable(results, wanted) {
  const head = ["method", "judged", "seeds", "AP", "AP50", "AP75", "reference AP", "ms a step"];
  const rows = Object.entries(bccdMethods).flatMap(([method, { title, networks, reference, table }]) => {
    if (table !== wanted) return [];
    const runs = results.filter((result) => result.method === method);
    if (runs.length === 0) return [];
    return networks.map((network) => {
      const of = (name) => spread(runs.map(({ metrics }) => metrics[network][name] * 100));
      const seeds = runs.map(({ seed }) => seed).join(", ");
      const step = quantile(
        runs.map(({ stepMs }) => stepMs.median).sort((a, b) => a - b),
        0.5,
      );
      const judged = networks.length > 1 ? { student: "R18", teacher: "R34" }[network] : network;
      return [title, judged, seeds, of("AP"), of("AP50"), of("AP75"), `${reference ?? ""}`, step.toFixed(0)];
    });
  });
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function spread(values) {
  const centre = mean(values).toFixed(1);
  return values.length > 1 ? `${centre} ± ${standardDeviation(values).toFixed(1)}` : centre;
}
