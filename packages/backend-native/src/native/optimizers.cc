#include "arguments.h"
#include "kernels.h"
#include "optimizer-loops.h"
#include "parallel.h"

namespace lad {
namespace {

/** (w, g, v or null, newW, newV, rate, momentum, decay, nesterov) */
void descend(Arguments& call) {
  Index count;
  const float* w = call.floats(0, 0, &count);
  const float *g = call.floats(1, count), *v = call.optionalFloats(2, count);
  float *newW = call.floats(3, count), *newV = call.floats(4, count);
  const float rate = float(call.number(5)), momentum = float(call.number(6)), decay = float(call.number(7));
  const bool nesterov = call.number(8) != 0;
  const auto loop = optimizers::loops().descend;
  parallel(count, 16384, [&](Index begin, Index end) {
    loop(w + begin, g + begin, v ? v + begin : nullptr, newW + begin, newV + begin, end - begin, rate, momentum, decay, nesterov);
  });
}

/** (w, g, m or null, s or null, newW, newM, newS, beta1, beta2, shrink, rate, correction, eps); new arrays may be the old ones */
void adamW(Arguments& call) {
  Index count;
  const float* w = call.floats(0, 0, &count);
  const float *g = call.floats(1, count), *m = call.optionalFloats(2, count), *s = call.optionalFloats(3, count);
  float *newW = call.floats(4, count), *newM = call.floats(5, count), *newS = call.floats(6, count);
  const auto number = [&](size_t at) { return float(call.number(at)); };
  const optimizers::Adam step{number(7), number(8), number(9), number(10), number(11), number(12)};
  const auto loop = optimizers::loops().adam;
  parallel(count, 16384, [&](Index begin, Index end) {
    loop(w + begin, g + begin, m ? m + begin : nullptr, s ? s + begin : nullptr, newW + begin, newM + begin, newS + begin, end - begin, step);
  });
}

/** (x, fresh, y, keep, take): y, which may be x, is keep·x + take·fresh */
void blend(Arguments& call) {
  Index count;
  const float* x = call.floats(0, 0, &count);
  const float* fresh = call.floats(1, count);
  float* y = call.floats(2, count);
  const float keep = float(call.number(3)), take = float(call.number(4));
  const auto loop = optimizers::loops().blend;
  parallel(count, 16384, [&](Index begin, Index end) { loop(x + begin, fresh + begin, y + begin, end - begin, keep, take); });
}

}  // namespace

void addOptimizers(Module& module) {
  module.add<descend>("descend");
  module.add<adamW>("adamW");
  module.add<blend>("blend");
}

}  // namespace lad
