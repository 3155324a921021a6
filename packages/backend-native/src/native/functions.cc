#include "arguments.h"
#include "function-loops.h"
#include "kernels.h"
#include "pairs.h"
#include "parallel.h"

namespace lad {
namespace {

/** (function, x, y, p): the rarer functions of one number; which: function-loops.h */
void function(Arguments& call) {
  const auto loop = functionLoops().function[call.whole(0, 0, functionCount - 1)];
  Index count;
  const float* x = call.floats(1, 0, &count);
  float* y = call.floats(2, count);
  const float p = float(call.number(3));
  parallel(count, 2048, [&](Index begin, Index end) { loop(x + begin, y + begin, end - begin, p); });
}

/** (function, a, b, y, meta) */
void function2(Arguments& call) {
  overPairs<float, float>(call, functionLoops().function2[call.whole(0, 0, function2Count - 1)]);
}

/** (kind, x, y): whether each number is NaN, infinite, finite */
void kind(Arguments& call) {
  const auto loop = functionLoops().kind[call.whole(0, 0, kindCount - 1)];
  Index count;
  const float* x = call.floats(1, 0, &count);
  uint8_t* y = call.bytes(2, count);
  parallel(count, 32768, [&](Index begin, Index end) { loop(x + begin, y + begin, end - begin); });
}

}  // namespace

void addFunctions(Module& module) {
  module.add<function>("functionOf");
  module.add<function2>("functionOfTwo");
  module.add<kind>("kindOf");
}

}  // namespace lad
