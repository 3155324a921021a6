#pragma once
#include "arguments.h"
#include "parallel.h"
#include "strided.h"

namespace lad {

/** Arguments 1 … 4 of an operation on two operands with broadcasting: a, b, y (dense) and meta: rank, then sizes, steps of a, steps of b. */
template <class In, class Out, class Loop>
void overPairs(Arguments& call, Loop loop) {
  constexpr Index grain = 16384;
  Index lengthA, lengthB, metaLength;
  const In *a = call.array<In>(1, 0, &lengthA), *b = call.array<In>(2, 0, &lengthB);
  const int32_t* meta = call.integers(4, 1, &metaLength);
  const int rank = meta[0];
  if (rank < 0 || rank > Strided::most || metaLength < 1 + 3 * rank) call.refuse(4, "rank, sizes and steps");
  const Strided shape(rank, meta + 1, meta + 1 + rank, meta + 1 + 2 * rank);
  Out* y = call.array<Out>(3, shape.elements());
  shape.check(0, lengthA, 0, lengthB);
  const Index inner = shape.inner, stepA = shape.innerA, stepB = shape.innerB;
  if (shape.outer == 1) {
    parallel(inner, grain, [&](Index begin, Index end) {
      loop(a + begin * stepA, b + begin * stepB, y + begin, end - begin, stepA, stepB);
    });
    return;
  }
  shape.eachRow(grain, [&](Index row, Index offsetA, Index offsetB) {
    loop(a + offsetA, b + offsetB, y + row * inner, inner, stepA, stepB);
  });
}

}  // namespace lad
