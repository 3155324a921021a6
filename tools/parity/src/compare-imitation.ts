import { detectorGrid, giCells, imitationCells } from "@lad/distill";
import { vector } from "./compare-atss";
import type { LdStep } from "./ld-losses";
import { exact } from "./tolerance";

/** Compares where features are imitated: the mask of cells `assign.im.<image>` and general instances `assign.gi.<level>`. */
export async function compareImitation({
  golden,
  report,
  student,
  teacher,
  own,
  taught,
  batch,
}: Omit<LdStep, "tape" | "targets">): Promise<void> {
  const fineGrained = golden.config.model.bbox_head.imitation_method === "finegrained";
  const { anchors, valid } = detectorGrid(student, batch);
  batch.boxes.forEach((boxes, image) => {
    const name = `assign.im.${image}`;
    if (!golden.has(name)) return;
    const cells = imitationCells(anchors, boxes, valid[image]!, fineGrained ? "fineGrained" : "fitnet");
    report.compare("regions", name, vector(cells), exact);
  });
  if (golden.names("assign.gi.").length === 0) return;
  const instances = await giCells({ detector: student, out: own.out }, { detector: teacher!, out: taught!.out }, batch);
  for (const [level, cells] of instances.entries())
    report.compare("regions", `assign.gi.${level}`, vector(cells), exact);
}
