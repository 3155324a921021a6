import { readdir, readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { domInChromium } from "@lad/testing";
import { loadImage } from "@napi-rs/canvas";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { canInstallPackages, findChromium } from "../../../../scripts/lib/debian.mjs";
import { run, type TinyWorkplace, tinyEngine, tinyLadConfig, trainedWorkplace } from "../../test/tiny";

let place: TinyWorkplace;
const chromium = findChromium();

beforeAll(async () => {
  place = await trainedWorkplace();
  await writeFile(place.at("lad.config.ts"), tinyLadConfig);
  const paths = ["--data", place.data, "--teacher", place.at("run"), "--out", place.at("lad")];
  await run("train", place.at("lad.config.ts"), ...paths, "--set", "epochs=1", ...tinyEngine);
});
afterAll(() => place.remove());

const assignments = (...argv: string[]) => run("assignments", ...argv, ...tinyEngine);
const count = (text: string, part: RegExp) => [...text.matchAll(part)].length;

test("draws both networks of a run, per level, before and after separation; leaves no tensor behind", async () => {
  const before = tf.memory().numTensors;
  const drawn = await assignments(place.at("lad"), "--out", place.at("drawn"));
  expect(drawn, drawn.text).toMatchObject({ code: 0 });
  expect(tf.memory().numTensors).toBe(before);
  const files = await readdir(place.at("drawn"));
  expect(files.sort()).toEqual(["assignments.html", ...files.filter((name) => /^val_.*\.png$/.test(name))]);
  expect(files).toHaveLength(3); // two pictures in the split
  const { width, height } = await loadImage(await readFile(place.at("drawn", files[1]!)));
  expect(width).toBe(4 * 128 + 3 * 8); // before and positive, of student and teacher
  expect((height + 8) % (128 + 16 + 8)).toBe(0); // a row a level
  const page = await readFile(place.at("drawn", "assignments.html"), "utf8");
  expect(count(page, /class="anchor before"/g)).toBeGreaterThan(count(page, /class="anchor after"/g));
  const said = [...drawn.text.matchAll(/student (\d+), teacher (\d+) positive/g)];
  const positives = said.reduce((sum, [, one, two]) => sum + Number(one) + Number(two), 0);
  expect(positives).toBeGreaterThan(0);
  expect(count(page, /class="anchor after"/g)).toBe(positives);
  expect(page).toContain("are the same for the same object");
  expect(page).not.toMatch(/(?:src|href)="(?!data:)/); // nothing from outside
});

test("chosen pictures, by name; a plain run shows its one network; what is no run or no picture is said", async () => {
  const file = (await readdir(place.at("drawn"))).find((name) => name.endsWith(".png"))!.replace(".png", "");
  const one = await assignments(place.at("run"), "--images", file);
  expect(one, one.text).toMatchObject({ code: 0 });
  expect((await readdir(place.at("run", "report", "assignments"))).sort()).toEqual(["assignments.html", `${file}.png`]);
  expect(one.text).not.toContain("teacher");
  expect(await assignments(place.at("run"), "--images", "other.png")).toMatchObject({
    code: 1,
    text: expect.stringContaining("the split has no picture other.png"),
  });
  expect(await assignments(place.at("shapes"))).toMatchObject({ code: 1, text: expect.stringContaining("is no run") });
});

if (chromium !== undefined) {
  test("the page works in a browser: all levels at first, one by its address", async () => {
    const address = pathToFileURL(place.at("drawn", "assignments.html")).href;
    const whole = await domInChromium(chromium, address);
    const shown = (dom: string) => /<output>(\d+) candidates and (\d+) positives shown/.exec(dom)!.slice(1).map(Number);
    expect(shown(whole)).toEqual([count(whole, /class="anchor before"/g), count(whole, /class="anchor after"/g)]);
    const level = /name="level" value="(\d)"/.exec(whole)![1]!;
    const alone = await domInChromium(chromium, `${address}#level=${level}`);
    const on = (stage: string) => count(whole, new RegExp(`class="anchor ${stage}" data-level="${level}"`, "g"));
    expect(shown(alone)).toEqual([on("before"), on("after")]);
    expect(shown(alone)[0]!).toBeGreaterThan(0);
    expect(count(alone, /display: ?none/g)).toBe(shown(whole)[0]! + shown(whole)[1]! - on("before") - on("after"));
  });
} else {
  test("NOT RUN IN A BROWSER: there is no Chromium here, and it cannot be installed without root on Debian", () => {
    expect(canInstallPackages()).toBe(false);
  });
}
