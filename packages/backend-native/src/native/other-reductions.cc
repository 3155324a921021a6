#include <vector>

#include "arguments.h"
#include "kernels.h"
#include "parallel.h"
#include "reduction.h"

// Where extremes lie, products, and reductions of int32 and bool.
namespace lad {
namespace {

/** Folds each column of [length, inner] from `start` on: `fold(sum, x, row)`; `finish(sum)` makes the result. */
template <class Sum, class In, class Out, class Fold, class Finish>
void reduce(const Reduction<In, Out>& r, Sum start, Fold fold, Finish finish) {
  if (r.inner == 0) return;
  parallel(r.outer, r.grain(), [&](Index begin, Index end) {
    std::vector<Sum> sums(r.inner);
    for (Index o = begin; o < end; o++) {
      const In* x = r.x + o * r.length * r.inner;
      sums.assign(r.inner, start);
      for (Index row = 0; row < r.length; row++)
        for (Index c = 0; c < r.inner; c++) fold(sums[c], x[row * r.inner + c], row);
      for (Index c = 0; c < r.inner; c++) r.y[o * r.inner + c] = finish(sums[c]);
    }
  });
}

struct Extreme {
  float value;
  int32_t at;
};

/** (x, y, outer, length, inner, least): the index of the first maximum, or minimum; NaN wins */
void argExtreme(Arguments& call) {
  const Reduction<float, int32_t> r(call);
  const bool least = call.number(5) != 0;
  const auto wins = [least](float x, float best) { return (least ? x < best : x > best) || (x != x && best == best); };
  reduce(
      r, Extreme{0, -1},
      [&](Extreme& best, float x, Index row) {
        if (best.at < 0 || wins(x, best.value)) best = {x, int32_t(row)};
      },
      [](const Extreme& best) { return best.at; });
}

/** (x, y, outer, length, inner): products, taken in float64 */
void reduceProduct(Arguments& call) {
  const Reduction<float, float> r(call);
  reduce(r, 1.0, [](double& sum, float x, Index) { sum *= x; }, [](double sum) { return float(sum); });
}

/** (x, y, outer, length, inner): sums of int32, which wrap around */
void reduceIntegerSum(Arguments& call) {
  const Reduction<int32_t, int32_t> r(call);
  reduce(r, uint32_t(0), [](uint32_t& sum, int32_t x, Index) { sum += uint32_t(x); }, [](uint32_t sum) { return int32_t(sum); });
}

/** (x, y, outer, length, inner, least) */
void reduceIntegerExtreme(Arguments& call) {
  const Reduction<int32_t, int32_t> r(call);
  const bool least = call.number(5) != 0;
  reduce(
      r, least ? INT32_MAX : INT32_MIN,
      [least](int32_t& best, int32_t x, Index) {
        if (least ? x < best : x > best) best = x;
      },
      [](int32_t best) { return best; });
}

/** (x, y, outer, length, inner, all): whether any is true, or all are */
void reduceTruth(Arguments& call) {
  const Reduction<uint8_t, uint8_t> r(call);
  const bool all = call.number(5) != 0;
  reduce(
      r, uint8_t(all),
      [all](uint8_t& truth, uint8_t x, Index) {
        if ((x != 0) != all) truth = !all;
      },
      [](uint8_t truth) { return truth; });
}

}  // namespace

void addOtherReductions(Module& module) {
  module.add<argExtreme>("argExtreme");
  module.add<reduceProduct>("reduceProduct");
  module.add<reduceIntegerSum>("reduceIntegerSum");
  module.add<reduceIntegerExtreme>("reduceIntegerExtreme");
  module.add<reduceTruth>("reduceTruth");
}

}  // namespace lad
