#include <math.h>
#include <string.h>

#include "arguments.h"
#include "kernels.h"
#include "loops.h"
#include "parallel.h"
#include "row-loops.h"

namespace lad {
namespace {

struct Pool {
  Index batch, height, width, channels, outHeight, outWidth;
  Index windowHeight, windowWidth, strideHeight, strideWidth, padTop, padLeft;

  Index inputs() const { return batch * height * width * channels; }
  Index outputs() const { return batch * outHeight * outWidth * channels; }
};

Pool read(Arguments& call, size_t at) {
  const int32_t* p = call.integers(at, 12);
  for (int i = 0; i < 12; i++)
    if (p[i] < (i >= 6 && i < 10 ? 1 : 0)) call.refuse(at, "sizes of a pooling");
  return {p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9], p[10], p[11]};
}

/** `work(pixel of the input)` for every pixel of the window at (outY, outX), rows first. */
template <class Work>
void overWindow(const Pool& p, Index outY, Index outX, Work work) {
  for (Index i = 0; i < p.windowHeight; i++) {
    const Index y = outY * p.strideHeight - p.padTop + i;
    if (y < 0 || y >= p.height) continue;
    for (Index j = 0; j < p.windowWidth; j++) {
      const Index x = outX * p.strideWidth - p.padLeft + j;
      if (x >= 0 && x < p.width) work(y * p.width + x);
    }
  }
}

/** (x, y, sizes) */
void maxPool(Arguments& call) {
  const Pool p = read(call, 2);
  const float* x = call.floats(0, p.inputs());
  float* y = call.floats(1, p.outputs());
  const Loops& table = loops();
  parallel(p.batch * p.outHeight, 1, [&](Index begin, Index end) {
    for (Index line = begin; line < end; line++) {
      const float* image = x + line / p.outHeight * p.height * p.width * p.channels;
      for (Index outX = 0; outX < p.outWidth; outX++) {
        float* best = y + (line * p.outWidth + outX) * p.channels;
        table.fill(best, p.channels, -INFINITY);
        overWindow(p, line % p.outHeight, outX, [&](Index pixel) { table.maximumInto(best, image + pixel * p.channels, p.channels); });
      }
    }
  });
}

/** (x, y, sizes): over the pixels of the window that are not padding */
void averagePool(Arguments& call) {
  const Pool p = read(call, 2);
  const float* x = call.floats(0, p.inputs());
  float* y = call.floats(1, p.outputs());
  const Loops& table = loops();
  parallel(p.batch * p.outHeight, 1, [&](Index begin, Index end) {
    for (Index line = begin; line < end; line++) {
      const float* image = x + line / p.outHeight * p.height * p.width * p.channels;
      for (Index outX = 0; outX < p.outWidth; outX++) {
        float* sum = y + (line * p.outWidth + outX) * p.channels;
        Index count = 0;
        table.fill(sum, p.channels, 0);
        overWindow(p, line % p.outHeight, outX, [&](Index pixel) {
          table.addTo(sum, image + pixel * p.channels, p.channels);
          count++;
        });
        const float size = float(count);
        table.binary[divide](sum, &size, sum, p.channels, 1, 0);
      }
    }
  });
}

/** (dy, x, dx, sizes): to the first maximum of each window */
void maxPoolGradient(Arguments& call) {
  constexpr Index block = 64;  // channels at a time
  const Pool p = read(call, 3);
  const float *dy = call.floats(0, p.outputs()), *x = call.floats(1, p.inputs());
  float* dx = call.floats(2, p.inputs());
  const Loops& table = loops();
  const Index blocks = (p.channels + block - 1) / block;
  parallel(p.batch * blocks, 1, [&](Index begin, Index end) {
    for (Index task = begin; task < end; task++) {
      const Index first = task % blocks * block, count = first + block < p.channels ? block : p.channels - first;
      const Index offset = task / blocks * p.height * p.width * p.channels + first;
      for (Index pixel = 0; pixel < p.height * p.width; pixel++)
        memset(dx + offset + pixel * p.channels, 0, count * sizeof(float));
      for (Index out = 0; out < p.outHeight * p.outWidth; out++) {
        float best[block];
        int32_t at[block];
        for (Index c = 0; c < count; c++) best[c] = -INFINITY, at[c] = -1;
        overWindow(p, out / p.outWidth, out % p.outWidth,
                   [&](Index pixel) { table.maximumAt(best, at, x + offset + pixel * p.channels, int32_t(pixel), count); });
        const float* slope = dy + (task / blocks * p.outHeight * p.outWidth + out) * p.channels + first;
        for (Index c = 0; c < count; c++)
          if (at[c] >= 0) dx[offset + at[c] * p.channels + c] += slope[c];
      }
    }
  });
}

/** (dy, dx, sizes): each output's gradient in equal shares to the pixels of its window */
void averagePoolGradient(Arguments& call) {
  const Pool p = read(call, 2);
  const float* dy = call.floats(0, p.outputs());
  float* dx = call.floats(1, p.inputs());
  constexpr Index block = 64;  // channels at a time
  const auto addScaled = rowLoops().addScaled;
  const Index blocks = (p.channels + block - 1) / block;
  parallel(p.batch * blocks, 1, [&](Index begin, Index end) {
    for (Index task = begin; task < end; task++) {
      const Index first = task % blocks * block, count = first + block < p.channels ? block : p.channels - first;
      float* image = dx + task / blocks * p.height * p.width * p.channels + first;
      for (Index pixel = 0; pixel < p.height * p.width; pixel++) memset(image + pixel * p.channels, 0, count * sizeof(float));
      for (Index out = 0; out < p.outHeight * p.outWidth; out++) {
        const float* slope = dy + (task / blocks * p.outHeight * p.outWidth + out) * p.channels + first;
        Index pixels = 0;
        overWindow(p, out / p.outWidth, out % p.outWidth, [&](Index) { pixels++; });
        overWindow(p, out / p.outWidth, out % p.outWidth,
                   [&](Index pixel) { addScaled(image + pixel * p.channels, slope, 1.f / float(pixels), count); });
      }
    }
  });
}

}  // namespace

void addPooling(Module& module) {
  module.add<maxPool>("maxPool");
  module.add<averagePool>("averagePool");
  module.add<averagePoolGradient>("averagePoolGradient");
  module.add<maxPoolGradient>("maxPoolGradient");
}

}  // namespace lad
