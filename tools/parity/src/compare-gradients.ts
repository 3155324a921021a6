import { toTorchLayout } from "@lad/checkpoints";
import { ndArray } from "@lad/core";
import type { Gradients, Params } from "@lad/tensor";
import type { GoldenCase } from "./golden-case";
import { normOf, toHost } from "./layout";
import type { Report } from "./report";
import { gradientTolerance, type Tolerance } from "./tolerance";

/** Networks by what the case puts before their parameters' names: "" and "teacher_". */
export type NamedParams = Readonly<Record<string, Params>>;

/** Compares `grad.<parameter>` (`grad.teacher.<parameter>`) in full and the norms of all gradients, `grad_l2`, listed by `grad_l2_names`. */
export async function compareGradients(
  golden: GoldenCase,
  report: Report,
  networks: NamedParams,
  gradients: Gradients,
  tolerance: Tolerance = gradientTolerance,
): Promise<void> {
  const norms = new Map<string, number>();
  for (const [prefix, params] of Object.entries(networks)) {
    for (const [name, { variable, layout }] of params) {
      const gradient = gradients.get(variable);
      const tensor = `grad.${prefix.replace("_", ".")}${name}`;
      if (gradient) {
        const values = toTorchLayout(await toHost(gradient), layout);
        norms.set(prefix + name, normOf(values.data));
        if (golden.has(tensor)) report.compare("gradients", tensor, values, tolerance, golden);
      } else if (golden.has(tensor)) report.fail("gradients", `${tensor}: no gradient reached ${name}`);
    }
  }
  const names: string[] | undefined = golden.config.grad_l2_names;
  if (!names) return;
  for (const name of norms.keys()) {
    if (!names.includes(name)) report.fail("gradients", `${name} has a gradient, the reference's has none`);
  }
  const all = Float32Array.from(names, (name) => norms.get(name) ?? Number.NaN);
  report.compare("gradients", "grad_l2", ndArray(all, [names.length]), tolerance, golden);
}
