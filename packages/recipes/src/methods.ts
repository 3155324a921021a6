import { distill, labelAssignment } from "@lad/distill";
import type { AnyDetector, Method, ParamGroup } from "@lad/tensor";

type Parts<Teacher> = {
  readonly student: AnyDetector;
  readonly teacher: Teacher;
  readonly groups: readonly ParamGroup[];
};

/** The student learns from its own assignment; there is no teacher. */
export function plainMethod({ student, groups }: Parts<unknown>): Method {
  return distill(student, [], groups);
}

/** Label assignment distillation (LAD): the teacher's assignment is what the student learns from. */
export function ladMethod({ student, teacher, groups }: Parts<AnyDetector>): Method {
  return distill(student, [labelAssignment(teacher)], groups);
}
