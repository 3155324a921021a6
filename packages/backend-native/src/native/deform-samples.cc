#include <math.h>
#include <string.h>

#include "deform-conv.h"
#include "parallel.h"
#include "sizes.h"

namespace lad::deform {

Index Shape::inputs() const { return elements({batch, height, width, channels}); }
Index Shape::results() const { return elements({batch, outHeight, outWidth, outputs}); }
Index Shape::filters() const { return elements({kernelHeight, kernelWidth, channels / groups, outputs}); }
Index Shape::offsets() const { return elements({batch, outHeight, outWidth, kernelHeight, kernelWidth, deformGroups, 2}); }

Shape readShape(Arguments& call, size_t at) {
  const int32_t* n = call.integers(at, 14);
  for (int i = 0; i < 14; i++)
    if (n[i] < (i == 0 || i == 10 ? 0 : 1)) call.refuse(at, "sizes of a deformable convolution");
  const Shape s{n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11], n[12], n[13]};
  if (s.channels % s.groups || s.outputs % s.groups || s.channels % s.deformGroups) call.refuse(at, "groups that divide the channels");
  if (elements({s.height, s.width}) > INT32_MAX) call.refuse(at, "a map of fewer than 2^31 pixels");
  return s;
}

std::vector<Segment> segmentsOf(const Shape& s) {
  const Index each = s.channels / s.groups, every = s.channels / s.deformGroups;
  std::vector<Segment> segments;
  for (Index c = 0; c < s.channels;) {
    const Index end = (c / each + 1) * each, other = (c / every + 1) * every, next = end < other ? end : other;
    segments.push_back({c, next - c, c / each, c % each, c / every});
    c = next;
  }
  return segments;
}

Index blockRows(const Shape& s) {
  constexpr Index most = Index(1) << 20;  // floats
  const Index row = s.depth() * s.groups, rows = most / row;
  return rows < 16 ? 16 : rows > 4096 ? 4096 : rows;
}

/** 0 at -1, H, W and beyond, where no slope is left either; what is not a number reads the first pixel, times NaN. */
static Sample sampleAt(const Shape& s, float y, float x, float mask) {
  Sample at{};
  at.mask = mask;
  if (y != y || x != x) {
    at.count = 1;
    at.weights[0] = at.byY[0] = at.byX[0] = NAN;
    return at;
  }
  if (!(y > -1 && x > -1 && y < float(s.height) && x < float(s.width))) return at;
  const float top = floorf(y), left = floorf(x), restY = y - top, restX = x - left;
  for (int corner = 0; corner < 4; corner++) {
    const int down = corner >> 1, right = corner & 1;
    const Index row = Index(top) + down, column = Index(left) + right;
    if (row < 0 || row >= s.height || column < 0 || column >= s.width) continue;
    const float shareY = down ? restY : 1 - restY, shareX = right ? restX : 1 - restX;
    at.cells[at.count] = int32_t(row * s.width + column);
    at.weights[at.count] = shareY * shareX;
    at.byY[at.count] = down ? shareX : -shareX;
    at.byX[at.count] = right ? shareY : -shareY;
    at.count++;
  }
  return at;
}

void locate(const Shape& s, const Map& map, Index begin, Index count, Sample* samples) {
  const Index taps = s.taps(), all = s.samples();
  parallel(count, 512 / all + 1, [&](Index first, Index last) {
    for (Index row = first; row < last; row++) {
      const Index pixel = begin + row;
      const Index baseY = pixel / s.outWidth % s.outHeight * s.stride - s.padding, baseX = pixel % s.outWidth * s.stride - s.padding;
      const float* move = map.offsets + pixel * all * 2;
      for (Index group = 0; group < s.deformGroups; group++)
        for (Index tap = 0; tap < taps; tap++) {
          const Index channel = group * taps + tap;
          const float y = float(baseY + tap / s.kernelWidth * s.dilation) + move[2 * channel];
          const float x = float(baseX + tap % s.kernelWidth * s.dilation) + move[2 * channel + 1];
          samples[(row * taps + tap) * s.deformGroups + group] = sampleAt(s, y, x, map.mask ? map.mask[pixel * all + channel] : 1.f);
        }
    }
  });
}

void gather(const Shape& s, const Map& map, const std::vector<Segment>& segments, const Sample* samples, Index begin, Index count, float* columns) {
  const Index taps = s.taps(), each = s.channels / s.groups, depth = s.depth();
  const auto loop = sampling::loops().gather;
  parallel(count, 16384 / (depth * s.groups) + 1, [&](Index first, Index last) {
    for (Index row = first; row < last; row++) {
      const float* image = map.x + (begin + row) / (s.outHeight * s.outWidth) * s.height * s.width * s.channels;
      for (Index group = 0; group < s.groups; group++) memset(columns + (group * count + row) * depth, 0, depth * sizeof(float));
      for (Index tap = 0; tap < taps; tap++)
        for (const Segment& part : segments) {
          const Sample& at = samples[(row * taps + tap) * s.deformGroups + part.deformGroup];
          float* to = columns + (part.group * count + row) * depth + tap * each + part.within;
          loop(image + part.from, at.cells, at.weights, at.count, s.channels, part.count, at.mask, to);
        }
    }
  });
}

}  // namespace lad::deform
