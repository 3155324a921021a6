/**
 * Times a function that is called again and again, so that a call of less than a millisecond is measured as well as one of a second.
 * @param call may return a promise; what it returns goes to `dispose`. @param before runs before each call, not timed.
 * @returns `calibrate()`, which decides how many calls make one measurement of at least `least` ms, after `warmUp` ms of calls, and `run()`, the ms of one call.
 */
export function timeCalls({ call, dispose = () => undefined, before = () => undefined, least = 30, warmUp = 300 }) {
  let calls = 1;
  const total = async () => {
    let milliseconds = 0;
    for (let index = 0; index < calls; index++) {
      before();
      const start = performance.now();
      const returned = call();
      const made = returned instanceof Promise ? await returned : returned;
      milliseconds += performance.now() - start;
      dispose(made);
    }
    return milliseconds;
  };
  return {
    async calibrate() {
      let spent = 0;
      while (spent < warmUp) spent += await total(); // code is compiled, and compiled better, while it runs
      calls = Math.max(1, Math.ceil(least / (await total())));
    },
    run: async () => (await total()) / calls,
  };
}
