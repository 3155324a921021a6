#pragma once
#include <stddef.h>
#include <stdint.h>

namespace lad {

/** A convolution of NHWC maps with an HWIO filter ([KH, KW, I / groups, O]). */
struct ConvolutionShape {
  int32_t batch, height, width, inputs, outHeight, outWidth, outputs, kernelHeight, kernelWidth, strideHeight, strideWidth;
  int32_t padTop, padBottom, padLeft, padRight, dilationHeight, dilationWidth, groups;

  int64_t inputElements() const { return int64_t(batch) * height * width * inputs; }
  int64_t outputElements() const { return int64_t(batch) * outHeight * outWidth * outputs; }
  int64_t filterElements() const { return int64_t(kernelHeight) * kernelWidth * (inputs / groups) * outputs; }
  double multiplications() const { return double(outputElements()) * kernelHeight * kernelWidth * (inputs / groups); }
};
constexpr int convolutionNumbers = 18;

/** A filter: HWIO, or as `prepareFilter` left it for this shape. */
struct Filter {
  const float* values;
  bool prepared;
};

enum class Direction { forward = 0, inputGradient = 1, filterGradient = 2 };
enum class Algorithm { direct = 0, winograd = 1 };

/** Which algorithm computes a convolution: a function of the shape alone, so that every run makes the same choice. */
Algorithm chooseAlgorithm(const ConvolutionShape& shape, Direction direction);
/** Makes `chooseAlgorithm` answer `direct` always. */
void useDirectOnly(bool only);

/** Floats of a filter in the layout that oneDNN reads for this shape and direction; 0 where that is HWIO itself. */
size_t directFilterSize(const ConvolutionShape&, Direction, bool withBias);
void directPrepareFilter(const ConvolutionShape&, Direction, bool withBias, const float* filter, float* prepared);
void directForward(const ConvolutionShape&, const float* x, Filter filter, const float* bias, float* y);
void directInputGradient(const ConvolutionShape&, const float* dy, Filter filter, float* dx);
void directFilterGradient(const ConvolutionShape&, const float* x, const float* dy, float* dfilter);

#if LAD_WINOGRAD
/** Floats of a transformed filter; its layout does not depend on the size of the map. */
size_t winogradFilterSize(const ConvolutionShape&, Direction);
void winogradPrepareFilter(const ConvolutionShape&, Direction, const float* filter, float* prepared);
void winogradForward(const ConvolutionShape&, const float* x, Filter filter, const float* bias, float* y);
void winogradInputGradient(const ConvolutionShape&, const float* dy, Filter filter, float* dx);
void winogradFilterGradient(const ConvolutionShape&, const float* x, const float* dy, float* dfilter);
#endif

}  // namespace lad
