import { toTorchLayout } from "@lad/checkpoints";
import type { Params } from "@lad/tensor";
import type { GoldenCase } from "./golden-case";
import { toHost } from "./layout";
import type { Report } from "./report";
import { trainedTolerance } from "./tolerance";

/** Compares parameters after training with `<prefix><parameter>`. */
export async function compareParams(golden: GoldenCase, report: Report, prefix: string, params: Params): Promise<void> {
  for (const name of golden.names(prefix)) {
    const entry = params.get(name.slice(prefix.length));
    if (!entry) report.fail("parameters", `${name}: no such parameter`);
    else {
      const values = toTorchLayout(await toHost(entry.variable), entry.layout);
      report.compare("parameters", name, values, trainedTolerance);
    }
  }
}
