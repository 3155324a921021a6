#if LAD_WINOGRAD
#include "convolution.h"
#include "onednn.h"
#include "parallel.h"
#include "winograd/winograd.h"

namespace lad {
namespace {

thread_local Scratch scratch, transformed;

void runTasks(void*, int tasks, void (*task)(void*, int), void* context) {
#pragma omp parallel for schedule(dynamic, 1)
  for (int i = 0; i < tasks; i++) task(context, i);
}

WinogradShape winogradShape(const ConvolutionShape& s) {
  return {s.batch, s.height, s.width, s.inputs, s.outputs, s.padTop, s.padLeft, s.padBottom, s.padRight};
}

struct Call {
  WinogradShape shape;
  WinogradParallel parallel;
  float* scratchFloats;

  Call(const ConvolutionShape& s, WinogradDirection direction)
      : shape(winogradShape(s)),
        parallel{threads(), runTasks, nullptr},
        scratchFloats(static_cast<float*>(scratch.get(winograd_scratch(&shape, direction, threads()) * sizeof(float) + 64))) {}

  const float* filter(Filter from, WinogradDirection direction) {
    if (from.prepared) return from.values;
    float* to = static_cast<float*>(transformed.get(winograd_transformed_filter_size(&shape, direction) * sizeof(float) + 64));
    winograd_transform_filter(from.values, to, &shape, direction, &parallel);
    return to;
  }
};

}  // namespace

size_t winogradFilterSize(const ConvolutionShape& s, Direction direction) {
  const WinogradShape shape = winogradShape(s);
  return winograd_transformed_filter_size(&shape, WinogradDirection(direction));
}

void winogradPrepareFilter(const ConvolutionShape& s, Direction direction, const float* filter, float* prepared) {
  const WinogradShape shape = winogradShape(s);
  const WinogradParallel parallel{threads(), runTasks, nullptr};
  winograd_transform_filter(filter, prepared, &shape, WinogradDirection(direction), &parallel);
}

void winogradForward(const ConvolutionShape& s, const float* x, Filter filter, const float* bias, float* y) {
  Call call(s, WINOGRAD_FORWARD);
  winograd_forward(x, call.filter(filter, WINOGRAD_FORWARD), bias, y, &call.shape, call.scratchFloats, &call.parallel);
}

void winogradInputGradient(const ConvolutionShape& s, const float* dy, Filter filter, float* dx) {
  Call call(s, WINOGRAD_INPUT_GRADIENT);
  winograd_input_gradient(dy, call.filter(filter, WINOGRAD_INPUT_GRADIENT), dx, &call.shape, call.scratchFloats, &call.parallel);
}

void winogradFilterGradient(const ConvolutionShape& s, const float* x, const float* dy, float* dfilter) {
  Call call(s, WINOGRAD_FILTER_GRADIENT);
  winograd_filter_gradient(x, dy, dfilter, &call.shape, call.scratchFloats, &call.parallel);
}

}  // namespace lad
#endif
