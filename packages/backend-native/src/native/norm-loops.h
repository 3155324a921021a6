#pragma once
#include <cstdint>

#include "per-isa.h"

// What follows a norm in the same pass, and norms of rows; compiled once per instruction set.
namespace lad {

struct NormLoops {
  /** y = (x − mean)·slope + offset + residual (null: none), cut below 0 with `relu`; rows of channels */
  void (*finish)(const float* x, const float* residual, float* y, int64_t rows, int64_t channels, const float* mean,
                 const float* slope, const float* offset, bool relu);
  /** g = dy where y > 0, else 0; sums[c] += Σ g, products[c] += Σ g·(x − mean). g may be dy. */
  void (*maskedSums)(const float* dy, const float* y, const float* x, float* g, int64_t rows, int64_t channels, const float* mean,
                     float* sums, float* products);
  /** Each row by its own mean and biased variance: y = (x − mean)·inverse·scale + offset, inverse = 1 / sqrt(variance + eps). */
  void (*layerNorm)(const float* x, const float* scale, const float* offset, float* y, float* mean, float* inverse, int64_t rows,
                    int64_t channels, double eps);
  /** dx of each row; dscale[c] += Σ dy·x̂, doffset[c] += Σ dy */
  void (*layerNormGradient)(const float* dy, const float* x, const float* scale, const float* mean, const float* inverse, float* dx,
                            int64_t rows, int64_t channels, float* dscale, float* doffset);
};

LAD_TABLE(NormLoops, normLoops)

}  // namespace lad
