// The Winograd kernels for the target's baseline.
#include "kernels.h"
#include "matrices.h"
#include "vector-portable.h"
// The two below are compiled once per instruction set.
#include "transforms.inc"
#include "products.inc"

namespace winograd {

extern const Kernels kKernelsPortable = {"portable",
                                         kPanel,
                                         transform_input,
                                         transform_gradient,
                                         transform_output,
                                         transform_filter,
                                         transform_filter_gradient,
                                         product,
                                         gradient_product};

}  // namespace winograd
