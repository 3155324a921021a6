// Compiled once per instruction set, which LAD_ISA names; the rules of loops.cc hold.
#include "optimizer-loops.h"

#include <math.h>

namespace lad::optimizers {
namespace {

template <bool started, bool nesterov>
void descendLoop(const float* w, const float* g, const float* v, float* newW, float* newV, int64_t count, float rate, float momentum, float decay) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) {
    const float d = g[i] + decay * w[i];
    const float velocity = started ? v[i] * momentum + d : d;
    newV[i] = velocity;
    newW[i] = w[i] - rate * (nesterov ? d + momentum * velocity : velocity);
  }
}
void descendAny(const float* w, const float* g, const float* v, float* newW, float* newV, int64_t count, float rate,
                float momentum, float decay, bool nesterov) {
  const auto loop = v ? (nesterov ? descendLoop<true, true> : descendLoop<true, false>)
                      : (nesterov ? descendLoop<false, true> : descendLoop<false, false>);
  loop(w, g, v, newW, newV, count, rate, momentum, decay);
}

template <bool started>
void adamLoop(const float* w, const float* g, const float* m, const float* s, float* newW, float* newM, float* newS, int64_t count, const Adam& step) {
  const float beta1 = step.beta1, beta2 = step.beta2, shrink = step.shrink, rate = step.rate, correction = step.correction, eps = step.eps;
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) {
    const float first = (started ? beta1 * m[i] : 0.f) + (1.f - beta1) * g[i];
    const float second = (started ? beta2 * s[i] : 0.f) + (1.f - beta2) * (g[i] * g[i]);
    newM[i] = first;
    newS[i] = second;
    newW[i] = shrink * w[i] - rate * (first / (sqrtf(second) / correction + eps));
  }
}
void adamAny(const float* w, const float* g, const float* m, const float* s, float* newW, float* newM, float* newS, int64_t count, const Adam& step) {
  const auto loop = m && s ? adamLoop<true> : adamLoop<false>;
  loop(w, g, m, s, newW, newM, newS, count, step);
}

void blendLoop(const float* x, const float* fresh, float* y, int64_t count, float keep, float take) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) y[i] = keep * x[i] + take * fresh[i];
}

const Loops table = {descendAny, adamAny, blendLoop};

}  // namespace

const Loops& LAD_FOR_ISA(loops)() { return table; }

}  // namespace lad::optimizers
