import type { Random } from "@lad/core";

const pieces = [
  "<",
  ">",
  "</",
  "&",
  "]]>",
  "<!--",
  "NaN",
  "-1e999",
  "Infinity",
  "0x10",
  "",
  "\0",
  "\ufeff",
  "&#0;",
  "💥",
];

/** `count` spoilt copies of a text: a few characters replaced, parts left out, doubled, moved, or cut off. */
export function* mutations(text: string, count: number, stream: Random): Generator<string> {
  for (let made = 0; made < count; made++) {
    let spoilt = text;
    for (let change = 0; change <= (stream.uniform() < 0.6 ? 0 : stream.integer(4)); change++)
      spoilt = mutate(spoilt, stream);
    yield spoilt;
  }
}

function mutate(text: string, stream: Random): string {
  const at = stream.integer(text.length + 1);
  const to = Math.min(text.length, at + stream.integer(1 + (stream.uniform() < 0.8 ? 8 : text.length)));
  const [before, part, after] = [text.slice(0, at), text.slice(at, to), text.slice(to)];
  switch (stream.integer(6)) {
    case 0:
      return before + pieces[stream.integer(pieces.length)] + after;
    case 1:
      return before + after;
    case 2:
      return before + part + part + after;
    case 3:
      return before + String.fromCharCode(stream.integer(300)) + after.slice(1);
    case 4:
      return (
        before.replace(/\d+/g, (digits) => (stream.uniform() < 0.3 ? pieces[stream.integer(pieces.length)]! : digits)) +
        part +
        after
      );
    default:
      return after + part + before;
  }
}
