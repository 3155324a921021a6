#include "deform-conv.h"

#include <oneapi/dnnl/dnnl.h>
#include <string.h>

#include <stdexcept>

#include "kernels.h"
#include "parallel.h"

namespace lad {
namespace {

using namespace deform;

/** Of this thread, kept for the next call. */
struct Workspace {
  Scratch samples, columns;
};
thread_local Workspace workspace;

/** `c = op(a)·op(b) (+ c)`, row-major; rows × columns out of rows × depth. */
struct Product {
  bool transposeA = false, transposeB = false;
  Index rows, columns, depth;
  const float* a;
  Index stepA;
  const float* b;
  Index stepB;
  float* c;
  Index stepC;
  float before = 0;
};
void multiply(const Product& p) {
  const SmallWork small(double(p.rows) * p.columns * p.depth);
  const auto status = dnnl_sgemm(p.transposeA ? 'T' : 'N', p.transposeB ? 'T' : 'N', p.rows, p.columns, p.depth, 1.f, p.a, p.stepA, p.b,
                                 p.stepB, p.before, p.c, p.stepC);
  if (status != dnnl_success) throw std::runtime_error("a product of matrices failed");
}

/** Runs `work(begin, count, samples, columns)` over blocks of output pixels, their samples located. */
template <class Work>
void overBlocks(const Shape& s, const Map& map, Work work) {
  const Index rows = blockRows(s), pixels = s.pixels();
  auto* samples = static_cast<Sample*>(workspace.samples.get(rows * s.samples() * sizeof(Sample)));
  auto* columns = static_cast<float*>(workspace.columns.get(rows * s.depth() * s.groups * sizeof(float)));
  for (Index begin = 0; begin < pixels; begin += rows) {
    const Index count = begin + rows < pixels ? rows : pixels - begin;
    locate(s, map, begin, count, samples);
    work(begin, count, samples, columns);
  }
}

Map readMap(Arguments& call, const Shape& s, size_t x, size_t offsets, size_t mask) {
  return {call.floats(x, s.inputs()), call.floats(offsets, s.offsets()), call.optionalFloats(mask, s.offsets() / 2)};
}

/** (x, offsets, mask or null, filter, y, shape) */
void deformConv(Arguments& call) {
  const Shape s = readShape(call, 5);
  const Map map = readMap(call, s, 0, 1, 2);
  const float* filter = call.floats(3, s.filters());
  float* y = call.floats(4, s.results());
  const auto segments = segmentsOf(s);
  const Index out = s.outputs / s.groups;
  overBlocks(s, map, [&](Index begin, Index count, const Sample* samples, float* columns) {
    gather(s, map, segments, samples, begin, count, columns);
    for (Index group = 0; group < s.groups; group++)
      multiply({false, false, count, out, s.depth(), columns + group * count * s.depth(), s.depth(), filter + group * out, s.outputs,
                y + begin * s.outputs + group * out, s.outputs});
  });
}

/** (x, offsets, mask or null, dy, dfilter, shape) */
void deformConvFilterGradient(Arguments& call) {
  const Shape s = readShape(call, 5);
  const Map map = readMap(call, s, 0, 1, 2);
  const float* dy = call.floats(3, s.results());
  float* dfilter = call.floats(4, s.filters());
  const auto segments = segmentsOf(s);
  const Index out = s.outputs / s.groups;
  memset(dfilter, 0, s.filters() * sizeof(float));
  overBlocks(s, map, [&](Index begin, Index count, const Sample* samples, float* columns) {
    gather(s, map, segments, samples, begin, count, columns);
    for (Index group = 0; group < s.groups; group++)
      multiply({true, false, s.depth(), out, count, columns + group * count * s.depth(), s.depth(), dy + begin * s.outputs + group * out,
                s.outputs, dfilter + group * out, s.outputs, 1.f});
  });
}

/** Gradients of the input map; threads share out channels, so that none meets another in a pixel and sums do not depend on their number. */
void scatter(const Shape& s, const std::vector<Segment>& segments, const Sample* samples, const float* slopes, Index begin, Index count, float* dx) {
  constexpr Index width = 16;
  const Index taps = s.taps(), each = s.channels / s.groups, depth = s.depth();
  const auto loop = sampling::loops().scatter;
  parallel((s.channels + width - 1) / width, 1, [&](Index first, Index last) {
    for (Index row = 0; row < count; row++) {
      float* image = dx + (begin + row) / (s.outHeight * s.outWidth) * s.height * s.width * s.channels;
      for (const Segment& part : segments) {
        const Index from = part.from > first * width ? part.from : first * width;
        const Index end = part.from + part.count < last * width ? part.from + part.count : last * width;
        if (from >= end) continue;
        for (Index tap = 0; tap < taps; tap++) {
          const Sample& at = samples[(row * taps + tap) * s.deformGroups + part.deformGroup];
          const float* slope = slopes + (part.group * count + row) * depth + tap * each + part.within + (from - part.from);
          loop(image + from, at.cells, at.weights, at.count, s.channels, end - from, at.mask, slope);
        }
      }
    }
  });
}

/** Gradients of offsets and mask: the samples' slopes against the pixels they read. */
void compareSlopes(const Shape& s, const float* x, const std::vector<Segment>& segments, const Sample* samples, const float* slopes,
                   Index begin, Index count, float* doffsets, float* dmask) {
  const Index taps = s.taps(), each = s.channels / s.groups, depth = s.depth(), all = s.samples();
  const auto loop = sampling::loops().dot;
  parallel(count, 16384 / (depth * s.groups) + 1, [&](Index first, Index last) {
    for (Index row = first; row < last; row++) {
      const float* image = x + (begin + row) / (s.outHeight * s.outWidth) * s.height * s.width * s.channels;
      memset(doffsets + (begin + row) * all * 2, 0, all * 2 * sizeof(float));
      if (dmask) memset(dmask + (begin + row) * all, 0, all * sizeof(float));
      for (Index tap = 0; tap < taps; tap++)
        for (const Segment& part : segments) {
          const Sample& at = samples[(row * taps + tap) * s.deformGroups + part.deformGroup];
          const Index channel = (begin + row) * all + part.deformGroup * taps + tap;
          float products[4];
          loop(image + part.from, at.cells, at.count, s.channels, part.count,
               slopes + (part.group * count + row) * depth + tap * each + part.within, products);
          for (int32_t k = 0; k < at.count; k++) {
            doffsets[2 * channel] += at.mask * at.byY[k] * products[k];
            doffsets[2 * channel + 1] += at.mask * at.byX[k] * products[k];
            if (dmask) dmask[channel] += at.weights[k] * products[k];
          }
        }
    }
  });
}

/** (x, offsets, mask or null, filter, dy, dx, doffsets, dmask or null, shape) */
void deformConvInputGradients(Arguments& call) {
  const Shape s = readShape(call, 8);
  const Map map = readMap(call, s, 0, 1, 2);
  const float *filter = call.floats(3, s.filters()), *dy = call.floats(4, s.results());
  float *dx = call.floats(5, s.inputs()), *doffsets = call.floats(6, s.offsets()), *dmask = call.optionalFloats(7, s.offsets() / 2);
  const auto segments = segmentsOf(s);
  const Index out = s.outputs / s.groups;
  const Index line = s.width * s.channels;
  parallel(s.batch * s.height, 16384 / line + 1, [&](Index begin, Index end) { memset(dx + begin * line, 0, (end - begin) * line * sizeof(float)); });
  overBlocks(s, map, [&](Index begin, Index count, const Sample* samples, float* slopes) {
    for (Index group = 0; group < s.groups; group++)
      multiply({false, true, count, s.depth(), out, dy + begin * s.outputs + group * out, s.outputs, filter + group * out, s.outputs,
                slopes + group * count * s.depth(), s.depth()});
    compareSlopes(s, map.x, segments, samples, slopes, begin, count, doffsets, dmask);
    scatter(s, segments, samples, slopes, begin, count, dx);
  });
}

}  // namespace

void addDeformConv(Module& module) {
  module.add<deformConv>("deformConv");
  module.add<deformConvInputGradients>("deformConvInputGradients");
  module.add<deformConvFilterGradient>("deformConvFilterGradient");
}

}  // namespace lad
