#include <math.h>
#include <string.h>

#include <vector>

#include "arguments.h"
#include "kernels.h"
#include "loops.h"
#include "parallel.h"
#include "row-loops.h"

namespace lad {
namespace {

/** Where the targets along one axis come from: between `lower` and `upper`, at `fraction` of the way. Both never decrease. */
struct Axis {
  Index from, to;
  std::vector<Index> lower, upper;
  std::vector<float> fraction;
  std::vector<Index> firstTarget, endTarget;  // of each source: the targets that read it

  Axis(Index sources, Index targets, bool bilinear, bool alignCorners, bool halfPixelCenters) : from(sources), to(targets) {
    const bool aligned = alignCorners && targets > 1;
    const double scale = aligned ? double(sources - 1) / double(targets - 1) : double(sources) / double(targets);
    lower.resize(targets), upper.resize(targets), fraction.assign(targets, 0);
    firstTarget.assign(sources, targets), endTarget.assign(sources, 0);
    for (Index target = 0; target < targets; target++) {
      const double place = scale * (double(target) + (halfPixelCenters ? 0.5 : 0));
      if (bilinear) {
        const double at = halfPixelCenters ? place - 0.5 : place;
        lower[target] = inside(floor(at));
        upper[target] = inside(ceil(at));
        fraction[target] = float(at - floor(at));
      } else {
        lower[target] = upper[target] = inside(alignCorners ? floor(place + 0.5) : floor(place));
      }
      for (const Index source : {lower[target], upper[target]}) {
        if (target < firstTarget[source]) firstTarget[source] = target;
        if (target + 1 > endTarget[source]) endTarget[source] = target + 1;
      }
    }
  }

  /** What target takes of source. */
  float weight(Index target, Index source) const {
    return (lower[target] == source ? 1.f - fraction[target] : 0.f) + (upper[target] == source ? fraction[target] : 0.f);
  }

 private:
  Index inside(double place) const {
    const double last = double(from - 1);
    return Index(place < 0 ? 0 : place > last ? last : place);
  }
};

/** batch, height, width, channels, new height, new width, bilinear, align corners, half pixel centers */
const int32_t* sizesOf(Arguments& call, size_t at) {
  const int32_t* n = call.integers(at, 9);
  for (int i = 0; i < 6; i++)
    if (n[i] < 1 || n[i] > (1 << 24)) call.refuse(at, "sizes of a resizing, at least 1");
  return n;
}

struct Resize {
  const int32_t* n;
  /** Of the map's size, and of the resized map's. */
  float *small, *large;
  Index batch, channels;
  bool bilinear;
  Axis rows, columns;

