import { expect, test } from "vitest";
import { didYouMean, nearestName } from "./nearest-name";

test("finds the name that was meant", () => {
  const names = ["learningRate", "momentum", "weightDecay", "batch"];
  expect(nearestName("learning_rate", names)).toBe("learningRate");
  expect(nearestName("weigthDecay", names)).toBe("weightDecay");
  expect(nearestName("Bach", names)).toBe("batch");
  expect(nearestName("btahc", names)).toBeUndefined();
  expect(nearestName("batc", names)).toBe("batch");
  expect(nearestName("bacth", names)).toBe("batch");
});

test("does not guess wildly", () => {
  expect(nearestName("colour", ["learningRate", "batch"])).toBeUndefined();
  expect(nearestName("x", [])).toBeUndefined();
  expect(didYouMean("colour", ["batch"])).toBe("");
});
