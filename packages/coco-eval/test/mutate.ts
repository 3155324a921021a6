import type { random } from "@lad/core";

type Stream = ReturnType<typeof random>;

/** Pieces that upset readers of JSON, of numbers and of ids. */
const pieces = [
  ...'[]{},:"\\- 0',
  ...["null", "true", "false", "[]", "{}", '""', "-0", "1e999", "-1e400", "1e-7", "0.1", "NaN", "Infinity", "01", "1."],
  ...["4294967296", "9007199254740993", "\u0000", "\u00e9", "\ud800", "\\u0030", '{"a":[', '"id":', '"bbox":[1,2],'],
];

/** A text with one to three changes: pieces cut out, doubled, swapped, put in, or characters replaced. */
export function mutate(text: string, stream: Stream): string {
  let mutated = text;
  for (let change = stream.integer(2) * stream.integer(3); change >= 0; change--) mutated = changeOnce(mutated, stream);
  return mutated;
}

function changeOnce(text: string, { integer }: Stream): string {
  const at = integer(text.length + 1);
  const to = Math.min(text.length, at + 1 + integer(integer(4) === 0 ? 200 : 6));
  const [before, cut, after] = [text.slice(0, at), text.slice(at, to), text.slice(to)];
  const piece = pieces[integer(pieces.length)]!;
  const changes = [
    () => before + after,
    () => before + cut + cut + after,
    () => before + piece + text.slice(at),
    () => before + piece + after,
    () => before + String.fromCharCode(32 + integer(96)) + text.slice(at + 1),
    () => before.replace(/-?\d[\d.]*(?=[^\d.]*$)/, () => piece) + text.slice(at), // the number before the place
    () => (integer(4) === 0 ? before : before + piece + cut + after), // cut short, sometimes
  ];
  return changes[integer(changes.length)]!();
}
