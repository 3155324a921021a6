// The program of `samplePool`'s threads.
import { LadError, type LadErrorCode } from "@lad/core";
import { Tinypool } from "tinypool";
import type { RgbImage } from "./image";
import { readPicture, type SampleRequest, sampleOf } from "./make-sample";
import type { Sample } from "./prepare-sample";

export type SampleTask = {
  readonly request: SampleRequest;
  /** If it is kept already; else it is read. */
  readonly picture: RgbImage | undefined;
  /** Send the picture along in shared memory. */
  readonly keep: boolean;
};
/** An error's class does not survive the way between threads, so errors of ours are told by their parts. */
export type SampleAnswer =
  | { readonly sample: Sample; readonly picture?: RgbImage }
  | { readonly error: { readonly code: LadErrorCode; readonly message: string } };

/** Makes one sample; its image changes hands, not copied. */
export async function answerTask({ request, picture, keep }: SampleTask): Promise<SampleAnswer> {
  try {
    const used = picture ?? (await readPicture(request));
    const sample = sampleOf(request, used);
    return moved({ sample, ...(keep && { picture: shared(used) }) }, [sample.image.data.buffer as ArrayBuffer]);
  } catch (error) {
    if (!LadError.is(error)) throw error;
    return { error: { code: error.code, message: error.message } };
  }
}

function shared({ data, ...size }: RgbImage): RgbImage {
  const copy = new Uint8Array(new SharedArrayBuffer(data.length));
  copy.set(data);
  return { data: copy, ...size };
}

function moved<Value extends object>(value: Value, buffers: ArrayBuffer[]): Value {
  const marked = { [Tinypool.transferableSymbol]: buffers, [Tinypool.valueSymbol]: value };
  return Tinypool.move(marked as unknown as ArrayBuffer) as unknown as Value;
}