  Resize(Arguments& call, size_t smallAt, size_t largeAt)
      : n(sizesOf(call, 2)), small(call.floats(smallAt, product(product(n[0], n[1], n[2]), n[3]))),
        large(call.floats(largeAt, product(product(n[0], n[4], n[5]), n[3]))), batch(n[0]), channels(n[3]), bilinear(n[6] != 0),
        rows(n[1], n[4], bilinear, n[7] != 0, n[8] != 0), columns(n[2], n[5], bilinear, n[7] != 0, n[8] != 0) {}
};

/** (x, y, sizes) */
void resize(Arguments& call) {
  const Resize r(call, 0, 1);
  const float* x = r.small;
  float* y = r.large;
  const Index channels = r.channels, line = r.columns.from * channels;
  const auto blend = rowLoops().blend;
  parallel(r.batch * r.rows.to, 16384 / (r.columns.to * channels) + 1, [&](Index begin, Index end) {
    for (Index row = begin; row < end; row++) {
      const Index target = row % r.rows.to;
      const float* image = x + row / r.rows.to * r.rows.from * line;
      const float *top = image + r.rows.lower[target] * line, *bottom = image + r.rows.upper[target] * line;
      float* to = y + row * r.columns.to * channels;
      for (Index column = 0; column < r.columns.to; column++, to += channels) {
        const Index left = r.columns.lower[column] * channels, right = r.columns.upper[column] * channels;
        if (r.bilinear)
          blend(to, top + left, top + right, bottom + left, bottom + right, r.columns.fraction[column], r.rows.fraction[target], channels);
        else memmove(to, top + left, channels * sizeof(float));
      }
    }
  });
}

/** (dy, dx, sizes): every source pixel gathers what its targets took of it */
void resizeGradient(Arguments& call) {
  const Resize r(call, 1, 0);
  const float* dy = r.large;
  float* dx = r.small;
  const Index channels = r.channels, line = r.columns.to * channels;
  const auto addScaled = rowLoops().addScaled;
  parallel(r.batch * r.rows.from, 16384 / (r.columns.from * channels) + 1, [&](Index begin, Index end) {
    for (Index row = begin; row < end; row++) {
      const Index source = row % r.rows.from;
      float* to = dx + row * r.columns.from * channels;
      memset(to, 0, r.columns.from * channels * sizeof(float));
      const float* image = dy + row / r.rows.from * r.rows.to * line;
      for (Index target = r.rows.firstTarget[source]; target < r.rows.endTarget[source]; target++) {
        const float down = r.rows.weight(target, source);
        for (Index column = 0; down != 0 && column < r.columns.to; column++) {
          const float* from = image + target * line + column * channels;
          const Index left = r.columns.lower[column], right = r.columns.upper[column];
          const float across = r.columns.fraction[column];
          addScaled(to + left * channels, from, down * (1.f - across), channels);
          if (across != 0) addScaled(to + right * channels, from, down * across, channels);
        }
      }
    }
  });
}

/** (image, boxes, images of boxes, y, sizes: batch, height, width, channels, boxes, crop height, crop width, nearest; outside): boxes y1, x1, y2, x2 from 0 to 1 */
void cropAndResize(Arguments& call) {
  const int32_t* n = call.integers(4, 8);
  for (int i = 0; i < 7; i++)
    if (n[i] < (i == 4 ? 0 : 1) || n[i] > (1 << 24)) call.refuse(4, "sizes of a cropping");
  const Index batch = n[0], height = n[1], width = n[2], channels = n[3], count = n[4], tall = n[5], wide = n[6];
  const bool nearest = n[7] != 0;
  const float *x = call.floats(0, product(product(batch, height, width), channels)), *boxes = call.floats(1, count * 4);
  const int32_t* images = call.integers(2, count);
  float* y = call.floats(3, product(product(count, tall, wide), channels));
  const float outside = float(call.number(5));
  for (Index box = 0; box < count; box++)
    if (images[box] < 0 || images[box] >= batch) call.refuse(2, "images in [0, " + std::to_string(batch) + ")");
  const auto blend = rowLoops().blend;
  const auto fill = loops().fill;
  const auto place = [](float first, float last, Index side, Index target, Index targets) {
    if (targets == 1) return 0.5 * (double(first) + last) * double(side - 1);
    return double(first) * double(side - 1) + double(target) * ((double(last) - first) * double(side - 1) / double(targets - 1));
  };
  parallel(count * tall, 16384 / (wide * channels) + 1, [&](Index begin, Index end) {
    for (Index row = begin; row < end; row++) {
      const float* box = boxes + row / tall * 4;
      const double down = place(box[0], box[2], height, row % tall, tall);
      const float* image = x + Index(images[row / tall]) * height * width * channels;
      for (Index column = 0; column < wide; column++) {
        float* to = y + (row * wide + column) * channels;
        const double across = place(box[1], box[3], width, column, wide);
        if (!(down >= 0 && down <= double(height - 1) && across >= 0 && across <= double(width - 1))) {
          fill(to, channels, outside);
          continue;
        }
        const auto pixel = [&](double line, double at) { return image + (Index(line) * width + Index(at)) * channels; };
        if (nearest) memmove(to, pixel(floor(down + 0.5), floor(across + 0.5)), channels * sizeof(float));
        else
          blend(to, pixel(floor(down), floor(across)), pixel(floor(down), ceil(across)), pixel(ceil(down), floor(across)),
                pixel(ceil(down), ceil(across)), float(across - floor(across)), float(down - floor(down)), channels);
      }
    }
  });
}

}  // namespace

void addResize(Module& module) {
  module.add<resize>("resize");
  module.add<resizeGradient>("resizeGradient");
  module.add<cropAndResize>("cropAndResize");
}

}  // namespace lad
