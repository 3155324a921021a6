#include <vector>

#include "arguments.h"
#include "kernels.h"
#include "norm-loops.h"
#include "parallel.h"

namespace lad {
namespace {

/** (x, scale, offset, y, mean, inverse, eps, rows, channels): mean and inverse [rows] are written */
void layerNorm(Arguments& call) {
  const Index rows = call.whole(7, 0, most), channels = call.whole(8, 0, most), size = product(rows, channels);
  const float *x = call.floats(0, size), *scale = call.floats(1, channels), *offset = call.floats(2, channels);
  float *y = call.floats(3, size), *mean = call.floats(4, rows), *inverse = call.floats(5, rows);
  const double eps = call.number(6);
  if (size == 0) return;
  const auto loop = normLoops().layerNorm;
  parallel(rows, 16384 / channels + 1, [&](Index begin, Index end) {
    const Index at = begin * channels;
    loop(x + at, scale, offset, y + at, mean + begin, inverse + begin, end - begin, channels, eps);
  });
}

/** (dy, x, scale, mean, inverse, dx, dscale, doffset, rows, channels) */
void layerNormGradient(Arguments& call) {
  constexpr Index blockRows = 32;  // summed in float32, blocks in float64
  const Index rows = call.whole(8, 0, most), channels = call.whole(9, 0, most), size = product(rows, channels);
  const float *dy = call.floats(0, size), *x = call.floats(1, size), *scale = call.floats(2, channels);
  const float *mean = call.floats(3, rows), *inverse = call.floats(4, rows);
  float *dx = call.floats(5, size), *dscale = call.floats(6, channels), *doffset = call.floats(7, channels);
  const size_t width = size_t(2 * channels);
  const int all = pieces(rows, channels);
  std::vector<double> sums(width * all, 0.0);
  std::vector<float> parts(width * all);
  const auto loop = normLoops().layerNormGradient;
  if (size > 0)
    inPieces(all, rows, [&](int piece, Index begin, Index end) {
      double* mine = sums.data() + width * piece;
      float* part = parts.data() + width * piece;
      for (Index row = begin; row < end; row += blockRows) {
        const Index count = row + blockRows < end ? blockRows : end - row, at = row * channels;
        for (size_t c = 0; c < width; c++) part[c] = 0;
        loop(dy + at, x + at, scale, mean + row, inverse + row, dx + at, count, channels, part, part + channels);
        for (size_t c = 0; c < width; c++) mine[c] += part[c];
      }
    });
  for (Index c = 0; c < channels; c++) {
    double first = 0, second = 0;
    for (int piece = 0; piece < all; piece++) {
      first += sums[width * piece + c];
      second += sums[width * piece + channels + c];
    }
    dscale[c] = float(first);
    doffset[c] = float(second);
  }
}

}  // namespace

void addLayerNorm(Module& module) {
  module.add<layerNorm>("layerNorm");
  module.add<layerNormGradient>("layerNormGradient");
}

}  // namespace lad
