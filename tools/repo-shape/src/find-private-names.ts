/** What tells where a text was written rather than what it is about: absolute folders of one machine, package hosts. */
const privateNames: readonly RegExp[] = [
  /(?<![\w.$})-])\/(?:work|root)\//, // not `dist/work/`, not `${root}/`
  /\bregistry\.[a-z0-9-]+\.[a-z]/i,
  /(?<![\w.])\/home\/\w+\//,
];

/** Numbers of the lines that hold such a name. */
export function findPrivateNames(text: string): number[] {
  return text.split("\n").flatMap((line, index) => (privateNames.some((name) => name.test(line)) ? [index + 1] : []));
}
