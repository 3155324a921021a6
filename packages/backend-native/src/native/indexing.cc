#include <string.h>

#include "arguments.h"
#include "kernels.h"
#include "loops.h"
#include "parallel.h"

// Elements that are named by several indices at once, segments, and what is made of indices alone.
namespace lad {
namespace {

/** Rows of an array whose first axes have the sizes `sizes`; row i of `indices` names one of them. */
struct Rows {
  Index depth, count, rows, width;
  const int32_t *indices, *sizes;

  /** @throws if an index is outside of its axis */
  Rows(Arguments& call, size_t indicesAt, size_t sizesAt, size_t widthAt) {
    Index length;
    sizes = call.integers(sizesAt, 1, &depth);
    indices = call.integers(indicesAt, 0, &length);
    width = call.whole(widthAt, 0, most);
    count = length / depth;
    rows = 1;
    for (Index d = 0; d < depth; d++) {
      if (sizes[d] < 0) call.refuse(sizesAt, "sizes");
      rows = product(rows, sizes[d]);
    }
    for (Index i = 0; i < count * depth; i++)
      if (indices[i] < 0 || indices[i] >= sizes[i % depth])
        throw std::out_of_range("index " + std::to_string(indices[i]) + " is not in [0, " + std::to_string(sizes[i % depth]) + ")");
  }

  Index row(Index i) const {
    Index at = 0;
    for (Index d = 0; d < depth; d++) at = at * sizes[d] + indices[i * depth + d];
    return at;
  }
};

uint32_t* words(Arguments& call, size_t at, Index least) {
  Index length;
  size_t width;
  void* data = call.any(at, &length, &width);
  if (width != 4 || length < least) call.refuse(at, "at least " + std::to_string(least) + " elements of 4 bytes");
  return static_cast<uint32_t*>(data);
}

/** (x, indices, y, sizes, width): y[i] = the row of x that row i of indices names */
void gatherMany(Arguments& call) {
  const Rows r(call, 1, 3, 4);
  const uint32_t* x = words(call, 0, product(r.rows, r.width));
  uint32_t* y = words(call, 2, product(r.count, r.width));
  if (r.width == 0) return;
  parallel(r.count, 16384 / r.width + 1, [&](Index begin, Index end) {
    for (Index i = begin; i < end; i++) memmove(y + i * r.width, x + r.row(i) * r.width, r.width * sizeof(uint32_t));
  });
}

/** (indices, updates, y, sizes, width): writes row i of updates over the row of y that row i of indices names; of several the last stays */
void writeRows(Arguments& call) {
  const Rows r(call, 0, 3, 4);
  const uint32_t* updates = words(call, 1, product(r.count, r.width));
  uint32_t* y = words(call, 2, product(r.rows, r.width));
  if (r.width == 0) return;
  for (Index i = 0; i < r.count; i++) memmove(y + r.row(i) * r.width, updates + i * r.width, r.width * sizeof(uint32_t));
}

/** (segments, x, y, count, width): y[s] = Σ rows of x whose segment is s; rows of other segments are left out */
void segmentSum(Arguments& call) {
  Index rows;
  const int32_t* segments = call.integers(0, 0, &rows);
  const Index count = call.whole(3, 0, most), width = call.whole(4, 0, most);
  const float* x = call.floats(1, product(rows, width));
  float* y = call.floats(2, product(count, width));
  if (product(count, width) == 0) return;
  // every thread owns segments and adds what falls on them, in order: the same sums for any number of threads
  const auto addTo = loops().addTo;
  parallel(count, 16384 / width + 1, [&](Index begin, Index end) {
    memset(y + begin * width, 0, size_t((end - begin) * width) * sizeof(float));
    for (Index row = 0; row < rows; row++)
      if (segments[row] >= begin && segments[row] < end) addTo(y + segments[row] * width, x + row * width, width);
  });
}

/** (indices, y, depth, on, off): y [indices, depth] */
void oneHot(Arguments& call) {
  Index count;
  const int32_t* indices = call.integers(0, 0, &count);
  const Index depth = call.whole(2, 0, most);
  float* y = call.floats(1, product(count, depth));
  const float on = float(call.number(3)), off = float(call.number(4));
  if (depth == 0) return;
  const auto fill = loops().fill;
  parallel(count, 16384 / depth + 1, [&](Index begin, Index end) {
    fill(y + begin * depth, (end - begin) * depth, off);
    for (Index i = begin; i < end; i++)
      if (indices[i] >= 0 && indices[i] < depth) y[i * depth + indices[i]] = on;
  });
}

/** (y, start, step): y[i] = start + i·step */
template <class T>
void ramp(Arguments& call) {
  Index count;
  T* y = call.array<T>(0, 0, &count);
  const double start = call.number(1), step = call.number(2);
  if constexpr (std::is_same_v<T, int32_t>)
    if (!(start > -2147483649.0 && start < 2147483648.0) || !(start + double(count) * step > -4294967296.0 && start + double(count) * step < 4294967296.0))
      call.refuse(1, "within the range of int32, and so all that follows");
  for (Index i = 0; i < count; i++) y[i] = std::is_same_v<T, int32_t> ? T(int64_t(start + double(i) * step)) : T(start + double(i) * step);
}

}  // namespace

void addIndexing(Module& module) {
  module.add<gatherMany>("gatherMany");
  module.add<writeRows>("writeRows");
  module.add<segmentSum>("segmentSum");
  module.add<oneHot>("oneHot");
  module.add<ramp<float>>("ramp");
  module.add<ramp<int32_t>>("rampIntegers");
}

}  // namespace lad
