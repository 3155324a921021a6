#pragma once
#include <cstdint>

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

  /** sums[c] += Σ rows (x − shift), squares[c] += Σ rows (x − shift)² */
  void (*moments)(const float* x, int64_t rows, int64_t channels, const float* shift, float* sums, float* squares);
  /** y = (x − mean)·slope + offset */
  void (*normalize)(const float* x, float* y, int64_t rows, int64_t channels, const float* mean, const float* slope, const float* offset);
  /** sums[c] += Σ dy, products[c] += Σ dy·(x − mean) */
  void (*normalizeSums)(const float* dy, const float* x, int64_t rows, int64_t channels, const float* mean, float* sums, float* products);
  /** dx = dy·slope − constant − (x − mean)·linear */
  void (*normalizeGradient)(const float* dy, const float* x, float* dx, int64_t rows, int64_t channels, const float* mean,
                            const float* slope, const float* constant, const float* linear);
  /** dx = dy·slope; sums[c] += Σ dy, products[c] += Σ dy·(x − mean) */
  void (*normalizeGradientWith)(const float* dy, const float* x, float* dx, int64_t rows, int64_t channels, const float* mean,
                                const float* slope, float* sums, float* products);
  /** v' = momentum·v + g + decay·w (v null: g + decay·w); w' = w − rate·(nesterov ? g + decay·w + momentum·v' : v') */
  void (*descend)(const float* w, const float* g, const float* v, float* newW, float* newV, int64_t count, float rate,
                  float momentum, float decay, bool nesterov);
};

const Loops& baselineLoops();
#if LAD_X86
const Loops& avx2Loops();
const Loops& avx512Loops();
#endif

/** Those for this processor. */
const Loops& loops();

}  // namespace lad
