// Compiled once per instruction set, which LAD_ISA names. Everything here has internal linkage and uses no library templates:
// a shared inline function compiled for a wide instruction set must never be picked by the linker for a machine without it.
#include "loops.h"

#include <math.h>
#include <string.h>

#include "vector-math.h"

namespace lad {
namespace {

template <int op>
inline float binaryOf(float a, float b) {
  switch (op) {
    case add: return a + b;
    case subtract: return a - b;
    case multiply: return a * b;
    case divide: return a / b;
    case maximum: return a > b || a != a ? a : b;
    case minimum: return a < b || a != a ? a : b;
    case squaredDifference: return (a - b) * (a - b);
    case reluGradient: return a * (b > 0 ? 1.f : (b == b ? 0.f : b));  // dy, y
    case sigmoidGradient: return a * (b * (1.f - b));                  // dy, y
    default: return 0;
  }
}

template <int op>
inline float unaryOf(float x, float p, float q) {
  switch (op) {
    case relu: return x < 0 ? 0.f : x;
    case sigmoid: return 1.f / (1.f + expOf(-x));
    case exponential: return expOf(x);
    case logarithm: return logOf(x);
    case squareRoot: return sqrtf(x);
    case reciprocalRoot: return 1.f / sqrtf(x);
    case negative: return -x;
    case square: return x * x;
    case absolute: return fabsf(x);
    case step: return x > 0 ? 1.f : (x == x ? p : x);
    case clip: return x < p ? p : (x > q ? q : x);
    case log1Plus: return log1pOf(x);
    case softplus: return (x > 0 ? x : (x == x ? 0.f : x)) + log1pOf(expOf(-fabsf(x)));
    case hyperbolicTangent: return tanhf(x);
    case reciprocal: return 1.f / x;
    default: return 0;
  }
}

template <int op>
inline bool compareOf(float a, float b) {
  switch (op) {
    case equal: return a == b;
    case notEqual: return a != b;
    case greater: return a > b;
    case greaterEqual: return a >= b;
    case less: return a < b;
    case lessEqual: return a <= b;
    default: return false;
  }
}

/** One loop for each pair of steps that matters, so that the compiler sees constants. */
template <class Out, class F>
inline void overPairs(const float* a, const float* b, Out* y, int64_t count, int64_t stepA, int64_t stepB, F f) {
  if (stepA == 1 && stepB == 1) {
#pragma GCC ivdep
    for (int64_t i = 0; i < count; i++) y[i] = f(a[i], b[i]);
  } else if (stepA == 1 && stepB == 0) {
    const float right = *b;
#pragma GCC ivdep
    for (int64_t i = 0; i < count; i++) y[i] = f(a[i], right);
  } else if (stepA == 0 && stepB == 1) {
    const float left = *a;
#pragma GCC ivdep
    for (int64_t i = 0; i < count; i++) y[i] = f(left, b[i]);
  } else {
    for (int64_t i = 0; i < count; i++) y[i] = f(a[i * stepA], b[i * stepB]);
  }
}

template <int op>
void binaryLoop(const float* a, const float* b, float* y, int64_t count, int64_t stepA, int64_t stepB) {
  overPairs(a, b, y, count, stepA, stepB, [](float l, float r) { return binaryOf<op>(l, r); });
}
template <int op>
void compareLoop(const float* a, const float* b, uint8_t* y, int64_t count, int64_t stepA, int64_t stepB) {
  overPairs(a, b, y, count, stepA, stepB, [](float l, float r) { return uint8_t(compareOf<op>(l, r)); });
}
void powerLoop(const float* a, const float* b, float* y, int64_t count, int64_t stepA, int64_t stepB) {
  // as Math.pow: NaN shows, and so do the indefinite powers of ±1, which C calls 1
  overPairs(a, b, y, count, stepA, stepB, [](float l, float r) {
    return l != l || r != r || (fabsf(l) == 1 && r - r != 0) ? (r == 0 ? 1.f : NAN) : powf(l, r);
  });
}

template <int op>
void unaryLoop(const float* x, float* y, int64_t count, float p, float q) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) y[i] = unaryOf<op>(x[i], p, q);
}

