import { type BackendName, examineBackend } from "@lad/backends";
import { command } from "../command";
import { compareWithReference } from "../doctor/compare-with-reference";
import { examineEngines } from "../doctor/examine-engines";
import { describeMachine } from "../doctor/machine";
import { measureRates, measureStep } from "../doctor/measure-engine";
import { engineProblem, enginesText, machineText, measurementText } from "../doctor/report-text";
import type { Terminal } from "../terminal/terminal";
import { usageError } from "../usage-error";
import { ladVersion } from "../version";

export const doctorCommand = command({
  name: "doctor",
  summary: "Says which engines work here, which not and why, and what to do; measures one.",
  usage: "[--json] | --gpu | --measure ENGINE",
  options: {
    json: { type: "boolean", help: "as JSON: { machine, engines, auto }" },
    gpu: { type: "boolean", help: "as --measure tensorflow-gpu" },
    measure: {
      type: "string",
      value: "ENGINE",
      help: "speed of a convolution and of a PAA step, two cases compared with the reference: a text for an issue",
    },
    only: { type: "string", value: "ENGINE", help: "examines one engine, in this process" },
  },
  positionals: [0, 0],
  notes:
    "Every engine is started in a process of its own. --json: version, device, threads, startMs of those that work, reason and hint of the others.",
  async run({ options: { json, gpu, measure, only } }, terminal) {
    if ([gpu, measure !== undefined, only !== undefined].filter(Boolean).length > 1)
      throw usageError("lad doctor: --gpu, --measure and --only exclude each other");
    const wanted = gpu ? "tensorflow-gpu" : measure;
    if (wanted !== undefined) return measureOne(wanted as BackendName, json, terminal);
    if (only !== undefined) return examineOne(only as BackendName, json, terminal);
    const machine = await describeMachine();
    const examination = await examineEngines();
    terminal.out(
      json
        ? JSON.stringify({ lad: ladVersion, machine, ...examination }, null, 2)
        : `${machineText(machine)}\n\n${enginesText(examination)}`,
    );
    return examination.auto === undefined ? 1 : 0;
  },
});

async function examineOne(name: BackendName, json: boolean, terminal: Terminal): Promise<number> {
  const report = await examineBackend(name, { log: (line) => terminal.note(line) });
  if (json) terminal.out(JSON.stringify(report));
  else terminal.out(report.works ? enginesText({ engines: [report], auto: report.name }) : engineProblem(report));
  return report.works ? 0 : 1;
}

async function measureOne(engine: BackendName, json: boolean, terminal: Terminal): Promise<number> {
  const machine = await describeMachine();
  const report = await examineBackend(engine);
  if (!report.works) {
    terminal.note(`${machineText(machine)}\n${engineProblem(report)}`);
    return 1;
  }
  const { version = "", device = "unknown" } = report;
  terminal.note(`measuring ${report.name} ${version} …`);
  const rates = await measureRates();
  const step = await measureStep();
  terminal.note("comparing with the reference …");
  const comparisons = await compareWithReference(report.name);
  const tf32 = process.env.NVIDIA_TF32_OVERRIDE;
  const settings =
    device === "CUDA" ? [`NVIDIA_TF32_OVERRIDE=${tf32 ?? ""} (0: convolutions keep all of float32's digits)`] : [];
  const measured = { engine: report.name, version, device, rates, step, comparisons, settings };
  terminal.out(
    json
      ? JSON.stringify({ lad: ladVersion, machine, ...measured }, null, 2)
      : measurementText(machine, measured, ladVersion),
  );
  return step.leaked === 0 && comparisons.every(({ passed }) => passed) ? 0 : 1;
}
