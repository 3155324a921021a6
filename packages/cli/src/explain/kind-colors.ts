/** Colours of what can become of a box, in pictures and tables. */
export const kindColors: Readonly<Record<string, string>> = {
  TP: "#2ca02c",
  Found: "#2ca02c",
  Cls: "#9467bd",
  Loc: "#ff7f0e",
  Both: "#8c564b",
  Dupe: "#17becf",
  Bkg: "#d62728",
  Miss: "#1f2328",
  Covered: "#1f77b4",
  crowd: "#999999",
  ignored: "#999999",
};

/** What the kinds mean, for people. */
export const kindMeanings = {
  Cls: "right place, wrong class",
  Loc: "right class, wrong place (IoU 0.1 to 0.5)",
  Both: "wrong class and wrong place",
  Dupe: "an object found before",
  Bkg: "nothing there",
  Miss: "an object without any detection at it",
} as const;
