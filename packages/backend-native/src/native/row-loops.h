#pragma once
#include <cstdint>

#include "per-isa.h"

// Loops over the channels of pixels and over rows of probabilities, compiled once per instruction set.
namespace lad {

struct RowLoops {
  /** y = top + (bottom − top)·down, where top = a + (b − a)·right and bottom = c + (d − c)·right */
  void (*blend)(float* y, const float* a, const float* b, const float* c, const float* d, float right, float down, int64_t count);
  /** y += x·factor */
  void (*addScaled)(float* y, const float* x, float factor, int64_t count);
  /** Rows of exp(x − max) / Σ exp(x − max); y may be x. */
  void (*softmax)(const float* x, float* y, int64_t rows, int64_t length);
};

LAD_TABLE(RowLoops, rowLoops)

}  // namespace lad
