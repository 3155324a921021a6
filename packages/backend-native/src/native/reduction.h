#pragma once
#include "arguments.h"

namespace lad {

/** x is [outer, length, inner], y [outer, inner]. */
template <class In, class Out>
struct Reduction {
  Index outer, length, inner;
  const In* x;
  Out* y;

  /** Arguments 0 … 4: x, y, outer, length (at least 1), inner */
  explicit Reduction(Arguments& call)
      : outer(call.whole(2, 0, most)), length(call.whole(3, 1, most)), inner(call.whole(4, 0, most)),
        x(call.array<In>(0, product(outer, length, inner))), y(call.array<Out>(1, product(outer, inner))) {}

  /** Items of the outer axis that are worth a thread. */
  Index grain() const { return 16384 / (length * (inner > 0 ? inner : 1)) + 1; }
};

}  // namespace lad
