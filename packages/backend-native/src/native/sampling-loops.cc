// Compiled once per instruction set, which LAD_ISA names; the rules of loops.cc hold.
#include "sampling-loops.h"

#include <string.h>

namespace lad::sampling {
namespace {

// the compiler splits it for narrower registers
typedef float Vector __attribute__((vector_size(64)));
constexpr int64_t lanes = 16, wide = 4;

inline Vector load(const float* from) {
  Vector v;
  memcpy(&v, from, sizeof v);
  return v;
}
inline void store(float* to, Vector v) { memcpy(to, &v, sizeof v); }

template <int count>
inline void gatherBlock(const float* base, const int32_t* cells, const float* weights, int64_t taps, int64_t stride, float scale, float* y) {
  Vector sums[count] = {};
  for (int64_t k = 0; k < taps; k++) {
    const float* pixel = base + cells[k] * stride;
    for (int i = 0; i < count; i++) sums[i] += weights[k] * load(pixel + i * lanes);
  }
  for (int i = 0; i < count; i++) store(y + i * lanes, load(y + i * lanes) + scale * sums[i]);
}

void gatherLoop(const float* base, const int32_t* cells, const float* weights, int64_t taps, int64_t stride, int64_t width, float scale, float* y) {
  int64_t c = 0;
  for (; c + wide * lanes <= width; c += wide * lanes) gatherBlock<wide>(base + c, cells, weights, taps, stride, scale, y + c);
  for (; c + lanes <= width; c += lanes) gatherBlock<1>(base + c, cells, weights, taps, stride, scale, y + c);
  for (; c < width; c++) {
    float sum = 0;
    for (int64_t k = 0; k < taps; k++) sum += weights[k] * base[cells[k] * stride + c];
    y[c] += scale * sum;
  }
}

void scatterLoop(float* base, const int32_t* cells, const float* weights, int64_t taps, int64_t stride, int64_t width, float scale, const float* v) {
  for (int64_t k = 0; k < taps; k++) {
    float* pixel = base + cells[k] * stride;
    const float factor = scale * weights[k];
#pragma GCC ivdep
    for (int64_t c = 0; c < width; c++) pixel[c] += factor * v[c];
  }
}

void dotLoop(const float* base, const int32_t* cells, int64_t taps, int64_t stride, int64_t width, const float* v, float* products) {
  for (int64_t k = 0; k < taps; k++) {
    const float* pixel = base + cells[k] * stride;
    Vector sums = {};
    int64_t c = 0;
    for (; c + lanes <= width; c += lanes) sums += load(pixel + c) * load(v + c);
    float sum = 0;
    for (int i = 0; i < lanes; i++) sum += sums[i];
    for (; c < width; c++) sum += pixel[c] * v[c];
    products[k] = sum;
  }
}

const Loops table = {gatherLoop, scatterLoop, dotLoop};

}  // namespace

const Loops& LAD_FOR_ISA(loops)() { return table; }

}  // namespace lad::sampling
