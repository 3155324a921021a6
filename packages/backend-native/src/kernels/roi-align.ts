import { LadError } from "@lad/core";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { type KernelTable, kernel, numbers, sizeOf } from "../kernel";

/** As @lad/nn plans the pooling of boxes. */
type Axis = { readonly starts: Int32Array; readonly cells: Int32Array; readonly weights: Float32Array };
type Plan = {
  readonly levels: Int32Array;
  readonly images: Int32Array;
  readonly rows: Axis;
  readonly columns: Axis;
  readonly height: number;
  readonly width: number;
};

/** ROIAlign over the levels of a pyramid, and its gradient of one map. Indices outside of a map throw. */
export function roiAlignKernels({ addon, floats, allocate, result }: Device): KernelTable {
  const plan = (shape: readonly number[], level: number, { levels, images, rows, columns, height, width }: Plan) => {
    const axes = [rows, columns].flatMap(({ starts, cells, weights }) => [starts, cells, weights]);
    return [numbers(shape, height, width, level), levels, images, ...axes] as const;
  };
  return {
    LadRoiAlign: kernel<Readonly<Record<string, TensorInfo>>, Plan>((inputs, given) => {
      const maps = Object.values(inputs);
      const { levels, height, width } = given;
      const channels = maps[0]!.shape[3]!;
      const wrong = maps.find(({ shape }) => shape.length !== 4 || shape[3] !== channels);
      if (wrong || levels.some((level) => level < 0 || level >= maps.length))
        throw new LadError(
          "SHAPE_MISMATCH",
          `native LadRoiAlign: maps must be [B, H, W, ${channels}] and levels theirs, got [${wrong?.shape}]`,
        );
      const shape = [levels.length, height, width, channels];
      const y = allocate(sizeOf(shape));
      for (const [level, map] of maps.entries()) addon.roiAlign(floats(map), y, ...plan(map.shape, level, given));
      return result(shape, y);
    }),
    LadRoiAlignGradient: kernel<{ dy: TensorInfo }, Plan & { level: number; shape: number[] }>(
      ({ dy }, { level, shape, ...given }) => {
        const wanted = [given.levels.length, given.height, given.width, shape[3]!];
        if (`${dy.shape}` !== `${wanted}`)
          throw new LadError("SHAPE_MISMATCH", `native LadRoiAlignGradient: dy must be [${wanted}], got [${dy.shape}]`);
        const dx = allocate(sizeOf(shape));
        addon.roiAlignGradient(floats(dy), dx, ...plan(shape, level, given));
        return result(shape, dx);
      },
    ),
  };
}
