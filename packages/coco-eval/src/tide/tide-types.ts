/** What can be wrong, in the order in which TIDE lists it: wrong class, badly placed, both, found twice, background, not found. */
export const tideKinds = ["Cls", "Loc", "Both", "Dupe", "Bkg", "Miss"] as const;
export type TideKind = (typeof tideKinds)[number];
/** Kinds, and all false positives or all false negatives at once. */
export type TideFix = TideKind | "FalsePos" | "FalseNeg";

export type TideOptions = {
  /** IoU from which a detection finds an object. */
  readonly foregroundIou?: number;
  /** IoU up to which a detection is on background. */
  readonly backgroundIou?: number;
  /** Detections of an image that count, all classes together. */
  readonly maxDetections?: number;
};

/** AP after a fix: mean over classes, and of each class in that mean by its id. -1: there is none. */
export type TideAp = { readonly ap: number; readonly perClass: ReadonlyMap<number, number> };

export type TideError = TideAp & {
  /** AP that is lost by this kind alone, never negative; kinds do not add up to what is lost. */
  readonly lost: number;
  /** How many there are, `ignored` ones included. */
  readonly count: number;
  /** Of these, detections inside a crowd region: no false positives, but errors. */
  readonly ignored: number;
  /** Those that become true, or for Miss are no longer asked for, when they are fixed. */
  readonly fixable: number;
};

/** What became of a detection: true, an error, beyond `maxDetections`, or on an image that the ground truth lacks. */
export type TideOutcome = "TP" | Exclude<TideKind, "Miss"> | "cut" | "dropped";
/** What became of an annotation. Covered: not found, but a Cls or Loc error is at it. */
export type TideGtOutcome = "Found" | "Miss" | "Covered" | "crowd" | "dropped";

/** APs are 0…1, at one IoU threshold. */
export type TideDiagnosis = TideAp & {
  readonly errors: Readonly<Record<TideKind, TideError>>;
  /** AP with no false positive, and what that gains (may be negative). */
  readonly falsePositives: TideAp & { readonly lost: number };
  /** AP with nothing left to be found, and what that gains (may be negative). */
  readonly falseNegatives: TideAp & { readonly lost: number };
  readonly totals: {
    readonly truePositives: number;
    readonly falsePositives: number;
    readonly ignored: number;
    readonly cut: number;
    /** Annotations that are to be found. */
    readonly objects: number;
    readonly falseNegatives: number;
  };
  /** Objects to be found of each class that has some. */
  readonly positives: ReadonlyMap<number, number>;
  readonly detections: {
    readonly outcomes: readonly TideOutcome[];
    /** 1 = inside a crowd region of its class. */
    readonly ignored: Uint8Array;
    /** Annotation row that it found, or is badly placed at, or misnames, or found again; -1: none. */
    readonly annotations: Int32Array;
  };
  readonly annotations: readonly TideGtOutcome[];
};
