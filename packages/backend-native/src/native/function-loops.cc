// Compiled once per instruction set, which LAD_ISA names; the rules of loops.cc hold.
#include "function-loops.h"

#include <math.h>

#include "vector-math.h"

namespace lad {
namespace {

constexpr float seluScale = 1.0507009873554805f, seluScaleAlpha = 1.7580993408473769f;

template <int op>
inline float functionOf(float x, float p) {
  switch (op) {
    case roundDown: return floorf(x);
    case roundUp: return ceilf(x);
    case roundHalfEven: return nearbyintf(x);
    case sign: return x > 0 ? 1.f : (x < 0 ? -1.f : (x == x ? 0.f : x));
    case errorFunction: return erff(x);
    case exponentialMinus1: return expm1f(x);
    case elu: return x >= 0 ? x : expm1f(x);
    case leakyRelu: return x >= 0 ? x : p * x;
    case relu6: return x < 0 ? 0.f : (x > 6 ? 6.f : x);
    case selu: return x >= 0 ? seluScale * x : seluScaleAlpha * expm1f(x);
    case sine: return sinf(x);
    case cosine: return cosf(x);
    case tangent: return tanf(x);
    case arcSine: return asinf(x);
    case arcCosine: return acosf(x);
    case arcTangent: return atanf(x);
    case hyperbolicSine: return sinhf(x);
    case hyperbolicCosine: return coshf(x);
    case inverseHyperbolicSine: return asinhf(x);
    case inverseHyperbolicCosine: return acoshf(x);
    case inverseHyperbolicTangent: return atanhf(x);
    default: return 0;
  }
}

template <int op>
inline float function2Of(float a, float b) {
  switch (op) {
    case floorDivide: return floorf(a / b);
    case modulo: {  // of the sign of b, as Python's
      const float rest = fmodf(a, b);
      return (a < 0) == (b < 0) ? rest : fmodf(rest + b, b);
    }
    case arcTangent2: return atan2f(a, b);
    case prelu: return a < 0 ? b * a : a;
    case eluGradient: return b >= 0 ? a : a * (b + 1.f);  // dy, y
    default: return 0;
  }
}

template <int op>
inline bool kindOf(float x) {
  const bool finite = x - x == 0;
  return op == isNotANumber ? x != x : (op == isInfinite ? x == x && !finite : finite);
}

template <int op>
void functionLoop(const float* x, float* y, int64_t count, float p) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) y[i] = functionOf<op>(x[i], p);
}
template <int op>
void function2Loop(const float* a, const float* b, float* y, int64_t count, int64_t stepA, int64_t stepB) {
  for (int64_t i = 0; i < count; i++) y[i] = function2Of<op>(a[i * stepA], b[i * stepB]);
}
template <int op>
void kindLoop(const float* x, uint8_t* y, int64_t count) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) y[i] = kindOf<op>(x[i]);
}

const FunctionLoops table = {
    {functionLoop<0>, functionLoop<1>, functionLoop<2>, functionLoop<3>, functionLoop<4>, functionLoop<5>, functionLoop<6>,
     functionLoop<7>, functionLoop<8>, functionLoop<9>, functionLoop<10>, functionLoop<11>, functionLoop<12>, functionLoop<13>,
     functionLoop<14>, functionLoop<15>, functionLoop<16>, functionLoop<17>, functionLoop<18>, functionLoop<19>, functionLoop<20>},
    {function2Loop<0>, function2Loop<1>, function2Loop<2>, function2Loop<3>, function2Loop<4>},
    {kindLoop<0>, kindLoop<1>, kindLoop<2>},
};

}  // namespace

const FunctionLoops& LAD_FOR_ISA(functionLoops)() { return table; }

}  // namespace lad
