/**
 * Times a function that is called again and again, so that a call of less than a millisecond is measured as well as one of a second.
 * @param call returns what `dispose` frees. @param before runs before each call, not timed.
 * @returns `calibrate()`, which decides how many calls make one measurement of at least `least` ms, and `run()`, the ms of one call.
 */
export function timeCalls({ call, dispose = () => undefined, before = () => undefined, least = 30 }) {
  let calls = 1;
  const total = () => {
    let milliseconds = 0;
    for (let index = 0; index < calls; index++) {
      before();
      const start = performance.now();
      const made = call();
      milliseconds += performance.now() - start;
      dispose(made);
    }
    return milliseconds;
  };
  return {
    calibrate() {
      total(); // the first call compiles
      calls = Math.max(1, Math.ceil(least / total()));
    },
    run: () => total() / calls,
  };
}
