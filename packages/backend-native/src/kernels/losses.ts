import { LadError } from "@lad/core";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Device } from "../device";
import { type KernelTable, kernel, sizeOf } from "../kernel";

// in the order of src/native/row-reduction.h and focal-losses.cc
const reductions = ["element", "row", "sum"] as const;
const forms = ["sigmoid", "quality", "probabilityQuality"] as const;

type Reduced = { readonly reduction: (typeof reductions)[number] };
type Weighted = { weights?: TensorInfo };
type Upper = { dy: TensorInfo };
type Focal = Weighted & { predictions: TensorInfo; labels: TensorInfo; scores?: TensorInfo };
type FocalAttributes = Reduced & { form: (typeof forms)[number]; alpha?: number; gamma: number };
type Distribution = Weighted & { logits: TensorInfo; targets: TensorInfo };
type Distillation = Weighted & { predicted: TensorInfo; teacher: TensorInfo };
type Boxes = { predicted: TensorInfo; target: TensorInfo };

/** Losses of rows of predictions and their gradients in one pass each (for @lad/losses). */
export function lossKernels(device: Device): KernelTable {
  const { addon, floats, allocate, result } = device;
  const optional = (tensor: TensorInfo | undefined) => (tensor ? floats(tensor) : null);
  const wholes = (tensor: TensorInfo) => {
    const found = device.values(tensor);
    return found instanceof Int32Array ? found : Int32Array.from(found ?? []);
  };
  /** Rows, columns and reduction, as the add-on takes them; throws unless all others fit the predictions. */
  const sizes = (who: string, x: TensorInfo, { reduction }: Reduced, others: Readonly<Record<string, Row>>) => {
    const [rows, columns] = x.shape as [number, number];
    const shapes = { element: x.shape, row: [rows], sum: [] };
    for (const [name, row] of Object.entries({ ...others, predictions: x })) {
      if (!row) continue;
      const wanted = name === "dy" ? shapes[reduction] : name === "teacher" || row === x ? x.shape : [rows];
      if (x.shape.length !== 2 || `${row.shape}` !== `${wanted}`)
        throw new LadError(
          "SHAPE_MISMATCH",
          `native ${who}: ${name} must be [${wanted}] for predictions [${x.shape}] (N, C), got [${row.shape}]`,
        );
    }
    return { numbers: [rows, columns, reductions.indexOf(reduction)] as const, out: shapes[reduction] };
  };

  const focalCall = (who: string, inputs: Focal, attributes: FocalAttributes, dy?: TensorInfo) => {
    const { predictions: x, labels, scores, weights } = inputs;
    const { numbers, out } = sizes(who, x, attributes, { labels, scores, weights, dy });
    const { form, alpha = 0, gamma } = attributes;
    const given = [forms.indexOf(form), floats(x), wholes(labels), optional(scores), optional(weights)];
    return { given, last: [...numbers, alpha, gamma], out };
  };

  return {
    LadFocalLoss: kernel<Focal, FocalAttributes>((inputs, attributes) => {
      const { given, last, out } = focalCall("LadFocalLoss", inputs, attributes);
      const y = allocate(sizeOf(out));
      addon.focal(...given, y, ...last);
      return result(out, y);
    }),
    LadFocalLossGradient: kernel<Focal & Upper, FocalAttributes>(({ dy, ...inputs }, attributes) => {
      const { given, last } = focalCall("LadFocalLossGradient", inputs, attributes, dy);
      const dx = allocate(sizeOf(inputs.predictions.shape));
      addon.focalGradient(...given, floats(dy), dx, ...last);
      return result(inputs.predictions.shape, dx);
    }),
    LadDistributionFocalLoss: kernel<Distribution, Reduced>(({ logits, targets, weights }, attributes) => {
      const { numbers, out } = sizes("LadDistributionFocalLoss", logits, attributes, { targets, weights });
      const y = allocate(sizeOf(out));
      addon.distributionFocal(floats(logits), floats(targets), optional(weights), y, ...numbers);
      return result(out, y);
    }),
    LadDistributionFocalLossGradient: kernel<Distribution & Upper, Reduced>((inputs, attributes) => {
      const { dy, logits, targets, weights } = inputs;
      const { numbers } = sizes("LadDistributionFocalLossGradient", logits, attributes, { targets, weights, dy });
      const dx = allocate(sizeOf(logits.shape));
      const given = [floats(logits), floats(targets), optional(weights), floats(dy)];
      addon.distributionFocalGradient(...given, dx, ...numbers);
      return result(logits.shape, dx);
    }),
    LadDistillationKl: kernel<Distillation, Reduced & { temperature: number }>((inputs, attributes) => {
      const { predicted, teacher, weights } = inputs;
      const { numbers, out } = sizes("LadDistillationKl", predicted, attributes, { teacher, weights });
      const y = allocate(sizeOf(out));
      const given = [floats(predicted), floats(teacher), optional(weights)];
      addon.distillationKl(...given, y, ...numbers, attributes.temperature);
      return result(out, y);
    }),
    LadDistillationKlGradient: kernel<Distillation & Upper, Reduced & { temperature: number }>((inputs, attributes) => {
      const { dy, predicted, teacher, weights } = inputs;
      const { numbers } = sizes("LadDistillationKlGradient", predicted, attributes, { teacher, weights, dy });
      const dx = allocate(sizeOf(predicted.shape));
      const given = [floats(predicted), floats(teacher), optional(weights), floats(dy)];
      addon.distillationKlGradient(...given, dx, ...numbers, attributes.temperature);
      return result(predicted.shape, dx);
    }),
    LadGiouLoss: kernel<Boxes, { eps: number }>(({ predicted, target }, { eps }) => {
      const rows = checkBoxes("LadGiouLoss", predicted, target);
      const y = allocate(rows);
      addon.giou(floats(predicted), floats(target), y, eps);
      return result([rows], y);
    }),
    LadGiouLossGradient: kernel<Boxes & Upper, { eps: number }>(({ dy, predicted, target }, { eps }) => {
      const rows = checkBoxes("LadGiouLossGradient", predicted, target, dy);
      const [da, db] = [allocate(4 * rows), allocate(4 * rows)];
      addon.giouGradient(floats(predicted), floats(target), floats(dy), da, db, eps);
      return [result(predicted.shape, da), result(target.shape, db)];
    }),
  };
}

type Row = TensorInfo | undefined;

function checkBoxes(who: string, predicted: TensorInfo, target: TensorInfo, dy?: TensorInfo): number {
  const rows = predicted.shape[0]!;
  const fits = `${predicted.shape}` === `${[rows, 4]}` && `${target.shape}` === `${predicted.shape}`;
  if (!fits || (dy && `${dy.shape}` !== `${[rows]}`))
    throw new LadError(
      "SHAPE_MISMATCH",
      `native ${who}: boxes must both be [N, 4] and dy [N], got [${predicted.shape}], [${target.shape}] and [${dy?.shape}]`,
    );
  return rows;
}
