#include "arguments.h"
#include "kernels.h"
#include "parallel.h"
#include "sizes.h"

// 1 − GIoU of row-aligned boxes and its gradients, with torch's halves where corners coincide and torch's whole slope at a clamp's bound (losses/src/giou-loss.ts).
namespace lad {
namespace {

/** max and min that show NaN, and the left side's share of the gradient: half at a tie. */
inline float larger(float a, float b) { return a > b || a != a ? a : b; }
inline float smaller(float a, float b) { return a < b || a != a ? a : b; }
inline float shareOfLarger(float a, float b) { return a > b ? 1.f : a == b ? 0.5f : 0.f; }
inline float clampedAt0(float x) { return x < 0 ? 0.f : x; }

/** What both directions need of one pair of boxes; [0] is x, [1] is y. */
struct Pair {
  float inner[2], outer[2], sizeA[2], sizeB[2];
  float intersection, areas, rest, unionArea, hullArea, hull, eps;

  Pair(const float* a, const float* b, float eps) : eps(eps) {
    for (int i = 0; i < 2; i++) {
      inner[i] = smaller(a[i + 2], b[i + 2]) - larger(a[i], b[i]);
      outer[i] = larger(a[i + 2], b[i + 2]) - smaller(a[i], b[i]);
      sizeA[i] = a[i + 2] - a[i];
      sizeB[i] = b[i + 2] - b[i];
    }
    intersection = clampedAt0(inner[0]) * clampedAt0(inner[1]);
    areas = sizeA[0] * sizeA[1] + sizeB[0] * sizeB[1];
    rest = areas - intersection;
    unionArea = larger(rest, eps);
    hullArea = clampedAt0(outer[0]) * clampedAt0(outer[1]);
    hull = larger(hullArea, eps);
  }
  float loss() const { return 1 - intersection / unionArea + (hull - unionArea) / hull; }
};

/** da and db of one pair. */
void slopes(const float* a, const float* b, float dy, float eps, float* da, float* db) {
  const Pair p(a, b, eps);
  const float byUnion = p.intersection / (p.unionArea * p.unionArea) - 1 / p.hull;
  const float byRest = dy * byUnion * shareOfLarger(p.rest, eps);
  const float byIntersection = -dy / p.unionArea - byRest;
  const float byHull = dy * p.unionArea / (p.hull * p.hull) * shareOfLarger(p.hullArea, eps);
  for (int i = 0; i < 2; i++) {
    const int other = 1 - i;
    const float ofInner = p.inner[i] >= 0 ? byIntersection * clampedAt0(p.inner[other]) : 0.f;
    const float ofOuter = p.outer[i] >= 0 ? byHull * clampedAt0(p.outer[other]) : 0.f;
    const float innerLow = shareOfLarger(a[i], b[i]), innerHigh = shareOfLarger(b[i + 2], a[i + 2]);
    const float outerLow = shareOfLarger(b[i], a[i]), outerHigh = shareOfLarger(a[i + 2], b[i + 2]);
    const float ofSizeA = byRest * p.sizeA[other], ofSizeB = byRest * p.sizeB[other];
    da[i] = -ofInner * innerLow - ofOuter * outerLow - ofSizeA;
    da[i + 2] = ofInner * innerHigh + ofOuter * outerHigh + ofSizeA;
    db[i] = -ofInner * (1 - innerLow) - ofOuter * (1 - outerLow) - ofSizeB;
    db[i + 2] = ofInner * (1 - innerHigh) + ofOuter * (1 - outerHigh) + ofSizeB;
  }
}

/** (a, b, y, eps) */
void giou(Arguments& call) {
  Index count;
  float* y = call.floats(2, 0, &count);
  const float *a = call.floats(0, elements({count, 4})), *b = call.floats(1, elements({count, 4}));
  const float eps = float(call.number(3));
  parallel(count, 2048, [&](Index begin, Index end) {
    for (Index i = begin; i < end; i++) y[i] = Pair(a + 4 * i, b + 4 * i, eps).loss();
  });
}

/** (a, b, dy, da, db, eps) */
void giouGradient(Arguments& call) {
  Index count;
  const float* dy = call.floats(2, 0, &count);
  const float *a = call.floats(0, elements({count, 4})), *b = call.floats(1, elements({count, 4}));
  float *da = call.floats(3, elements({count, 4})), *db = call.floats(4, elements({count, 4}));
  const float eps = float(call.number(5));
  parallel(count, 2048, [&](Index begin, Index end) {
    for (Index i = begin; i < end; i++) slopes(a + 4 * i, b + 4 * i, dy[i], eps, da + 4 * i, db + 4 * i);
  });
}

}  // namespace

void addGiouLoss(Module& module) {
  module.add<giou>("giou");
  module.add<giouGradient>("giouGradient");
}

}  // namespace lad
