import { describe, expect, it } from "vitest";
import { feedRecords } from "./feed-records";
import { jsonCursor } from "./json-cursor";
import { numberColumn } from "./number-column";
import { MISSING, missingKey, READ, recordSink } from "./record-sink";
import { scanRecords } from "./scan-records";

const sizes = { id: 1, pair: 2, flag: 1 };

/** What a sink hands on for each record, from text and from objects. */
function readBoth(records: readonly unknown[]): [unknown[], unknown[]] {
  const run = (feed: (sink: ReturnType<typeof recordSink>) => void) => {
    const seen: unknown[] = [];
    feed(recordSink("things", sizes, (values, states, index) => seen.push([index, [...states], [...values]])));
    return seen;
  };
  return [
    run((sink) => scanRecords(jsonCursor(JSON.stringify(records)), sink)),
    run((sink) => feedRecords(records, sink)),
  ];
}

describe("recordSink", () => {
  it("hands on the values of each record, laid out one after another", () => {
    const [text, objects] = readBoth([
      { flag: true, other: { id: 5 }, pair: [2, 3], id: 1 },
      { id: 4, pair: [5, 6], flag: 0 },
    ]);
    expect(text).toEqual([
      [0, [READ, READ, READ], [1, 2, 3, 1]],
      [1, [READ, READ, READ], [4, 5, 6, 0]],
    ]);
    expect(objects).toEqual(text);
  });

  it("forgets between records what was there", () => {
    const states = readBoth([{ id: 1, flag: 1 }, {}, { pair: [1, 2] }]).map((seen) =>
      seen.map((record) => (record as [0, number[]])[1]),
    );
    const expected = [
      [READ, MISSING, READ],
      [MISSING, MISSING, MISSING],
      [MISSING, READ, MISSING],
    ];
    expect(states).toEqual([expected, expected]);
  });

  it("lets a later value of a repeated key mend an earlier one", () => {
    const seen: number[] = [];
    const sink = recordSink("things", sizes, (values) => seen.push(values[0]!));
    scanRecords(jsonCursor('[{"id":"x","id":[1],"id":3}]'), sink);
    expect(seen).toEqual([3]);
  });

  it.each([
    [[{ id: 1 }, { id: [] }], 'things[1]: "id" must be a number'],
    [[{ pair: [1, "2"] }], 'things[0]: "pair" must be an array of 2 numbers'],
    [[{ pair: 7 }], 'things[0]: "pair" must be an array of 2 numbers'],
    [[{ id: 1 }, null], "things[1] is not an object"],
  ])("refuses %j", (records, message) => {
    expect(() => readBoth(records)).toThrow(message);
    expect(() =>
      feedRecords(
        records,
        recordSink("things", sizes, () => {}),
      ),
    ).toThrow(message);
  });

  it("words a missing key", () => {
    expect(missingKey("reader: things[3]", "id", "give one")).toMatchObject({
      code: "INVALID_DATA",
      message: 'reader: things[3] has no "id"; give one',
    });
  });
});

describe("numberColumn", () => {
  it("grows and finishes at its length", () => {
    const column = numberColumn();
    expect(column.finish()).toHaveLength(0);
    for (let i = 0; i < 200; i++) column.push(i / 3);
    expect(Array.from(column.finish())).toEqual(Array.from({ length: 200 }, (_, i) => i / 3));
  });
});
