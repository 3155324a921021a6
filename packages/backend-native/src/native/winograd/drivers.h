// The two drivers behind the C interface.
#ifndef LAD_WINOGRAD_DRIVERS_H
#define LAD_WINOGRAD_DRIVERS_H

#include "winograd.h"

namespace winograd {

// y = x * filter + bias (null: none); scratch of forward_scratch floats for at least parallel's threads.
size_t forward_scratch(const WinogradShape& shape, int threads);
void forward(const float* x, const float* u, const float* bias, float* y, const WinogradShape& shape, float* scratch,
             const WinogradParallel* parallel);

size_t filter_gradient_scratch(const WinogradShape& shape);

}  // namespace winograd

#endif
