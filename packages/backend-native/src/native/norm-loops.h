#pragma once
#include <cstdint>

#include "per-isa.h"

// Norms, forward and backward; compiled once per instruction set.
namespace lad {

/** How the gradient sees what a relu behind a norm cut: by the output, or by the norm's input again where nothing was added between them. */
enum class Cut { none, output, input };

/** Rows of a norm's gradient. g is dy where the relu let the map through, 0 elsewhere. */
struct GradientRows {
  const float *dy, *x;
  Cut cut;
  const float* y;  // with Cut::output
  int64_t rows, channels;
  const float *mean, *slope, *offset;  // the forward pass was (x − mean)·slope + offset; the offset is read with Cut::input
};

struct NormLoops {
  /** sums[c] += Σ rows (x − shift), squares[c] += Σ rows (x − shift)² */
  void (*moments)(const float* x, int64_t rows, int64_t channels, const float* shift, float* sums, float* squares);
  /** y = (x − mean)·slope + offset + residual (null: none), cut below 0 with `relu`; rows of channels */
  void (*finish)(const float* x, const float* residual, float* y, int64_t rows, int64_t channels, const float* mean,
                 const float* slope, const float* offset, bool relu);
  /** sums[c] += Σ g, products[c] += Σ g·(x − mean); with Cut::output also masked = g. With dx (null: not): dx = g·slope. */
  void (*gradientSums)(const GradientRows& rows, float* masked, float* dx, float* sums, float* products);
  /** dx = g·slope − constant − (x − mean)·linear. Not for Cut::output: there g is at hand. */
  void (*gradient)(const GradientRows& rows, float* dx, const float* constant, const float* linear);
  /** Each row by its own mean and biased variance: y = (x − mean)·inverse·scale + offset, inverse = 1 / sqrt(variance + eps). */
  void (*layerNorm)(const float* x, const float* scale, const float* offset, float* y, float* mean, float* inverse, int64_t rows,
                    int64_t channels, double eps);
  /** dx of each row; dscale[c] += Σ dy·x̂, doffset[c] += Σ dy */
  void (*layerNormGradient)(const float* dy, const float* x, const float* scale, const float* mean, const float* inverse, float* dx,
                            int64_t rows, int64_t channels, float* dscale, float* doffset);
};

LAD_TABLE(NormLoops, normLoops)

}  // namespace lad
