// Our side of the bench conv.
import { random } from "@lad/core";
import { conv2d, customOp } from "@lad/nn";
import { createTape } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../lib/start-engine.mjs";
import { timeCalls } from "../lib/time-calls.mjs";

export const start = startEngine;

let timed;
let release = () => undefined;

export async function prepare({ direction, shape }) {
  release();
  const { batch, in: inputs, out, height, width, kernel, stride, padding, dilation, groups } = shape;
  const stream = random(1);
  const normal = (sizes) =>
    tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape(sizes) }, stream.normal), sizes);
  const fresh = tf.tidy(() => tf.mul(normal([kernel, kernel, inputs / groups, out]), 0.05));
  const x = tf.variable(normal([batch, height, width, inputs]));
  const filter = tf.variable(fresh);
  const options = { stride, padding, dilation, ...(groups > 1 && { groups }) };
  const forward = () => conv2d(x, filter, options);
  const dy = tf.tidy(() => tf.onesLike(forward()));
  const parts = { dy, forward };
  const { before, ...call } =
    direction === "forward" ? timedForward(parts) : timedGradient(parts, direction === "input-gradient" ? x : filter);
  timed = timeCalls({
    ...call,
    before() {
      // a step has new weights: what an engine keeps of the last ones must not help it
      tf.tidy(() => filter.assign(tf.add(fresh, 0)));
      before?.();
    },
  });
  await timed.calibrate();
  release = () => tf.dispose([x, filter, fresh, dy]);
  return { shape };
}

export const run = () => timed.run();

function timedForward({ forward }) {
  return { call: forward, dispose: (y) => y.dispose() };
}

/** Only the backward pass is timed: the forward pass is recorded before. */
function timedGradient({ forward, dy }, variable) {
  let tape;
  let loss;
  return {
    call: () => tape.gradients({ loss }, [variable]),
    before() {
      tape = createTape();
      loss = tape.run(() =>
        customOp(
          { y: forward() },
          () => tf.scalar(0),
          () => ({ y: () => tf.clone(dy) }),
        ),
      );
    },
    dispose: () => tape.end(),
  };
}
