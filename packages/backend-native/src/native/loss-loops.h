#pragma once
#include <cstdint>

#include "per-isa.h"

// Loops of the losses over one row of predictions, compiled once per instruction set (loss-loops.cc).
namespace lad::losses {

struct Loops {
  /** y = factor·p^γ·−ln(1 − p), p = sigmoid(x) */
  void (*falseLogits)(const float* x, float* y, int64_t count, float gamma, float factor);
  /** Σ p^γ·−ln(1 − p), p = sigmoid(x), over the row but for element `except` (−1: over all of it), of whose opposite the term goes to `opposite`, unless that is null. */
  float (*falseLogitSum)(const float* x, int64_t count, int64_t except, float gamma, float* opposite);
  /** dx = factor · d(p^γ·−ln(1 − p))/dx, times dy unless it is null */
  void (*falseLogitSlopes)(const float* x, const float* dy, float* dx, int64_t count, float gamma, float factor);
  /** The same three with x = p itself; logarithms are at least −100, slopes divide by p·(1 − p) of at least 1e-12. */
  void (*falseProbabilities)(const float* x, float* y, int64_t count, float gamma, float factor);
  float (*falseProbabilitySum)(const float* x, int64_t count, int64_t except, float gamma, float* opposite);
  void (*falseProbabilitySlopes)(const float* x, const float* dy, float* dx, int64_t count, float gamma, float factor);
  /** y = x·scale − ln Σ e^(x·scale) */
  void (*logSoftmax)(const float* x, float* y, int64_t count, float scale);
  /** y = factor·e^p */
  void (*scaledExponential)(const float* p, float* y, int64_t count, float factor);
  /** y = factor·(e^p − e^q) */
  void (*differenceOfExponentials)(const float* p, const float* q, float* y, int64_t count, float factor);
  /** Σ e^q·(q − p) */
  float (*divergence)(const float* p, const float* q, int64_t count);
};

LAD_TABLE(Loops, loops)

}  // namespace lad::losses
