import { createCanvas, loadImage } from "@napi-rs/canvas";
import { expect, test } from "vitest";
import { eachTextPixel } from "./bitmap-font";
import { drawGrid, drawPanels } from "./draw-panels";
import { detectionMarks } from "./marks";

const grey = (width: number, height: number) => ({ data: new Uint8Array(width * height * 3).fill(90), width, height });

async function pixels(png: Buffer) {
  const image = await loadImage(png);
  const context = createCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  return {
    width: image.width,
    height: image.height,
    at: (x: number, y: number) => [...data.subarray((y * image.width + x) * 4, (y * image.width + x) * 4 + 3)],
  };
}

test("draws the picture and its boxes", async () => {
  const { width, height, at } = await pixels(
    drawPanels([{ image: grey(40, 30), marks: [{ box: [10, 10, 30, 20], color: "#ff0000" }] }]),
  );
  expect([width, height]).toEqual([40, 30]);
  expect(at(2, 2)).toEqual([90, 90, 90]);
  expect(at(20, 10)).toEqual([255, 0, 0]);
  expect(at(20, 15)).toEqual([90, 90, 90]); // boxes are not filled
});

test("panels lie side by side under their titles, enlarged", async () => {
  const panel = { title: "a", image: grey(20, 20), marks: [] };
  const { width, height, at } = await pixels(drawPanels([panel, panel], { zoom: 2 }));
  expect([width, height]).toEqual([88, 56]);
  expect(at(43, 30)).toEqual([255, 255, 255]); // the gap
  expect(at(50, 30)).toEqual([90, 90, 90]);
});

test("rows of panels lie below each other; a dot is a square in the middle of its box", async () => {
  const dot = { image: grey(20, 20), marks: [{ box: [4, 4, 16, 16] as const, color: "#ff0000", dot: 4 }] };
  const { width, height, at } = await pixels(drawGrid([[dot], [{ title: "b", image: grey(20, 20), marks: [] }]]));
  expect([width, height]).toEqual([20, 20 + 8 + 16 + 20]);
  expect(at(10, 10)).toEqual([255, 0, 0]);
  expect(at(4, 4)).toEqual([90, 90, 90]);
  expect(at(10, 23)).toEqual([255, 255, 255]);
  expect(at(10, 54)).toEqual([90, 90, 90]);
});

test("boxes do not spill into the neighbour", async () => {
  const wide = { image: grey(20, 20), marks: [{ box: [5, 5, 60, 15] as const, color: "#ff0000" }] };
  const { at } = await pixels(drawPanels([wide, { image: grey(20, 20), marks: [] }]));
  expect(at(35, 5)).toEqual([90, 90, 90]);
});

test("text needs no font of the system", () => {
  let count = 0;
  eachTextPixel("l", () => count++);
  expect(count).toBe(10);
  const of = (text: string) => {
    const found: string[] = [];
    eachTextPixel(text, (x, y) => found.push(`${x},${y}`));
    return found;
  };
  expect(of("é")).toEqual(of("?"));
  expect(of("~").length).toBeGreaterThan(0);
});

test("detections are drawn from a score on, the best on top", () => {
  const detections = {
    boxes: { data: Float32Array.of(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5), shape: [3, 4] },
    scores: Float32Array.of(0.9, 0.2, 0.5),
    labels: Int32Array.of(1, 0, 0),
  };
  expect(detectionMarks(detections, ["cell", "platelet"], { minScore: 0.4 })).toMatchObject([
    { box: [4, 4, 5, 5], text: "cell 0.50" },
    { box: [0, 0, 1, 1], text: "platelet 0.90" },
  ]);
});
