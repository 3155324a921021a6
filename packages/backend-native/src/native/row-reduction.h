#pragma once
#include <vector>

#include "arguments.h"
#include "parallel.h"
#include "sizes.h"

// What losses of rows of predictions share: weights, and results per element, per row or summed.
namespace lad::losses {

enum Reduction { perElement, perRow, summed };

struct Rows {
  Index rows, columns;
  Reduction reduction;
  const float* weights;  // may be null

  Index predictions() const { return elements({rows, columns}); }
  /** Elements of the result, and of its gradient. */
  Index results() const { return reduction == perElement ? predictions() : reduction == perRow ? rows : 1; }
  float weight(Index row) const { return weights ? weights[row] : 1.f; }
};

/** Arguments `at` … `at + 2`: rows, columns, reduction; `weights`: the argument of the weights. */
inline Rows readRows(Arguments& call, size_t at, size_t weights) {
  Rows r{call.whole(at, 0, INT32_MAX), call.whole(at + 1, 0, INT32_MAX), Reduction(call.whole(at + 2, 0, 2)), nullptr};
  r.weights = call.optionalFloats(weights, r.rows);
  return r;
}

/** Rows that are worth a thread. */
inline Index grainOf(const Rows& r) { return 8192 / (r.columns + 1) + 1; }

/** Stores or sums `value(row, weight)`, the row's loss, weighted. The sum is in double and depends on rows and threads only. */
template <class Value>
void reduceRows(const Rows& r, float* y, Value value) {
  if (r.reduction != summed) {
    parallel(r.rows, grainOf(r), [&](Index begin, Index end) {
      for (Index row = begin; row < end; row++) y[row] = float(value(row) * r.weight(row));
    });
    return;
  }
  const int all = pieces(r.rows, r.columns);
  std::vector<double> sums(all, 0.0);
  inPieces(all, r.rows, [&](int piece, Index begin, Index end) {
    double sum = 0;
    for (Index row = begin; row < end; row++) sum += double(value(row)) * r.weight(row);
    sums[piece] = sum;
  });
  double total = 0;
  for (double sum : sums) total += sum;
  *y = float(total);
}

/** Runs `slopes(row, factor)`, the factor being the row's weight times its dy (of one dy for all if the loss was summed; 1 if dy is per element). */
template <class Slopes>
void overSlopes(const Rows& r, const float* dy, Slopes slopes) {
  parallel(r.rows, grainOf(r), [&](Index begin, Index end) {
    for (Index row = begin; row < end; row++)
      slopes(row, r.weight(row) * (r.reduction == summed ? *dy : r.reduction == perRow ? dy[row] : 1.f));
  });
}

}  // namespace lad::losses
