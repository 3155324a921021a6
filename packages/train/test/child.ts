// Trains the toy in the directory given, slowly, until somebody kills it.
import * as tf from "@tensorflow/tfjs-core";
import { train } from "../src/index";
import { toy, toyBatches } from "./toy";

await tf.setBackend("cpu");
await train({
  method: toy().method,
  batches: toyBatches({ delayMs: 5 }),
  epochs: 3,
  out: process.argv[2]!,
  resume: true,
  checkpointEvery: { iterations: 1 },
});
