#include "arguments.h"
#include "kernels.h"
#include "parallel.h"
#include "row-loops.h"

namespace lad {
namespace {

/** (x, y, rows, length) */
void softmax(Arguments& call) {
  const Index rows = call.whole(2, 0, most), length = call.whole(3, 0, most);
  const float* x = call.floats(0, product(rows, length));
  float* y = call.floats(1, product(rows, length));
  if (product(rows, length) == 0) return;
  const auto loop = rowLoops().softmax;
  parallel(rows, 4096 / length + 1, [&](Index begin, Index end) { loop(x + begin * length, y + begin * length, end - begin, length); });
}

}  // namespace

void addSoftmax(Module& module) { module.add<softmax>("softmax"); }

}  // namespace lad
