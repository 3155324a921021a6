// The C entry points that only forward.
#include "winograd.h"

#include "drivers.h"
#include "geometry.h"

using namespace winograd;

size_t winograd_scratch(const WinogradShape* shape, WinogradDirection direction, int threads) {
  if (direction == WINOGRAD_FILTER_GRADIENT) return filter_gradient_scratch(*shape);
  return forward_scratch(direction == WINOGRAD_FORWARD ? *shape : mirrored(*shape), threads);
}

void winograd_forward(const float* x, const float* transformed, const float* bias, float* y, const WinogradShape* shape,
                      float* scratch, const WinogradParallel* parallel) {
  forward(x, transformed, bias, y, *shape, scratch, parallel);
}

void winograd_input_gradient(const float* dy, const float* transformed, float* dx, const WinogradShape* shape, float* scratch,
                             const WinogradParallel* parallel) {
  forward(dy, transformed, nullptr, dx, mirrored(*shape), scratch, parallel);
}
