import { distill } from "@lad/distill";
import { defineConfig, findRecipe, paaNetwork } from "@lad/recipes";
import type { Detector, HasClasses, Term, TermContext } from "@lad/tensor";
import * as tf from "@tensorflow/tfjs-core";

/** Class mimicking: `loss_mimic` = weight · mean over images, anchors and classes of (student's score - teacher's)², logits or probabilities as the heads give them. */
function classMimicking<Features, Out, Own>(
  student: HasClasses<Own>,
  teacher: Detector<Features, Out> & HasClasses<Out>,
  { weight = 0.1 }: { readonly weight?: number } = {},
): Term<unknown, Own> {
  return {
    name: "mimic",
    teachers: [teacher],
    loss: (context: TermContext<unknown, Own>) =>
      tf.tidy(() => {
        const own = tf.concat([...student.classes(context.student.out)], 1);
        const taught = tf.concat([...teacher.classes(context.of(teacher).out)], 1);
        return { loss_mimic: tf.mul(tf.mean(tf.squaredDifference(own, taught)), weight) as tf.Scalar };
      }),
  };
}

const sizes = { depth: 18, channels: 32, stackedConvs: 1, groups: 8, levels: 3, anchorScale: 4 } as const;

export default defineConfig({
  ...findRecipe("demo/paa-student").config, // images, schedule, optimiser
  student: paaNetwork({ ...sizes, baseChannels: 8 }),
  teacher: paaNetwork({ ...sizes, baseChannels: 12 }),
  method: ({ student, teacher, groups }) => distill(student, [classMimicking(student, teacher)], groups),
});
