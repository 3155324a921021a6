#include <math.h>
#include <string.h>

#include "kernels.h"
#include "loss-loops.h"
#include "row-reduction.h"
#include "vector-math.h"

// Sigmoid focal loss and quality focal loss. All classes of a row are false but one at most: a loop over the row, then one class put right.
namespace lad {
namespace {

using namespace losses;

enum Form { sigmoidFocal, qualityOfLogits, qualityOfProbabilities };

struct Focal {
  Form form;
  Rows rows;
  const float* x;
  const int32_t* labels;
  const float* scores;
  float alpha, gamma;

  float falseFactor() const { return form == sigmoidFocal ? 1 - alpha : 1.f; }
  /** The class of a row that is true, or −1. */
  Index trueClass(Index row) const { return labels[row] >= 0 && labels[row] < rows.columns ? labels[row] : -1; }
  float score(Index row) const { return scores ? scores[row] : 1.f; }
};

/** Arguments 0 … 4: form, x, labels, scores or null, weights or null; from `at`: rows, classes, reduction, alpha, gamma. */
Focal read(Arguments& call, size_t at) {
  Focal f{Form(call.whole(0, 0, 2)), readRows(call, at, 4)};
  f.x = call.floats(1, f.rows.predictions());
  f.labels = call.integers(2, f.rows.rows);
  f.scores = f.form == sigmoidFocal ? nullptr : call.floats(3, f.rows.rows);
  f.alpha = float(call.number(at + 3));
  f.gamma = float(call.number(at + 4));
  return f;
}

/** −ln(1 − p) and −ln p. */
double softplus(double x) { return (x > 0 ? x : x == x ? 0 : x) + log1p(exp(-fabs(x))); }
double clampedLog(double x) { return x > 0 ? fmax(log(x), -100.0) : x == x ? -100.0 : x; }

struct Point {
  double value, slope;
};

/** Most focal factors are squares. */
double powerOf(double x, double exponent) { return exponent == 2 ? x * x : pow(x, exponent); }

/** Loss and slope of the true class. */
Point truePoint(const Focal& f, float x, float score) {
  if (f.form == sigmoidFocal) {
    const double miss = 1 / (1 + exp(double(x))), entropy = softplus(-double(x)), factor = f.alpha * powerOf(miss, f.gamma);
    return {factor * entropy, -factor * (f.gamma * (1 - miss) * entropy + miss)};
  }
  const bool logits = f.form == qualityOfLogits;
  const double q = score, p = logits ? 1 / (1 + exp(-double(x))) : double(x), variance = p * (1 - p);
  const double entropy = logits ? softplus(x) - q * double(x) : -(q * clampedLog(p) + (1 - q) * clampedLog(double(1.f - x)));
  const double difference = p - q, size = fabs(difference), factor = powerOf(size, f.gamma);
  const double steepness = f.gamma == 0 || size == 0 ? (size == size ? 0 : size) : f.gamma * pow(size, f.gamma - 1) * (difference > 0 ? 1 : -1);
  const double slope = logits ? difference * factor + entropy * steepness * variance
                              : difference * factor / (variance < 1e-12 ? 1e-12 : variance) + entropy * steepness;
  return {factor * entropy, slope};
}

/** (form, x, labels, scores, weights, y, rows, classes, reduction, alpha, gamma) */
void focal(Arguments& call) {
  const Focal f = read(call, 6);
  float* y = call.floats(5, f.rows.results());
  const Index classes = f.rows.columns;
  const bool logits = f.form != qualityOfProbabilities;
  if (f.rows.reduction == perElement) {
    const auto loop = logits ? losses::loops().falseLogits : losses::loops().falseProbabilities;
    parallel(f.rows.rows, grainOf(f.rows), [&](Index begin, Index end) {
      for (Index row = begin; row < end; row++) {
        const float weight = f.rows.weight(row), *x = f.x + row * classes;
        loop(x, y + row * classes, classes, f.gamma, weight * f.falseFactor());
        const Index at = f.trueClass(row);
        if (at >= 0) y[row * classes + at] = float(weight * truePoint(f, x[at], f.score(row)).value);
      }
    });
    return;
  }
  const auto loop = logits ? losses::loops().falseLogitSum : losses::loops().falseProbabilitySum;
  reduceRows(f.rows, y, [&](Index row) {
    const float* x = f.x + row * classes;
    const Index at = f.trueClass(row);
    float opposite = 0;  // a true class of a logit costs what a false one of the opposite does
    // without the true class, so that nothing large is added and taken away again
    const double others = double(loop(x, classes, at, f.gamma, f.form == sigmoidFocal ? &opposite : nullptr)) * f.falseFactor();
    if (at < 0 || f.form == sigmoidFocal) return others + double(f.alpha) * opposite;
    return others + truePoint(f, x[at], f.score(row)).value;
  });
}

/** (form, x, labels, scores, weights, dy, dx, rows, classes, reduction, alpha, gamma) */
void focalGradient(Arguments& call) {
  const Focal f = read(call, 7);
  const float* dy = call.floats(5, f.rows.results());
  float* dx = call.floats(6, f.rows.predictions());
  const Index classes = f.rows.columns;
  const auto loop = f.form == qualityOfProbabilities ? losses::loops().falseProbabilitySlopes : losses::loops().falseLogitSlopes;
  const bool apart = f.rows.reduction == perElement;
  overSlopes(f.rows, dy, [&](Index row, float factor) {
    const float *x = f.x + row * classes, *upper = apart ? dy + row * classes : nullptr;
    loop(x, upper, dx + row * classes, classes, f.gamma, factor * f.falseFactor());
    const Index at = f.trueClass(row);
    if (at >= 0) dx[row * classes + at] = float(factor * truePoint(f, x[at], f.score(row)).slope * (apart ? upper[at] : 1.f));
  });
}

}  // namespace

void addFocalLosses(Module& module) {
  module.add<focal>("focal");
  module.add<focalGradient>("focalGradient");
}

}  // namespace lad
