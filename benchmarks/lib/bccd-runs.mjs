/** What is compared: a recipe each, and which of its networks are judged. Every student is the same ResNet-18, every teacher the same ResNet-34. */
export const bccdMethods = {
  "paa-r18": { title: "PAA, R18 alone", recipe: "bccd/paa-r18", networks: ["student"], reference: 47.6 },
  "paa-r34": { title: "PAA, R34 alone", recipe: "bccd/paa-r34", networks: ["student"], reference: 49.4 },
  kd: { title: "soft labels, R18 ← R34", recipe: "bccd/kd-r18-r34", networks: ["student"], taught: true },
  lad: { title: "LAD, R18 ← R34", recipe: "bccd/lad-r18-r34", networks: ["student"], taught: true, reference: 49.6 },
  solad: { title: "SoLAD, R18 ← R34", recipe: "bccd/solad-r18-r34", networks: ["student"], taught: true },
  colad: { title: "CoLAD, R18 with R34", recipe: "bccd/colad-r18-r34", networks: ["student", "teacher"] },
};

/** The run whose last weights teach: one teacher for the students of all seeds, as in the reference's runs. */
export function teacherRun({ method }) {
  return bccdMethods[method].taught ? { method: "paa-r34", seed: 0 } : undefined;
}
