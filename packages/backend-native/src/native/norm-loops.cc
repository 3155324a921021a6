// Compiled once per instruction set, which LAD_ISA names; the rules of loops.cc hold.
#include "norm-loops.h"

#include <math.h>

namespace lad {
namespace {

template <bool added, bool cut>
void finishRows(const float* x, const float* residual, float* y, int64_t rows, int64_t channels, const float* mean, const float* slope,
                const float* offset) {
  for (int64_t r = 0; r < rows; r++) {
    const float *row = x + r * channels, *rest = residual + (added ? r * channels : 0);
    float* out = y + r * channels;
#pragma GCC ivdep
    for (int64_t c = 0; c < channels; c++) {
      const float value = (row[c] - mean[c]) * slope[c] + offset[c] + (added ? rest[c] : 0.f);
      out[c] = cut && value < 0 ? 0.f : value;
    }
  }
}
void finishLoop(const float* x, const float* residual, float* y, int64_t rows, int64_t channels, const float* mean, const float* slope,
                const float* offset, bool relu) {
  const auto loop = residual ? (relu ? finishRows<true, true> : finishRows<true, false>)
                             : (relu ? finishRows<false, true> : finishRows<false, false>);
  loop(x, residual, y, rows, channels, mean, slope, offset);
}

void maskedSumsLoop(const float* dy, const float* y, const float* x, float* g, int64_t rows, int64_t channels, const float* mean,
                    float* sums, float* products) {
  for (int64_t r = 0; r < rows; r++) {
    const int64_t at = r * channels;
#pragma GCC ivdep
    for (int64_t c = 0; c < channels; c++) {
      const float out = y[at + c];
      const float slope = dy[at + c] * (out > 0 ? 1.f : (out == out ? 0.f : out));  // as reluGradient: NaN stays
      g[at + c] = slope;
      sums[c] += slope;
      products[c] += slope * (x[at + c] - mean[c]);
    }
  }
}

constexpr int lanes = 16;

/** Σ f(i), in lanes of float32 over at most 1024 elements, those in float64. */
template <class F>
inline double sumOver(int64_t count, F f) {
  double total = 0;
  int64_t i = 0;
  while (i + lanes <= count) {
    float part[lanes] = {};
    const int64_t end = i + 1024 < count ? i + 1024 : count;
    for (; i + lanes <= end; i += lanes)
      for (int j = 0; j < lanes; j++) part[j] += f(i + j);
    for (int j = 0; j < lanes; j++) total += part[j];
  }
  for (; i < count; i++) total += f(i);
  return total;
}

void layerNormLoop(const float* x, const float* scale, const float* offset, float* y, float* mean, float* inverse, int64_t rows,
                   int64_t channels, double eps) {
  for (int64_t r = 0; r < rows; r++) {
    const float* row = x + r * channels;
    float* out = y + r * channels;
    const float center = float(sumOver(channels, [row](int64_t c) { return row[c]; }) / double(channels));
    const double squares = sumOver(channels, [row, center](int64_t c) { return (row[c] - center) * (row[c] - center); });
    const float spread = float(1 / sqrt(squares / double(channels) + eps));
    mean[r] = center;
    inverse[r] = spread;
#pragma GCC ivdep
    for (int64_t c = 0; c < channels; c++) out[c] = (row[c] - center) * spread * scale[c] + offset[c];
  }
}

void layerNormGradientLoop(const float* dy, const float* x, const float* scale, const float* mean, const float* inverse, float* dx,
                           int64_t rows, int64_t channels, float* dscale, float* doffset) {
  for (int64_t r = 0; r < rows; r++) {
    const float *slope = dy + r * channels, *row = x + r * channels;
    float* out = dx + r * channels;
    const float center = mean[r], spread = inverse[r];
    const auto normalized = [row, center, spread](int64_t c) { return (row[c] - center) * spread; };
    const float meanGradient = float(sumOver(channels, [slope, scale](int64_t c) { return slope[c] * scale[c]; }) / double(channels));
    const float meanProduct =
        float(sumOver(channels, [&](int64_t c) { return slope[c] * scale[c] * normalized(c); }) / double(channels));
#pragma GCC ivdep
    for (int64_t c = 0; c < channels; c++) {
      const float unit = normalized(c);
      dscale[c] += slope[c] * unit;
      doffset[c] += slope[c];
      out[c] = spread * (slope[c] * scale[c] - meanGradient - unit * meanProduct);
    }
  }
}

const NormLoops table = {finishLoop, maskedSumsLoop, layerNormLoop, layerNormGradientLoop};

}  // namespace

const NormLoops& LAD_FOR_ISA(normLoops)() { return table; }

}  // namespace lad
