#pragma once
#include <cstdint>

#include "per-isa.h"

// Loops over rows of numbers, compiled once per instruction set (loops.cc) and chosen at run time. They know nothing of threads or shapes.
namespace lad {

enum Binary { add, subtract, multiply, divide, maximum, minimum, squaredDifference, reluGradient, sigmoidGradient, binaryCount };
enum Unary {
  relu, sigmoid, exponential, logarithm, squareRoot, reciprocalRoot, negative, square, absolute, step, clip,
  log1Plus, softplus, hyperbolicTangent, reciprocal, unaryCount
};
enum Compare { equal, notEqual, greater, greaterEqual, less, lessEqual, compareCount };

struct Loops {
  const char* name;
  /** y[i] = a[i·stepA] ∘ b[i·stepB] */
  void (*binary[binaryCount])(const float* a, const float* b, float* y, int64_t count, int64_t stepA, int64_t stepB);
  /** y[i] = f(x[i]); p and q: slope of `step` below 0, bounds of `clip`. */
  void (*unary[unaryCount])(const float* x, float* y, int64_t count, float p, float q);
  void (*compare[compareCount])(const float* a, const float* b, uint8_t* y, int64_t count, int64_t stepA, int64_t stepB);
  void (*power)(const float* a, const float* b, float* y, int64_t count, int64_t stepA, int64_t stepB);
  void (*select)(const uint8_t* condition, const float* a, const float* b, float* y, int64_t count);
  void (*fill)(float* y, int64_t count, float value);
  void (*addTo)(float* y, const float* x, int64_t count);
  void (*fromIntegers)(const int32_t* x, float* y, int64_t count);
  void (*fromBytes)(const uint8_t* x, float* y, int64_t count);
  void (*toIntegers)(const float* x, int32_t* y, int64_t count);
  void (*toTruth)(const float* x, uint8_t* y, int64_t count);

  double (*sum)(const float* x, int64_t count);
  float (*greatest)(const float* x, int64_t count);
  float (*least)(const float* x, int64_t count);
  /** y[j] = max(y[j], x[j]); NaN wins. */
  void (*maximumInto)(float* y, const float* x, int64_t count);
  void (*minimumInto)(float* y, const float* x, int64_t count);
  /** As maximumInto; `at[j]` becomes `index` where x wins. The first of equals stays. */
  void (*maximumAt)(float* y, int32_t* at, const float* x, int32_t index, int64_t count);

};

LAD_TABLE(Loops, loops)

}  // namespace lad
