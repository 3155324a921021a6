import type { DenseOut, Paa } from "@lad/detectors";
import { type KeptRegions, labelAssignment, softLabels } from "@lad/distill";
import type { Term } from "@lad/tensor";
import type { MmConfig } from "./build-mm";

/** Heads of the reference that learn soft labels, by where the case describes them: alone, or beside the student's own loss (SoLAD). */
function softHead({ model }: MmConfig): { readonly head: MmConfig; readonly base: "keep" | "drop" } | undefined {
  if (model.kd_bbox_head) return { head: model.kd_bbox_head, base: "keep" };
  return model.bbox_head.type === "PAA_KD_Head" ? { head: model.bbox_head, base: "drop" } : undefined;
}

/** The case's soft-label term, if it has one. */
export function softLabelsOf(
  config: MmConfig,
  student: Paa,
  teacher: Paa | undefined,
): Term<unknown, DenseOut, KeptRegions> | undefined {
  const soft = softHead(config);
  if (!soft || !teacher) return undefined;
  const { head, base } = soft;
  return softLabels(student, teacher, {
    minIou: head.min_iou ?? 0.1,
    usePredictedBoxes: head.use_pred_bbox ?? true,
    classWeight: head.kd_cls_loss.loss_weight,
    qualityWeight: head.kd_centerness_loss.loss_weight,
    boxWeight: head.kd_bbox_loss.loss_weight,
    gamma: head.kd_cls_loss.gamma,
    base,
  });
}

/** The terms of the case's method, in our words. */
export function mmTerms(
  config: MmConfig,
  student: Paa,
  teacher: Paa | undefined,
): Term<unknown, DenseOut, KeptRegions>[] {
  const soft = softLabelsOf(config, student, teacher);
  const labels =
    teacher && soft?.base !== "drop" ? [labelAssignment(teacher) as Term<unknown, DenseOut, KeptRegions>] : [];
  return [...labels, ...(soft ? [soft] : [])];
}
