import { LadError } from "@lad/core";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { areFloats, type KernelTable, kernel, numbers, sizeOf } from "../kernel";

type Attributes = { size?: [number, number]; alignCorners?: boolean; halfPixelCenters?: boolean };
type CropAttributes = { cropSize: [number, number]; method: string; extrapolationValue: number };

/** Resizing to the nearest pixel or between four, its gradients with all options (tfjs' plain ones ignore half pixels), crops of boxes. */
export function resizeKernels({ addon, floats, values, allocate, result }: Device): KernelTable {
  const resizeNumbers = (
    shape: number[],
    [height, width]: readonly number[],
    bilinear: boolean,
    attributes: Attributes,
  ) => {
    const { alignCorners = false, halfPixelCenters = false } = attributes;
    return numbers(shape, height!, width!, [bilinear, alignCorners, halfPixelCenters].map(Number));
  };
  const forward = (bilinear: boolean) =>
    kernel<{ images: TensorInfo }, Attributes>(({ images }, attributes) => {
      const [batch, , , channels] = images.shape;
      const size = attributes.size!;
      const shape = [batch!, ...size, channels!];
      if (!areFloats(images) || images.shape.length !== 4) return undefined;
      const y = allocate(sizeOf(shape));
      if (y.length > 0 && sizeOf(images.shape) > 0)
        addon.resize(floats(images), y, resizeNumbers(images.shape, size, bilinear, attributes));
      else addon.fill(y, Number.NaN); // of nothing
      return result(shape, y);
    });
  const gradient = (who: string, bilinear: boolean) =>
    kernel<{ images: TensorInfo; dy: TensorInfo }, Attributes>(({ images, dy }, attributes) => {
      if (!areFloats(dy) || images.shape.length !== 4) return undefined;
      const [batch, , , channels] = images.shape;
      if (dy.shape.length !== 4 || dy.shape[0] !== batch || dy.shape[3] !== channels)
        throw new LadError("SHAPE_MISMATCH", `native ${who}: dy [${dy.shape}] is no resized images [${images.shape}]`);
      const dx = allocate(sizeOf(images.shape));
      if (dx.length > 0 && sizeOf(dy.shape) > 0)
        addon.resizeGradient(floats(dy), dx, resizeNumbers(images.shape, dy.shape.slice(1, 3), bilinear, attributes));
      else addon.fill(dx, 0);
      return result(images.shape, dx);
    });
  return {
    ResizeNearestNeighbor: forward(false),
    ResizeBilinear: forward(true),
    ResizeNearestNeighborGrad: gradient("ResizeNearestNeighborGrad", false),
    ResizeBilinearGrad: gradient("ResizeBilinearGrad", true),
    CropAndResize: kernel<{ image: TensorInfo; boxes: TensorInfo; boxInd: TensorInfo }, CropAttributes>(
      ({ image, boxes, boxInd }, { cropSize, method, extrapolationValue }) => {
        const of = values(boxInd);
        if (!areFloats(image, boxes) || !(of instanceof Int32Array) || sizeOf(image.shape) === 0) return undefined;
        const count = boxes.shape[0]!;
        if (image.shape.length !== 4 || sizeOf(boxes.shape) !== count * 4 || of.length !== count)
          throw new LadError(
            "SHAPE_MISMATCH",
            `native CropAndResize: image [${image.shape}], boxes [${boxes.shape}] and boxInd [${boxInd.shape}] do not fit`,
          );
        const shape = [count, ...cropSize, image.shape[3]!];
        const y = allocate(sizeOf(shape));
        const sizes = numbers(image.shape, count, cropSize, Number(method === "nearest"));
        if (y.length > 0) addon.cropAndResize(floats(image), floats(boxes), of, y, sizes, extrapolationValue);
        return result(shape, y);
      },
    ),
  };
}
