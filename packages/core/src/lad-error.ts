const marker = Symbol.for("lad.error");

/** What went wrong, for programs. The message says the rest: who, what was wanted, what came, what to do. */
export type LadErrorCode =
  | "SHAPE_MISMATCH" // sizes or ranks that do not fit each other
  | "INVALID_ARGUMENT" // an argument outside its domain
  | "INVALID_CONFIG" // a configuration key that is unknown, missing or of the wrong type
  | "INVALID_DATA" // a data set, annotation or image that cannot be used
  | "INVALID_FILE" // a file that is truncated, corrupt or of another format
  | "CHECKPOINT_MISMATCH" // parameters that do not fit the network
  | "NOT_FOUND" // a file, recipe or engine that is not there
  | "IO" // reading or writing failed
  | "ENGINE" // the engine cannot do what is asked
  | "NON_FINITE" // NaN or infinity where numbers must be finite
  | "UNSUPPORTED";

/** The one error class of @lad. `LadError.is` recognises it across duplicate installations. */
export class LadError extends Error {
  readonly [marker] = true;

  constructor(
    readonly code: LadErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "LadError";
  }

  static is(error: unknown): error is LadError {
    return typeof error === "object" && error !== null && marker in error;
  }
}
