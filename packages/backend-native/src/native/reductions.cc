#include <math.h>

#include <vector>

#include "arguments.h"
#include "kernels.h"
#include "loops.h"
#include "parallel.h"
#include "reduction.h"

namespace lad {
namespace {

constexpr Index blockRows = 64;

using FloatReduction = Reduction<float, float>;

/** Sums of columns in blocks of rows in float32, the blocks in float64. */
void columnSums(const float* x, Index rows, Index columns, double* sums, float* block) {
  const Loops& table = loops();
  for (Index row = 0; row < rows; row += blockRows) {
    const Index end = row + blockRows < rows ? row + blockRows : rows;
    for (Index c = 0; c < columns; c++) block[c] = 0;
    for (Index r = row; r < end; r++) table.addTo(block, x + r * columns, columns);
    for (Index c = 0; c < columns; c++) sums[c] += block[c];
  }
}

void sumRows(const FloatReduction& r, double factor) {
  const auto loop = loops().sum;
  if (r.outer > 1) {
    parallel(r.outer, 16384 / r.length + 1, [&](Index begin, Index end) {
      for (Index o = begin; o < end; o++) r.y[o] = float(loop(r.x + o * r.length, r.length) * factor);
    });
    return;
  }
  const int all = pieces(r.length, 1);
  std::vector<double> part(all, 0.0);
  inPieces(all, r.length, [&](int piece, Index begin, Index end) { part[piece] = loop(r.x + begin, end - begin); });
  double total = 0;
  for (double sum : part) total += sum;
  r.y[0] = float(total * factor);
}

void sumColumns(const FloatReduction& r, double factor) {
  // many outer blocks: each by one thread; few: rows split among threads
  const bool split = r.outer < threads();
  const int all = split ? pieces(r.length, r.inner) : threads();
  std::vector<double> sums(size_t(all) * r.inner);
  std::vector<float> blocks(size_t(all) * r.inner);
  const auto write = [&](Index o, const double* total) {
    for (Index c = 0; c < r.inner; c++) r.y[o * r.inner + c] = float(total[c] * factor);
  };
  const auto zero = [&](double* from, Index count) {
    for (Index c = 0; c < count; c++) from[c] = 0;
  };
  if (!split) {
    inPieces(all, r.outer, [&](int piece, Index begin, Index end) {
      double* mine = sums.data() + piece * r.inner;
      for (Index o = begin; o < end; o++) {
        zero(mine, r.inner);
        columnSums(r.x + o * r.length * r.inner, r.length, r.inner, mine, blocks.data() + piece * r.inner);
        write(o, mine);
      }
    });
    return;
  }
  for (Index o = 0; o < r.outer; o++) {
    zero(sums.data(), Index(sums.size()));
    inPieces(all, r.length, [&](int piece, Index begin, Index end) {
      columnSums(r.x + (o * r.length + begin) * r.inner, end - begin, r.inner, sums.data() + piece * r.inner,
                 blocks.data() + piece * r.inner);
    });
    for (int piece = 1; piece < all; piece++)
      for (Index c = 0; c < r.inner; c++) sums[c] += sums[piece * r.inner + c];
    write(o, sums.data());
  }
}

/** (x, y, outer, length, inner, factor) */
void reduceSum(Arguments& call) {
  const FloatReduction r(call);
  const double factor = call.number(5);
  if (r.outer * r.inner == 0) return;
  if (r.inner == 1) sumRows(r, factor);
  else sumColumns(r, factor);
}

/** (x, y, outer, length, inner, least): maxima, or minima; NaN wins */
void reduceExtreme(Arguments& call) {
  const FloatReduction r(call);
  const bool least = call.number(5) != 0;
  const Loops& table = loops();
  const auto whole = least ? table.least : table.greatest;
  if (r.inner == 0) return;
  const auto into = least ? table.minimumInto : table.maximumInto;
  parallel(r.outer, r.grain(), [&](Index begin, Index end) {
    for (Index o = begin; o < end; o++) {
      const float* x = r.x + o * r.length * r.inner;
      float* y = r.y + o * r.inner;
      if (r.inner == 1) {
        *y = whole(x, r.length);
        continue;
      }
      for (Index c = 0; c < r.inner; c++) y[c] = x[c];
      for (Index row = 1; row < r.length; row++) into(y, x + row * r.inner, r.inner);
    }
  });
}

}  // namespace

void addReductions(Module& module) {
  module.add<reduceSum>("reduceSum");
  module.add<reduceExtreme>("reduceExtreme");
}

}  // namespace lad
