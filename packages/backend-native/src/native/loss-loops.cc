// Compiled once per instruction set, which LAD_ISA names; the rules of loops.cc hold.
#include "loss-loops.h"

#include <math.h>
#include <string.h>

#include "vector-math.h"

namespace lad::losses {
namespace {

/** p and −ln(1 − p). */
struct Odds {
  float p, entropy;
};
inline Odds ofLogit(float x) {
  const float positive = x > 0 ? x : (x == x ? 0.f : x);
  const float small = expOf(-fabsf(x));  // one exponential for both, at most 1
  const float inverse = 1.f / ((1.f + small) * (2.f + small));  // one division for both
  // ln(1 + s) = 2·artanh(z) with z = s / (2 + s), at most 1/3: seven terms of its series are exact to float32
  const float z = small * (1.f + small) * inverse, square = z * z;
  float series = 1.f / 15;
  series = series * square + 1.f / 13;
  series = series * square + 1.f / 11;
  series = series * square + 1.f / 9;
  series = series * square + 1.f / 7;
  series = series * square + 1.f / 5;
  series = series * square + 1.f / 3;
  const float entropy = positive + 2.f * (z + z * square * series);
  return {(x > 0 ? 1.f : small) * (2.f + small) * inverse, entropy};
}
inline Odds ofProbability(float p) {
  const float logarithm = logOf(1.f - p);
  return {p, -(logarithm < -100.f ? -100.f : logarithm)};
}

/** The exponents of all published losses without a power function; −1 stands for any other. */
template <int gamma>
inline float power(float x, float exponent) {
  if (gamma == 0) return x == x ? 1.f : x;
  if (gamma == 1) return x;
  if (gamma == 2) return x * x;
  return powf(x, exponent);
}

template <int gamma, bool logits>
inline float valueOf(float x, float exponent) {
  const Odds at = logits ? ofLogit(x) : ofProbability(x);
  return power<gamma>(at.p, exponent) * at.entropy;
}

template <int gamma, bool logits>
void values(const float* x, float* y, int64_t count, float exponent, float factor) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) y[i] = factor * valueOf<gamma, logits>(x[i], exponent);
}

constexpr int64_t blockSize = 256;

/** Σ of a block's terms, of which there are at most `blockSize`. */
inline float sumOfBlock(const float* terms, int64_t size) {
  constexpr int lanes = 16;
  float sums[lanes] = {}, rest = 0;
  int64_t i = 0;
  for (; i + lanes <= size; i += lanes)
    for (int j = 0; j < lanes; j++) sums[j] += terms[i + j];
  for (; i < size; i++) rest += terms[i];
  float four[4];  // in pairs: sixteen sums one after the other would wait for each other
  for (int j = 0; j < 4; j++) four[j] = (sums[j] + sums[j + 8]) + (sums[j + 4] + sums[j + 12]);
  return rest + ((four[0] + four[2]) + (four[1] + four[3]));
}

/** Σ of `term(i)`. Terms are stored before they are summed: a loop over them and their sum at once is not vectorised. */
template <class Term>
inline float sumOfTerms(int64_t count, Term term) {
  float terms[blockSize], sum = 0;
  for (int64_t begin = 0; begin < count; begin += blockSize) {
    const int64_t size = count - begin < blockSize ? count - begin : blockSize;
#pragma GCC ivdep
    for (int64_t i = 0; i < size; i++) terms[i] = term(begin + i);
    sum += sumOfBlock(terms, size);
  }
  return sum;
}

/** Its blocks are walked here, not by `sumOfTerms` with a function that fills them: that takes a fifth longer. */
template <int gamma, bool logits>
float sums(const float* x, int64_t count, int64_t except, float exponent, float* opposite) {
  float terms[blockSize], sum = 0;
  for (int64_t begin = 0; begin < count; begin += blockSize) {
    const int64_t size = count - begin < blockSize ? count - begin : blockSize, at = except - begin;
    const bool isHere = except >= begin && at < size;
    memcpy(terms, x + begin, size * sizeof(float));
    if (isHere && opposite) terms[at] = -terms[at];
#pragma GCC ivdep
    for (int64_t i = 0; i < size; i++) terms[i] = valueOf<gamma, logits>(terms[i], exponent);
    if (isHere) {
      if (opposite) *opposite = terms[at];
      terms[at] = 0;
    }
    sum += sumOfBlock(terms, size);
  }
  return sum;
}

