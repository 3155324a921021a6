import type { Detector, Term } from "@lad/tensor";

/**
 * Label assignment distillation (LAD, arXiv 2108.10520 §3.2): the teacher's own assigner, fed by the teacher's predictions, decides which
 * anchors the student is to learn as what. Box losses are then not weighed by IoU, as in the reference.
 * The teacher and the student must share their anchors; any detector that assigns can teach.
 */
export function labelAssignment<Features, Out>(teacher: Detector<Features, Out>): Term<unknown, unknown> {
  return {
    name: "lad",
    teachers: [teacher],
    async assign({ batch, of }) {
      return { ...(await teacher.assign(of(teacher).out, batch)), boxWeighting: "none" };
    },
  };
}
