/** Rows and columns of a mask, px. */
export type MaskSize = readonly [height: number, width: number];

/**
 * A mask by its run lengths, column by column from the top left pixel: `counts[0]` pixels of 0, then `counts[1]` of 1, and so
 * on in turn. They add up to height · width.
 */
export type Rle = { readonly size: MaskSize; readonly counts: Uint32Array };
