// A worker for the tests of lib/open-child.mjs.
let sum = 0;
export function start({ threads }) {
  console.log("not an answer");
  return { threads };
}
export function add({ amount }) {
  sum += amount;
  return sum;
}
export function fail() {
  throw new Error("this case does not run");
}
export function die() {
  process.stderr.write("out of memory\n");
  process.exit(3);
}
