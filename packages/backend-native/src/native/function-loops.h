#pragma once
#include <cstdint>

#include "per-isa.h"

// The rarer functions of one and two numbers, compiled once per instruction set.
namespace lad {

enum Function {
  roundDown, roundUp, roundHalfEven, sign, errorFunction, exponentialMinus1, elu, leakyRelu, relu6, selu,
  sine, cosine, tangent, arcSine, arcCosine, arcTangent, hyperbolicSine, hyperbolicCosine, inverseHyperbolicSine,
  inverseHyperbolicCosine, inverseHyperbolicTangent, functionCount
};
enum Function2 { floorDivide, modulo, arcTangent2, prelu, eluGradient, function2Count };
enum Kind { isNotANumber, isInfinite, isFinite, kindCount };

struct FunctionLoops {
  /** y[i] = f(x[i]); p: slope of `leakyRelu` below 0 */
  void (*function[functionCount])(const float* x, float* y, int64_t count, float p);
  /** y[i] = f(a[i·stepA], b[i·stepB]) */
  void (*function2[function2Count])(const float* a, const float* b, float* y, int64_t count, int64_t stepA, int64_t stepB);
  void (*kind[kindCount])(const float* x, uint8_t* y, int64_t count);
};

LAD_TABLE(FunctionLoops, functionLoops)

}  // namespace lad
