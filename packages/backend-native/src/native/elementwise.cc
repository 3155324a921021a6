#include <string.h>

#include "arguments.h"
#include "kernels.h"
#include "loops.h"
#include "pairs.h"
#include "parallel.h"

namespace lad {
namespace {

constexpr Index grain = 16384;

/** (operation, a, b, y, meta) */
void binary(Arguments& call) { overPairs<float, float>(call, loops().binary[call.whole(0, 0, binaryCount - 1)]); }
void compare(Arguments& call) { overPairs<float, uint8_t>(call, loops().compare[call.whole(0, 0, compareCount - 1)]); }
void power(Arguments& call) { overPairs<float, float>(call, loops().power); }

/** (operation, x, y, p, q) */
void unary(Arguments& call) {
  const auto loop = loops().unary[call.whole(0, 0, unaryCount - 1)];
  Index count;
  const float* x = call.floats(1, 0, &count);
  float* y = call.floats(2, count);
  const float p = float(call.number(3)), q = float(call.number(4));
  parallel(count, 8192, [&](Index begin, Index end) { loop(x + begin, y + begin, end - begin, p, q); });
}

/** (y, value) */
void fill(Arguments& call) {
  Index count;
  float* y = call.floats(0, 0, &count);
  const float value = float(call.number(1));
  const auto loop = loops().fill;
  parallel(count, 65536, [&](Index begin, Index end) { loop(y + begin, end - begin, value); });
}

/** (condition, a, b, y), all of one size */
void select(Arguments& call) {
  Index count;
  const uint8_t* condition = call.bytes(0, 0, &count);
  const float *a = call.floats(1, count), *b = call.floats(2, count);
  float* y = call.floats(3, count);
  const auto loop = loops().select;
  parallel(count, grain, [&](Index begin, Index end) {
    loop(condition + begin, a + begin, b + begin, y + begin, end - begin);
  });
}

/** (y, x0, x1, …) */
void sumOf(Arguments& call) {
  Index count;
  float* y = call.floats(0, 0, &count);
  const float* x[24];
  const size_t terms = call.count() - 1;
  if (terms < 1) call.refuse(1, "a Float32Array");
  for (size_t i = 0; i < terms; i++) x[i] = call.floats(i + 1, count);
  const auto addTo = loops().addTo;
  parallel(count, grain, [&](Index begin, Index end) {
    for (Index block = begin; block < end; block += 2048) {
      const Index size = block + 2048 < end ? 2048 : end - block;
      memcpy(y + block, x[0] + block, size * sizeof(float));
      for (size_t i = 1; i < terms; i++) addTo(y + block, x[i] + block, size);
    }
  });
}

/** (x, y): Int32Array or Uint8Array to Float32Array */
void toFloat(Arguments& call) {
  Index count;
  size_t width;
  const void* x = call.any(0, &count, &width);
  float* y = call.floats(1, count);
  if (width == 4) x = call.integers(0, count);
  const Loops& table = loops();
  parallel(count, grain, [&](Index begin, Index end) {
    if (width == 1) table.fromBytes(static_cast<const uint8_t*>(x) + begin, y + begin, end - begin);
    else table.fromIntegers(static_cast<const int32_t*>(x) + begin, y + begin, end - begin);
  });
}

/** (x, y): Float32Array to Int32Array, towards zero, or to Uint8Array, 1 where x is not 0 */
void fromFloat(Arguments& call) {
  Index count, length;
  size_t width;
  const float* x = call.floats(0, 0, &count);
  call.any(1, &length, &width);
  int32_t* integers = width == 4 ? call.integers(1, count) : nullptr;
  uint8_t* bytes = width == 1 ? call.bytes(1, count) : nullptr;
  const Loops& table = loops();
  parallel(count, grain, [&](Index begin, Index end) {
    if (bytes) table.toTruth(x + begin, bytes + begin, end - begin);
    else table.toIntegers(x + begin, integers + begin, end - begin);
  });
}

}  // namespace

void addElementwise(Module& module) {
  module.add<binary>("binary");
  module.add<compare>("compare");
  module.add<power>("power");
  module.add<unary>("unary");
  module.add<fill>("fill");
  module.add<select>("select");
  module.add<sumOf>("sumOf");
  module.add<toFloat>("floatsFrom");
  module.add<fromFloat>("floatsTo");
}

}  // namespace lad
