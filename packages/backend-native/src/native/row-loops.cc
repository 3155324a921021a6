// Compiled once per instruction set, which LAD_ISA names; the rules of loops.cc hold.
#include "row-loops.h"

#include <math.h>

#include "vector-math.h"

namespace lad {
namespace {

void blendLoop(float* y, const float* a, const float* b, const float* c, const float* d, float right, float down, int64_t count) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) {
    const float top = a[i] + (b[i] - a[i]) * right, bottom = c[i] + (d[i] - c[i]) * right;
    y[i] = top + (bottom - top) * down;
  }
}

void addScaledLoop(float* y, const float* x, float factor, int64_t count) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) y[i] += x[i] * factor;
}

constexpr int lanes = 16;

/** NaN wins. */
inline float greatestOf(const float* x, int64_t count) {
  float best[lanes];
  for (int j = 0; j < lanes; j++) best[j] = -INFINITY;
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (int j = 0; j < lanes; j++) best[j] = x[i + j] > best[j] || x[i + j] != x[i + j] ? x[i + j] : best[j];
  float result = -INFINITY;
  for (int j = 0; j < lanes; j++) result = best[j] > result || best[j] != best[j] ? best[j] : result;
  for (; i < count; i++) result = x[i] > result || x[i] != x[i] ? x[i] : result;
  return result;
}

inline float sumOf(const float* x, int64_t count) {
  float part[lanes] = {};
  double total = 0;
  int64_t i = 0;
  while (i + lanes <= count) {
    for (int64_t end = i + 1024; i + lanes <= count && i < end; i += lanes)
      for (int j = 0; j < lanes; j++) part[j] += x[i + j];
    for (int j = 0; j < lanes; j++) {
      total += part[j];
      part[j] = 0;
    }
  }
  for (; i < count; i++) total += x[i];
  return float(total);
}

void softmaxLoop(const float* x, float* y, int64_t rows, int64_t length) {
  for (int64_t row = 0; row < rows; row++) {
    const float* from = x + row * length;
    float* to = y + row * length;
    const float greatest = greatestOf(from, length);
#pragma GCC ivdep
    for (int64_t i = 0; i < length; i++) to[i] = expOf(from[i] - greatest);
    const float sum = sumOf(to, length);
#pragma GCC ivdep
    for (int64_t i = 0; i < length; i++) to[i] = to[i] / sum;
  }
}

const RowLoops table = {blendLoop, addScaledLoop, softmaxLoop};

}  // namespace

const RowLoops& LAD_FOR_ISA(rowLoops)() { return table; }

}  // namespace lad
