import type { LdOptions } from "./methods";

/**
 * Localization distillation as the LD repository has it for its other students: of ATSS with 0.15 on the valuable
 * region; of FCOS on the points inside objects that are not positive; of RetinaNet 20 times as much on the main region.
 */
export const ldStudents = {
  atss: { region: { weight: 0.15, divisor: 4 }, classes: {} },
  fcos: { region: { region: "inside", divisor: 4 }, classes: {} },
  retina: {
    main: { weight: 5 },
    region: { weight: 0.03, divisor: 4, excludePositives: true },
    classes: { weight: 10, temperature: 8 },
  },
} as const satisfies Readonly<Record<string, LdOptions>>;
