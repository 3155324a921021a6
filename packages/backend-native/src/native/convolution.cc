#include "convolution.h"

#include "arguments.h"
#include "kernels.h"
#include "parallel.h"
#if LAD_WINOGRAD
#include "winograd/winograd.h"
#endif

namespace lad {
namespace {

thread_local bool directOnly = false;

#if LAD_WINOGRAD
bool winogradFits(const ConvolutionShape& s, Direction direction) {
  if (s.kernelHeight != 3 || s.kernelWidth != 3 || s.strideHeight != 1 || s.strideWidth != 1 || s.dilationHeight != 1 ||
      s.dilationWidth != 1 || s.groups != 1)
    return false;
  const WinogradShape shape{s.batch, s.height, s.width, s.inputs, s.outputs, s.padTop, s.padLeft, s.padBottom, s.padRight};
  return winograd_supported(&shape) && winograd_wins(&shape, WinogradDirection(direction));
}
#endif

void checkAxis(Arguments& call, size_t at, int32_t in, int32_t out, int32_t kernel, int32_t stride, int32_t before, int32_t after, int32_t dilation) {
  const int64_t reach = int64_t(dilation) * (kernel - 1) + 1, room = int64_t(in) + before + after - reach;
  if (room < 0 || room / stride + 1 != out) call.refuse(at, "sizes of a convolution that fit each other");
}

/** The numbers of a shape: all at least 1 (pads 0), output sizes as they follow from the rest, so that the lengths below are all there is to check. */
ConvolutionShape read(Arguments& call, size_t at) {
  const int32_t* n = call.integers(at, convolutionNumbers);
  for (int i = 0; i < convolutionNumbers; i++)
    if (n[i] < (i >= 11 && i < 15 ? 0 : 1) || n[i] > (1 << 24)) call.refuse(at, "sizes of a convolution");
  const ConvolutionShape s{n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11], n[12], n[13], n[14], n[15], n[16], n[17]};
  checkAxis(call, at, s.height, s.outHeight, s.kernelHeight, s.strideHeight, s.padTop, s.padBottom, s.dilationHeight);
  checkAxis(call, at, s.width, s.outWidth, s.kernelWidth, s.strideWidth, s.padLeft, s.padRight, s.dilationWidth);
  if (s.inputs % s.groups != 0 || s.outputs % s.groups != 0) call.refuse(at, "groups that divide the channels");
  return s;
}

bool winograd(const ConvolutionShape& shape, Direction direction) { return chooseAlgorithm(shape, direction) == Algorithm::winograd; }

size_t preparedSize(const ConvolutionShape& s, Direction direction, bool withBias) {
#if LAD_WINOGRAD
  if (winograd(s, direction)) return winogradFilterSize(s, direction);
#endif
  return directFilterSize(s, direction, withBias);
}

/** The filter of a call: plain, or prepared if the number after the shape is 1. */
Filter readFilter(Arguments& call, size_t at, size_t flag, const ConvolutionShape& s, Direction direction, bool withBias) {
  const bool prepared = call.whole(flag, 0, 1) == 1;
  const size_t size = prepared ? preparedSize(s, direction, withBias) : 0;
  return {call.floats(at, size > 0 ? Index(size) : s.filterElements()), size > 0};
}

/** (shape, direction, 1 with a bias): floats of a prepared filter, 0 where the plain one is read */
void preparedFilterSize(Arguments& call) {
  const ConvolutionShape s = read(call, 0);
  call.returnNumber(double(preparedSize(s, Direction(call.whole(1, 0, 1)), call.whole(2, 0, 1) == 1)));
}

/** (filter, prepared, shape, direction, 1 with a bias) */
void prepareFilter(Arguments& call) {
  const ConvolutionShape s = read(call, 2);
  const Direction direction = Direction(call.whole(3, 0, 1));
  const bool withBias = call.whole(4, 0, 1) == 1;
  const size_t size = preparedSize(s, direction, withBias);
  if (size == 0) call.refuse(2, "sizes of a convolution whose filter is prepared");
  const float* filter = call.floats(0, s.filterElements());
  float* prepared = call.floats(1, Index(size));
#if LAD_WINOGRAD
  if (winograd(s, direction)) return winogradPrepareFilter(s, direction, filter, prepared);
#endif
  directPrepareFilter(s, direction, withBias, filter, prepared);
}

/** (x, filter, bias or null, y, shape, 1 if the filter is prepared) */
void convolution(Arguments& call) {
  const ConvolutionShape s = read(call, 4);
  const SmallWork small(s.multiplications());
  const float *x = call.floats(0, s.inputElements()), *bias = call.optionalFloats(2, s.outputs);
  const Filter filter = readFilter(call, 1, 5, s, Direction::forward, bias != nullptr);
  float* y = call.floats(3, s.outputElements());
#if LAD_WINOGRAD
  if (winograd(s, Direction::forward)) return winogradForward(s, x, filter, bias, y);
#endif
  directForward(s, x, filter, bias, y);
}

/** (dy, filter, dx, shape, 1 if the filter is prepared) */
void convolutionInputGradient(Arguments& call) {
  const ConvolutionShape s = read(call, 3);
  const SmallWork small(s.multiplications());
  const float* dy = call.floats(0, s.outputElements());
  const Filter filter = readFilter(call, 1, 4, s, Direction::inputGradient, false);
  float* dx = call.floats(2, s.inputElements());
#if LAD_WINOGRAD
  if (winograd(s, Direction::inputGradient)) return winogradInputGradient(s, dy, filter, dx);
#endif
  directInputGradient(s, dy, filter, dx);
}

/** (x, dy, dfilter, shape) */
void convolutionFilterGradient(Arguments& call) {
  const ConvolutionShape s = read(call, 3);
  const SmallWork small(s.multiplications());
  const float *x = call.floats(0, s.inputElements()), *dy = call.floats(1, s.outputElements());
  float* dfilter = call.floats(2, s.filterElements());
#if LAD_WINOGRAD
  if (winograd(s, Direction::filterGradient)) return winogradFilterGradient(s, x, dy, dfilter);
#endif
  directFilterGradient(s, x, dy, dfilter);
}

/** (shape, direction): 1 where Winograd is used */
void convolutionAlgorithm(Arguments& call) {
  call.returnNumber(winograd(read(call, 0), Direction(call.whole(1, 0, 2))) ? 1 : 0);
}

/** (1 or 0) */
void setDirectOnly(Arguments& call) { useDirectOnly(call.number(0) != 0); }

}  // namespace

void useDirectOnly(bool only) { directOnly = only; }

Algorithm chooseAlgorithm(const ConvolutionShape& shape, Direction direction) {
  if (directOnly) return Algorithm::direct;
#if LAD_WINOGRAD
  if (winogradFits(shape, direction)) return Algorithm::winograd;
#else
  (void)shape, (void)direction;
#endif
  return Algorithm::direct;
}

void addConvolution(Module& module) {
  module.add<convolution>("convolution");
  module.add<convolutionInputGradient>("convolutionInputGradient");
  module.add<convolutionFilterGradient>("convolutionFilterGradient");
  module.add<convolutionAlgorithm>("convolutionAlgorithm");
  module.add<preparedFilterSize>("preparedFilterSize");
  module.add<prepareFilter>("prepareFilter");
  module.add<setDirectOnly>("setDirectOnly");
}

}  // namespace lad
