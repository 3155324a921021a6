import type { DistributionDetector, Paa } from "@lad/detectors";
import {
  type AnyTerm,
  type ColadOptions,
  colad,
  distill,
  type FeatureImitationOptions,
  featureImitation,
  type LocalizationOptions,
  labelAssignment,
  localization,
  type SoftClassesOptions,
  type SoftLabelsOptions,
  softClasses,
  softLabels,
  type ValuableLocalizationOptions,
  valuableLocalization,
} from "@lad/distill";
import type { AnyDetector, Method, ParamGroup } from "@lad/tensor";

type Parts<Student, Teacher> = {
  readonly student: Student;
  readonly teacher: Teacher;
  readonly groups: readonly ParamGroup[];
};
type LdParts = Parts<DistributionDetector, DistributionDetector> & { readonly labeller?: AnyDetector | undefined };
type PaaParts = Parts<Paa, Paa>;

/** The student learns from its own assignment; there is no teacher. */
export function plainMethod({ student, groups }: Parts<AnyDetector, unknown>): Method {
  return distill(student, [], groups);
}

/** Label assignment distillation (LAD): the teacher's assignment is what the student learns from. */
export function ladMethod({ student, teacher, groups }: Parts<AnyDetector, AnyDetector>): Method {
  return distill(student, [labelAssignment(teacher)], groups);
}

/** Soft-label distillation alone: the teacher's probabilities and boxes are all that the student learns from. */
export function softLabelMethod(options: SoftLabelsOptions = {}): (parts: PaaParts) => Method {
  return ({ student, teacher, groups }) =>
    distill(student, [softLabels(student, teacher, { base: "drop", ...options })], groups);
}

/** SoLAD: the teacher's assignment and its soft labels, by default with the published weights (class 2, regions above IoU 0.5). */
export function soladMethod(options: SoftLabelsOptions = {}): (parts: PaaParts) => Method {
  return ({ student, teacher, groups }) => {
    const soft = softLabels(student, teacher, { minIou: 0.5, classWeight: 2, ...options });
    return distill(student, [labelAssignment(teacher), soft], groups);
  };
}

/** CoLAD: both networks train, the one whose costs tell more assigns. Wants `trainsTeacher: true` beside it. */
export function coladMethod(options: ChoiceOptions = {}): (parts: PaaParts) => Method {
  return ({ student, teacher, groups }) => colad(student, teacher, groups, options);
}

export type ChoiceOptions = Omit<ColadOptions<unknown, unknown>, "terms">;

export type LdOptions = {
  /** The main region: the student's positives. */
  readonly main?: LocalizationOptions;
  /** The valuable localization region too. */
  readonly region?: ValuableLocalizationOptions;
  /** Class distributions too. */
  readonly classes?: SoftClassesOptions;
  /** Pyramid features too. */
  readonly imitation?: FeatureImitationOptions;
};

/**
 * Localization distillation (LD): the main region, and what else is given; `{ region: {}, classes: {} }` is the LD repository's later default. With a labeller
 * the student learns from its assignment, and the regions are that assignment's.
 */
export function ldMethod({ main = {}, region, classes, imitation }: LdOptions = {}): (parts: LdParts) => Method {
  return ({ student, teacher, labeller, groups }) => {
    type AnyLdTerm = AnyTerm<
      Parameters<DistributionDetector["predict"]>[0],
      ReturnType<DistributionDetector["predict"]>
    >;
    const terms: AnyLdTerm[] = [localization(student, teacher, main)];
    if (labeller) terms.unshift(labelAssignment(labeller));
    if (region) terms.push(valuableLocalization(student, teacher, region));
    if (classes) terms.push(softClasses(student, teacher, classes));
    if (imitation) terms.push(featureImitation(student, teacher, imitation));
    return distill(student, terms, groups);
  };
}
