import { drawFrom } from "./draw.mjs";
import { validCalls } from "./valid-calls.mjs";

/** Right calls of these may be refused: whether a filter has a layout of its own is the library's choice. */
const choosy = ["prepareFilter"];

const numbers = [0, 1, 2, 3, 7, -1, 1e9, 2 ** 31, 2 ** 33, 1e300, Number.NaN, Infinity, 0.5];
const extremes = [-(2 ** 31), 2 ** 31 - 1, -1, 0, 1, 2 ** 24, 2 ** 16 + 1];

/** One argument made wrong: another type, length, element, or nothing at all. */
function spoil(draw, value) {
  if (typeof value === "number") return draw.pick([...numbers, "1", null, undefined]);
  if (!ArrayBuffer.isView(value)) return draw.pick([undefined, 0, "x", {}, new Float64Array(9), draw.floats(3)]);
  if (value instanceof Int32Array && value.length > 0 && draw.chance(0.5)) {
    const other = draw.like(value, value.length);
    other[draw.whole(0, other.length - 1)] = draw.chance(0.5) ? draw.pick(extremes) : draw.whole(-2, 9);
    return other;
  }
  const length = Math.max(0, draw.chance(0.5) ? value.length - 1 : draw.whole(0, value.length - 1));
  const others = [
    draw.floats(value.length),
    draw.integers(value.length),
    draw.bytes(value.length),
    null,
    new Float64Array(value.length),
  ];
  return draw.chance(0.7) ? draw.like(value, length) : draw.pick(others);
}

/**
 * Calls random entry points: half of the calls right, half with one or two arguments made wrong, dropped, added or used twice.
 * Right calls must not throw, wrong ones must throw an Error or do no harm. @returns how many of the right and of the wrong calls threw.
 */
export function randomCalls(addon, { calls, seed, skip = [] }) {
  const draw = drawFrom(seed);
  const names = Object.keys(addon).filter((name) => !skip.includes(name));
  const missing = names.filter((name) => !(name in validCalls));
  if (missing.length > 0) throw new Error(`no calls are described for ${missing.join(", ")}: add them to test/fuzz`);
  const thrown = { right: [], wrong: 0 };
  for (let i = 0; i < calls; i++) {
    const name = names[i % names.length];
    let args = validCalls[name](draw);
    const right = draw.chance(0.5);
    if (!right)
      for (let times = draw.whole(1, 2); times > 0; times--) {
        const at = draw.whole(0, Math.max(0, args.length - 1));
        const how = draw.uniform();
        if (how < 0.05) args = args.slice(0, at);
        else if (how < 0.1) args = [...args, ...args].slice(0, 40);
        else args = args.map((value, index) => (index === at ? spoil(draw, value) : value));
      }
    try {
      addon[name](...args);
    } catch (error) {
      if (!(error instanceof Error)) throw new Error(`${name} threw ${String(error)}, no Error`);
      if (right && !choosy.includes(name)) thrown.right.push(`${name}: ${error.message}`);
      else if (!right) thrown.wrong++;
    }
  }
  return thrown;
}
