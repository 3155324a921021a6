// Every kernel set the machine has against a float64 direct convolution; see build-test.sh. Exit status 1 on any failure.
//   winograd-test               the tests
//   winograd-test benchmark     speed beside oneDNN's direct convolution
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string>

#include "test-support.h"

int benchmark(int argc, char** argv);

namespace {

constexpr double kTolerance = 5e-6;
int failures = 0;
double worst[3] = {0, 0, 0};

void check(bool ok, const char* what, const WinogradShape& s, double value) {
  if (ok) return;
  failures++;
  std::printf("FAIL %s %s: batch %d, %dx%d, %d -> %d, pads %d %d %d %d: %.3g\n", winograd_instruction_set(), what, s.batch,
              s.height, s.width, s.inputs, s.outputs, s.pad_top, s.pad_left, s.pad_bottom, s.pad_right, value);
}

// Largest error over the largest reference value; NaN counts as infinite.
double error_of(const float* got, const std::vector<double>& wanted) {
  double error = 0, most = 0;
  for (size_t i = 0; i < wanted.size(); i++) {
    const double e = std::fabs(got[i] - wanted[i]);
    error = std::max(error, std::isnan(e) ? INFINITY : e);
    most = std::max(most, std::fabs(wanted[i]));
  }
  return most > 0 ? error / most : error;
}

struct Results {
  Floats y, dx, dw;
};

// All three directions, results bracketed by NaN: returns them, complains if anything beyond them was written.
Results compute(const WinogradShape& s, const float* x, const float* w, const float* dy, const float* bias, int threads) {
  const WinogradParallel parallel{threads, run_threads, nullptr};
  Results r{floats(output_size(s)), floats(input_size(s)), floats(filter_size(s))};
  const WinogradDirection all[] = {WINOGRAD_FORWARD, WINOGRAD_INPUT_GRADIENT, WINOGRAD_FILTER_GRADIENT};
  for (WinogradDirection direction : all) {
    const size_t size = winograd_scratch(&s, direction, threads);
    Floats scratch = floats(size);
    if (direction == WINOGRAD_FILTER_GRADIENT) {
      winograd_filter_gradient(x, dy, r.dw.get(), &s, scratch.get(), &parallel);
    } else {
      const size_t transformed_size = winograd_transformed_filter_size(&s, direction);
      Floats u = floats(transformed_size);
      winograd_transform_filter(w, u.get(), &s, direction, &parallel);
      if (direction == WINOGRAD_FORWARD) winograd_forward(x, u.get(), bias, r.y.get(), &s, scratch.get(), &parallel);
      else winograd_input_gradient(dy, u.get(), r.dx.get(), &s, scratch.get(), &parallel);
      check(std::isnan(u.get()[transformed_size]), "transformed filter overrun", s, 0);
    }
    check(std::isnan(scratch.get()[size]), "scratch overrun", s, 0);
  }
  check(std::isnan(r.y.get()[output_size(s)]), "output overrun", s, 0);
  check(std::isnan(r.dx.get()[input_size(s)]), "input gradient overrun", s, 0);
  check(std::isnan(r.dw.get()[filter_size(s)]), "filter gradient overrun", s, 0);
  return r;
}

bool same(const float* a, const float* b, size_t count) { return std::memcmp(a, b, count * sizeof(float)) == 0; }

void test_shape(const WinogradShape& s, uint32_t seed) {
  check(winograd_supported(&s), "supported", s, 0);
  const auto x = normal(input_size(s), 1, seed), dy = normal(output_size(s), 1, seed + 1), bias = normal(s.outputs, 1, seed + 2);
  const auto w = normal(filter_size(s), std::sqrt(2.f / (9 * std::max(1, s.inputs))), seed + 3);
  Reference wanted = direct(s, x.data(), w.data(), dy.data());
  for (size_t i = 0; i < wanted.y.size(); i++) wanted.y[i] += bias[i % s.outputs];
  const Results one = compute(s, x.data(), w.data(), dy.data(), bias.data(), 1);
  const double errors[] = {error_of(one.y.get(), wanted.y), error_of(one.dx.get(), wanted.dx), error_of(one.dw.get(), wanted.dw)};
  const char* names[] = {"forward", "input gradient", "filter gradient"};
  for (int i = 0; i < 3; i++) {
    check(errors[i] <= kTolerance, names[i], s, errors[i]);
    worst[i] = std::max(worst[i], errors[i]);
  }
  for (int threads : {2, 3}) {
    const Results many = compute(s, x.data(), w.data(), dy.data(), bias.data(), threads);
    check(same(one.y.get(), many.y.get(), output_size(s)), "forward differs between thread counts", s, threads);
    check(same(one.dx.get(), many.dx.get(), input_size(s)), "input gradient differs between thread counts", s, threads);
    check(same(one.dw.get(), many.dw.get(), filter_size(s)), "filter gradient differs between thread counts", s, threads);
  }
}

void test_shapes() {
  uint32_t seed = 1;
  const int sizes[][2] = {{4, 4}, {5, 7}, {8, 3}, {1, 1}, {3, 17}, {13, 9}, {2, 2}};
  const int channels[][2] = {{16, 16}, {1, 1}, {3, 20}, {17, 5}, {33, 31}, {64, 48}, {70, 9}, {5, 67}, {130, 34}};
  for (const auto& size : sizes)
    for (const auto& channel : channels)
      test_shape({static_cast<int>(1 + seed % 3), size[0], size[1], channel[0], channel[1], 1, 1, 1, 1}, ++seed);
  const int pads[][4] = {{0, 0, 0, 0}, {1, 0, 0, 1}, {2, 2, 2, 2}, {0, 2, 1, 1}, {0, 1, 2, 0}};
  for (const auto& pad : pads)
    for (const auto& channel : {channels[0], channels[2], channels[6]})
      test_shape({2, 7, 10, channel[0], channel[1], pad[0], pad[1], pad[2], pad[3]}, ++seed);
  test_shape({2, 40, 44, 32, 40, 1, 1, 1, 1}, ++seed);    // several blocks of tiles
  test_shape({2, 20, 20, 128, 128, 1, 1, 1, 1}, ++seed);  // the sizes of a detector
  test_shape({1, 20, 20, 256, 256, 1, 1, 1, 1}, ++seed);
}

// Sampled results of one large convolution: the longest sums a detector has.
void test_large() {
  const WinogradShape s{2, 50, 68, 256, 256, 1, 1, 1, 1};
  const auto x = normal(input_size(s), 1, 1), dy = normal(output_size(s), 1, 2);
  const auto w = normal(filter_size(s), std::sqrt(2.f / (9 * 256)), 3);
  const Results r = compute(s, x.data(), w.data(), dy.data(), nullptr, 1);
  double sums[3][64] = {};
  constexpr size_t c = 77, o = 199, pixels = 64;  // 64 pixels of one channel, and its nine filter taps
  for_each_tap(s, [&](size_t xi, size_t wi, size_t yi) {
    if (yi / 256 < pixels)
      for (int i = 0; i < 256; i++) sums[0][yi / 256] += static_cast<double>(x[xi + i]) * w[wi + static_cast<size_t>(i) * 256 + o];
    if (xi / 256 < pixels)
      for (int i = 0; i < 256; i++) sums[1][xi / 256] += static_cast<double>(dy[yi + i]) * w[wi + c * 256 + i];
    sums[2][wi / 65536] += static_cast<double>(x[xi + c]) * dy[yi + o];
  });
  const float* got[] = {r.y.get(), r.dx.get(), r.dw.get()};
  const size_t first[] = {o, c, c * 256 + o}, stride[] = {256, 256, 65536}, samples[] = {pixels, pixels, 9};
  const char* names[] = {"large forward", "large input gradient", "large filter gradient"};
  for (int d = 0; d < 3; d++) {
    const size_t size = d == 2 ? filter_size(s) : output_size(s);
    double error = 0, most = 0;
    for (size_t i = 0; i < size; i++) most = std::max<double>(most, std::fabs(got[d][i]));
    for (size_t i = 0; i < samples[d]; i++) error = std::max(error, std::fabs(got[d][first[d] + i * stride[d]] - sums[d][i]));
    check(error <= kTolerance * most, names[d], s, error / most);
    worst[d] = std::max(worst[d], error / most);
  }
}

void test_empty() {
  test_shape({0, 8, 8, 16, 16, 1, 1, 1, 1}, 1);
  test_shape({1, 2, 2, 16, 16, 0, 0, 0, 0}, 2);
  test_shape({1, 0, 5, 16, 16, 1, 1, 1, 1}, 3);
  test_shape({1, 8, 8, 0, 4, 1, 1, 1, 1}, 4);
  test_shape({1, 8, 8, 4, 0, 1, 1, 1, 1}, 5);
  const WinogradShape bad[] = {
      {1, 8, 8, 4, 4, 3, 1, 1, 1}, {1, 8, 8, 4, 4, 1, -1, 1, 1}, {-1, 8, 8, 4, 4, 1, 1, 1, 1}, {1, 1, 8, 4, 4, 0, 0, 0, 0}};
  for (const WinogradShape& s : bad) check(!winograd_supported(&s), "unsupported shape taken", s, 0);
}

void test_nan() {
  const WinogradShape s{1, 12, 12, 16, 16, 1, 1, 1, 1};
  auto x = normal(input_size(s), 1, 1), w = normal(filter_size(s), 1, 2), dy = normal(output_size(s), 1, 3);
  x[(5 * 12 + 6) * 16 + 3] = NAN;
  const Results r = compute(s, x.data(), w.data(), dy.data(), nullptr, 1);
  for (int y = 4; y <= 6; y++)
    for (int c = 0; c < 16; c++) check(std::isnan(r.y.get()[(y * 12 + 6) * 16 + c]), "NaN lost by forward", s, y);
  for (int o = 0; o < 16; o++) check(std::isnan(r.dw.get()[(4 * 16 + 3) * 16 + o]), "NaN lost by filter gradient", s, o);
  check(!std::isnan(r.y.get()[(11 * 12 + 11) * 16]), "NaN spread beyond its tiles", s, 0);
}

// What one instruction set and one size of tiles compute.
void test_results(int side) {
  std::fill(worst, worst + 3, 0);
  winograd_use_tiles(side);
  test_shapes();
  test_large();
  test_empty();
  test_nan();
  winograd_use_tiles(0);
  std::printf("%s, tiles of %d: largest errors %.1e forward, %.1e input gradient, %.1e filter gradient (of the largest value)\n",
              winograd_instruction_set(), side, worst[0], worst[1], worst[2]);
}

void test_cost() {
  const WinogradShape tower{2, 100, 136, 256, 256, 1, 1, 1, 1}, tiny{2, 5, 5, 512, 512, 1, 1, 1, 1};
  const WinogradShape narrow{2, 100, 100, 3, 8, 1, 1, 1, 1}, small{2, 10, 10, 512, 512, 1, 1, 1, 1};
  for (int d = 0; d < 3; d++) {
    check(winograd_wins(&tower, static_cast<WinogradDirection>(d)), "cost model refuses a tower", tower, d);
    check(!winograd_wins(&tiny, static_cast<WinogradDirection>(d)), "cost model takes a tiny map", tiny, d);
    check(winograd_wins(&small, static_cast<WinogradDirection>(d)), "cost model refuses a small map of many channels", small, d);
    check(!winograd_wins(&narrow, static_cast<WinogradDirection>(d)), "cost model takes few channels", narrow, d);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "benchmark") == 0) return benchmark(argc - 2, argv + 2);
  test_cost();
  for (const char* name : {"portable", "avx2", "avx512"}) {
    if (!winograd_use_instruction_set(name)) {
      std::printf("%s: not on this machine\n", name);
      continue;
    }
    for (int side : {4, 2}) test_results(side);
  }
  std::printf(failures ? "%d failures\n" : "all passed\n", failures);
  return failures ? 1 : 0;
}
