#pragma once
#include <cstdint>

#include "per-isa.h"

// Steps of optimisers, compiled once per instruction set (optimizer-loops.cc). Inputs and outputs may be the same memory.
namespace lad::optimizers {

/** What is the same for all weights in one step of AdamW. */
struct Adam {
  /** Share of the old first and second moment. */
  float beta1, beta2;
  /** 1 − rate · decay. */
  float shrink;
  /** rate / (1 − beta1^t). */
  float rate;
  /** sqrt(1 − beta2^t). */
  float correction;
  float eps;
};

struct Loops {
  /** v' = momentum·v + g + decay·w (v null: g + decay·w); w' = w − rate·(nesterov ? g + decay·w + momentum·v' : v') */
  void (*descend)(const float* w, const float* g, const float* v, float* newW, float* newV, int64_t count, float rate,
                  float momentum, float decay, bool nesterov);
  /** m' = beta1·m + (1 − beta1)·g; s' = beta2·s + (1 − beta2)·g²; w' = shrink·w − rate·m' / (√s' / correction + eps). m and s may be null: zeros. */
  void (*adam)(const float* w, const float* g, const float* m, const float* s, float* newW, float* newM, float* newS, int64_t count, const Adam& step);
  /** y = keep·x + take·fresh */
  void (*blend)(const float* x, const float* fresh, float* y, int64_t count, float keep, float take);
};

LAD_TABLE(Loops, loops)

}  // namespace lad::optimizers
