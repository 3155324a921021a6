#include <string.h>

#include <algorithm>
#include <vector>

#include "arguments.h"
#include "kernels.h"
#include "parallel.h"

namespace lad {
namespace {

/** Numbers that are ordered as the values are; NaN above everything. */
inline uint32_t orderOf(float value) {
  if (value != value) return UINT32_MAX;
  const float x = value + 0.f;  // -0 as 0
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}
inline uint32_t orderOf(int32_t value) { return uint32_t(value) ^ 0x80000000u; }

/** A value and where it was; the smaller the earlier in the result: descending values, equal ones by index. */
inline uint64_t candidate(uint32_t order, Index at) { return uint64_t(~order) << 32 | uint32_t(at); }

/** Leaves the k best candidates of x[begin, end) in `kept`, in any order. One pass with a running bound: for values in random order few pass it. */
template <class T>
void keepBest(const T* x, Index begin, Index end, Index k, std::vector<uint64_t>& kept) {
  const size_t room = size_t(std::max<Index>(2 * k, 1024));
  uint64_t bound = UINT64_MAX;
  const auto cut = [&] {
    if (kept.size() <= size_t(k)) return;
    std::nth_element(kept.begin(), kept.begin() + (k - 1), kept.end());
    bound = kept[k - 1];
    kept.resize(k);
  };
  for (Index i = begin; i < end; i++) {
    const uint64_t one = candidate(orderOf(x[i]), i);
    if (one >= bound) continue;
    kept.push_back(one);
    if (kept.size() >= room) cut();
  }
  cut();
}

template <class T>
void write(std::vector<uint64_t>& kept, Index k, const T* x, T* values, int32_t* indices) {
  std::partial_sort(kept.begin(), kept.begin() + k, kept.end());
  for (Index i = 0; i < k; i++) {
    indices[i] = int32_t(uint32_t(kept[i]));
    values[i] = x[indices[i]];
  }
}

/** (x, values, indices, rows, length, k): the k greatest of each row, descending, equal ones by index; NaN is the greatest */
template <class T>
void topk(Arguments& call) {
  const Index rows = call.whole(3, 0, most), length = call.whole(4, 0, INT32_MAX), k = call.whole(5, 0, length);
  const T* x = call.array<T>(0, product(rows, length));
  T* values = call.array<T>(1, product(rows, k));
  int32_t* indices = call.integers(2, product(rows, k));
  if (k == 0) return;
  if (rows >= threads() || length < 32768) {
    parallel(rows, 32768 / length + 1, [&](Index begin, Index end) {
      std::vector<uint64_t> kept;
      for (Index row = begin; row < end; row++) {
        kept.clear();
        keepBest(x + row * length, 0, length, k, kept);
        write(kept, k, x + row * length, values + row * k, indices + row * k);
      }
    });
    return;
  }
  for (Index row = 0; row < rows; row++) {
    std::vector<std::vector<uint64_t>> parts(threads());
    inPieces(threads(), length, [&](int piece, Index begin, Index end) { keepBest(x + row * length, begin, end, k, parts[piece]); });
    for (size_t piece = 1; piece < parts.size(); piece++) parts[0].insert(parts[0].end(), parts[piece].begin(), parts[piece].end());
    write(parts[0], k, x + row * length, values + row * k, indices + row * k);
  }
}

}  // namespace

void addTopk(Module& module) {
  module.add<topk<float>>("topk");
  module.add<topk<int32_t>>("topkIntegers");
}

}  // namespace lad
