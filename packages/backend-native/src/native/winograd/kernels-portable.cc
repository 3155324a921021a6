// The Winograd kernels for the target's baseline.
#include "kernels.h"
#include "matrices.h"
#include "vector-portable.h"
// The two below are compiled once per instruction set.
#include "transforms.inc"
#include "products.inc"

namespace winograd {

extern const Kernels kKernelsPortable = {"portable", kPanel, transforms_of<Large>(), transforms_of<Small>(), product, gradient_product};

}  // namespace winograd
