#include "convolution.h"

#include <string.h>

#include "onednn.h"

namespace lad {
namespace {

using dnnl::memory;
using Dims = memory::dims;

struct Plan {
  dnnl::primitive primitive, reorder;
  memory::desc x, filter, y, bias, userFilter, scratchpad;
  bool reorders = false;
  /** The primitive reads x and y in blocks of 8 channels, not as NHWC. */
  bool blocks = false;
};

thread_local Cache<Plan> plans;
thread_local Scratch scratchpad, filterScratch, xScratch, yScratch;

constexpr auto f32 = memory::data_type::f32;
constexpr auto algorithm = dnnl::algorithm::convolution_direct;

struct Descriptions {
  memory::desc x, y, filter, bias, userFilter;
  Dims strides, dilations, padFirst, padLast;

  Descriptions(const ConvolutionShape& s, memory::format_tag maps) {
    const int64_t each = s.inputs / s.groups, eachOut = s.outputs / s.groups;
    const Dims sizes = s.groups > 1 ? Dims{s.groups, eachOut, each, s.kernelHeight, s.kernelWidth}
                                    : Dims{s.outputs, s.inputs, s.kernelHeight, s.kernelWidth};
    const int64_t row = each * s.outputs;  // of one tap, HWIO
    const Dims steps = s.groups > 1 ? Dims{eachOut, 1, s.outputs, s.kernelWidth * row, row}
                                    : Dims{1, s.outputs, s.kernelWidth * row, row};
    x = memory::desc(Dims{s.batch, s.inputs, s.height, s.width}, f32, maps);
    y = memory::desc(Dims{s.batch, s.outputs, s.outHeight, s.outWidth}, f32, maps);
    filter = memory::desc(sizes, f32, memory::format_tag::any);
    userFilter = memory::desc(sizes, f32, steps);
    bias = memory::desc(Dims{s.outputs}, f32, memory::format_tag::x);
    strides = {s.strideHeight, s.strideWidth};
    dilations = {s.dilationHeight - 1, s.dilationWidth - 1};
    padFirst = {s.padTop, s.padLeft};
    padLast = {s.padBottom, s.padRight};
  }
};

dnnl::convolution_forward::primitive_desc forwardDescription(const Descriptions& d, bool withBias, const dnnl::primitive_attr& attributes) {
  const memory::desc bias = withBias ? d.bias : memory::desc();
  constexpr auto kind = dnnl::prop_kind::forward_training;
#if DNNL_VERSION_MAJOR >= 3
  return {engine(), kind, algorithm, d.x, d.filter, bias, d.y, d.strides, d.dilations, d.padFirst, d.padLast, attributes};
#else
  return {dnnl::convolution_forward::desc(kind, algorithm, d.x, d.filter, bias, d.y, d.strides, d.dilations, d.padFirst, d.padLast),
          attributes, engine()};
#endif
}

dnnl::convolution_backward_data::primitive_desc inputGradientDescription(const Descriptions& d) {
  const auto hint = forwardDescription(d, false, dnnl::primitive_attr());
#if DNNL_VERSION_MAJOR >= 3
  return {engine(), algorithm, d.x, d.filter, d.y, d.strides, d.dilations, d.padFirst, d.padLast, hint, userScratchpad()};
#else
  return {dnnl::convolution_backward_data::desc(algorithm, d.x, d.filter, d.y, d.strides, d.dilations, d.padFirst, d.padLast),
          userScratchpad(), engine(), hint};
#endif
}

dnnl::convolution_backward_weights::primitive_desc filterGradientDescription(const Descriptions& d) {
  const auto hint = forwardDescription(d, false, dnnl::primitive_attr());
#if DNNL_VERSION_MAJOR >= 3
  return {engine(), algorithm, d.x, d.filter, memory::desc(), d.y, d.strides, d.dilations, d.padFirst, d.padLast, hint, userScratchpad()};
#else
  return {dnnl::convolution_backward_weights::desc(algorithm, d.x, d.filter, d.y, d.strides, d.dilations, d.padFirst, d.padLast),
          userScratchpad(), engine(), hint};
#endif
}

/** On NHWC maps the library's filter gradient of groups of 8 pads each to 16 channels: bringing the maps into its blocks of 8 first is faster. */
bool wantsBlocks(const ConvolutionShape& s, Direction direction) {
  return direction == Direction::filterGradient && s.groups > 1 && s.inputs == 8 * s.groups && s.outputs == s.inputs;
}

Plan makePlan(const ConvolutionShape& shape, Direction direction, bool withBias) {
  Plan plan;
  plan.blocks = wantsBlocks(shape, direction);
  const Descriptions d(shape, plan.blocks ? memory::format_tag::nChw8c : memory::format_tag::nhwc);
  if (direction == Direction::forward) {
    const auto description = forwardDescription(d, withBias, userScratchpad());
    plan.primitive = dnnl::convolution_forward(description);
    plan.filter = description.weights_desc();
    plan.scratchpad = description.scratchpad_desc();
  } else if (direction == Direction::inputGradient) {
    const auto description = inputGradientDescription(d);
    plan.primitive = dnnl::convolution_backward_data(description);
    plan.filter = description.weights_desc();
    plan.scratchpad = description.scratchpad_desc();
  } else {
    const auto description = filterGradientDescription(d);
    plan.primitive = dnnl::convolution_backward_weights(description);
    plan.filter = description.diff_weights_desc();
    plan.scratchpad = description.scratchpad_desc();
  }
  plan.x = d.x;
  plan.y = d.y;
  plan.bias = d.bias;
  plan.userFilter = d.userFilter;
  plan.reorders = plan.filter != plan.userFilter;
  if (plan.reorders) {
    const bool back = direction == Direction::filterGradient;
    memory from = wrap(back ? plan.filter : plan.userFilter, nullptr), to = wrap(back ? plan.userFilter : plan.filter, nullptr);
    plan.reorder = dnnl::reorder(from, to);
  }
  return plan;
}

Plan& planOf(const ConvolutionShape& shape, Direction direction, bool withBias) {
  int32_t key[convolutionNumbers + 1];
  static_assert(sizeof(ConvolutionShape) == convolutionNumbers * sizeof(int32_t), "a shape is its numbers");
  const int32_t* numbers = reinterpret_cast<const int32_t*>(&shape);
  for (int i = 0; i < convolutionNumbers; i++) key[i] = numbers[i];
  key[convolutionNumbers] = int32_t(direction) * 2 + withBias;
  return plans.get(key, convolutionNumbers + 1, [&] { return makePlan(shape, direction, withBias); });
}

void reorderFilter(Plan& plan, const float* filter, void* to) {
  plan.reorder.execute(stream(), {{DNNL_ARG_FROM, wrap(plan.userFilter, filter)}, {DNNL_ARG_TO, wrap(plan.filter, to)}});
}

const void* inLibraryLayout(Plan& plan, Filter filter) {
  if (!plan.reorders || filter.prepared) return filter.values;
  void* to = filterScratch.get(plan.filter.get_size());
  reorderFilter(plan, filter.values, to);
  return to;
}

/** An NHWC map as [N, C / 8, pixels, 8]. */
const float* inBlocks(const float* map, int64_t batch, int64_t pixels, int64_t channels, Scratch& scratch) {
  constexpr int64_t width = 8;
  const int64_t blocks = channels / width;
  float* blocked = static_cast<float*>(scratch.get(size_t(batch * pixels * channels) * sizeof(float)));
  parallel(batch * blocks, 16384 / (pixels * width) + 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      const float* from = map + i / blocks * pixels * channels + i % blocks * width;
      float* to = blocked + i * pixels * width;
      for (int64_t p = 0; p < pixels; p++) memcpy(to + p * width, from + p * channels, width * sizeof(float));
    }
  });
  return blocked;
}

}  // namespace