/** Of a logit: p^γ·(γ·(1 − p)·entropy + p); of a probability the same over p·(1 − p), without dividing 0 by 0. */
template <int gamma, bool logits>
inline float slopeOf(float x, float exponent) {
  const Odds at = logits ? ofLogit(x) : ofProbability(x);
  if (logits) return power<gamma>(at.p, exponent) * (exponent * at.entropy * (1.f - at.p) + at.p);
  const float variance = at.p * (1.f - at.p);
  const float ofEntropy = power<gamma>(at.p, exponent) * at.p / (variance < 1e-12f ? 1e-12f : variance);
  if (gamma == 0) return ofEntropy;
  const float steepness = gamma == 1 ? 1.f : gamma == 2 ? 2.f * at.p : exponent * powf(at.p, exponent - 1.f);
  return ofEntropy + at.entropy * steepness;
}

template <int gamma, bool logits>
void slopes(const float* x, const float* dy, float* dx, int64_t count, float exponent, float factor) {
  if (dy) {
#pragma GCC ivdep
    for (int64_t i = 0; i < count; i++) dx[i] = factor * slopeOf<gamma, logits>(x[i], exponent) * dy[i];
  } else {
#pragma GCC ivdep
    for (int64_t i = 0; i < count; i++) dx[i] = factor * slopeOf<gamma, logits>(x[i], exponent);
  }
}

template <bool logits>
void valuesAny(const float* x, float* y, int64_t count, float gamma, float factor) {
  const auto loop = gamma == 2 ? values<2, logits> : gamma == 1 ? values<1, logits> : gamma == 0 ? values<0, logits> : values<-1, logits>;
  loop(x, y, count, gamma, factor);
}
template <bool logits>
float sumsAny(const float* x, int64_t count, int64_t except, float gamma, float* opposite) {
  const auto loop = gamma == 2 ? sums<2, logits> : gamma == 1 ? sums<1, logits> : gamma == 0 ? sums<0, logits> : sums<-1, logits>;
  return loop(x, count, except, gamma, opposite);
}
template <bool logits>
void slopesAny(const float* x, const float* dy, float* dx, int64_t count, float gamma, float factor) {
  const auto loop = gamma == 2 ? slopes<2, logits> : gamma == 1 ? slopes<1, logits> : gamma == 0 ? slopes<0, logits> : slopes<-1, logits>;
  loop(x, dy, dx, count, gamma, factor);
}

void logSoftmaxLoop(const float* x, float* y, int64_t count, float scale) {
  float most = -INFINITY, sum = 0;
  for (int64_t i = 0; i < count; i++) most = x[i] > most || x[i] != x[i] ? x[i] : most;
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) y[i] = expOf((x[i] - most) * scale);
  for (int64_t i = 0; i < count; i++) sum += y[i];
  const float rest = logOf(sum);
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) y[i] = (x[i] - most) * scale - rest;
}

void exponentialLoop(const float* p, float* y, int64_t count, float factor) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) y[i] = factor * expOf(p[i]);
}

void differenceLoop(const float* p, const float* q, float* y, int64_t count, float factor) {
#pragma GCC ivdep
  for (int64_t i = 0; i < count; i++) y[i] = factor * (expOf(p[i]) - expOf(q[i]));
}

float divergenceLoop(const float* p, const float* q, int64_t count) {
  return sumOfTerms(count, [=](int64_t i) { return expOf(q[i]) * (q[i] - p[i]); });
}

const Loops table = {valuesAny<true>, sumsAny<true>, slopesAny<true>, valuesAny<false>, sumsAny<false>, slopesAny<false>, logSoftmaxLoop, exponentialLoop, differenceLoop, divergenceLoop};

}  // namespace

const Loops& LAD_FOR_ISA(loops)() { return table; }

}  // namespace lad::losses
