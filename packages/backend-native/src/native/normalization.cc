#include <math.h>

#include <vector>

#include "arguments.h"
#include "kernels.h"
#include "loops.h"
#include "norm-loops.h"
#include "parallel.h"

// Batch norm and group norm as one: x is [sets, pixels, channels]; within a set each group of neighbouring channels has its own statistics.
// Batch norm in training: one set, a group per channel. With given statistics: one set, a group per channel, the same gradients without the means.
namespace lad {
namespace {

constexpr Index blockRows = 32;

struct Shape {
  Index sets, pixels, channels, groups;
  Index each() const { return channels / groups; }
  Index elements() const { return product(sets, pixels, channels); }
};

/** Arguments `at` … `at + 3` */
Shape read(Arguments& call, size_t at) {
  const Shape s{call.whole(at, 0, most), call.whole(at + 1, 0, most), call.whole(at + 2, 0, most), call.whole(at + 3, 1, most)};
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

/** What is done to a normalised set in the same pass: adding a residual (null: none), cutting below 0. */
struct Finish {
  const float* residual;
  bool relu;
};

void apply(const Shape& s, const float* x, float* y, const float* mean, const float* variance, const float* scale, const float* offset,
           double eps, Finish finish) {
  std::vector<float> slope(s.channels);
  for (Index c = 0; c < s.channels; c++) slope[c] = float(scale[c] / sqrt(double(variance[c]) + eps));
  const auto loop = normLoops().finish;
  parallel(s.pixels, 16384 / (s.channels + 1) + 1, [&](Index begin, Index end) {
    const Index at = begin * s.channels;
    const float* residual = finish.residual ? finish.residual + at : nullptr;
    loop(x + at, residual, y + at, end - begin, s.channels, mean, slope.data(), offset, finish.relu);
  });
}

/** (x, scale, offset, y, mean, variance, eps, sets, pixels, channels, groups, residual or null, relu); mean and variance [sets, channels] are written */
void normalize(Arguments& call) {
  const Shape s = read(call, 7);
  const float *x = call.floats(0, s.elements()), *scale = call.floats(1, s.channels), *offset = call.floats(2, s.channels);
  float *y = call.floats(3, s.elements()), *mean = call.floats(4, s.sets * s.channels), *variance = call.floats(5, s.sets * s.channels);
  const double eps = call.number(6);
  const Finish finish{call.optionalFloats(11, s.elements()), call.number(12) != 0};
  if (s.elements() == 0) return;
  for (Index set = 0; set < s.sets; set++) {
    const Index at = set * s.pixels * s.channels, row = set * s.channels;
    statistics(s, x + at, mean + row, variance + row);
    const Finish own{finish.residual ? finish.residual + at : nullptr, finish.relu};
    apply(s, x + at, y + at, mean + row, variance + row, scale, offset, eps, own);
  }
}

/** (x, scale, offset, mean, variance, y, eps, pixels, channels, residual or null, relu): with given statistics */
void normalizeWith(Arguments& call) {
  const Shape s{1, call.whole(7, 0, most), call.whole(8, 0, most), 1};
  const float *x = call.floats(0, s.elements()), *scale = call.floats(1, s.channels), *offset = call.floats(2, s.channels);
  const float *mean = call.floats(3, s.channels), *variance = call.floats(4, s.channels);
  float* y = call.floats(5, s.elements());
  const Finish finish{call.optionalFloats(9, s.elements()), call.number(10) != 0};
  if (s.elements() > 0) apply(s, x, y, mean, variance, scale, offset, call.number(6), finish);
}

struct Sums {
  std::vector<double> upper, products;  // per channel: Σ dy, Σ dy·(x − mean)
};

/** The output of a fused relu, and where dy goes with 0 wherever it was cut. */
struct Mask {
  const float* y;
  float* masked;
};

void gradientSums(const Shape& s, const float* dy, const float* x, const float* mean, Sums& sums, const Mask& mask) {
  if (mask.y) {
    const auto loop = normLoops().maskedSums;
    twoSums(s, sums.upper, sums.products, [&](Index row, Index count, float* first, float* second) {
      const Index at = row * s.channels;
      loop(dy + at, mask.y + at, x + at, mask.masked + at, count, s.channels, mean, first, second);
    });
    return;
  }
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

/** Arguments `at`, `at + 1`: the output of a fused relu or null, and where the gradient before it is written, which may be dx. */
Mask readMask(Arguments& call, size_t at, Index elements) {
  const float* y = call.optionalFloats(at, elements);
  return {y, y ? call.floats(at + 1, elements) : nullptr};
}

/** (dy, x, scale, mean, variance, dx, dscale, doffset, eps, sets, pixels, channels, groups, y or null, masked dy); statistics [sets, channels] */
void normalizeGradient(Arguments& call) {
  const Shape s = read(call, 9);
  const float *dy = call.floats(0, s.elements()), *x = call.floats(1, s.elements()), *scale = call.floats(2, s.channels);
  const float *mean = call.floats(3, s.sets * s.channels), *variance = call.floats(4, s.sets * s.channels);
  float *dx = call.floats(5, s.elements()), *dscale = call.floats(6, s.channels), *doffset = call.floats(7, s.channels);
  const double eps = call.number(8);
  const Mask mask = readMask(call, 13, s.elements());
  std::vector<double> allProducts(s.channels, 0.0), allUpper(s.channels, 0.0), inverse(s.channels);
  Sums sums{std::vector<double>(s.channels), std::vector<double>(s.channels)};
  for (Index set = 0; set < s.sets && s.elements() > 0; set++) {
    const Index at = set * s.pixels * s.channels, row = set * s.channels;
    for (Index c = 0; c < s.channels; c++) inverse[c] = 1 / sqrt(double(variance[row + c]) + eps);
    const Mask own{mask.y ? mask.y + at : nullptr, mask.masked + (mask.y ? at : 0)};
    gradientSums(s, dy + at, x + at, mean + row, sums, own);
    gradientApply(s, mask.y ? own.masked : dy + at, x + at, dx + at, scale, mean + row, inverse, sums);
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

/** (dy, x, scale, mean, variance, dx, dscale, doffset, eps, pixels, channels, y or null, masked dy): the statistics are constants */
void normalizeGradientWith(Arguments& call) {
  const Shape s{1, call.whole(9, 0, most), call.whole(10, 0, most), 1};
  const float *dy = call.floats(0, s.elements()), *x = call.floats(1, s.elements()), *scale = call.floats(2, s.channels);
  const float *mean = call.floats(3, s.channels), *variance = call.floats(4, s.channels);
  float *dx = call.floats(5, s.elements()), *dscale = call.floats(6, s.channels), *doffset = call.floats(7, s.channels);
  const double eps = call.number(8);
  const Mask mask = readMask(call, 11, s.elements());
  std::vector<double> inverse(s.channels);
  std::vector<float> slope(s.channels);
  for (Index c = 0; c < s.channels; c++) {
    inverse[c] = 1 / sqrt(double(variance[c]) + eps);
    slope[c] = float(scale[c] * inverse[c]);
  }
  Sums sums{std::vector<double>(s.channels, 0.0), std::vector<double>(s.channels, 0.0)};
  const auto loop = loops().normalizeGradientWith;
  if (s.elements() > 0 && mask.y) {
    gradientSums(s, dy, x, mean, sums, mask);
    const std::vector<float> none(s.channels, 0.f);
    const auto scaleRows = loops().normalize;
    parallel(s.pixels, 16384 / (s.channels + 1) + 1, [&](Index begin, Index end) {
      const Index at = begin * s.channels;
      scaleRows(mask.masked + at, dx + at, end - begin, s.channels, none.data(), slope.data(), none.data());
    });
  } else if (s.elements() > 0)
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
