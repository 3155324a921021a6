#include <math.h>

#include <vector>

#include "kernels.h"
#include "loss-loops.h"
#include "row-reduction.h"

// Losses of discrete distributions, one a row: distribution focal loss, and the divergence from a teacher's at a temperature.
namespace lad {
namespace {

using namespace losses;

/** Logarithms of the row's probabilities, in memory of this thread; `which` tells two rows apart. */
const float* logSoftmax(const float* x, Index columns, float scale, int which) {
  static thread_local std::vector<float> memory[2];
  memory[which].resize(size_t(columns));
  losses::loops().logSoftmax(x, memory[which].data(), columns, scale);
  return memory[which].data();
}

/** The two bins around a target and their shares. A target outside has the share of the nearest bin that the hat 1 − |t − k| leaves, as composed. */
struct Bins {
  Index left;
  float shareLeft, shareRight;

  Bins(float target, Index columns) {
    const float whole = floorf(target), rest = target - whole;
    left = whole >= -1 && whole < float(columns) ? Index(whole) : -2;
    shareLeft = left >= 0 || target != target ? 1 - rest : 0;
    shareRight = left >= -1 && left + 1 < columns ? rest : 0;
    if (target != target) left = 0;
  }
};

struct Distribution {
  Rows rows;
  const float *x, *targets;
};

/** Arguments 0 … 2: x, targets, weights or null; from `at`: rows, bins, reduction. */
Distribution readDistribution(Arguments& call, size_t at) {
  Distribution d{readRows(call, at, 2)};
  d.x = call.floats(0, d.rows.predictions());
  d.targets = call.floats(1, d.rows.rows);
  if (d.rows.columns < 1) call.refuse(at + 1, "at least one bin");
  return d;
}

/** (x, targets, weights, y, rows, bins, reduction) */
void distributionFocal(Arguments& call) {
  const Distribution d = readDistribution(call, 4);
  float* y = call.floats(3, d.rows.results());
  const Index columns = d.rows.columns;
  reduceRows(d.rows, y, [&](Index row) {
    const Bins at(d.targets[row], columns);
    const float* logarithms = logSoftmax(d.x + row * columns, columns, 1, 0);
    float sum = 0;
    if (at.shareLeft != 0) sum -= at.shareLeft * logarithms[at.left];
    if (at.shareRight != 0) sum -= at.shareRight * logarithms[at.left + 1];
    return sum;
  });
}

/** (x, targets, weights, dy, dx, rows, bins, reduction): e^logarithm less the bin's share */
void distributionFocalGradient(Arguments& call) {
  const Distribution d = readDistribution(call, 5);
  const float* dy = call.floats(3, d.rows.results());
  float* dx = call.floats(4, d.rows.predictions());
  const Index columns = d.rows.columns;
  overSlopes(d.rows, dy, [&](Index row, float factor) {
    const Bins at(d.targets[row], columns);
    float* to = dx + row * columns;
    losses::loops().scaledExponential(logSoftmax(d.x + row * columns, columns, 1, 0), to, columns, factor);
    if (at.shareLeft != 0) to[at.left] -= factor * at.shareLeft;
    if (at.shareRight != 0) to[at.left + 1] -= factor * at.shareRight;
  });
}

struct Pair {
  Rows rows;
  const float *student, *teacher;
  double temperature;
};

/** Arguments 0 … 2: student, teacher, weights or null; from `at`: rows, columns, reduction, temperature. */
Pair readPair(Arguments& call, size_t at) {
  Pair p{readRows(call, at, 2)};
  p.student = call.floats(0, p.rows.predictions());
  p.teacher = call.floats(1, p.rows.predictions());
  p.temperature = call.number(at + 3);
  if (p.rows.columns < 1) call.refuse(at + 1, "at least one column");
  return p;
}

/** (student, teacher, weights, y, rows, columns, reduction, temperature) */
void distillationKl(Arguments& call) {
  const Pair p = readPair(call, 4);
  float* y = call.floats(3, p.rows.results());
  const Index columns = p.rows.columns;
  const float scale = float(1 / p.temperature);
  const double factor = p.temperature * p.temperature / double(columns);
  reduceRows(p.rows, y, [&](Index row) {
    const float *student = logSoftmax(p.student + row * columns, columns, scale, 0), *teacher = logSoftmax(p.teacher + row * columns, columns, scale, 1);
    return factor * losses::loops().divergence(student, teacher, columns);
  });
}

/** (student, teacher, weights, dy, dx, rows, columns, reduction, temperature) */
void distillationKlGradient(Arguments& call) {
  const Pair p = readPair(call, 5);
  const float* dy = call.floats(3, p.rows.results());
  float* dx = call.floats(4, p.rows.predictions());
  const Index columns = p.rows.columns;
  const float scale = float(1 / p.temperature), slope = float(p.temperature / double(columns));
  overSlopes(p.rows, dy, [&](Index row, float factor) {
    const float *student = logSoftmax(p.student + row * columns, columns, scale, 0), *teacher = logSoftmax(p.teacher + row * columns, columns, scale, 1);
    losses::loops().differenceOfExponentials(student, teacher, dx + row * columns, columns, factor * slope);
  });
}

}  // namespace

void addDistributionLosses(Module& module) {
  module.add<distributionFocal>("distributionFocal");
  module.add<distributionFocalGradient>("distributionFocalGradient");
  module.add<distillationKl>("distillationKl");
  module.add<distillationKlGradient>("distillationKlGradient");
}

}  // namespace lad
