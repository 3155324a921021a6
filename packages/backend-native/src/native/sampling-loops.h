#pragma once
#include <cstdint>

#include "per-isa.h"

// Loops over the channels of a few pixels of a map, compiled once per instruction set (sampling-loops.cc). A map's pixel `i` begins at `base + i·stride`.
namespace lad::sampling {

struct Loops {
  /** y[c] += scale · Σ_k weights[k] · map[cells[k]][c] */
  void (*gather)(const float* base, const int32_t* cells, const float* weights, int64_t taps, int64_t stride, int64_t width, float scale, float* y);
  /** map[cells[k]][c] += scale · weights[k] · v[c] */
  void (*scatter)(float* base, const int32_t* cells, const float* weights, int64_t taps, int64_t stride, int64_t width, float scale, const float* v);
  /** products[k] = Σ_c map[cells[k]][c] · v[c] */
  void (*dot)(const float* base, const int32_t* cells, int64_t taps, int64_t stride, int64_t width, const float* v, float* products);
};

LAD_TABLE(Loops, loops)

}  // namespace lad::sampling
