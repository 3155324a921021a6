// Random data, a float64 direct convolution and threads for the test and the benchmark.
#ifndef LAD_WINOGRAD_TEST_SUPPORT_H
#define LAD_WINOGRAD_TEST_SUPPORT_H

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <random>
#include <thread>
#include <vector>

#include "winograd.h"

struct Free {
  void operator()(float* p) const { std::free(p); }
};
using Floats = std::unique_ptr<float, Free>;

// 64-byte aligned, filled with NaN, so that reading what was never written shows.
inline Floats floats(size_t count) {
  const size_t bytes = (count * sizeof(float) + 63) / 64 * 64 + 64;
  float* p = static_cast<float*>(std::aligned_alloc(64, bytes));
  if (!p) throw std::bad_alloc();
  for (size_t i = 0; i < bytes / sizeof(float); i++) p[i] = NAN;
  return Floats(p);
}

inline std::vector<float> normal(size_t count, float deviation, uint32_t seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> distribution(0, deviation);
  std::vector<float> values(count);
  for (float& v : values) v = distribution(generator);
  return values;
}

inline int out_height(const WinogradShape& s) { return s.height + s.pad_top + s.pad_bottom - 2; }
inline int out_width(const WinogradShape& s) { return s.width + s.pad_left + s.pad_right - 2; }
inline size_t input_size(const WinogradShape& s) { return static_cast<size_t>(s.batch) * s.height * s.width * s.inputs; }
inline size_t output_size(const WinogradShape& s) { return static_cast<size_t>(s.batch) * out_height(s) * out_width(s) * s.outputs; }
inline size_t filter_size(const WinogradShape& s) { return 9 * static_cast<size_t>(s.inputs) * s.outputs; }

// Calls visit(input offset, filter offset, output offset) for every (pixel, tap) pair; the offsets are of channel 0.
template <typename Visit>
void for_each_tap(const WinogradShape& s, const Visit& visit) {
  for (int n = 0; n < s.batch; n++)
    for (int y = 0; y < out_height(s); y++)
      for (int x = 0; x < out_width(s); x++)
        for (int i = 0; i < 9; i++) {
          const int yy = y - s.pad_top + i / 3, xx = x - s.pad_left + i % 3;
          if (yy < 0 || xx < 0 || yy >= s.height || xx >= s.width) continue;
          visit((static_cast<size_t>(n * s.height + yy) * s.width + xx) * s.inputs, static_cast<size_t>(i) * s.inputs * s.outputs,
                (static_cast<size_t>(n * out_height(s) + y) * out_width(s) + x) * s.outputs);
        }
}

struct Reference {
  std::vector<double> y, dx, dw;
};

inline Reference direct(const WinogradShape& s, const float* x, const float* w, const float* dy) {
  Reference r{std::vector<double>(output_size(s)), std::vector<double>(input_size(s)), std::vector<double>(filter_size(s))};
  for_each_tap(s, [&](size_t xi, size_t wi, size_t yi) {
    for (int c = 0; c < s.inputs; c++) {
      const double value = x[xi + c];
      const float* row = w + wi + static_cast<size_t>(c) * s.outputs;
      double* drow = r.dw.data() + wi + static_cast<size_t>(c) * s.outputs;
      double sum = 0;
      for (int o = 0; o < s.outputs; o++) {
        r.y[yi + o] += value * row[o];
        drow[o] += value * dy[yi + o];
        sum += static_cast<double>(row[o]) * dy[yi + o];
      }
      r.dx[xi + c] += sum;
    }
  });
  return r;
}

// Fresh threads for each call: slow, but all a test needs.
inline void run_threads(void*, int tasks, void (*task)(void*, int), void* context) {
  std::vector<std::thread> threads;
  for (int i = 1; i < tasks; i++) threads.emplace_back(task, context, i);
  task(context, 0);
  for (auto& thread : threads) thread.join();
}

#endif
