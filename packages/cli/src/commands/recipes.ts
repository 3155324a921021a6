import { recipes } from "@lad/recipes";
import { command } from "../command";
import { table } from "../terminal/table";

export const recipesCommand = command({
  name: "recipes",
  summary: "Lists every configuration that has a name, with teacher, schedule and expected AP.",
  usage: "[--json]",
  options: { json: { type: "boolean", help: "as a JSON list with all fields" } },
  positionals: [0, 0],
  async run({ options }, terminal) {
    const listed = recipes.map(({ config, ...recipe }) => ({ ...recipe, pretrained: config.pretrained ?? false }));
    if (options.json) terminal.out(JSON.stringify(listed, null, 2));
    else {
      const rows = listed.map(({ name, summary, teacher, dataset, schedule, expected, aliases }) => [
        [name, ...aliases.map((alias) => `(${alias})`)].join(" "),
        summary,
        teacher ?? "",
        dataset,
        schedule,
        expected ? `${expected.ap}` : "",
      ]);
      terminal.out(table(["recipe", "what", "teacher", "data", "schedule", "AP"], rows));
    }
    return 0;
  },
});
