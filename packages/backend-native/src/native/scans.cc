#include <vector>

#include "arguments.h"
#include "kernels.h"
#include "parallel.h"

namespace lad {
namespace {

/** x and y are [outer, length, inner]; running sums or products along the middle axis. */
template <class T, class Sum, bool times>
void scan(Arguments& call) {
  const Index outer = call.whole(2, 0, most), length = call.whole(3, 0, most), inner = call.whole(4, 0, most);
  const bool exclusive = call.number(6) != 0, backwards = call.number(7) != 0;
  const T* x = call.array<T>(0, product(outer, length, inner));
  T* y = call.array<T>(1, product(outer, length, inner));
  if (product(outer, length, inner) == 0) return;
  parallel(outer, 16384 / (product(length, inner) + 1) + 1, [&](Index begin, Index end) {
    std::vector<Sum> sums(inner);
    for (Index o = begin; o < end; o++) {
      sums.assign(inner, Sum(times));
      for (Index step = 0; step < length; step++) {
        const Index at = (o * length + (backwards ? length - 1 - step : step)) * inner;
        for (Index c = 0; c < inner; c++) {
          const Sum before = sums[c], next = times ? Sum(before * Sum(x[at + c])) : Sum(before + Sum(x[at + c]));
          sums[c] = next;
          y[at + c] = T(exclusive ? before : next);
        }
      }
    }
  });
}

/** (x, y, outer, length, inner, product, exclusive, backwards): in float64, or in int32 that wraps around */
void cumulate(Arguments& call) {
  call.number(5) != 0 ? scan<float, double, true>(call) : scan<float, double, false>(call);
}
void cumulateIntegers(Arguments& call) {
  call.number(5) != 0 ? scan<int32_t, uint32_t, true>(call) : scan<int32_t, uint32_t, false>(call);
}

}  // namespace

void addScans(Module& module) {
  module.add<cumulate>("cumulate");
  module.add<cumulateIntegers>("cumulateIntegers");
}

}  // namespace lad
