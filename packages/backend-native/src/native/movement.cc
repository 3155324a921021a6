#include <string.h>

#include "arguments.h"
#include "kernels.h"
#include "loops.h"
#include "parallel.h"
#include "strided.h"

namespace lad {
namespace {

/** Blocks of a transposition: rows of y are columns of x; reads and writes stay within a few cache lines. */
template <class T>
void copyRow(const T* x, T* y, Index count, Index stepX, Index stepY) {
  if (stepX == 1 && stepY == 1) memcpy(y, x, count * sizeof(T));
  else
    for (Index i = 0; i < count; i++) y[i * stepY] = x[i * stepX];
}

template <class T>
void copyAll(const Strided& shape, const T* x, T* y) {
  if (shape.outer == 1) {
    parallel(shape.inner, 32768, [&](Index begin, Index end) {
      copyRow(x + begin * shape.innerA, y + begin * shape.innerB, end - begin, shape.innerA, shape.innerB);
    });
    return;
  }
  if (shape.rank == 1 && shape.inner > 0 && shape.inner < 8) {  // rows of a few elements, as of boxes: down the columns, not from row to row
    parallel(shape.outer, 32768 / shape.inner + 1, [&](Index begin, Index end) {
      for (Index i = 0; i < shape.inner; i++)
        copyRow(x + begin * shape.stepA[0] + i * shape.innerA, y + begin * shape.stepB[0] + i * shape.innerB, end - begin,
                shape.stepA[0], shape.stepB[0]);
    });
    return;
  }
  shape.eachRow(32768, [&](Index, Index a, Index b) { copyRow(x + a, y + b, shape.inner, shape.innerA, shape.innerB); });
}

/** (x, y, meta: rank, offset in x, offset in y, sizes, steps in x, steps in y): slices, joins, pads, transposes, tiles */
void copy(Arguments& call) {
  Index lengthX, lengthY, metaLength;
  size_t widthX, widthY;
  const void* x = call.any(0, &lengthX, &widthX);
  void* y = call.any(1, &lengthY, &widthY);
  const int32_t* meta = call.integers(2, 3, &metaLength);
  const int rank = meta[0];
  if (rank < 0 || rank > Strided::most || metaLength < 3 + 3 * rank) call.refuse(2, "rank, offsets, sizes and steps");
  if (widthX != widthY) call.refuse(1, "an array of the same kind as argument 0");
  const Strided shape(rank, meta + 3, meta + 3 + rank, meta + 3 + 2 * rank);
  shape.check(meta[1], lengthX, meta[2], lengthY);
  if (widthX == 4) copyAll(shape, static_cast<const uint32_t*>(x) + meta[1], static_cast<uint32_t*>(y) + meta[2]);
  else copyAll(shape, static_cast<const uint8_t*>(x) + meta[1], static_cast<uint8_t*>(y) + meta[2]);
}

/** (x, indices, y, batch, outer, size, inner): y[b, o, i, :] = x[b, o, indices[b, i], :]; 4-byte elements */
void gather(Arguments& call) {
  const Index batch = call.whole(3), outer = call.whole(4), size = call.whole(5), inner = call.whole(6);
  Index lengthX, lengthY, indexCount;
  size_t widthX, widthY;
  const void* from = call.any(0, &lengthX, &widthX);
  const int32_t* indices = call.integers(1, 0, &indexCount);
  void* to = call.any(2, &lengthY, &widthY);
  const Index taken = batch > 0 ? indexCount / batch : 0;
  if (widthX != 4 || lengthX < batch * outer * size * inner) call.refuse(0, "4-byte elements, batch × outer × size × inner");
  if (widthY != 4 || lengthY < batch * outer * taken * inner) call.refuse(2, "4-byte elements, batch × outer × indices × inner");
  for (Index i = 0; i < indexCount; i++)
    if (indices[i] < 0 || indices[i] >= size)
      throw std::out_of_range("index " + std::to_string(indices[i]) + " is not in [0, " + std::to_string(size) + ")");
  if (inner == 0) return;  // or a loop over as many rows as anybody says
  const uint32_t* x = static_cast<const uint32_t*>(from);
  uint32_t* y = static_cast<uint32_t*>(to);
  parallel(batch * outer * taken, 16384 / (inner + 1) + 1, [&](Index begin, Index end) {
    Index block = begin / taken, at = begin % taken;
    const int32_t* chosen = indices + block / outer * taken;
    for (Index row = begin; row < end; row++) {
      memcpy(y + row * inner, x + (block * size + chosen[at]) * inner, inner * sizeof(uint32_t));
      if (++at < taken) continue;
      at = 0;
      chosen = indices + ++block / outer * taken;
    }
  });
}

/** (indices, updates, y, sizes, width): adds row i of updates to the row of y that row i of indices names; y is cleared first */
void scatter(Arguments& call) {
  Index depth, indexCount, length;
  const int32_t* sizes = call.integers(3, 0, &depth);
  const int32_t* indices = call.integers(0, 0, &indexCount);
  const Index width = call.whole(4);
  if (depth < 1) call.refuse(3, "the sizes of the indexed axes");
  const Index count = indexCount / depth;
  const float* updates = call.floats(1, count * width);
  Index rows = 1;
  for (Index d = 0; d < depth; d++) rows *= sizes[d];
  float* y = call.floats(2, rows * width, &length);
  const auto rowOf = [&](Index update) {
    Index row = 0;
    for (Index d = 0; d < depth; d++) row = row * sizes[d] + indices[update * depth + d];
    return row;
  };
  for (Index i = 0; i < count * depth; i++)
    if (indices[i] < 0 || indices[i] >= sizes[i % depth])
      throw std::out_of_range("index " + std::to_string(indices[i]) + " is not in [0, " + std::to_string(sizes[i % depth]) + ")");
  // every thread owns rows of y and adds what falls on them, in order: the same sums for any number of threads
  const auto addTo = loops().addTo;
  parallel(rows, 16384 / (width + 1) + 1, [&](Index begin, Index end) {
    if (width > 0) memset(y + begin * width, 0, (end - begin) * width * sizeof(float));
    for (Index update = 0; update < count; update++) {
      const Index row = rowOf(update);
      if (row >= begin && row < end) addTo(y + row * width, updates + update * width, width);
    }
  });
}

}  // namespace

void addMovement(Module& module) {
  module.add<copy>("copy");
  module.add<gather>("gatherRows");
  module.add<scatter>("scatterRows");
}

}  // namespace lad
