#include <math.h>

#include <vector>

#include "arguments.h"
#include "kernels.h"
#include "loops.h"
#include "parallel.h"

// Batch norm and group norm as one: x is [sets, pixels, channels]; within a set each group of neighbouring channels has its own statistics.
// Batch norm in training: one set, a group per channel. With given statistics: one set, a group per channel, the same gradients without the means.
namespace lad {
namespace {

constexpr Index blockRows = 32;

struct Shape {
  Index sets, pixels, channels, groups;
  Index each() const { return channels / groups; }
  Index elements() const { return sets * pixels * channels; }
};

/** Arguments `at` … `at + 3` */
Shape read(Arguments& call, size_t at) {
  const Shape s{call.whole(at), call.whole(at + 1), call.whole(at + 2), call.whole(at + 3, 1)};
  if (s.channels % s.groups != 0) call.refuse(at + 3, "a divisor of the channels");
  return s;
}

/** Two sums per channel over the rows of one set, in blocks of rows in float32, the blocks in float64. `block(begin, count, first, second)` adds to its arguments. */
template <class Block>
void twoSums(const Shape& s, std::vector<double>& first, std::vector<double>& second, Block block) {
  const int all = pieces(s.pixels, s.channels);
  const size_t width = size_t(s.channels);
  std::vector<double> sums(2 * width * all, 0.0);
  std::vector<float> parts(2 * width * all);
  inPieces(all, s.pixels, [&](int piece, Index begin, Index end) {
    double* mine = sums.data() + 2 * width * piece;
    float* part = parts.data() + 2 * width * piece;
    for (Index row = begin; row < end; row += blockRows) {
      for (size_t c = 0; c < 2 * width; c++) part[c] = 0;
      block(row, row + blockRows < end ? blockRows : end - row, part, part + width);
      for (size_t c = 0; c < 2 * width; c++) mine[c] += part[c];
    }
  });
  for (size_t c = 0; c < width; c++) {
    first[c] = second[c] = 0;
    for (int piece = 0; piece < all; piece++) {
      first[c] += sums[2 * width * piece + c];
      second[c] += sums[2 * width * piece + width + c];
    }
  }
}

/** Mean and biased variance of each group, written per channel. Moments are taken about the set's first pixel, so maps far from zero keep their digits. */
void statistics(const Shape& s, const float* x, float* mean, float* variance) {
  std::vector<double> sums(s.channels), squares(s.channels);
  std::vector<float> shift(x, x + s.channels);
  for (Index c = 0; c < s.channels; c++)
    if (!(fabsf(shift[c]) <= 3e18f)) shift[c] = 0;  // squares of infinities must not become NaN by the shift alone
  const auto moments = loops().moments;
  twoSums(s, sums, squares, [&](Index row, Index count, float* first, float* second) {
    moments(x + row * s.channels, count, s.channels, shift.data(), first, second);
  });
  for (Index group = 0; group < s.groups; group++) {
    double total = 0, spread = 0;
    for (Index c = group * s.each(); c < (group + 1) * s.each(); c++) total += sums[c] / s.pixels + shift[c];
    const double center = total / s.each();
    for (Index c = group * s.each(); c < (group + 1) * s.each(); c++) {
      const double offset = sums[c] / s.pixels, away = offset + shift[c] - center;
      spread += squares[c] / s.pixels - offset * offset + away * away;
    }
    const double biased = spread / s.each();
    for (Index c = group * s.each(); c < (group + 1) * s.each(); c++) {
      mean[c] = float(center);
      variance[c] = float(biased < 0 ? 0 : biased);
    }
  }
}

void apply(const Shape& s, const float* x, float* y, const float* mean, const float* variance, const float* scale, const float* offset, double eps) {
  std::vector<float> slope(s.channels);
  for (Index c = 0; c < s.channels; c++) slope[c] = float(scale[c] / sqrt(double(variance[c]) + eps));
  const auto loop = loops().normalize;
  parallel(s.pixels, 16384 / (s.channels + 1) + 1, [&](Index begin, Index end) {
    loop(x + begin * s.channels, y + begin * s.channels, end - begin, s.channels, mean, slope.data(), offset);
  });
}

/** (x, scale, offset, y, mean, variance, eps, sets, pixels, channels, groups); mean and variance [sets, channels] are written */
void normalize(Arguments& call) {
  const Shape s = read(call, 7);
  const float *x = call.floats(0, s.elements()), *scale = call.floats(1, s.channels), *offset = call.floats(2, s.channels);
  float *y = call.floats(3, s.elements()), *mean = call.floats(4, s.sets * s.channels), *variance = call.floats(5, s.sets * s.channels);
  const double eps = call.number(6);
  if (s.elements() == 0) return;
  for (Index set = 0; set < s.sets; set++) {
    const Index at = set * s.pixels * s.channels, row = set * s.channels;
    statistics(s, x + at, mean + row, variance + row);
    apply(s, x + at, y + at, mean + row, variance + row, scale, offset, eps);
  }
}

/** (x, scale, offset, mean, variance, y, eps, pixels, channels): with given statistics */
void normalizeWith(Arguments& call) {
  const Shape s{1, call.whole(7), call.whole(8), 1};
  const float *x = call.floats(0, s.elements()), *scale = call.floats(1, s.channels), *offset = call.floats(2, s.channels);
  const float *mean = call.floats(3, s.channels), *variance = call.floats(4, s.channels);
  float* y = call.floats(5, s.elements());
  if (s.elements() > 0) apply(s, x, y, mean, variance, scale, offset, call.number(6));
}

struct Sums {
  std::vector<double> upper, products;  // per channel: Σ dy, Σ dy·(x − mean)
};

void gradientSums(const Shape& s, const float* dy, const float* x, const float* mean, Sums& sums) {
  const auto loop = loops().normalizeSums;
  twoSums(s, sums.upper, sums.products, [&](Index row, Index count, float* first, float* second) {
    loop(dy + row * s.channels, x + row * s.channels, count, s.channels, mean, first, second);
  });
}

/** dx of one set: with g = dy·scale and x̂ normalised, (g − mean(g) − x̂·mean(g·x̂)) / sqrt(variance + eps), means over the group. */
void gradientApply(const Shape& s, const float* dy, const float* x, float* dx, const float* scale, const float* mean,
                   const std::vector<double>& inverse, const Sums& sums) {
  std::vector<float> slope(s.channels), constant(s.channels), linear(s.channels);
  const double count = double(s.pixels) * s.each();
  for (Index group = 0; group < s.groups; group++) {
    double meanGradient = 0, meanProduct = 0;
    for (Index c = group * s.each(); c < (group + 1) * s.each(); c++) {
      meanGradient += scale[c] * sums.upper[c] / count;
      meanProduct += scale[c] * sums.products[c] * inverse[c] / count;
    }
    for (Index c = group * s.each(); c < (group + 1) * s.each(); c++) {
      slope[c] = float(scale[c] * inverse[c]);
      constant[c] = float(inverse[c] * meanGradient);
      linear[c] = float(inverse[c] * inverse[c] * meanProduct);
    }
  }
  const auto loop = loops().normalizeGradient;
  parallel(s.pixels, 16384 / (s.channels + 1) + 1, [&](Index begin, Index end) {
    const Index at = begin * s.channels;
    loop(dy + at, x + at, dx + at, end - begin, s.channels, mean, slope.data(), constant.data(), linear.data());
  });
}

/** (dy, x, scale, mean, variance, dx or null, dscale, doffset, eps, sets, pixels, channels, groups); statistics [sets, channels] */
void normalizeGradient(Arguments& call) {
  const Shape s = read(call, 9);
  const float *dy = call.floats(0, s.elements()), *x = call.floats(1, s.elements()), *scale = call.floats(2, s.channels);
  const float *mean = call.floats(3, s.sets * s.channels), *variance = call.floats(4, s.sets * s.channels);
  float *dx = call.optionalFloats(5, s.elements()), *dscale = call.floats(6, s.channels), *doffset = call.floats(7, s.channels);
  const double eps = call.number(8);
  std::vector<double> allProducts(s.channels, 0.0), allUpper(s.channels, 0.0), inverse(s.channels);
  Sums sums{std::vector<double>(s.channels), std::vector<double>(s.channels)};
  for (Index set = 0; set < s.sets && s.elements() > 0; set++) {
    const Index at = set * s.pixels * s.channels, row = set * s.channels;
    for (Index c = 0; c < s.channels; c++) inverse[c] = 1 / sqrt(double(variance[row + c]) + eps);
    gradientSums(s, dy + at, x + at, mean + row, sums);
    if (dx) gradientApply(s, dy + at, x + at, dx + at, scale, mean + row, inverse, sums);
    for (Index c = 0; c < s.channels; c++) {
      allUpper[c] += sums.upper[c];
      allProducts[c] += sums.products[c] * inverse[c];
    }
  }
  for (Index c = 0; c < s.channels; c++) {
    dscale[c] = float(allProducts[c]);
    doffset[c] = float(allUpper[c]);
  }
}

/** (dy, x, scale, mean, variance, dx, dscale, doffset, eps, pixels, channels): the statistics are constants */
void normalizeGradientWith(Arguments& call) {
  const Shape s{1, call.whole(9), call.whole(10), 1};
  const float *dy = call.floats(0, s.elements()), *x = call.floats(1, s.elements()), *scale = call.floats(2, s.channels);
  const float *mean = call.floats(3, s.channels), *variance = call.floats(4, s.channels);
  float *dx = call.floats(5, s.elements()), *dscale = call.floats(6, s.channels), *doffset = call.floats(7, s.channels);
  const double eps = call.number(8);
  std::vector<double> inverse(s.channels);
  std::vector<float> slope(s.channels);
  for (Index c = 0; c < s.channels; c++) {
    inverse[c] = 1 / sqrt(double(variance[c]) + eps);
    slope[c] = float(scale[c] * inverse[c]);
  }
  Sums sums{std::vector<double>(s.channels, 0.0), std::vector<double>(s.channels, 0.0)};
  const auto loop = loops().normalizeGradientWith;
  if (s.elements() > 0)
    twoSums(s, sums.upper, sums.products, [&](Index row, Index count, float* first, float* second) {
      const Index at = row * s.channels;
      loop(dy + at, x + at, dx + at, count, s.channels, mean, slope.data(), first, second);
    });
  for (Index c = 0; c < s.channels; c++) {
    dscale[c] = float(sums.products[c] * inverse[c]);
    doffset[c] = float(sums.upper[c]);
  }
}

}  // namespace

void addNormalization(Module& module) {
  module.add<normalize>("normalize");
  module.add<normalizeWith>("normalizeWith");
  module.add<normalizeGradient>("normalizeGradient");
  module.add<normalizeGradientWith>("normalizeGradientWith");
}

}  // namespace lad
