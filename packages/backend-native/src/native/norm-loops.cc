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

/** Rows that are added while a channel's sums are in registers: otherwise each row would load and store all sums. */
constexpr int together = 4;
/** Gradients of so many channels are summed row by row: their maps come from memory, which is twice as fast in one stream, and their sums stay in the first cache. */
constexpr int64_t narrow = 512;
constexpr int lanes = 16;

/** Calls `of(c, count)` for channels side by side, a cache line of floats where there are as many; the count is a constant then. */
template <class Of>
inline void overChannels(int64_t channels, Of of) {
  int64_t c = 0;
  for (; c + lanes <= channels; c += lanes) of(c, lanes);
  if (c < channels) of(c, int(channels - c));
}

/** Asks for the line at `x` of the rows that come next: several rows side by side are no pattern that the processor foresees. */
template <int rows>
inline void fetchNext(const float* x, int64_t channels) {
  for (int r = 0; r < rows; r++) __builtin_prefetch(x + (r + rows) * channels);
}

template <int rows>
inline void momentsOf(const float* x, int64_t channels, const float* shift, float* sums, float* squares) {
  overChannels(channels, [=](int64_t from, int count) __attribute__((always_inline)) {
    fetchNext<rows>(x + from, channels);
#pragma GCC ivdep
    for (int64_t c = from; c < from + count; c++) {
      float sum = sums[c], square = squares[c];
#pragma GCC unroll 4
      for (int r = 0; r < rows; r++) {
        const float v = x[r * channels + c] - shift[c];
        sum += v;
        square += v * v;
      }
      sums[c] = sum;
      squares[c] = square;
    }
  });
}
void momentsLoop(const float* x, int64_t rows, int64_t channels, const float* shift, float* sums, float* squares) {
  int64_t r = 0;
  for (; r + together <= rows; r += together) momentsOf<together>(x + r * channels, channels, shift, sums, squares);
  for (; r < rows; r++) momentsOf<1>(x + r * channels, channels, shift, sums, squares);
}

/** dy where the relu let `out` through; NaN stays. */
inline float passed(float dy, float out) { return dy * (out > 0 ? 1.f : (out == out ? 0.f : out)); }

template <int rows, Cut cut, bool scaled>
inline void gradientSumsOf(const GradientRows& n, int64_t begin, float* masked, float* dx, float* sums, float* products) {
  const int64_t channels = n.channels, first = begin * channels;
  const float *dy = n.dy + first, *x = n.x + first, *y = cut == Cut::output ? n.y + first : nullptr;
  const float *mean = n.mean, *slope = n.slope, *offset = n.offset;
  float *g = cut == Cut::output ? masked + first : nullptr, *scaledOut = scaled ? dx + first : nullptr;
  overChannels(channels, [=](int64_t from, int count) __attribute__((always_inline)) {
    fetchNext<rows>(dy + from, channels);
    fetchNext<rows>(x + from, channels);
    if (cut == Cut::output) fetchNext<rows>(y + from, channels);
#pragma GCC ivdep
    for (int64_t c = from; c < from + count; c++) {
      float sum = sums[c], product = products[c];
#pragma GCC unroll 4
      for (int r = 0; r < rows; r++) {
        const int64_t at = r * channels + c;
        const float centred = x[at] - mean[c];
        float value = dy[at];
        if (cut == Cut::output) g[at] = value = passed(value, y[at]);
        if (cut == Cut::input) value = passed(value, centred * slope[c] + offset[c]);
        if (scaled) scaledOut[at] = value * slope[c];
        sum += value;
        product += value * centred;
      }
      sums[c] = sum;
      products[c] = product;
    }
  });
}
template <Cut cut, bool scaled>
void gradientSumsRows(const GradientRows& n, float* masked, float* dx, float* sums, float* products) {
  int64_t r = 0;
  if (n.channels > narrow)
    for (; r + together <= n.rows; r += together) gradientSumsOf<together, cut, scaled>(n, r, masked, dx, sums, products);
  for (; r < n.rows; r++) gradientSumsOf<1, cut, scaled>(n, r, masked, dx, sums, products);
}
void gradientSumsLoop(const GradientRows& n, float* masked, float* dx, float* sums, float* products) {
  const auto loop = n.cut == Cut::none     ? (dx ? gradientSumsRows<Cut::none, true> : gradientSumsRows<Cut::none, false>)
                    : n.cut == Cut::output ? (dx ? gradientSumsRows<Cut::output, true> : gradientSumsRows<Cut::output, false>)
                                           : (dx ? gradientSumsRows<Cut::input, true> : gradientSumsRows<Cut::input, false>);
  loop(n, masked, dx, sums, products);
}

template <bool cut>
void gradientRows(const GradientRows& n, float* dx, const float* constant, const float* linear) {
  const float *mean = n.mean, *slope = n.slope, *offset = n.offset;
  for (int64_t r = 0; r < n.rows; r++) {
    const float *row = n.x + r * n.channels, *upper = n.dy + r * n.channels;
    float* out = dx + r * n.channels;
#pragma GCC ivdep
    for (int64_t c = 0; c < n.channels; c++) {
      const float centred = row[c] - mean[c];
      const float value = cut ? passed(upper[c], centred * slope[c] + offset[c]) : upper[c];
      out[c] = value * slope[c] - constant[c] - centred * linear[c];
    }
  }
}
void gradientLoop(const GradientRows& n, float* dx, const float* constant, const float* linear) {
  const auto loop = n.cut == Cut::input ? gradientRows<true> : gradientRows<false>;
  loop(n, dx, constant, linear);
}

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

const NormLoops table = {momentsLoop, finishLoop, gradientSumsLoop, gradientLoop, layerNormLoop, layerNormGradientLoop};

}  // namespace

const NormLoops& LAD_FOR_ISA(normLoops)() { return table; }

}  // namespace lad
