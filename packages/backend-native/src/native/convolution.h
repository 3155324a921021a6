#pragma once
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

enum class Direction { forward = 0, inputGradient = 1, filterGradient = 2 };
enum class Algorithm { direct = 0, winograd = 1 };

/** Which algorithm computes a convolution: a function of the shape alone, so that every run makes the same choice. */
Algorithm chooseAlgorithm(const ConvolutionShape& shape, Direction direction);
/** Makes `chooseAlgorithm` answer `direct` always. */
void useDirectOnly(bool only);

void directForward(const ConvolutionShape&, const float* x, const float* filter, const float* bias, float* y);
void directInputGradient(const ConvolutionShape&, const float* dy, const float* filter, float* dx);
void directFilterGradient(const ConvolutionShape&, const float* x, const float* dy, float* dfilter);

#if LAD_WINOGRAD
void winogradForward(const ConvolutionShape&, const float* x, const float* filter, const float* bias, float* y);
void winogradInputGradient(const ConvolutionShape&, const float* dy, const float* filter, float* dx);
void winogradFilterGradient(const ConvolutionShape&, const float* x, const float* dy, float* dfilter);
#endif

}  // namespace lad