void selectLoop(const uint8_t* condition, const float* a, const float* b, float* y, int64_t count) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) y[i] = condition[i] ? a[i] : b[i];
}
void fillLoop(float* y, int64_t count, float value) {
  for (int64_t i = 0; i < count; i++) y[i] = value;
}
void addToLoop(float* y, const float* x, int64_t count) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) y[i] += x[i];
}
void fromIntegersLoop(const int32_t* x, float* y, int64_t count) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) y[i] = float(x[i]);
}
void fromBytesLoop(const uint8_t* x, float* y, int64_t count) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) y[i] = float(x[i]);
}
/** As `Int32Array.from`: towards zero, modulo 2³², 0 for what is not finite. */
void toIntegersLoop(const float* x, int32_t* y, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    const float v = x[i];
    if (v > -2147483648.f && v < 2147483648.f) y[i] = int32_t(v);
    else y[i] = v - v == 0 ? int32_t(uint32_t(int64_t(fmod(double(v), 4294967296.0)))) : 0;
  }
}
void toTruthLoop(const float* x, uint8_t* y, int64_t count) {
  for (int64_t i = 0; i < count; i++) y[i] = x[i] != 0;
}

constexpr int lanes = 32;

/** In blocks of 4096 in float32, the blocks in float64. */
double sumLoop(const float* x, int64_t count) {
  double total = 0;
  int64_t i = 0;
  while (i + lanes <= count) {
    float part[lanes] = {};
    const int64_t end = i + 4096 < count ? i + 4096 : count;
    for (; i + lanes <= end; i += lanes)
      for (int j = 0; j < lanes; j++) part[j] += x[i + j];
    double sum = 0;
    for (int j = 0; j < lanes; j++) sum += part[j];
    total += sum;
  }
  for (; i < count; i++) total += x[i];
  return total;
}

template <bool most>
float extremeLoop(const float* x, int64_t count) {
  const float worst = most ? -INFINITY : INFINITY;
  float best[lanes];
  for (int j = 0; j < lanes; j++) best[j] = worst;
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (int j = 0; j < lanes; j++) {
      const float v = x[i + j];
      best[j] = (most ? v > best[j] : v < best[j]) || v != v ? v : best[j];
    }
  float result = worst;
  for (int j = 0; j < lanes; j++) result = binaryOf<most ? maximum : minimum>(result, best[j]);
  for (; i < count; i++) result = binaryOf<most ? maximum : minimum>(result, x[i]);
  return result;
}

void maximumIntoLoop(float* y, const float* x, int64_t count) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) y[i] = x[i] > y[i] || x[i] != x[i] ? x[i] : y[i];
}
void minimumIntoLoop(float* y, const float* x, int64_t count) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) y[i] = x[i] < y[i] || x[i] != x[i] ? x[i] : y[i];
}
void maximumAtLoop(float* y, int32_t* at, const float* x, int32_t index, int64_t count) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) {
    const bool wins = x[i] > y[i] || (x[i] != x[i] && y[i] == y[i]);
    y[i] = wins ? x[i] : y[i];
    at[i] = wins ? index : at[i];
  }
}

#define LAD_TEXT_OF(name) #name
#define LAD_TEXT(name) LAD_TEXT_OF(name)

const Loops table = {
    LAD_TEXT(LAD_ISA),
    {binaryLoop<0>, binaryLoop<1>, binaryLoop<2>, binaryLoop<3>, binaryLoop<4>, binaryLoop<5>, binaryLoop<6>, binaryLoop<7>, binaryLoop<8>},
    {unaryLoop<0>, unaryLoop<1>, unaryLoop<2>, unaryLoop<3>, unaryLoop<4>, unaryLoop<5>, unaryLoop<6>, unaryLoop<7>, unaryLoop<8>,
     unaryLoop<9>, unaryLoop<10>, unaryLoop<11>, unaryLoop<12>, unaryLoop<13>, unaryLoop<14>},
    {compareLoop<0>, compareLoop<1>, compareLoop<2>, compareLoop<3>, compareLoop<4>, compareLoop<5>},
    powerLoop, selectLoop, fillLoop, addToLoop, fromIntegersLoop, fromBytesLoop, toIntegersLoop, toTruthLoop,
    sumLoop, extremeLoop<true>, extremeLoop<false>, maximumIntoLoop, minimumIntoLoop, maximumAtLoop,
};

}  // namespace

const Loops& LAD_FOR_ISA(loops)() { return table; }

}  // namespace lad
