#include <math.h>

#include <vector>

#include "arguments.h"
#include "kernels.h"
#include "norm-loops.h"
#include "parallel.h"

// Batch norm and group norm as one: x is [sets, pixels, channels]; within a set each group of neighbouring channels has its own statistics.
// Batch norm in training: one set, a group per channel. With given statistics: one set, a group per channel, the same gradients without the means.
namespace lad {
namespace {

constexpr Index blockRows = 32;
/** Floats of each map that the second pass of a gradient takes at a time. */
constexpr Index cachedFloats = 65536;

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
  const auto moments = normLoops().moments;
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

/** scale / sqrt(variance + eps): the same numbers forward and backward, so that a relu cuts the same elements */
std::vector<float> slopes(const Shape& s, const float* scale, const float* variance, double eps) {
  std::vector<float> slope(s.channels);
  for (Index c = 0; c < s.channels; c++) slope[c] = float(scale[c] / sqrt(double(variance[c]) + eps));
  return slope;
}

/** What is done to a normalised set in the same pass: adding a residual (null: none), cutting below 0. */
struct Finish {
  const float* residual;
  bool relu;
};

void apply(const Shape& s, const float* x, float* y, const float* mean, const float* variance, const float* scale, const float* offset,
           double eps, Finish finish) {
  const std::vector<float> slope = slopes(s, scale, variance, eps);
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
  std::vector<double> upper, products;  // per channel: Σ g, Σ g·(x − mean)
};

/** What tells where a relu cut: its output, with where the gradient before it is written, or the norm's offset; nothing without a relu. */
struct Relu {
  const float* y;
  float* masked;
  const float* offset;
  Cut cut() const { return y ? Cut::output : offset ? Cut::input : Cut::none; }
};

/** Arguments `at` … `at + 2`: output and masked gradient, or both null; offset or null */
Relu readRelu(Arguments& call, size_t at, const Shape& s) {
  const float* y = call.optionalFloats(at, s.elements());
  return {y, y ? call.floats(at + 1, s.elements()) : nullptr, y ? nullptr : call.optionalFloats(at + 2, s.channels)};
}

/** The maps of a norm's gradient, `floats` further on for a later set. */
struct Maps {
  const float *dy, *x;
  float* dx;
  Relu relu;
  Maps from(Index floats) const {
    return {dy + floats, x + floats, dx + floats, relu.y ? Relu{relu.y + floats, relu.masked + floats, nullptr} : relu};
  }
};

GradientRows rowsOf(const Shape& s, const Maps& maps, const float* mean, const float* slope, Index begin, Index count) {
  const Index at = begin * s.channels;
  const float* y = maps.relu.y ? maps.relu.y + at : nullptr;
  return {maps.dy + at, maps.x + at, maps.relu.cut(), y, count, s.channels, mean, slope, maps.relu.offset};
}

/** The sums of one set; where a relu's output is given, the gradient before it; with `scaled`, dx = g·slope: all of it where statistics are constants. */
void gradientSums(const Shape& s, const Maps& maps, const float* mean, const float* slope, Sums& sums, bool scaled) {
  const auto loop = normLoops().gradientSums;
  twoSums(s, sums.upper, sums.products, [&](Index row, Index count, float* first, float* second) {
    const Index at = row * s.channels;
    float* masked = maps.relu.masked ? maps.relu.masked + at : nullptr;
    loop(rowsOf(s, maps, mean, slope, row, count), masked, scaled ? maps.dx + at : nullptr, first, second);
  });
}

/** dx of one set: with u = g·scale and x̂ normalised, (u − mean(u) − x̂·mean(u·x̂)) / sqrt(variance + eps), means over the group. */
void gradientApply(const Shape& s, Maps maps, const float* scale, const float* mean, const float* slope, const std::vector<double>& inverse,
                   const Sums& sums) {
  std::vector<float> constant(s.channels), linear(s.channels);
  const double count = double(s.pixels) * s.each();
  for (Index group = 0; group < s.groups; group++) {
    double meanGradient = 0, meanProduct = 0;
    for (Index c = group * s.each(); c < (group + 1) * s.each(); c++) {
      meanGradient += scale[c] * sums.upper[c] / count;
      meanProduct += scale[c] * sums.products[c] * inverse[c] / count;
    }
    for (Index c = group * s.each(); c < (group + 1) * s.each(); c++) {
      constant[c] = float(inverse[c] * meanGradient);
      linear[c] = float(inverse[c] * inverse[c] * meanProduct);
    }
  }
  if (maps.relu.y) maps = {maps.relu.masked, maps.x, maps.dx, {}};
  const auto loop = normLoops().gradient;
  parallelFromEnd(s.pixels, 16384 / (s.channels + 1) + 1, cachedFloats / s.channels + 1, [&](Index begin, Index end) {
    loop(rowsOf(s, maps, mean, slope, begin, end - begin), maps.dx + begin * s.channels, constant.data(), linear.data());
  });
}

/** (dy, x, scale, mean, variance, dx, dscale, doffset, eps, sets, pixels, channels, groups, y, masked, offset); statistics [sets, channels]; the last three: see readRelu */
void normalizeGradient(Arguments& call) {
  const Shape s = read(call, 9);
  const float *dy = call.floats(0, s.elements()), *x = call.floats(1, s.elements()), *scale = call.floats(2, s.channels);
  const float *mean = call.floats(3, s.sets * s.channels), *variance = call.floats(4, s.sets * s.channels);
  float *dx = call.floats(5, s.elements()), *dscale = call.floats(6, s.channels), *doffset = call.floats(7, s.channels);
  const double eps = call.number(8);
  const Maps maps{dy, x, dx, readRelu(call, 13, s)};
  std::vector<double> allProducts(s.channels, 0.0), allUpper(s.channels, 0.0), inverse(s.channels);
  Sums sums{std::vector<double>(s.channels), std::vector<double>(s.channels)};
  for (Index set = 0; set < s.sets && s.elements() > 0; set++) {
    const Index row = set * s.channels;
    const Maps own = maps.from(row * s.pixels);
    const std::vector<float> slope = slopes(s, scale, variance + row, eps);
    for (Index c = 0; c < s.channels; c++) inverse[c] = 1 / sqrt(double(variance[row + c]) + eps);
    gradientSums(s, own, mean + row, slope.data(), sums, false);
    gradientApply(s, own, scale, mean + row, slope.data(), inverse, sums);
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

/** (dy, x, scale, mean, variance, dx, dscale, doffset, eps, pixels, channels, y, masked, offset): the statistics are constants */
void normalizeGradientWith(Arguments& call) {
  const Shape s{1, call.whole(9, 0, most), call.whole(10, 0, most), 1};
  const float *dy = call.floats(0, s.elements()), *x = call.floats(1, s.elements()), *scale = call.floats(2, s.channels);
  const float *mean = call.floats(3, s.channels), *variance = call.floats(4, s.channels);
  float *dx = call.floats(5, s.elements()), *dscale = call.floats(6, s.channels), *doffset = call.floats(7, s.channels);
  const double eps = call.number(8);
  const Relu relu = readRelu(call, 11, s);
  Sums sums{std::vector<double>(s.channels, 0.0), std::vector<double>(s.channels, 0.0)};
  if (s.elements() > 0) gradientSums(s, {dy, x, dx, relu}, mean, slopes(s, scale, variance, eps).data(), sums, true);
  for (Index c = 0; c < s.channels; c++) {
    dscale[c] = float(sums.products[c] / sqrt(double(variance[c]) + eps));
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
