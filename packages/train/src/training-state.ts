import { createHash } from "node:crypto";
import { loadParams, loadSafetensors, paramsToRecord, saveSafetensors } from "@lad/checkpoints";
import { LadError, type NdRecord } from "@lad/core";
import { borrow, type Method, type Network } from "@lad/tensor";
import type { GradientAccumulator } from "./gradient-accumulator";

/** How far a run is; with the arrays of a checkpoint everything that a resume needs. */
export type Standing = {
  /** Iterations done. */
  readonly iteration: number;
  /** Epochs done when validation last ran; 0 before the first. */
  readonly validatedEpoch: number;
  readonly best?: BestCheckpoint;
};
/** The best validation so far. */
export type BestCheckpoint = { readonly metric: string; readonly value: number; readonly epoch: number };

/** What a state file is made of and must fit when it is read again. */
export type StateOwner = {
  readonly method: Method;
  readonly accumulator: GradientAccumulator;
  /** Numbers that decide which batch comes next and what a step is; a resume wants the same ones. */
  readonly fixed: Readonly<Record<"seed" | "iterationsPerEpoch" | "accumulate", number>>;
};

const format = "lad training state 1";

/**
 * Writes networks, optimisers, states and progress as one file, whole or not at all. Entries: `<network>.<parameter>` in torch layout,
 * `state/{optimizer/<group>,accumulated,network/<name>,method}/<key>` as they lie in memory. A network without anything to train
 * (a teacher) is not stored but known by its checksum.
 * @returns the student's record, for the export.
 * @throws {LadError} NON_FINITE if a weight is NaN or infinite: such a state is not worth keeping; IO.
 */
export async function saveTrainingState(file: string, owner: StateOwner, standing: Standing): Promise<NdRecord> {
  const { method, accumulator, fixed } = owner;
  const tensors: Record<string, NdRecord[string]> = {};
  const put = (prefix: string, record: NdRecord) => {
    for (const [name, array] of Object.entries(record)) tensors[prefix + name] = array;
  };
  const checksums: Record<string, string> = {};
  let student: NdRecord = {};
  for (const [name, network] of Object.entries(method.networks)) {
    if (isFixed(method, network)) {
      checksums[name] = await checksum(network);
      continue;
    }
    const record = await paramsToRecord(network.params);
    checkFinite(record, `${name}.`, standing.iteration);
    put(`${name}.`, record);
    if (name === "student") student = record;
  }
  for (const [prefix, state] of states(method)) put(prefix, await state.save());
  put("state/accumulated/", await accumulator.save());
  await saveSafetensors(file, tensors, {
    format,
    method: method.name,
    standing: JSON.stringify(standing),
    fixed: JSON.stringify(fixed),
    checksums: JSON.stringify(checksums),
  });
  return student;
}

/**
 * Puts networks, optimisers and states back to where `saveTrainingState` left them.
 * @throws {LadError} NOT_FOUND, IO, INVALID_FILE for the file; CHECKPOINT_MISMATCH naming it if method, teacher, seed, data or a parameter differ.
 */
export async function loadTrainingState(file: string, owner: StateOwner): Promise<Standing> {
  const { tensors, metadata } = await loadSafetensors(file);
  const stored = parsedNotes(file, metadata);
  const { method, accumulator, fixed } = owner;
  const refuse = (message: string, cause?: unknown): never => {
    throw new LadError("CHECKPOINT_MISMATCH", `train: cannot resume from ${file}: ${message}`, { cause });
  };
  if (stored.method !== method.name) refuse(`it was made by method ${stored.method}, this is ${method.name}`);
  for (const [key, value] of Object.entries(stored.fixed)) {
    const now = fixed[key as keyof StateOwner["fixed"]];
    if (now !== value) refuse(`it was made with ${key} ${value}, now it is ${now}`);
  }
  try {
    for (const [name, network] of Object.entries(method.networks)) {
      if (!isFixed(method, network)) loadParams(network.params, tensors, { prefix: `${name}.` });
      else if (stored.checksums[name] !== (await checksum(network)))
        refuse(`network ${name}, which is not trained, has other weights than then; load the same file into it`);
    }
    for (const [prefix, state] of states(method)) state.load(section(tensors, prefix));
    accumulator.load(section(tensors, "state/accumulated/"));
  } catch (cause) {
    if (LadError.is(cause) && !cause.message.startsWith("train: cannot resume")) refuse(cause.message, cause);
    throw cause;
  }
  return stored.standing;
}

type Notes = {
  readonly method: string;
  readonly standing: Standing;
  readonly fixed: StateOwner["fixed"];
  /** Of networks that are not stored. */
  readonly checksums: Readonly<Record<string, string>>;
};

function parsedNotes(file: string, metadata: Readonly<Record<string, string>>): Notes {
  const { format: found = "none", method = "", standing = "", fixed = "", checksums = "" } = metadata;
  if (found !== format)
    throw new LadError(
      "INVALID_FILE",
      `train: ${file} is no training state but of format ${found}; weights alone cannot be resumed`,
    );
  try {
    return { method, standing: JSON.parse(standing), fixed: JSON.parse(fixed), checksums: JSON.parse(checksums) };
  } catch (cause) {
    throw new LadError("INVALID_FILE", `train: the notes in ${file} are damaged: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** Everything with a state of its own, by its prefix in the file. */
function states({ groups, networks, state }: Method) {
  return [
    ...groups.map(({ optimizer }, index) => [`state/optimizer/${index}/`, optimizer.state] as const),
    ...Object.entries(networks).flatMap(([name, network]) =>
      network.state ? [[`state/network/${name}/`, network.state] as const] : [],
    ),
    ...(state ? [["state/method/", state] as const] : []),
  ];
}

function section(tensors: NdRecord, prefix: string): NdRecord {
  const entries = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, array]) => [name.slice(prefix.length), array]));
}

/** Whether nothing ever changes a network: no group has a parameter of it, and none is trainable. */
function isFixed({ groups }: Method, { params }: Network): boolean {
  const grouped = new Set(groups.flatMap((group) => [...group.params.values()].map(({ variable }) => variable)));
  return [...params.values()].every(({ variable, kind }) => kind !== "trainable" && !grouped.has(variable));
}

/** SHA-256 of names, shapes and values. */
async function checksum({ params }: Network): Promise<string> {
  const hash = createHash("sha256");
  for (const [name, { variable }] of params) {
    hash.update(`${name}[${variable.shape}]`);
    await borrow(variable, (data) => hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
  }
  return `sha256:${hash.digest("hex")}`;
}

function checkFinite(record: NdRecord, prefix: string, iteration: number): void {
  for (const [name, { data }] of Object.entries(record)) {
    const at = data.findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    throw new LadError(
      "NON_FINITE",
      `train: ${prefix}${name} holds ${data[at]} after iteration ${iteration}; this state is not written, the checkpoint before it is kept. Lower the learning rate`,
    );
  }
}
