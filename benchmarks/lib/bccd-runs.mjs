const student = { networks: ["student"], table: "LAD" };
const ld = { ...student, table: "LD" };
const taught = { teacher: "paa-r34" };
const ldTaught = { ...ld, teacher: "gfl-r34" };

/**
 * What is compared: a recipe each, which of its networks are judged, in which table it stands, and the methods whose runs of seed 0 teach it. In each table
 * every student is the same ResNet-18, every teacher the same ResNet-34.
 */
export const bccdMethods = {
  "paa-r18": { ...student, title: "PAA, R18 alone", recipe: "bccd/paa-r18", reference: 47.6 },
  "paa-r34": { ...student, title: "PAA, R34 alone", recipe: "bccd/paa-r34", reference: 49.4 },
  kd: { ...student, ...taught, title: "soft labels, R18 ← R34", recipe: "bccd/kd-r18-r34" },
  lad: { ...student, ...taught, title: "LAD, R18 ← R34", recipe: "bccd/lad-r18-r34", reference: 49.6 },
  solad: { ...student, ...taught, title: "SoLAD, R18 ← R34", recipe: "bccd/solad-r18-r34" },
  colad: { ...student, title: "CoLAD, R18 with R34", recipe: "bccd/colad-r18-r34", networks: ["student", "teacher"] },
  "gfl-r18": { ...ld, title: "GFocal, R18 alone", recipe: "bccd/gfl-r18" },
  "gfl-r34": { ...ld, title: "GFocal, R34 alone", recipe: "bccd/gfl-r34" },
  ld: { ...ldTaught, title: "LD, R18 ← R34", recipe: "bccd/ld-r18-r34" },
  "ld-full": { ...ldTaught, title: "LD + VLR + classes, R18 ← R34", recipe: "bccd/ld-full-r18-r34" },
  "self-ld": { ...ld, teacher: "gfl-r18", title: "self-LD, R18 ← R18", recipe: "bccd/self-ld-r18" },
  "ld-lad": { ...ldTaught, labeller: "paa-r34", title: "LD + labels of PAA-R34, R18 ← R34", recipe: "bccd/ld-lad-r18" },
  ...shortRuns("atss", "ATSS"),
  ...shortRuns("fcos", "FCOS"),
  ...shortRuns("retina", "RetinaNet"),
};

/** The tables, each of the methods of one paper; "LD, 6 epochs" shows that other students learn. */
export const bccdTables = [...new Set(Object.values(bccdMethods).map(({ table }) => table))];

function shortRuns(kind, title) {
  const short = { ...student, table: "LD, 6 epochs" };
  return {
    [`${kind}-r18`]: { ...short, title: `${title}, R18 alone`, recipe: `bccd/${kind}-r18` },
    [`${kind}-r34`]: { ...short, title: `${title}, R34 alone`, recipe: `bccd/${kind}-r34` },
    [`ld-${kind}`]: {
      ...short,
      teacher: `${kind}-r34`,
      title: `LD, ${title} R18 ← R34`,
      recipe: `bccd/ld-${kind}-r18`,
    },
  };
}

/** The runs whose last weights a run needs, by role: one teacher for the students of all seeds, as in the reference's runs. */
export function neededRuns({ method }) {
  const { teacher, labeller } = bccdMethods[method];
  const given = Object.entries({ teacher, labeller }).filter(([, name]) => name !== undefined);
  return Object.fromEntries(given.map(([role, name]) => [role, { method: name, seed: 0 }]));
}
