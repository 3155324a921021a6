import { toTorchLayout } from "@lad/checkpoints";
import { type NdArray, ndArray } from "@lad/core";
import type { Gradients, Params } from "@lad/tensor";
import type { GoldenCase } from "./golden-case";
import { normOf, toHost } from "./layout";
import type { Report } from "./report";
import { gradientTolerance, withUncertainty } from "./tolerance";

/** Compares `grad.<parameter>` in full and the norms of all gradients, `grad_l2`, listed by the case's `grad_l2_names`. */
export async function compareGradients(
  golden: GoldenCase,
  report: Report,
  params: Params,
  gradients: Gradients,
  uncertainty?: number,
): Promise<void> {
  const tolerance = withUncertainty(gradientTolerance, uncertainty);
  const values = new Map<string, NdArray>();
  for (const [name, { variable, layout }] of params) {
    const gradient = gradients.get(variable);
    if (gradient) values.set(name, toTorchLayout(await toHost(gradient), layout));
  }
  for (const tensor of golden.names("grad.")) {
    const name = tensor.slice("grad.".length);
    if (!params.has(name)) continue;
    const gradient = values.get(name);
    if (gradient) report.compare("gradients", tensor, gradient, tolerance, golden);
    else report.fail("gradients", `${tensor}: no gradient reached ${name}`);
  }
  const names: string[] | undefined = golden.config.grad_l2_names;
  if (!names) return;
  for (const name of values.keys())
    if (!names.includes(name)) report.fail("gradients", `${name} has a gradient, the reference's has none`);
  const norms = Float32Array.from(names, (name) => (values.has(name) ? normOf(values.get(name)!.data) : Number.NaN));
  report.compare("gradients", "grad_l2", ndArray(norms, [names.length]), tolerance, golden);
}
