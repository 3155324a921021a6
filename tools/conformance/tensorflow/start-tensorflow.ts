import { useBackend } from "@lad/backends";
import * as tf from "@tensorflow/tfjs-core";

// Before every test file: the engine that tests ask for by the name `cpu` is TensorFlow.
const { name } = await useBackend("tensorflow", { threads: 1 });
const engine = tf.engine();
const setBackend = engine.setBackend.bind(engine);
engine.setBackend = (wanted) => setBackend(wanted === "cpu" ? name : wanted);
