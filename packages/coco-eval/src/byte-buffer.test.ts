import { expect, it } from "vitest";
import { byteBuffer, reserveBytes } from "./byte-buffer";

it("reserveBytes keeps the bytes, and the room while it lasts", () => {
  const buffer = byteBuffer();
  const room = reserveBytes(buffer, 1000);
  room.set([1, 2, 3]);
  buffer.length = 3;
  expect(reserveBytes(buffer, room.length - 3)).toBe(room);
  const larger = reserveBytes(buffer, 5 * room.length);
  expect(buffer.bytes).toBe(larger);
  expect(larger.length).toBeGreaterThanOrEqual(3 + 5 * room.length);
  expect(Array.from(larger.subarray(0, 4))).toEqual([1, 2, 3, 0]);
});