size_t directFilterSize(const ConvolutionShape& shape, Direction direction, bool withBias) {
  const Plan& plan = planOf(shape, direction, withBias);
  return plan.reorders ? (plan.filter.get_size() + sizeof(float) - 1) / sizeof(float) : 0;
}

void directPrepareFilter(const ConvolutionShape& shape, Direction direction, bool withBias, const float* filter, float* prepared) {
  reorderFilter(planOf(shape, direction, withBias), filter, prepared);
  stream().wait();
}

void directForward(const ConvolutionShape& shape, const float* x, Filter filter, const float* bias, float* y) {
  Plan& plan = planOf(shape, Direction::forward, bias != nullptr);
  std::unordered_map<int, memory> arguments{{DNNL_ARG_SRC, wrap(plan.x, x)},
                                            {DNNL_ARG_WEIGHTS, wrap(plan.filter, inLibraryLayout(plan, filter))},
                                            {DNNL_ARG_DST, wrap(plan.y, y)},
                                            {DNNL_ARG_SCRATCHPAD, wrap(plan.scratchpad, scratchpad.get(plan.scratchpad.get_size()))}};
  if (bias) arguments.insert({DNNL_ARG_BIAS, wrap(plan.bias, bias)});
  plan.primitive.execute(stream(), arguments);
  stream().wait();
}

void directInputGradient(const ConvolutionShape& shape, const float* dy, Filter filter, float* dx) {
  Plan& plan = planOf(shape, Direction::inputGradient, false);
  plan.primitive.execute(stream(), {{DNNL_ARG_DIFF_DST, wrap(plan.y, dy)},
                                    {DNNL_ARG_WEIGHTS, wrap(plan.filter, inLibraryLayout(plan, filter))},
                                    {DNNL_ARG_DIFF_SRC, wrap(plan.x, dx)},
                                    {DNNL_ARG_SCRATCHPAD, wrap(plan.scratchpad, scratchpad.get(plan.scratchpad.get_size()))}});
  stream().wait();
}

void directFilterGradient(const ConvolutionShape& shape, const float* x, const float* dy, float* dfilter) {
  Plan& plan = planOf(shape, Direction::filterGradient, false);
  void* target = plan.reorders ? filterScratch.get(plan.filter.get_size()) : dfilter;
  if (plan.blocks) {
    x = inBlocks(x, shape.batch, int64_t(shape.height) * shape.width, shape.inputs, xScratch);
    dy = inBlocks(dy, shape.batch, int64_t(shape.outHeight) * shape.outWidth, shape.outputs, yScratch);
  }
  plan.primitive.execute(stream(), {{DNNL_ARG_SRC, wrap(plan.x, x)},
                                    {DNNL_ARG_DIFF_DST, wrap(plan.y, dy)},
                                    {DNNL_ARG_DIFF_WEIGHTS, wrap(plan.filter, target)},
                                    {DNNL_ARG_SCRATCHPAD, wrap(plan.scratchpad, scratchpad.get(plan.scratchpad.get_size()))}});
  if (plan.reorders)
    plan.reorder.execute(stream(), {{DNNL_ARG_FROM, wrap(plan.filter, target)}, {DNNL_ARG_TO, wrap(plan.userFilter, dfilter)}});
  stream().wait();
}

}  // namespace lad
