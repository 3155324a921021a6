/** Of this package. */
export const version = "0.0.0";
