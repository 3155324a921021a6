import { LadError, type NdRecord } from "@lad/core";

/** Where the references keep teachers in their students' checkpoints, by whole parts of a name. */
const teachers = /^(teacher\d*|labeller|adapter)[._]|(^|\.)teacher_models?\./;

/**
 * The student's weights out of a method's: ours lie under `student.`; the LD repository has its teacher inside the student's head
 * (`bbox_head.teacher_models.*`), the LAD repository beside it (`teacher_*`).
 * @throws {LadError} INVALID_FILE if nothing but teachers is there.
 */
export function studentOf(tensors: NdRecord): NdRecord {
  const entries = Object.entries(tensors);
  const prefixed = entries.filter(([name]) => name.startsWith("student."));
  const kept =
    prefixed.length > 0
      ? prefixed.map(([name, tensor]) => [name.slice("student.".length), tensor] as const)
      : entries.filter(([name]) => !teachers.test(name));
  if (kept.length === 0)
    throw new LadError("INVALID_FILE", "lad convert --slim: the checkpoint holds no student, only teachers");
  return Object.fromEntries(kept);
}
