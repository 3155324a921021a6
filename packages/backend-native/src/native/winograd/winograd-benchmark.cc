// Effective GFLOP/s (those of a direct convolution) of Winograd and of oneDNN's direct convolution on plain NHWC data and HWIO
// filters, best of several runs, CPU time of this thread. Pin it: OMP_NUM_THREADS=1 taskset -c 1 winograd-test benchmark
//   winograd-test benchmark [instruction set | best [batch height width inputs outputs [alone]]]
// For AVX2 against AVX2: ONEDNN_MAX_CPU_ISA=AVX2 winograd-test benchmark avx2
#include <dnnl.hpp>

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>

#include "test-support.h"

namespace {

double cpu_seconds() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

// Best time of at least 3 runs and about 0.2 s.
double best_of(const std::function<void()>& run) {
  run();
  double best = 1e9, begin = cpu_seconds();
  for (int i = 0; i < 3 || (cpu_seconds() - begin < 0.2 && i < 200); i++) {
    const double start = cpu_seconds();
    run();
    best = std::min(best, cpu_seconds() - start);
  }
  return best;
}

using Data = dnnl::memory;
using Tag = dnnl::memory::format_tag;

struct Direct {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  Data::desc x, w, y;
  Data::dims strides{1, 1}, before, after;

  explicit Direct(const WinogradShape& s)
      : x({s.batch, s.inputs, s.height, s.width}, Data::data_type::f32, Tag::nhwc),
        w({s.outputs, s.inputs, 3, 3}, Data::data_type::f32, Tag::any),
        y({s.batch, s.outputs, out_height(s), out_width(s)}, Data::data_type::f32, Tag::nhwc),
        before{s.pad_top, s.pad_left},
        after{s.pad_bottom, s.pad_right} {}

  // oneDNN 3 takes the description's fields and the engine directly, 2 a description.
  template <typename Convolution, typename... Hint>
  auto describe(const Hint&... hint) {
    const auto kind = dnnl::algorithm::convolution_direct;
#if DNNL_VERSION_MAJOR >= 3
    return typename Convolution::primitive_desc(engine, kind, x, w, y, strides, before, after, hint...);
#else
    return typename Convolution::primitive_desc({kind, x, w, y, strides, before, after}, engine, hint...);
#endif
  }
  auto forward() {
    using Convolution = dnnl::convolution_forward;
    const auto kind = dnnl::algorithm::convolution_direct;
    const auto training = dnnl::prop_kind::forward_training;
#if DNNL_VERSION_MAJOR >= 3
    return Convolution::primitive_desc(engine, training, kind, x, w, y, strides, before, after);
#else
    return Convolution::primitive_desc({training, kind, x, w, y, strides, before, after}, engine);
#endif
  }
  auto input_gradient() { return describe<dnnl::convolution_backward_data>(forward()); }
  auto filter_gradient() { return describe<dnnl::convolution_backward_weights>(forward()); }

  // The filter's reorder from (or to) HWIO is part of the time, as Winograd's transform is.
  double time(WinogradDirection direction, const WinogradShape& s, float* px, float* pw, float* py) {
    Data::desc hwio({s.outputs, s.inputs, 3, 3}, Data::data_type::f32, Tag::hwio);
    Data mx(x, engine, px), mw(hwio, engine, pw), my(y, engine, py);
    auto measure = [&](auto primitive, Data::desc blocked, int source, int filter, int destination) {
      Data inner(blocked, engine);
      dnnl::reorder into(mw, inner), from(inner, mw);
      return best_of([&] {
        if (filter == DNNL_ARG_WEIGHTS) into.execute(stream, mw, inner);
        primitive.execute(stream, {{source, mx}, {filter, inner}, {destination, my}});
        if (filter != DNNL_ARG_WEIGHTS) from.execute(stream, inner, mw);
        stream.wait();
      });
    };
    if (direction == WINOGRAD_FORWARD) {
      auto d = forward();
      return measure(dnnl::convolution_forward(d), d.weights_desc(), DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST);
    }
    if (direction == WINOGRAD_INPUT_GRADIENT) {
      auto d = input_gradient();
      return measure(dnnl::convolution_backward_data(d), d.weights_desc(), DNNL_ARG_DIFF_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_DST);
    }
    auto d = filter_gradient();
    return measure(dnnl::convolution_backward_weights(d), d.diff_weights_desc(), DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS,
                   DNNL_ARG_DIFF_DST);
  }
};

struct Times {
  double transform, convolution;
};

Times winograd_time(WinogradDirection direction, const WinogradShape& s, float* x, float* w, float* y) {
  Floats scratch = floats(winograd_scratch(&s, direction, 1));
  if (direction == WINOGRAD_FILTER_GRADIENT)
    return {0, best_of([&] { winograd_filter_gradient(x, y, w, &s, scratch.get(), nullptr); })};
  Floats u = floats(winograd_transformed_filter_size(&s, direction));
  const double transform = best_of([&] { winograd_transform_filter(w, u.get(), &s, direction, nullptr); });
  return {transform, best_of([&] {
            if (direction == WINOGRAD_FORWARD) winograd_forward(x, u.get(), nullptr, y, &s, scratch.get(), nullptr);
            else winograd_input_gradient(y, u.get(), x, &s, scratch.get(), nullptr);
          })};
}

void benchmark_shape(const WinogradShape& s, bool with_direct) {
  auto x = normal(input_size(s), 1, 1), y = normal(output_size(s), 1, 2), w = normal(filter_size(s), 0.05f, 3);
  const double work = 2e-9 * static_cast<double>(output_size(s)) * 9 * s.inputs;
  std::printf("%d x %dx%d, %d -> %d:", s.batch, s.height, s.width, s.inputs, s.outputs);
  for (int d = 0; d < 3; d++) {
    const auto direction = static_cast<WinogradDirection>(d);
    const Times ours = winograd_time(direction, s, x.data(), w.data(), y.data());
    const double total = ours.convolution + ours.transform;
    std::printf(" | %.0f (%.0f with the transform, %.2f ms)", work / ours.convolution, work / total, 1e3 * ours.transform);
    if (with_direct) {
      const double other = Direct(s).time(direction, s, x.data(), w.data(), y.data());
      std::printf(" direct %.0f = x%.2f%s", work / other, other / total, winograd_wins(&s, direction) ? "" : " (model: direct)");
    }
  }
  std::printf("\n");
  std::fflush(stdout);
}

}  // namespace

int benchmark(int argc, char** argv) {
  if (argc > 0 && std::strcmp(argv[0], "best") != 0 && !winograd_use_instruction_set(argv[0])) return 1;
  std::printf("%s; GFLOP/s of forward | input gradient | filter gradient\n", winograd_instruction_set());
  if (argc >= 6) {
    const int batch = std::atoi(argv[1]), height = std::atoi(argv[2]), width = std::atoi(argv[3]);
    benchmark_shape({batch, height, width, std::atoi(argv[4]), std::atoi(argv[5]), 1, 1, 1, 1}, argc == 6);
    return 0;
  }
  const int shapes[][4] = {{2, 100, 136, 256}, {2, 50, 68, 256}, {2, 40, 40, 256}, {2, 20, 20, 256},
                           {2, 80, 80, 64},    {2, 40, 40, 128}, {2, 10, 10, 512}};
  for (const auto& s : shapes) benchmark_shape({s[0], s[1], s[2], s[3], s[3], 1, 1, 1, 1}, true);
  return 0;
}
