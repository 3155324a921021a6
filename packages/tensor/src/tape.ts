import { LadError } from "@lad/core";
import * as tf from "@tensorflow/tfjs-core";
import { backward, type TapeNode } from "./backward";
import { tensorsIn } from "./tensors-in";

/** Gradients by the variable they belong to. A variable that no loss reaches is absent. Owned by the tape that made them. */
export type Gradients = ReadonlyMap<tf.Variable, tf.Tensor>;

/** One training step: forward in as many parts as needed, `await` between them, then one backward pass. It owns every tensor made under it. */
export type Tape = {
  /**
   * Runs a synchronous part of the forward pass and records it. What it returns (tensors in arrays, plain objects, maps) lives until `end`,
   * everything else is freed at once unless the backward pass needs it.
   * @throws {LadError} INVALID_ARGUMENT if `forward` returns a promise.
   */
  run<T>(forward: () => T): T;
  /** As `run`, but nothing is recorded: for teachers and for values that gradients must not pass through. May be used inside `run`. */
  noGrad<T>(forward: () => T): T;
  /**
   * Gradients of the plain sum of the named scalars, one backward pass. Frees the record as it goes: callable once.
   * @throws {LadError} SHAPE_MISMATCH if a loss is not a scalar, UNSUPPORTED if a recorded kernel has no gradient.
   */
  gradients(losses: Readonly<Record<string, tf.Tensor>>, variables: readonly tf.Variable[]): Gradients;
  /** Frees everything that was made under this tape, also after a throw. May be called again. */
  end(): void;
};

type EngineState = { activeTape: TapeNode[] | null; gradientDepth: number; activeScope: { track: tf.Tensor[] } };

let current: Tape | undefined;

/** The tape whose `run` or `noGrad` is being executed; layers with moving statistics use it to move them once a step. */
export function currentTape(): Tape | undefined {
  return current;
}

/**
 * Creates a tape. `try { … } finally { tape.end() }` leaves no tensor behind.
 * tfjs' own `tf.grads` wants the whole forward pass in one synchronous function and keeps every saved tensor and every gradient until it ends.
 */
export function createTape(): Tape {
  let nodes: TapeNode[] = [];
  const owned: tf.Tensor[] = [];

  const scoped = <T>(name: string, forward: () => T, recording: boolean): T => {
    const engine = tf.engine();
    const state = engine.state as unknown as EngineState;
    const { activeTape, gradientDepth } = state;
    const previous = current;
    engine.startScope(name);
    state.activeTape = recording ? nodes : activeTape;
    state.gradientDepth = recording ? 1 : 0;
    current = tape;
    try {
      const result = forward();
      if (result instanceof Promise) {
        throw new LadError(
          "INVALID_ARGUMENT",
          `tape.${name}: the function must be synchronous, it returned a promise; await between runs`,
        );
      }
      const made = new Set(state.activeScope.track);
      for (const tensor of tensorsIn(result)) {
        if (!made.has(tensor) || tensor.kept) continue;
        owned.push(tf.keep(tensor));
      }
      return result;
    } finally {
      state.activeTape = activeTape;
      state.gradientDepth = gradientDepth;
      current = previous;
      engine.endScope();
    }
  };

  const tape: Tape = {
    run: (forward) => scoped("run", forward, true),
    noGrad: (forward) => scoped("noGrad", forward, false),
    gradients(losses, variables) {
      const recorded = nodes;
      nodes = [];
      const gradients = backward(recorded, losses, variables);
      owned.push(...gradients.values());
      return gradients;
    },
    end() {
      for (const node of nodes) tf.dispose(node.saved ?? []);
      nodes = [];
      tf.dispose(owned.splice(0));
    },
  };
  return tape;
}
