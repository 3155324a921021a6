import { registerNative } from "@lad/backend-native";
import { useBackend } from "@lad/backends";
import * as tf from "@tensorflow/tfjs-core";

/** The engine that the benches measure, or another one of ours to be seen beside it. */
export async function startEngine({ threads, engine = "native" }) {
  if (engine !== "native") return void (await useBackend(engine, { threads }));
  await registerNative({ threads });
  await tf.setBackend("native");
}
