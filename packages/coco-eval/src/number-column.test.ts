import { expect, it } from "vitest";
import { numberColumn } from "./number-column";

it("keeps what is pushed one by one, all at once or from a part of an array, whatever its room", () => {
  const column = numberColumn();
  const expected: number[] = [];
  const source = Float64Array.from({ length: 300 }, (_, i) => i / 3);
  for (let i = 0; i < 50; i++) {
    column.push(i);
    column.pushAll([i, -i]);
    column.pushFrom(source, i, 7);
    expected.push(i, i, -i, ...source.slice(i, i + 7));
  }
  column.pushFrom(source, 0, 300); // more than twice the room
  expect(Array.from(column.finish())).toEqual([...expected, ...source]);
  expect(column.count()).toBe(expected.length + 300);
  expect(Array.from(column.view().subarray(-2))).toEqual([298 / 3, 299 / 3]);
  column.clear();
  expect(column.finish()).toHaveLength(0);
});
