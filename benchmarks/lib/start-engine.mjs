import { registerNative } from "@lad/backend-native";
import * as tf from "@tensorflow/tfjs-core";

/** The engine that the benches measure. */
export async function startEngine({ threads }) {
  await registerNative({ threads });
  await tf.setBackend("native");
}
